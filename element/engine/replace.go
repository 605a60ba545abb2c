package engine

import (
	"bytes"
	"encoding/hex"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// replaceParameter replaces bytes of a value.
func (e *Engine) replaceParameter(a *connector.Action, p *connector.Param, i int) {
	v := e.s.slots[i].held()
	if !v.IsSet() {
		return
	}
	b := []byte(v.String())
	if p.Interprete.RawType.IsBinary() {
		b, _ = p.Interprete.Encode(v)
	}
	b, ok := e.replaceData(a, b)
	if !ok {
		return
	}
	v = element.Text(string(b))
	if p.Interprete.RawType.IsBinary() {
		if v, ok = p.Interprete.FromBytes(b); !ok {
			return
		}
	}
	e.construct(p, i, v, e.madeOf(i))
}

// replaceData puts bytes in the place of others, as Type@options says:
// old;new, old1-old2;new1-new2, each in hexadecimal digits. Bytes before
// startoffset and behind endoffset, counted from the end, stay; with the
// option use_offset only those are replaced. What was put in is not replaced
// again. It reports whether there is anything to set (documentation page
// ActionReplaceData).
func (e *Engine) replaceData(a *connector.Action, b []byte) ([]byte, bool) {
	parts := strings.Split(a.Options, ";")
	var from, to [][]byte
	good := len(parts) >= 2
	if good {
		var ok bool
		from, good = hexList(parts[0])
		to, ok = hexList(parts[1])
		good = good && ok && len(from) == len(to)
	}
	for _, f := range from {
		good = good && len(f) > 0
	}
	if !good {
		e.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d replaces nothing: its options are not as many old as new bytes in hexadecimal digits.", a.ID)
		return nil, false
	}
	if len(b) == 0 || a.Start+a.End > len(b) {
		return nil, false
	}
	head, middle, tail := b[:a.Start], b[a.Start:len(b)-a.End], b[len(b)-a.End:]
	var out []byte
	if len(parts) > 2 && strings.EqualFold(strings.TrimSpace(parts[2]), "use_offset") {
		out = append(append(replaced(head, from, to), middle...), replaced(tail, from, to)...)
	} else {
		out = append(append(bytes.Clone(head), replaced(middle, from, to)...), tail...)
	}
	if len(out) > MaxText {
		return nil, false
	}
	return out, true
}

func hexList(s string) (list [][]byte, ok bool) {
	for text := range strings.SplitSeq(s, "-") {
		text = strings.TrimSpace(text)
		if len(text) >= 2 && strings.EqualFold(text[:2], "0x") {
			text = text[2:]
		}
		b, err := hex.DecodeString(text)
		if err != nil {
			return nil, false
		}
		list = append(list, b)
	}
	return list, true
}

func replaced(b []byte, from, to [][]byte) []byte {
	var out []byte
	for len(b) > 0 {
		n := 1
		add := b[:1]
		for i, f := range from {
			if bytes.HasPrefix(b, f) {
				n, add = len(f), to[i]
				break
			}
		}
		out, b = append(out, add...), b[n:]
	}
	return out
}
