package link

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"testing"

	"fieldline/element"
)

// FuzzResponse: whatever a device answers, the head is bounded and what was
// read of it is returned.
func FuzzResponse(f *testing.F) {
	f.Add([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX: a\r\n b\r\n\r\nrest"))
	f.Add([]byte("HTTP/1.1 103 Early Hints\n\nHTTP/1.0 401 \nWWW-Authenticate: Digest realm=\"a\", nonce=b, Basic x\n\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSec-WebSocket-Extensions: permessage-deflate; a=\"b\\\"\"\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		br := bufio.NewReader(bytes.NewReader(b))
		r, err := readResponse(br)
		if len(r.raw) > MaxResponseHead || !bytes.Contains(b, r.raw) {
			t.Fatalf("read %d bytes that were not sent so", len(r.raw))
		}
		if err != nil {
			return
		}
		for _, h := range r.headers {
			if !isToken(h.Name) || strings.ContainsAny(h.Value, "\r\n\x00") {
				t.Fatalf("header %q: %q", h.Name, h.Value)
			}
		}
		_, f := accept(&request{key: "k", extensions: []extension{{name: permessageDeflate}}}, r)
		if f != nil && f.Message == "" {
			t.Fatal("a failure without a sentence")
		}
		a := &attempt{cfg: &Config{Destination: element.Destination{Scheme: "ws", Host: "h", Port: 1, Path: "/"}}}
		if f := a.refused(&request{}, r); !strings.Contains(f.Message, r.statusLine[9:12]) {
			t.Fatalf("no status in %q", f.Message)
		}
		if body, _ := r.readBody(br); len(body) > MaxRefusalBody {
			t.Fatal("the body is not bounded")
		}
		l := newLogin(&Config{Destination: element.Destination{Path: "/", HasLogin: true, User: "u", Password: "p"}})
		l.first(false)
		if login, ok := l.next(401, r.headers); ok && strings.ContainsAny(login, "\r\n") {
			t.Fatalf("login %q", login)
		}
		newMasker(a.cfg.Destination).head(string(r.raw))
	})
}

// FuzzInflate: what is inflated piece by piece, over several messages, is what
// one reader makes of the same data at once.
func FuzzInflate(f *testing.F) {
	f.Add([]byte("\xf2\x48\xcd\xc9\xc9\x07\x00"), []byte("\xf2\x00\x11\x00\x00"), false) // RFC 7692 §7.2.3.2
	f.Add([]byte("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), []byte{0}, true)                   // §7.2.3.4, a final block
	f.Add([]byte("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), []byte("\xff"), false) // §7.2.3.3, stored
	f.Fuzz(func(t *testing.T, one, two []byte, forget bool) {
		var z inflater
		defer z.release()
		var window []byte
		for _, comp := range [][]byte{one, two} {
			if forget {
				window = nil
			}
			got, err := inflateAll(&z, comp, forget)
			if len(got) > 4<<20 {
				return // a bomb; the session's limit ends it
			}
			want, ended := reference(comp, window)
			if err == nil && ended && !bytes.Equal(got, want) {
				t.Fatalf("%x gives %q, want %q", comp, got, want)
			}
			if (err == nil) != ended && !errors.Is(err, errFinalBlocks) {
				t.Fatalf("%x: %v, reference ended %v", comp, err, ended)
			}
			if err != nil {
				return
			}
			window = append(window, got...)
			window = window[max(0, len(window)-maxWindow):]
		}
	})
}

func inflateAll(z *inflater, comp []byte, forget bool) ([]byte, error) {
	buf := bytes.Clone(comp)
	z.start(&buf, forget)
	var got []byte
	for len(got) <= 4<<20 {
		b, last, err := z.piece()
		got = append(got, b...)
		if err != nil || last {
			z.finish()
			return got, err
		}
	}
	return got, nil
}

// reference inflates with readers of their own, one for each final block.
func reference(comp, window []byte) (out []byte, ended bool) {
	src := bytes.NewReader(append(bytes.Clone(comp), tail...))
	for {
		dict := append(bytes.Clone(window), out...)
		b, err := io.ReadAll(io.LimitReader(flate.NewReaderDict(src, dict[max(0, len(dict)-maxWindow):]), 8<<20))
		out = append(out, b...)
		if err != nil || len(out) > 4<<20 {
			return out, false
		}
		if src.Len() <= len(tail) {
			return out, true
		}
	}
}

// FuzzFrames: without compression frames pass byte for byte; with it no data
// frame leaves compressed; and how the bytes arrive changes nothing.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x81\x02hi\x89\x01p\x88\x02\x03\xe8"), false, uint8(1))
	f.Add([]byte("\x41\x03\xf2\x48\xcd\x89\x00\x80\x04\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"), true, uint8(3))
	f.Add([]byte("\x82\x7e\x00\x03abc\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"), true, uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, on bool, step uint8) {
		d := deflate{on: on}
		whole, err := transform(b, d, len(b)+1)
		pieces, err2 := transform(b, d, int(step)+1)
		if !bytes.Equal(whole, pieces) || err.Error() != err2.Error() {
			t.Fatalf("%x gives %x (%v) at once and %x (%v) in pieces", b, whole, err, pieces, err2)
		}
		if _, bad := errors.AsType[*frameError](err); !on && !bad && !bytes.Equal(whole, b[:len(whole)]) {
			t.Fatalf("%x became %x", b, whole)
		}
	})
}

// transform gives all that frames makes of b, read step bytes at a time.
func transform(b []byte, d deflate, step int) ([]byte, error) {
	src := bytes.NewReader(b)
	in := &input{read: func(p []byte) (int, error) { return src.Read(p[:min(len(p), step)]) }}
	fr := &frames{in: in, deflate: d, limit: 1 << 20}
	defer fr.release()
	var out []byte
	p := make([]byte, 512)
	for {
		n, err := fr.Read(p)
		out = append(out, p[:n]...)
		if err != nil {
			return out, err
		}
		if len(out) > 4<<20 {
			return out, io.EOF
		}
	}
}
