package present

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible shows what cannot be seen in a text from outside as marks: control
// characters as their pictures (␀), marks of writing direction and other
// characters without a shape as their numbers ([U+202E]). Such characters make
// a text read as another one.
func Visible(s string) string {
	at := indexInvisible([]byte(s), 0)
	if at < 0 {
		return s
	}
	return string(appendVisible(nil, []byte(s)))
}

// VisiblePage is Visible for all that people see of a page: its text, and the
// attributes that are shown or read out. What forms send and scripts compare
// stays as it is. HTML is as templ writes it: attributes in double quotes.
func VisiblePage(page []byte) []byte {
	if indexInvisible(page, 0) < 0 {
		return page
	}
	out := make([]byte, 0, len(page)+len(page)/8)
	for len(page) > 0 {
		open := bytes.IndexByte(page, '<')
		if open < 0 {
			open = len(page)
		}
		out = appendVisible(out, page[:open])
		page = page[open:]
		name, end := tagAt(page)
		out = appendTag(out, page[:end])
		page = page[end:]
		if name == "textarea" || name == "script" || name == "style" { // no marks in what is typed or run
			end := bytes.Index(page, []byte("</"+name))
			if end < 0 {
				end = len(page)
			}
			out = append(out, page[:end]...)
			page = page[end:]
		}
	}
	return out
}

// tagAt returns the name of the tag that page begins with and where it ends.
func tagAt(page []byte) (name string, end int) {
	quoted := false
	for i, c := range page {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '>' && !quoted:
			name, _, _ := strings.Cut(string(page[1:min(i, 16)]), " ")
			return strings.ToLower(strings.TrimSpace(name)), i + 1
		}
	}
	return "", len(page)
}

// appendTag adds a tag with its shown attributes made visible.
func appendTag(out, tag []byte) []byte {
	if indexInvisible(tag, 0) < 0 {
		return append(out, tag...)
	}
	for {
		open := bytes.IndexByte(tag, '"')
		if open < 0 {
			return append(out, tag...)
		}
		end := open + 1 + bytes.IndexByte(tag[open+1:], '"')
		if end <= open {
			return append(out, tag...)
		}
		out = append(out, tag[:open+1]...)
		if isShown(tag[:open]) {
			out = appendVisible(out, tag[open+1:end])
		} else {
			out = append(out, tag[open+1:end]...)
		}
		out = append(out, '"')
		tag = tag[end+1:]
	}
}

// isShown reports whether a value is that of an attribute for people; before is
// what stands before its quote.
func isShown(before []byte) bool {
	fields := bytes.Fields(bytes.TrimSuffix(before, []byte("=")))
	if len(fields) == 0 {
		return false
	}
	switch string(fields[len(fields)-1]) {
	case "title", "aria-label", "aria-description", "placeholder", "alt", "label":
		return true
	}
	return false
}

// indexInvisible finds the first character from at on that is to be marked, -1
// when there is none. Most pages have none: that is found without decoding.
func indexInvisible(b []byte, at int) int {
	for at < len(b) {
		if c := b[at]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			at++
			continue
		}
		r, n := utf8.DecodeRune(b[at:])
		if isInvisible(b, at, r, n) {
			return at
		}
		at += n
	}
	return -1
}

func appendVisible(out, b []byte) []byte {
	from := 0
	for {
		at := indexInvisible(b, from)
		if at < 0 {
			return append(out, b[from:]...)
		}
		r, n := utf8.DecodeRune(b[at:])
		out = append(append(out, b[from:at]...), markOf(r)...)
		from = at + n
	}
}

// markOf stands for a character that cannot be seen.
func markOf(r rune) string {
	const pictures, picturesOfDelete = 0x2400, '␡'
	switch {
	case r < ' ':
		return string(pictures + r)
	case r == 0x7f:
		return string(picturesOfDelete)
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// isInvisible reports whether the character of n bytes at a place is marked.
func isInvisible(b []byte, at int, r rune, n int) bool {
	switch {
	case r == '\r':
		return at+1 >= len(b) || b[at+1] != '\n' // alone it ends no line
	case r == '\n', r == '\t', r >= ' ' && r < 0x7f, r == utf8.RuneError:
		return false
	case r == 0x200C, r == 0x200D: // they shape letters and join signs
		before, _ := utf8.DecodeLastRune(b[:at])
		after, _ := utf8.DecodeRune(b[at+n:])
		return !joins(before) || !joins(after)
	case r >= 0xFE00 && r <= 0xFE0F: // it chooses the shape of what stands before it
		before, _ := utf8.DecodeLastRune(b[:at])
		return !unicode.IsGraphic(before) || unicode.IsSpace(before) || unicode.Is(unicode.Variation_Selector, before) || before == utf8.RuneError
	}
	return isShapeless(r)
}

// joins reports whether a character can stand beside a joiner.
func joins(r rune) bool {
	return r >= 0x80 && r != utf8.RuneError && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !isShapeless(r)
}

// isShapeless reports whether a character has no shape of its own, whatever
// stands beside it: controls, formats, fillers.
func isShapeless(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2028, 0x2029, 0x2800, 0x3164, 0xFFA0:
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		r >= 0xE0100 && r <= 0xE01EF
}
