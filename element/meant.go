package element

import (
	"math"
	"strconv"
	"strings"
)

// Meant returns the entry of a list that a text sets: by its value, then by
// what it shows. Values of a number are the same however they are written.
func Meant(entries []Discreet, text string, number bool) (Discreet, bool) {
	text = strings.TrimSpace(text)
	for _, d := range entries {
		if d.Value == text || number && SameNumber(d.Value, text) {
			return d, true
		}
	}
	for _, d := range entries {
		if strings.EqualFold(d.Display, text) {
			return d, true
		}
	}
	return Discreet{}, false
}

// ParseNumber reads a decimal number as a person writes it, with a point or a
// comma.
func ParseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789+-.,eE") != "" || strings.Count(s, ",")+strings.Count(s, ".") > 1 {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// SameNumber reports whether both texts are numbers, and the same.
func SameNumber(a, b string) bool {
	x, okX := ParseNumber(a)
	y, okY := ParseNumber(b)
	return okX && okY && x == y
}
