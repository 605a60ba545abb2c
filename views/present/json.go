package present

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// How large a folded text may get: a few times what came in, whatever that is.
const (
	foldTimes = 3
	foldExtra = 512 // bytes, so that what is short is always laid out
)

// foldDepths are how deep a text may be laid out over several lines; what lies
// deeper stays on its line. The first one counts with which the text is not too
// large: each level costs two blanks in every line below it.
func foldDepths() []int { return []int{32, 16, 8, 4, 2, 1} }

// folded shows JSON over several lines, as deep as its size allows; anything
// else as it came. A text that was cut may end anywhere.
func folded(text string, cut bool) string {
	if t := strings.TrimSpace(text); !strings.HasPrefix(t, "{") && !strings.HasPrefix(t, "[") {
		return text
	}
	if !json.Valid([]byte(text)) && (!cut || !begins(text)) {
		return text
	}
	for _, depth := range foldDepths() {
		if out, ok := layOut(text, depth, foldTimes*len(text)+foldExtra); ok {
			return out
		}
	}
	return text
}

// begins reports whether a text is the beginning of JSON.
func begins(text string) bool {
	d := json.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err != nil {
			return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}

// layOut writes JSON, or the beginning of it, over several lines down to a depth; ok is false when
// it takes more than most bytes.
func layOut(text string, most, bytes int) (out string, ok bool) {
	var b strings.Builder
	depth, opened := 0, false // opened: the last token began an object or a list
	line := func(depth int) {
		if depth <= most {
			b.WriteByte('\n')
			b.WriteString(strings.Repeat("  ", depth))
		}
	}
	for i := 0; i < len(text); i++ {
		if b.Len() > bytes {
			return "", false
		}
		c := text[i]
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '}', ']':
			if !opened && depth <= most {
				line(depth - 1)
			}
			depth--
			opened = false
			b.WriteByte(c)
			continue
		}
		if opened {
			line(depth)
			opened = false
		}
		switch c {
		case '{', '[':
			depth++
			opened = true
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line(depth)
		case ':':
			b.WriteString(": ")
		case '"':
			end := stringEnd(text, i)
			b.WriteString(text[i:end])
			i = end - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), b.Len() <= bytes
}

// stringEnd is where the string that begins at i ends.
func stringEnd(text string, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(text))
}
