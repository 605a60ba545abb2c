package link_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"fieldline/element/link"
)

// giveUp dials, gives the dial up once the device says so, and returns what
// became of it.
func giveUp(t *testing.T, device func(p *peer, cancel func())) link.Attempt {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l := listen(t, func(p *peer) { device(p, cancel) })
	s, a := link.Dial(ctx, config(l))
	if s != nil {
		t.Error("a dial that was given up opened a session")
		s.Close(1000, "", 0)
	}
	if a.Failure == nil || a.Failure.Code != "canceled" {
		t.Errorf("the dial ended with %+v, want canceled", a.Failure)
	}
	return a
}

// A device that accepts a handshake which was given up gets a Close frame.
func TestAGivenUpHandshakeThatSucceedsIsClosed(t *testing.T) {
	got := make(chan received, 1)
	giveUp(t, func(p *peer, cancel func()) {
		p.readHead()
		cancel()
		p.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + p.accept() + "\r\n\r\n" + frame(0x81, "welcome"))
		f, err := p.readFrame()
		if err != nil {
			t.Errorf("the device read %v, want a Close frame", err)
		}
		got <- f
		p.write(closeFrame(1001, ""))
		if _, err := (patient{p.conn}).Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("after the Close frames the device read %v, want EOF", err)
		}
	})
	if f := <-got; f.first != 0x88 || f.payload != "\x03\xe9" {
		t.Errorf("the device got %x %q, want Close 1001", f.first, f.payload)
	}
}

// A device that is still thinking, or has begun to answer, sees the connection
// end; what it says afterwards does not hit a reset.
func TestAGivenUpHandshakeIsNotReset(t *testing.T) {
	for name, begun := range map[string]string{
		"before an answer": "",
		"inside an answer": "HTTP/1.1 101 Swit",
		"inside a refusal": "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nThere is",
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan struct{})
			giveUp(t, func(p *peer, cancel func()) {
				defer close(heard)
				p.readHead()
				p.write(begun)
				cancel()
				if _, err := (patient{p.conn}).Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
					t.Errorf("the device read %v, want EOF", err)
				}
				for range 2 { // the second finds out about a reset that the first brought on
					if _, err := io.WriteString(p.conn, "HTTP/1.1 503 Busy\r\n"); err != nil {
						t.Errorf("the device's late answer: %v", err)
					}
				}
			})
			<-heard
		})
	}
}
