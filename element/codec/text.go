package codec

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
)

// isText reports whether the bytes are such as RawType text takes.
func isText(b []byte) bool {
	for _, c := range b {
		letter := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && strings.IndexByte("-.;,?! ", c) < 0 {
			return false
		}
	}
	return true
}

// isNumeric reports whether a text is such as RawType numeric text takes.
func isNumeric(s string, base int) bool {
	allowed := "0123456789+-.,eE "
	if base == 16 {
		allowed += "abcdfABCDF"
	}
	return strings.Trim(s, allowed) == ""
}

// parseNumber reads a number in the digits of a base; 0 is 10.
func parseNumber(s string, base int) (f float64, ok bool) {
	if base == 10 || base == 0 {
		return element.ParseNumber(s)
	}
	if n, err := strconv.ParseUint(s, base, 64); err == nil {
		return float64(n), true
	}
	n, err := strconv.ParseInt(s, base, 64) // with a sign
	return float64(n), err == nil
}

func trim(s, how string) string {
	if strings.Contains(how, "left") {
		s = strings.TrimLeft(s, " \t\r\n\x00")
	}
	if strings.Contains(how, "right") {
		s = strings.TrimRight(s, " \t\r\n\x00")
	}
	return s
}

// ascii is a text with one byte for each character: those beyond ASCII become
// question marks, and lossy is then true. What is no UTF-8 has single bytes
// already.
func ascii(s string) (_ string, lossy bool) {
	beyond := func(r rune) bool { return r >= utf8.RuneSelf }
	if !utf8.ValidString(s) || !strings.ContainsFunc(s, beyond) {
		return s, false
	}
	return strings.Map(func(r rune) rune {
		if beyond(r) {
			return '?'
		}
		return r
	}, s), true
}

// Hex writes bytes in hexadecimal digits, in groups of so many bytes with blanks
// between them; 0 is one group.
func Hex(b []byte, group int) string {
	if group == 0 {
		return strings.ToUpper(hex.EncodeToString(b))
	}
	var parts []string
	for part := range slices.Chunk(b, group) {
		parts = append(parts, strings.ToUpper(hex.EncodeToString(part)))
	}
	return strings.Join(parts, " ")
}

// Literal resolves the notation 0x0D0x0A when the whole text is written so; any
// other text stands for itself.
func Literal(s string) []byte {
	t := strings.TrimSpace(s)
	if len(t) == 0 || len(t)%4 != 0 {
		return []byte(s)
	}
	out := make([]byte, 0, len(t)/4)
	for i := 0; i < len(t); i += 4 {
		b, err := hex.DecodeString(t[i+2 : i+4])
		if t[i] != '0' || t[i+1]|0x20 != 'x' || err != nil {
			return []byte(s)
		}
		out = append(out, b...)
	}
	return out
}
