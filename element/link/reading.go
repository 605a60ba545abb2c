package link

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const (
	scratchSize = 8 << 10  // borrowed while a message arrives that is not yet whole
	maxPart     = 1 << 20  // of a message that grows
	manyBytes   = 64 << 10 // bytes of messages after which ReadMany takes no more
)

var errNotUTF8 = &frameError{1007, "bad-data", "a text message that is not UTF-8"}

// fresh is memory that is the receiver's.
func fresh(size int) []byte { return make([]byte, size) }

// read reads a message into what memory gives. What is whole in the read
// buffer is taken from there; gorilla/websocket carries everything else:
// fragments, control frames, large messages.
func (s *Session) read(memory func(int) []byte) (Message, error) {
	if data, text, ok := s.wire.frames.whole(); ok {
		if text && !utf8.Valid(data) {
			return Message{}, errNotUTF8
		}
		s.wire.heardMessage()
		if text {
			data = bytes.TrimPrefix(data, []byte(bomUTF8))
		}
		m := Message{text, memory(len(data))}
		copy(m.Data, data)
		return m, nil
	}
	kind, r, err := s.ws.NextReader()
	if err != nil {
		return Message{}, err
	}
	m := Message{Text: kind == websocket.TextMessage}
	if m.Text {
		r = &textReader{r: r}
	}
	if m.Data, err = readParts(r, s.wire.frames.limit, memory); err != nil {
		return Message{}, err
	}
	s.wire.heardMessage()
	if m.Text && bytes.HasPrefix(m.Data, []byte(bomUTF8)) {
		m.Data = m.Data[:copy(m.Data, m.Data[len(bomUTF8):])] // the memory stays the caller's
	}
	return m, nil
}

// readParts reads a message of at most limit bytes in parts that together are
// no larger than the limit: their sum is known at the end only. Then they are
// put together in what memory gives.
func readParts(r io.Reader, limit int64, memory func(int) []byte) ([]byte, error) {
	scratch := pools.scratches.Get().(*[scratchSize]byte)
	defer pools.scratches.Put(scratch)
	part, size := scratch[:0], 0
	var full [][]byte
	for {
		if len(part) == cap(part) {
			full = append(full, part)
			next := min(int64(size), maxPart, limit-int64(size))
			part = make([]byte, 0, max(next, 1)) // one more, for the end that is to come
		}
		n, err := r.Read(part[len(part):cap(part)])
		part = part[:len(part)+n]
		size += n
		if err == io.EOF { //nolint:errorlint // what gorilla/websocket returns, many times a second
			break
		}
		if err != nil {
			return nil, err
		}
	}
	data, at := memory(size), 0
	for _, p := range full {
		at += copy(data[at:], p)
	}
	copy(data[at:], part)
	return data, nil
}

// textReader fails at the first byte that cannot belong to UTF-8, however the
// text is cut in pieces (RFC 6455 §8.1).
type textReader struct {
	r    io.Reader
	open [utf8.UTFMax]byte // the start of a character whose end has not come
	n    int
}

// Read reads on.
func (t *textReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if !t.valid(p[:n]) || err == io.EOF && t.n > 0 { //nolint:errorlint // see readParts
		return 0, errNotUTF8
	}
	return n, err
}

// valid reports whether b can follow what came before.
func (t *textReader) valid(b []byte) bool {
	for t.n > 0 && len(b) > 0 {
		t.open[t.n] = b[0]
		t.n, b = t.n+1, b[1:]
		if utf8.FullRune(t.open[:t.n]) {
			if !utf8.Valid(t.open[:t.n]) {
				return false
			}
			t.n = 0
		}
	}
	// At most the last three bytes can be the start of a character.
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax+1); i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				t.n = copy(t.open[:], b[i:])
				b = b[:i]
			}
			break
		}
	}
	return utf8.Valid(b)
}
