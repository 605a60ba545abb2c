package engine

import (
	"bytes"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// response is a response with what its matching needs.
type response struct {
	*connector.Response
	optional map[int]int // positions that may be missing: parameters to skip with it, or skipToNext
	autoRead bool        // no trigger before it reads it, so it is read by itself
}

// skipToNext is the "*" of Content@optional: skip to the next optional one.
const skipToNext = -1

func newResponse(ix *index, def *connector.Response) *response {
	r := &response{Response: def, optional: map[int]int{}}
	for entry := range strings.SplitSeq(def.Optional, ";") {
		entry = strings.TrimSpace(entry)
		digits := strings.TrimRight(entry, "+*")
		pos, err := atoi(digits)
		if err != nil || pos < 0 {
			continue
		}
		r.optional[pos] = strings.Count(entry[len(digits):], "+")
		if strings.Contains(entry, "*") {
			r.optional[pos] = skipToNext
		}
	}
	r.autoRead = !ix.reads(ix.triggersFor(occasion{itemResponse, onBefore, def.ID}), map[int]bool{})
	return r
}

// field is one parameter of a message that was taken apart.
type field struct {
	place int // of the parameter
	value element.Value
	// original is what the device sent, where value is that of an exception.
	original *element.Value
	fits     bool // else the value is outside the parameter's range and not processed
}

// match takes a message apart as the response says (documentation page
// ConnectionsSerialCreatingCommandsAndResponses) and reports whether all of it
// fits. Nothing is stored: a message that does not fit leaves no trace in the
// response's parameters, unlike DataMiner's (docs/adr/0010).
func (e *Engine) match(r *response, msg []byte) ([]field, bool) {
	var fields []field
	rest := msg
	for pos := 0; pos < len(r.Content); pos++ {
		p, i := e.param(r.Content[pos])
		if p == nil {
			return nil, false
		}
		part, ok := e.part(r, pos, p, rest, fields)
		var d codec.Decoded
		fits := true
		if ok && !p.Interprete.Constant {
			d, fits = p.Interprete.Decode(part, e.value)
			ok = fits || p.Interprete.Low != nil || p.Interprete.High != nil
		}
		if !ok {
			skip, optional := r.optional[pos]
			if !optional {
				return nil, false
			}
			pos = r.skip(pos, skip)
			continue
		}
		rest = rest[len(part):]
		if !p.Interprete.Constant {
			fields = append(fields, field{i, d.Value, d.Original, fits})
		}
	}
	return fields, len(rest) == 0
}

// skip returns the last position that goes with a missing optional one.
func (r *response) skip(pos, extra int) int {
	if extra != skipToNext {
		return pos + extra
	}
	for next := pos + 1; next < len(r.Content); next++ {
		if _, ok := r.optional[next]; ok {
			return next - 1
		}
	}
	return len(r.Content)
}

// part finds the bytes of one parameter at the beginning of rest.
func (e *Engine) part(r *response, pos int, p *connector.Param, rest []byte, before []field) ([]byte, bool) {
	in := &p.Interprete
	if p.Interprete.Constant {
		return in.Fixed, bytes.HasPrefix(rest, in.Fixed)
	}
	switch in.LengthType {
	case codec.LengthFixed:
		return cut(rest, in.Length)
	case codec.LengthOtherParam:
		return cut(rest, e.lengthFrom(in.LengthID, before))
	default:
		return e.upToNext(r, pos, in, rest)
	}
}

// upToNext returns the bytes before the next constant of the response, or all
// but what the following parameters of fixed length take.
func (e *Engine) upToNext(r *response, pos int, in *codec.Interprete, rest []byte) ([]byte, bool) {
	tail := 0
	for next := pos + 1; next < len(r.Content); next++ {
		p, _ := e.param(r.Content[next])
		switch {
		case p == nil:
		case p.Interprete.Constant && next == pos+1:
			n := occurrence(rest, p.Interprete.Fixed, in)
			if _, optional := r.optional[next]; n < 0 && optional {
				n = len(rest)
			}
			return cut(rest, n)
		case p.Interprete.Constant:
			tail += len(p.Interprete.Fixed)
		case p.Interprete.LengthType == codec.LengthFixed:
			tail += p.Interprete.Length
		}
	}
	return cut(rest, len(rest)-tail)
}

// occurrence finds where a parameter ends: before the n-th occurrence of the
// following constant (LengthType@times), or before the last.
func occurrence(rest, sep []byte, in *codec.Interprete) int {
	if len(sep) == 0 {
		return len(rest)
	}
	if in.LengthType == codec.LengthLastNextParam {
		return bytes.LastIndex(rest, sep)
	}
	at := 0
	for n := max(1, in.Times); ; n-- {
		i := bytes.Index(rest[at:], sep)
		if i < 0 {
			return -1
		}
		if n == 1 {
			return at + i
		}
		at += i + len(sep)
	}
}

// lengthFrom is the length that another parameter gives: of this message when
// it came before, else its present value.
func (e *Engine) lengthFrom(id element.ParamID, before []field) int {
	v := e.value(id)
	for _, f := range before {
		if e.ix.params[f.place].ID == id {
			v = f.value
		}
	}
	n, ok := v.Float()
	if !ok || n < 0 || n > MaxText {
		return -1
	}
	return int(n)
}

func cut(b []byte, n int) ([]byte, bool) {
	if n < 0 || n > len(b) {
		return nil, false
	}
	return b[:n], true
}
