package present

import (
	"strings"
	"testing"
)

func TestTextsAndReadings(t *testing.T) {
	for _, tt := range []struct {
		value      string
		long, code bool
	}{
		{"", false, false},
		{"Open", false, false},
		{strings.Repeat("a", longText), false, false},
		{strings.Repeat("a", longText+1), true, false},
		{strings.Repeat("é", longText), false, false}, // characters, not bytes
		{strings.Repeat("🎚", longText), false, false}, // nor halves of characters
		{strings.Repeat("🎚", longText+1), true, false},
		{"two\nlines", true, false},
		{`{"a":1}`, false, true},
		{" [1]", false, true},
		{"<status/>", false, true},
		{"[", false, false},
		{"a\x00b", false, true},
		{"a\uFFFDb", false, true},
		{"tab\tand\r\nline", true, false},
	} {
		if long, code := isLong(tt.value), isCode(tt.value); long != tt.long || code != tt.code {
			t.Errorf("%q: long %t, code %t", tt.value, long, code)
		}
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 4096: "4.1 kB", 5_240_000: "5.2 MB"} {
		if got := Size(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
	if got := shownPart(0); got != "" {
		t.Errorf("nothing is cut, and the note says %q", got)
	}
}

func TestLink(t *testing.T) {
	const address = "https://device/"
	full := address + strings.Repeat("é", longestLink-len(address))
	for text, want := range map[string]string{
		" http://h/x ": "http://h/x", "HTTPS://h": "HTTPS://h", "ftp://h/f": "ftp://h/f", "mailto:a@b": "mailto:a@b",
		"http://": "", "file:///x": "", "javascript:alert(1)": "", "see http://h": "", "mailto:": "", "h": "", full: full, full + "e": "",
	} {
		if got := Link(text); got != want {
			t.Errorf("%q is the link %q, want %q", text, got, want)
		}
	}
}
