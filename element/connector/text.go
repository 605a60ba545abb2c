package connector

import (
	"strings"
	"unicode/utf8"
)

// Shorten cuts a text from a file for a sentence.
func Shorten(s string) string { return ShortenTo(s, 60) }

// ShortenTo cuts a text behind the given number of characters; bytes that are
// no UTF-8 are replaced.
func ShortenTo(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// FoldName is how names of parameters, pages and connections compare: in any
// casing, trimmed.
func FoldName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// cutPrefixFold is strings.CutPrefix without regard to case, for a prefix in
// ASCII: the bytes of s in lower case can be more or fewer than those of s.
func cutPrefixFold(s, prefix string) (after string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// cutFold is strings.Cut without regard to case.
func cutFold(s, sep string) (before, after string, found bool) {
	at := strings.Index(strings.ToLower(s), sep)
	if at < 0 || len(strings.ToLower(s)) != len(s) {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}
