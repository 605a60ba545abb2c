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
