package engine

import (
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// appendTo adds a value to the end of another: the text that pages show
// (append), or the value in memory (append data). Without a parameter to take
// it from it is the text Type@value.
func (as *actions) appendTo(a *connector.Action, p *connector.Param, i paramIndex, who subject) {
	var add string
	of := []paramIndex{i}
	switch from, at := as.origin(a, who); {
	case !a.HasTypeID && a.TypeValue != "":
		add = a.TypeValue
	case from != nil:
		of = []paramIndex{at, i}
		v := as.values.slots[at].value
		add = as.values.slots[at].effective().String()
		if a.Type == "append" && !from.Password {
			add = from.Display(v)
		}
		if group, ok := hexGroup(a); ok {
			b, _ := from.Interprete.Encode(v) // nothing is ordered with them
			add = codec.Hex(b, group)
		}
	default:
		return
	}
	have := as.values.slots[i].value.String()
	if len(have)+len(add) > MaxText {
		as.logRarely("append:"+itoa(int(p.ID)), levelError, "Nothing more is appended to %s: it would be longer than 16 MiB.", named(p))
		return
	}
	as.values.setIfChanged(p, i, element.Text(have+add), as.values.madeOf(of...))
}

// hexGroup reads the option hex or hex-8 of append: hexadecimal digits, in
// groups of so many bytes; 0 means one group (documentation page ActionAppend).
func hexGroup(a *connector.Action) (int, bool) {
	size, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(a.Options)), "hex")
	if !ok || a.Type != "append" {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimPrefix(size, "-"))
	if err != nil || n < 1 {
		n = 0
	}
	return n, true
}

// reverse turns the bytes of a parameter around: before a command those that the
// command carries for it, else those in memory (documentation page
// ActionReverse).
func (as *actions) reverse(a *connector.Action, p *connector.Param, i paramIndex, who subject) {
	if who.kind == itemCommand {
		as.commands.reverse(a, p, who.id)
	} else if v := as.values.slots[i].value; v.IsSet() {
		as.values.setIfChanged(p, i, p.Interprete.Reversed(v), as.values.madeOf(i))
	}
}

// replaceParameter replaces bytes of a value.
func (as *actions) replaceParameter(a *connector.Action, p *connector.Param, i paramIndex) {
	v := as.values.slots[i].effective()
	if !v.IsSet() {
		return
	}
	b, ok := as.replaceData(a, p.Interprete.Bytes(v))
	if !ok {
		return
	}
	if v, ok = p.Interprete.FromBytes(b); ok {
		as.values.setIfChanged(p, i, v, as.values.madeOf(i))
	}
}

// replaceData puts bytes in the place of others as the action says, and reports
// whether there is anything to set.
func (as *actions) replaceData(a *connector.Action, b []byte) ([]byte, bool) {
	r, ok := codec.ParseReplacement(a.Options, a.Start, a.End)
	if !ok {
		as.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d replaces nothing: its options are not as many old as new bytes in hexadecimal digits.", a.ID)
		return nil, false
	}
	out, ok := r.Apply(b)
	return out, ok && len(out) <= MaxText
}
