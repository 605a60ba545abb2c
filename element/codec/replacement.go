package codec

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// Replacement puts bytes in the place of others (documentation page
// ActionReplaceData).
type Replacement struct {
	old, new   [][]byte
	start, end int  // bytes at the beginning and at the end
	outside    bool // those are replaced and no others; else they stay
}

// ParseReplacement reads Type@options: old;new or old1-old2;new1-new2, each in
// hexadecimal digits, and as a third entry use_offset. start and end are
// Type@startoffset and endoffset, not negative. ok is false when there are not
// as many old as new ones.
func ParseReplacement(options string, start, end int) (r Replacement, ok bool) {
	parts := strings.Split(options, ";")
	if len(parts) < 2 {
		return r, false
	}
	r = Replacement{start: start, end: end}
	var okOld, okNew bool
	r.old, okOld = hexList(parts[0])
	r.new, okNew = hexList(parts[1])
	r.outside = len(parts) > 2 && strings.EqualFold(strings.TrimSpace(parts[2]), "use_offset")
	if !okOld || !okNew || len(r.old) != len(r.new) {
		return r, false
	}
	for _, old := range r.old {
		if len(old) == 0 {
			return r, false
		}
	}
	return r, true
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

// Apply returns the bytes with the others in their places; ok is false when
// there are none, or fewer than start and end say. What was put in is not
// replaced again.
func (r *Replacement) Apply(b []byte) (out []byte, ok bool) {
	if len(b) == 0 || r.start > len(b)-r.end {
		return nil, false
	}
	head, middle, tail := b[:r.start], b[r.start:len(b)-r.end], b[len(b)-r.end:]
	if r.outside {
		return append(append(r.replaced(head), middle...), r.replaced(tail)...), true
	}
	return append(append(bytes.Clone(head), r.replaced(middle)...), tail...), true
}

func (r *Replacement) replaced(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		n, add := 1, b[:1]
		for i, old := range r.old {
			if bytes.HasPrefix(b, old) {
				n, add = len(old), r.new[i]
				break
			}
		}
		out, b = append(out, add...), b[n:]
	}
	return out
}
