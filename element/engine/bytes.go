package engine

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// appendTo adds a value to the end of another: the text that pages show
// (append), or the value in memory (append data). Without a parameter to take
// it from it is the text Type@value.
func (e *Engine) appendTo(a *connector.Action, p *connector.Param, i int, who subject) {
	var add string
	of := []int{i}
	switch from, at := e.origin(a, who); {
	case !a.HasTypeID && a.TypeValue != "":
		add = a.TypeValue
	case from != nil:
		of = []int{at, i}
		v := e.s.slots[at].value
		add = e.s.slots[at].held().String()
		if a.Type == "append" && !from.Password {
			add = from.Display(v)
		}
		if group, ok := hexGroup(a); ok {
			b, _ := from.Interprete.Encode(v)
			add = hexText(b, group)
		}
	default:
		return
	}
	have := e.s.slots[i].value.String()
	if len(have)+len(add) > MaxText {
		e.logRarely("append:"+itoa(int(p.ID)), levelError, "Nothing more is appended to %s: it would be longer than 16 MiB.", named(p))
		return
	}
	e.construct(p, i, element.Text(have+add), e.madeOf(of...))
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

func hexText(b []byte, group int) string {
	if group == 0 {
		return strings.ToUpper(hex.EncodeToString(b))
	}
	var parts []string
	for part := range slices.Chunk(b, group) {
		parts = append(parts, strings.ToUpper(hex.EncodeToString(part)))
	}
	return strings.Join(parts, " ")
}

// turned is a value with its bytes in reverse order: of a binary number the
// bytes that a command would carry, else those of its text.
func turned(p *connector.Param, v element.Value) element.Value {
	if !p.Interprete.RawType.IsBinary() {
		b := []byte(v.String())
		slices.Reverse(b)
		return element.Text(string(b))
	}
	b, _ := p.Interprete.Encode(v)
	slices.Reverse(b)
	if w, ok := p.Interprete.FromBytes(b); ok {
		return w
	}
	return v
}

// reverse turns the bytes of a parameter: before a command those that the
// command carries for it, the occurrences of On@nr or the first one; else
// those in memory (documentation page ActionReverse).
func (e *Engine) reverse(a *connector.Action, p *connector.Param, i int, who subject) {
	if who.kind != itemCommand {
		if v := e.s.slots[i].value; v.IsSet() {
			e.construct(p, i, turned(p, v), e.madeOf(i))
		}
		return
	}
	made := slices.Clone(e.s.made[who.id])
	at, seen := 0, 0
	for _, part := range e.commandParts(who.id) {
		end := at + len(part.bytes)
		if end > len(made) {
			return
		}
		if part.param == p.ID {
			if occurs(a.OnNr, seen) {
				slices.Reverse(made[at:end])
			}
			seen++
		}
		at = end
	}
	e.s.made[who.id] = made
}

// occurs reports whether an occurrence, counted from 0, is among those that
// On@nr lists; without a list it is the first.
func occurs(list string, n int) bool {
	if strings.TrimSpace(list) == "" {
		return n == 0
	}
	for text := range strings.SplitSeq(list, ";") {
		if k, err := atoi(strings.TrimSpace(text)); err == nil && k == n {
			return true
		}
	}
	return false
}

// commandPart is what one parameter adds to a command.
type commandPart struct {
	param element.ParamID
	bytes []byte
}

// commandContent are the parameters of a command, as the action replace left
// them.
func (e *Engine) commandContent(id int) []element.ParamID {
	if content, ok := e.s.content[id]; ok {
		return content
	}
	return e.ix.commands[id].Content
}

// commandParts are the parts of a command as the present values have them.
func (e *Engine) commandParts(id int) []commandPart {
	c := e.ix.commands[id]
	if c == nil {
		return nil
	}
	var parts []commandPart
	for _, pid := range e.commandContent(id) {
		p, i := e.param(pid)
		if p == nil {
			continue
		}
		single := c.ASCII || slices.Contains(c.ASCIIParams, pid)
		b := p.Interprete.Fixed
		switch {
		case b == nil || !p.Interprete.Constant:
			v := p.Interprete.Outgoing(e.s.slots[i].held(), e.value)
			if single && v.Kind() == element.KindText {
				v = element.Text(e.singleBytes(c, p, v.String()))
			}
			b, _ = p.Interprete.Encode(v)
		case single && !p.Interprete.FixedBytes:
			b = []byte(e.singleBytes(c, p, string(b)))
		}
		parts = append(parts, commandPart{pid, b})
	}
	return parts
}

// singleBytes is a text with one byte for each character: those beyond ASCII
// become question marks. What is no UTF-8 has single bytes already.
func (e *Engine) singleBytes(c *connector.Command, p *connector.Param, s string) string {
	if !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= utf8.RuneSelf }) || !utf8.ValidString(s) {
		return s
	}
	e.logRarely("ascii:"+itoa(c.ID)+":"+named(p), levelWarning, "Command %d sends %s in ASCII: characters that are none become question marks.", c.ID, named(p))
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, s)
}
