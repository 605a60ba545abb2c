package present

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"fieldline/element"
)

// Lengths of texts in characters.
const (
	longText    = 60   // above it a value is a text to be read, not a reading to be seen
	longestLink = 2048 // above it an address is a text
)

// isLong reports whether a value is a text to be read: long, or of several
// lines.
func isLong(s string) bool {
	return strings.Contains(s, "\n") || len(s) > longText && utf8.RuneCountInString(s) > longText
}

// isCode reports whether a text is for machines: JSON, XML or bytes. Such a
// text is drawn in a font of one width.
func isCode(s string) bool {
	t := strings.TrimSpace(s)
	if len(t) > 1 && strings.IndexByte("{[<", t[0]) >= 0 {
		return true
	}
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t'
	})
}

// Link returns the address that a text is when a browser may open it, else "".
func Link(text string) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longestLink || strings.ContainsAny(text, " \n\t") {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp":
		if u.Host != "" {
			return text
		}
	case "mailto":
		if u.Opaque != "" {
			return text
		}
	}
	return ""
}

// Size is a number of bytes for a person: "417 bytes", "5.2 MB".
func Size(n int) string {
	switch {
	case n < 1000:
		return Plural(n, "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}

// shownPart says how much of a text of n bytes is shown; n is 0 when it was
// not cut.
func shownPart(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("The first %d KiB of %s.", element.MaxExcerpt>>10, Size(n))
}

// CutTo is a text of at most n characters.
func CutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
