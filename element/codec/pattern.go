package codec

import (
	"bytes"
	"strconv"
	"strings"

	"fieldline/element"
)

// Param is one parameter in the content of a message.
type Param struct {
	ID element.ParamID
	*Interprete
	ASCII bool // in a command: its text is sent as one byte for each character
}

// Pattern is the content of a response, ready to be matched. It never changes.
type Pattern struct {
	places    []place
	variables int // parameters that are no constants
}

// place is a parameter of a pattern with what follows it.
type place struct {
	Param
	optional bool
	skip     int // when it is missing: parameters that are missing with it

	// For a parameter that reaches up to what follows it.
	next         []byte // the constant directly behind it; nil when there is none
	nextOptional bool
	tail         int // else: bytes of constants and fixed lengths behind it
}

// NewPattern returns the pattern of a response's content. optional is
// Content@optional: the positions that may be missing, counted from 0 and
// separated by semicolons; each + behind one skips another parameter with it, a
// * all up to the next optional one (documentation page
// Protocol.Responses.Response.Content-optional). A parameter without Interprete
// fits nothing.
func NewPattern(content []Param, optional string) *Pattern {
	p := &Pattern{places: make([]place, len(content))}
	for i, c := range content {
		p.places[i].Param = c
		if c.Interprete != nil && !c.Constant {
			p.variables++
		}
	}
	p.markOptional(optional)
	for i := range p.places {
		p.places[i].follow(p.places[i+1:])
	}
	return p
}

func (p *Pattern) markOptional(list string) {
	var upToNext []int
	for entry := range strings.SplitSeq(list, ";") {
		entry = strings.TrimSpace(entry)
		digits := strings.TrimRight(entry, "+*")
		pos, err := strconv.Atoi(digits)
		if err != nil || pos < 0 || pos >= len(p.places) {
			continue
		}
		p.places[pos].optional = true
		p.places[pos].skip = strings.Count(entry[len(digits):], "+")
		if strings.Contains(entry, "*") {
			upToNext = append(upToNext, pos)
		}
	}
	for _, pos := range upToNext {
		next := pos + 1
		for next < len(p.places) && !p.places[next].optional {
			next++
		}
		p.places[pos].skip = next - 1 - pos
	}
}

// follow notes what comes behind a parameter.
func (l *place) follow(behind []place) {
	for i, q := range behind {
		switch {
		case q.Interprete == nil:
		case q.Constant && i == 0:
			l.next, l.nextOptional = append([]byte{}, q.Fixed...), q.optional
			return
		case q.Constant:
			l.tail += len(q.Fixed)
		case q.LengthType == LengthFixed:
			l.tail += q.Length
		}
	}
}

// Field is one parameter of a message that was taken apart.
type Field struct {
	Param element.ParamID
	Decoded
	InRange bool // else it is not processed: the value is outside the parameter's range
}

// Match takes a message apart as the pattern says (documentation page
// ConnectionsSerialCreatingCommandsAndResponses): the fields are those of
// parameters that are no constants, in their order. ok is false when not all of
// the message fits. The fields hold nothing of msg.
func (p *Pattern) Match(msg []byte, values Values) (fields []Field, ok bool) {
	rest := msg
	for i := 0; i < len(p.places); i++ {
		l := &p.places[i]
		if l.Interprete == nil {
			return nil, false
		}
		n, found := l.length(rest, fields, values)
		f := Field{Param: l.ID, InRange: true}
		if found && !l.Constant {
			f.Decoded, f.InRange = l.Decode(rest[:n], values)
			found = f.InRange || l.Low != nil || l.High != nil
		}
		if !found {
			if !l.optional {
				return nil, false
			}
			i += l.skip
			continue
		}
		rest = rest[n:]
		if !l.Constant {
			if fields == nil {
				fields = make([]Field, 0, p.variables)
			}
			fields = append(fields, f)
		}
	}
	return fields, len(rest) == 0
}

// length is how many bytes of rest the parameter takes; ok is false when it is
// not there.
func (l *place) length(rest []byte, before []Field, values Values) (n int, ok bool) {
	switch {
	case l.Constant:
		return len(l.Fixed), bytes.HasPrefix(rest, l.Fixed)
	case l.LengthType == LengthFixed:
		n = l.Length
	case l.LengthType == LengthOtherParam:
		return lengthFrom(l.LengthID, len(rest), before, values)
	case l.next == nil:
		n = len(rest) - l.tail
	default:
		n = l.occurrence(rest)
		if n < 0 && l.nextOptional {
			n = len(rest)
		}
	}
	return n, n >= 0 && n <= len(rest)
}

// occurrence finds where a parameter ends: before the occurrence of the
// following constant that LengthType@times says, or before the last one. It is
// -1 when there is none.
func (l *place) occurrence(rest []byte) int {
	if len(l.next) == 0 {
		return len(rest)
	}
	if l.LengthType == LengthLastNextParam {
		return bytes.LastIndex(rest, l.next)
	}
	at := 0
	for n := max(1, l.Times); ; n-- {
		i := bytes.Index(rest[at:], l.next)
		if i < 0 {
			return -1
		}
		if n == 1 {
			return at + i
		}
		at += i + len(l.next)
	}
}

// lengthFrom is the length that another parameter gives: of this message when
// it came before, else its present value.
func lengthFrom(id element.ParamID, most int, before []Field, values Values) (n int, ok bool) {
	v := values(id)
	for _, f := range before {
		if f.Param == id {
			v = f.Value
		}
	}
	f, ok := v.Float()
	if !ok || f < 0 || f > float64(most) {
		return 0, false
	}
	return int(f), true
}
