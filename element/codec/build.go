package codec

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// Part is what one parameter adds to a message.
type Part struct {
	Param element.ParamID
	Bytes []byte // shared, not to be changed
	Lossy bool   // sent in ASCII, with question marks for the characters that are none
}

// Build makes the parts of a message from the present values. Parameters
// without Interprete are left out. The error is an *OverflowError for the first
// number that its bytes cannot hold; all parts are there nevertheless.
func Build(content []Param, values Values) (parts []Part, err error) {
	parts = make([]Part, 0, len(content))
	for _, p := range content {
		if p.Interprete == nil {
			continue
		}
		part, partErr := p.build(values)
		if err == nil {
			err = partErr
		}
		parts = append(parts, part)
	}
	return parts, err
}

func (p *Param) build(values Values) (Part, error) {
	part := Part{Param: p.ID}
	if p.Constant && p.Fixed != nil {
		part.Bytes = p.Fixed
		if p.ASCII && !p.FixedBytes {
			s, lossy := ascii(string(p.Fixed))
			part.Bytes, part.Lossy = []byte(s), lossy
		}
		return part, nil
	}
	v := p.outgoing(values(p.ID), values)
	if p.ASCII && v.Kind() == element.KindText {
		var s string
		s, part.Lossy = ascii(v.String())
		v = element.Text(s)
	}
	var err error
	if part.Bytes, err = p.Encode(v); err != nil {
		err = &OverflowError{p.ID, v}
	}
	return part, err
}

// Join returns the message that the parts make, nil when it is empty.
func Join(parts []Part) []byte {
	var msg []byte
	for _, p := range parts {
		msg = append(msg, p.Bytes...)
	}
	return msg
}

// ReverseParts returns a message that was made of the parts with the bytes of a
// parameter in reverse order: of the occurrences that nr lists, counted from 0
// and separated by semicolons, or of the first one when it is empty
// (documentation page ActionReverse). A message that the parts do not fit any
// more is returned as it is.
func ReverseParts(msg []byte, parts []Part, param element.ParamID, nr string) []byte {
	out := slices.Clone(msg)
	at, seen := 0, 0
	for _, p := range parts {
		end := at + len(p.Bytes)
		if end > len(out) {
			return msg
		}
		if p.Param == param {
			if occurs(nr, seen) {
				slices.Reverse(out[at:end])
			}
			seen++
		}
		at = end
	}
	return out
}

func occurs(list string, n int) bool {
	if strings.TrimSpace(list) == "" {
		return n == 0
	}
	for text := range strings.SplitSeq(list, ";") {
		if k, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && k == n {
			return true
		}
	}
	return false
}
