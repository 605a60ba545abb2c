package link

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"
)

// FuzzSession: what a session makes of a device's bytes does not depend on how
// they arrive, nor on who reads them: messages that are whole in the read buffer
// are taken from there, all others through gorilla/websocket.
func FuzzSession(f *testing.F) {
	f.Add([]byte("\x81\x02hi\x82\x7e\x00\x03abc\x89\x01p\x01\x01a\x80\x01b\x88\x02\x03\xe8"), false, uint8(0))
	f.Add([]byte("\xc1\x05\xf2\x00\x11\x00\x00\x81\x01x\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"), true, uint8(3))
	f.Add([]byte("\x81\x01\xff\x81\x02\xc3\xa9\x91\x00\x83\x00"), true, uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, on bool, step uint8) {
		d := deflate{on: on}
		whole := hear(t, b, d, len(b)+1)
		if pieces := hear(t, b, d, int(step)+1); pieces != whole {
			t.Fatalf("%x is heard as\n%s\nat once and as\n%s\nin pieces", b, whole, pieces)
		}
		if own := hear(t, fragmented(b), d, len(b)+1); !on && len(b) < 1<<10 && own != whole {
			t.Fatalf("%x is heard as\n%s\nand in fragments as\n%s", b, whole, own)
		}
	})
}

// fragmented puts an empty last fragment after each whole message, so that
// none can be taken from the read buffer. It stops at what it cannot read.
func fragmented(b []byte) []byte {
	var out []byte
	for {
		first, _, to := oneFrame(b)
		if to == 0 || first&rsv1Bit != 0 {
			return append(out, b...)
		}
		out = append(out, first&^finBit)
		out = append(out, b[1:to]...)
		out = append(out, finBit, 0)
		b = b[to:]
	}
}

// hear writes down the messages and the end of a session.
func hear(t *testing.T, b []byte, d deflate, step int) string {
	s, err := newSession(&script{b: b, step: step}, &Config{MaxMessage: 1 << 20}, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	var heard bytes.Buffer
	for {
		m, err := s.Read()
		if end, ok := errors.AsType[*End](err); ok {
			fmt.Fprintf(&heard, "%d %s %s", end.Code, end.Cause, end.Message)
			return heard.String()
		}
		fmt.Fprintf(&heard, "%v %d %q\n", m.Text, len(m.Data), m.Data)
	}
}

// script is a connection on which a device says something and hangs up.
type script struct {
	net.Conn
	b    []byte
	step int
}

func (s *script) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), s.step)], s.b)
	s.b = s.b[n:]
	if n == 0 {
		return 0, net.ErrClosed
	}
	return n, nil
}
func (s *script) Write(p []byte) (int, error)      { return len(p), nil }
func (s *script) Close() error                     { return nil }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }
