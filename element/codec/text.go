package codec

import (
	"encoding/hex"
	"strconv"
	"strings"

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
