package element

import (
	"strings"
	"unicode/utf8"
)

// MaxExcerpt is how much of a payload or a text travels to screens, in bytes:
// of the payload in a message event, and of the value and the display in
// patches, parameter events and write events. What was cut says so with
// Truncated and its whole Size; the whole is asked for by itself
// (Service.Message, Service.View).
const MaxExcerpt = 4096

// Excerpt returns p as it travels to screens: its texts cut at MaxExcerpt.
func (p Parameter) Excerpt() Parameter {
	p.Value, p.Display, p.Size, p.Truncated = excerpts(p.Value, p.Display)
	return p
}

// Excerpt returns w as it travels to screens: its text cut at MaxExcerpt.
func (w Write) Excerpt() Write {
	w.Value, _, w.Size, w.Truncated = excerpts(w.Value, "")
	return w
}

// excerpts cuts a value and how it is shown. Size is that of the whole text in
// bytes when one of them was cut, else 0.
func excerpts(v Value, display string) (cutValue Value, cutDisplay string, size int, cut bool) {
	if v.Kind() == KindText && len(v.text) > MaxExcerpt {
		size = len(v.text)
		v = Text(CutText(v.text))
	}
	if len(display) > MaxExcerpt {
		size = max(size, len(display))
		display = CutText(display)
	}
	return v, display, size, size > 0
}

// CutText returns the first MaxExcerpt bytes of s, less the beginning of a
// character that the cut left at the end. A text that was cut shares no memory
// with s, so that keeping the excerpt does not keep the whole.
func CutText(s string) string {
	if len(s) <= MaxExcerpt {
		return s
	}
	at := MaxExcerpt
	for back := 1; back < utf8.UTFMax; back++ {
		if utf8.RuneStart(s[at-back]) {
			if !utf8.FullRuneInString(s[at-back : at]) {
				at -= back
			}
			break
		}
	}
	return strings.Clone(s[:at])
}

// Payload is the whole of a message of which an event shows the beginning.
// Data is read-only.
type Payload struct {
	Seq        uint64 // of the event
	At         Time
	Connection int
	Sent       bool // we sent it; else the device did
	Text       bool // else it is binary
	Data       []byte
}
