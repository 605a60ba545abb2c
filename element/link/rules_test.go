package link_test

import (
	"errors"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// TestEverySize: the lengths of RFC 6455 §5.2 and large messages up to the
// default limit, inwards and outwards.
func TestEverySize(t *testing.T) {
	sizes := []int{0, 1, 125, 126, 65535, 65536, 1 << 20, 5 << 20, link.DefaultMaxMessage}
	all := strings.Repeat("0123456789abcdef", link.DefaultMaxMessage/16)
	l := listen(t, func(p *peer) {
		p.open()
		for i, n := range sizes {
			p.write(frame(0x81+byte(i%2), all[:n]))
			r, err := p.readFrame()
			if err != nil || !r.masked || r.first != 0x81+byte(i%2) || r.payload != all[:n] {
				t.Errorf("%d bytes came out as %d, opcode %x, %v", n, len(r.payload), r.first, err)
				return
			}
		}
		p.expectClose(1000)
		p.write(closeFrame(1000, ""))
	})
	s, _ := dial(t, config(l))
	for i, n := range sizes {
		m, err := s.Read()
		if err != nil || m.Text != (i%2 == 0) || string(m.Data) != all[:n] {
			t.Fatalf("%d bytes came in as %d, text %v, %v", n, len(m.Data), m.Text, err)
		}
		if err := s.Write(m.Text, m.Data); err != nil {
			t.Fatal(err)
		}
	}
	if end := s.Close(1000, "", patience); end.Cause != "local" {
		t.Errorf("end = %+v", end)
	}
}

// TestBombCostsNoMoreThanTheLimit: a message that would inflate to 32 times the
// limit ends with 1009, and what was allocated meanwhile is the limit and a
// little.
func TestBombCostsNoMoreThanTheLimit(t *testing.T) {
	const limit, little = 8 << 20, 4 << 20 // what else the process allocates meanwhile
	mib := newDeflater().message(strings.Repeat("\x00", 1<<20)) + "\x00\x00\xff\xff"
	bomb := frame(0xc2, strings.Repeat(mib, 32*limit>>20))
	l := listen(t, func(p *peer) {
		p.open("Sec-WebSocket-Extensions: permessage-deflate")
		p.write(bomb)
		p.expectClose(1009)
	})
	cfg := config(l, offer)
	cfg.MaxMessage = limit
	s, _ := dial(t, cfg)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := s.Read()
	runtime.ReadMemStats(&after)
	if end, ok := errors.AsType[*link.End](err); !ok || end.Code != 1009 || end.Cause != "too-large" {
		t.Errorf("end = %+v", err)
	}
	if cost := after.TotalAlloc - before.TotalAlloc; cost > limit+little {
		t.Errorf("the bomb cost %d bytes with a limit of %d", cost, limit)
	}
}

// TestPingInsideACompressedMessage: the pong leaves while the message is still
// on its way, and the payload does not enter the window.
func TestPingInsideACompressedMessage(t *testing.T) {
	d := newDeflater()
	one, two := d.message("one one one one"), d.message("two one one")
	l := listen(t, func(p *peer) {
		p.open("Sec-WebSocket-Extensions: permessage-deflate")
		p.write(frame(0x41, one[:2]) + frame(0x89, "still there?"))
		if r, err := p.readFrame(); err != nil || r.first != 0x8a || r.payload != "still there?" {
			t.Errorf("pong = %+v, %v", r, err)
		}
		p.write(frame(0x80, one[2:]) + frame(0xc1, two) + closeFrame(1000, ""))
		p.expectClose(1000)
	})
	s, _ := dial(t, config(l, offer))
	for _, want := range []string{"one one one one", "two one one"} {
		if m, err := s.Read(); err != nil || string(m.Data) != want {
			t.Errorf("read %q, %v; want %q", m.Data, err, want)
		}
	}
	if _, err := s.Read(); err == nil {
		t.Error("a message from nowhere")
	}
}

// TestAbnormalEnds: ends without a Close frame, told apart, and what is said
// when no message came before.
func TestAbnormalEnds(t *testing.T) {
	const hint = "at once, before any message: it may want a subprotocol (header Sec-WebSocket-Protocol)"
	hello := frame(0x81, "hello")
	tests := []struct {
		name     string
		device   func(p *peer)
		messages int
		code     int
		by       string
		cause    string
		says     string
		saysNot  string
	}{
		{"hangs up at once", func(*peer) {}, 0, 1006, "device", "eof", hint, ""},
		{"closes at once", func(p *peer) { p.write(closeFrame(1002, "")); p.expectClose(1002) }, 0, 1002, "device", "closed", hint, ""},
		{"resets at once", func(p *peer) { _ = p.conn.(*net.TCPConn).SetLinger(0) }, 0, 1006, "device", "reset", hint, ""},
		{"hangs up later", func(p *peer) { p.write(hello) }, 1, 1006, "device", "eof", "without a Close frame", "at once"},
		{"hangs up inside a frame", func(p *peer) { p.write(hello + "\x81\x05he") }, 1, 1006, "device", "eof", "without a Close frame", "at once"},
		{"hangs up inside a compressed message", func(p *peer) { p.write(hello + "\x41\x02he") }, 1, 1006, "device", "eof", "without a Close frame", "at once"},
		{"falls silent", func(p *peer) { p.write(hello); _, _ = p.br.ReadByte() }, 1, 1006, "us", "timeout", "nothing came from the device for 0.05 s, not even the answer to a ping", "ever"},
		{"pings once and falls silent", func(p *peer) { p.write("\x89\x00"); _, _ = p.readFrame(); _, _ = p.br.ReadByte() }, 0, 1006, "us", "timeout", "not even the answer to a ping", "ever"},
		{"is silent from the start", func(p *peer) { _, _ = p.br.ReadByte() }, 0, 1006, "us", "timeout", "nor any message ever since it opened", ""},
		{"breaks the rules", func(p *peer) { p.write(hello + "\x83\x00"); p.expectClose(1002) }, 1, 1002, "us", "protocol", "a frame with the unknown opcode 3", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := listen(t, func(p *peer) { p.open("Sec-WebSocket-Extensions: permessage-deflate"); tt.device(p) })
			cfg := config(l, offer)
			cfg.ReadTimeout = 50 * time.Millisecond
			s, _ := dial(t, cfg)
			var err error
			messages := 0
			for _, err = s.Read(); err == nil; _, err = s.Read() {
				messages++
			}
			end, ok := errors.AsType[*link.End](err)
			if !ok || messages != tt.messages || end.Code != tt.code || end.By != tt.by || end.Cause != tt.cause {
				t.Errorf("after %d messages: %+v", messages, err)
			}
			if !strings.Contains(end.Message, tt.says) || tt.saysNot != "" && strings.Contains(end.Message, tt.saysNot) {
				t.Errorf("says %q; want %q and not %q", end.Message, tt.says, tt.saysNot)
			}
			if got := !s.FirstMessage().IsZero(); got != (tt.messages > 0) {
				t.Errorf("FirstMessage tells %v", s.FirstMessage())
			}
		})
	}
}

// TestFirstMessage: the time to the first message is kept, whichever way it is
// read.
func TestFirstMessage(t *testing.T) {
	for _, send := range []string{frame(0x81, "whole"), fragments(0x81, "fragments", 4)} {
		l := listen(t, func(p *peer) {
			p.open()
			if _, err := p.readFrame(); err != nil {
				t.Error(err)
			}
			p.write(send + frame(0x81, "second"))
			p.expectClose(1000)
		})
		s, _ := dial(t, config(l))
		if !s.FirstMessage().IsZero() {
			t.Errorf("a first message at %v before any", s.FirstMessage())
		}
		before := time.Now()
		if err := s.Write(true, []byte("go")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(); err != nil {
			t.Fatal(err)
		}
		first := s.FirstMessage()
		if first.Before(before) || first.After(time.Now()) || s.Opened().After(before) {
			t.Errorf("opened %v, asked %v, first message %v", s.Opened(), before, first)
		}
		if _, err := s.Read(); err != nil || !s.FirstMessage().Equal(first) {
			t.Errorf("the first message moved to %v, %v", s.FirstMessage(), err)
		}
		s.Close(1000, "", 0)
	}
}
