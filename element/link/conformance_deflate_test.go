package link_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"fieldline/element/link"
)

// The kinds of content of section 12.
func contents() []struct {
	what  string
	first byte
	make  func(n int) string
} {
	cut := func(unit string) func(int) string {
		return func(n int) string { return strings.Repeat(unit, n/len(unit)+1)[:n] }
	}
	noise := func(n int) string {
		r, b := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32()) &^ 0x60 // compresses a little, like a picture
		}
		return string(b)
	}
	return []struct {
		what  string
		first byte
		make  func(n int) string
	}{
		{"JSON", 0xc1, cut(`{"event_type":"number","payload":{"value":201,"scale":10},"flow_id":"b7c1"},`)},
		{"binary", 0xc2, noise},
		{"English", 0xc1, cut("Ye wavering shapes, again ye do enfold me, as erst upon my troubled sight ye stole. ")},
		{"one byte", 0xc1, cut("*")},
		{"HTML", 0xc1, cut("<tr><td class=\"level\">-12.5</td><td>dB</td></tr>\n")},
	}
}

// server compresses like a server that answered with some parameters: without
// context takeover each message stands alone; a window smaller than what
// compress/flate uses is kept by forgetting before it is full.
type server struct {
	answer   string
	forget   bool
	window   int // bytes; 0 any
	stored   bool
	once     string // a message that is alike each time
	deflater *deflater
}

func (s *server) message(first byte, payload string, size int) string {
	var comp string
	switch {
	case s.once != "":
		comp = s.once
	case s.stored:
		comp = stored(payload)
	case s.window > 0:
		s.once = small(payload, s.window)
		comp = s.once
	default:
		if s.deflater == nil {
			s.deflater = newDeflater()
		}
		if s.forget {
			s.deflater.w.Reset(&s.deflater.buf)
		}
		comp = s.deflater.message(payload)
	}
	if size == 0 {
		return frame(first, comp)
	}
	return fragments(first, comp, size)
}

// small compresses in pieces no larger than the window, each with a fresh
// writer: nothing refers to more than a window back.
func small(payload string, window int) string {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.DefaultCompression)
	for {
		n := min(window, len(payload))
		w.Reset(&out)
		_, _ = io.WriteString(w, payload[:n])
		_ = w.Flush()
		if payload = payload[n:]; payload == "" {
			return strings.TrimSuffix(out.String(), "\x00\x00\xff\xff")
		}
	}
}

// stored uses blocks without compression (RFC 7692 §7.2.3.3).
func stored(payload string) string {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.NoCompression)
	_, _ = io.WriteString(w, payload)
	_ = w.Flush()
	return strings.TrimSuffix(out.String(), "\x00\x00\xff\xff")
}

// compressed sends messages of many sizes compressed and gets them back plain.
func compressed(t *testing.T, s server, first byte, content func(int) string, size, fragment int) {
	t.Helper()
	many := 10
	if size > 16<<10 {
		many = 3
	}
	l := listen(t, func(p *peer) {
		p.open("Sec-WebSocket-Extensions: " + s.answer)
		written := make(chan struct{})
		go func() {
			defer close(written)
			for range many {
				p.write(s.message(first, content(size), fragment) + frame(0x89, "not for the window"))
			}
			p.write(closeFrame(1000, ""))
		}()
		var back []string
		for range many {
			back = append(back, frame(first&^0x40, content(size)), frame(0x8a, "not for the window"))
		}
		p.expectFrames(back, 1000)
		_ = p.conn.Close()
		<-written
	})
	cfg := config(l, link.Header{Name: "Sec-WebSocket-Extensions", Value: "permessage-deflate; client_max_window_bits"})
	if end := echo(t, cfg); end.Code != 1000 || end.By != "device" {
		t.Errorf("the session ended: %+v", end)
	}
}

// sizes are those of section 12: ten in one frame, eight in fragments.
func sizes() []struct{ size, fragment int } {
	return []struct{ size, fragment int }{
		{16, 0},
		{64, 0},
		{256, 0},
		{1 << 10, 0},
		{4 << 10, 0},
		{8 << 10, 0},
		{16 << 10, 0},
		{32 << 10, 0},
		{64 << 10, 0},
		{128 << 10, 0},
		{8 << 10, 256},
		{16 << 10, 256},
		{32 << 10, 256},
		{64 << 10, 256},
		{128 << 10, 256},
		{128 << 10, 1 << 10},
		{128 << 10, 4 << 10},
		{128 << 10, 32 << 10},
	}
}

// TestConformanceDeflate is section 12: kinds of content by sizes, with context
// takeover; the suite's thousand messages are ten of each and three of the
// large, a ping after each.
func TestConformanceDeflate(t *testing.T) {
	for i, c := range contents() {
		for k, n := range sizes() {
			t.Run(fmt.Sprintf("12.%d.%d %s of %d bytes in fragments of %d", i+1, k+1, c.what, n.size, n.fragment), func(t *testing.T) {
				compressed(t, server{answer: "permessage-deflate"}, c.first, c.make, n.size, n.fragment)
			})
		}
	}
}

// TestConformanceDeflateParameters is section 13: what a server may answer to
// the offer.
func TestConformanceDeflateParameters(t *testing.T) {
	const name = "permessage-deflate"
	servers := []server{
		{answer: name},
		{answer: name + "; server_no_context_takeover", forget: true},
		{answer: name + "; server_max_window_bits=9", window: 1 << 9},
		{answer: name + "; server_max_window_bits=15"},
		{answer: name + "; server_no_context_takeover; server_max_window_bits=9", window: 1 << 9},
		{answer: name + "; server_no_context_takeover; server_max_window_bits=15", forget: true},
		{answer: name + "; server_max_window_bits=8; client_max_window_bits=8", window: 1 << 8},
		{answer: name + "; client_no_context_takeover; client_max_window_bits=15"},
		{answer: name, forget: true}, // nobody must use what was agreed
		{answer: name, stored: true},
		{answer: name + "; server_no_context_takeover", stored: true},
	}
	content := contents()[0]
	for i, s := range servers {
		for k, n := range sizes() {
			t.Run(fmt.Sprintf("13.%d.%d %s, %d bytes in fragments of %d", i+1, k+1, s.answer, n.size, n.fragment), func(t *testing.T) {
				compressed(t, s, content.first, content.make, n.size, n.fragment)
			})
		}
	}
}
