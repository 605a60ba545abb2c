package element

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseNumber reads a decimal number as a person writes it, with a point or a
// comma.
func ParseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789+-.,eE") != "" || strings.Count(s, ",")+strings.Count(s, ".") > 1 {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || !IsFinite(f) {
		return 0, false
	}
	return f, true
}

// IsFinite reports whether f is a number: neither NaN nor an infinity.
func IsFinite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// FormatSeconds writes a length of time in seconds, as sentences have it: "1.5 s".
func FormatSeconds(d time.Duration) string { return FormatNumber(d.Seconds()) + " s" }

// FormatNumber writes f in its shortest decimal form that reads back as f.
func FormatNumber(f float64) string {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// SameValue reports whether two texts are the same raw value: numbers are,
// however they are written.
func SameValue(a, b string, number bool) bool {
	if a == b || !number {
		return a == b
	}
	x, okX := ParseNumber(a)
	y, okY := ParseNumber(b)
	return okX && okY && x == y
}
