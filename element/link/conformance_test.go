package link_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"fieldline/element/link"
)

// The conformance tests follow the cases that the Autobahn|Testsuite describes
// for clients, under its numbers: the device sends bytes, the session's owner
// sends each message back, and what arrives at the device is compared frame by
// frame.

// exchange is one case.
type exchange struct {
	id, what string
	send     string   // frames of the device
	chop     int      // bytes of each write; 0 all at once
	back     []string // frames of ours before the Close
	code     int      // of our Close; 0: the device closes with 1000 after send and so do we
	by       string   // whose the end is; "" follows from code: "device" for 0, else "us"
	most     int64    // Config.MaxMessage
}

// echoed are messages as they come back, each in one frame.
func echoed(first byte, payloads ...string) []string {
	var out []string
	for _, p := range payloads {
		out = append(out, frame(first, p))
	}
	return out
}

func conform(t *testing.T, exchanges []exchange) {
	t.Helper()
	for _, x := range exchanges {
		t.Run(x.id+" "+x.what, func(t *testing.T) { x.run(t) })
	}
}

func (x exchange) run(t *testing.T) {
	send, code, by := x.send, x.code, x.by
	if code == 0 {
		send, code, by = send+closeFrame(1000, ""), 1000, "device"
	}
	if by == "" {
		by = "us"
	}
	l := listen(t, func(p *peer) {
		p.open()
		written := make(chan struct{})
		go func() { // beside reading: much may be on its way in both directions
			defer close(written)
			p.chopped(send, x.chop)
		}()
		p.expectFrames(x.back, code)
		_ = p.conn.Close()
		<-written
	})
	cfg := config(l)
	cfg.MaxMessage = x.most
	if end := echo(t, cfg); end.Code != code || end.By != by {
		t.Errorf("the session ended with %d by %s, %s: %s; want %d by %s", end.Code, end.By, end.Cause, end.Message, code, by)
	}
}

// echo sends each message back until the session ends.
func echo(t *testing.T, cfg link.Config) *link.End {
	t.Helper()
	s, _ := dial(t, cfg)
	for {
		m, err := s.Read()
		if err == nil {
			err = s.Write(m.Text, m.Data)
		}
		if err != nil {
			end, _ := errors.AsType[*link.End](err)
			return end
		}
	}
}

// chopped writes s in pieces; an error shows in what the client answers.
func (p *peer) chopped(s string, chop int) {
	if chop == 0 {
		chop = max(1, len(s))
	}
	for s != "" {
		n := min(chop, len(s))
		if _, err := p.conn.Write([]byte(s[:n])); err != nil {
			return
		}
		s = s[n:]
	}
}

// expectFrames reads exactly the frames, then a Close frame with the code.
func (p *peer) expectFrames(want []string, code int) {
	for i, w := range append(want, closeFrame(code, "")) {
		r, err := p.readFrame()
		got := frame(r.first, r.payload)
		if i == len(want) && r.first == 0x88 {
			got, w = describeClose(r.payload), describeClose(w[2:])
		}
		if err != nil || !r.masked || got != w {
			p.t.Errorf("frame %d of the client is %s, %v; want %s", i, brief(got), err, brief(w))
			return
		}
	}
}

// describeClose is the code of a Close frame; its reason is free.
func describeClose(payload string) string {
	if len(payload) < 2 || int(binary.BigEndian.Uint16([]byte(payload))) == 1005 {
		return "Close without a code"
	}
	return fmt.Sprintf("Close %d", binary.BigEndian.Uint16([]byte(payload)))
}

func brief(s string) string { return fmt.Sprintf("%.40q (%d bytes)", s, len(s)) }

// fragments cuts a message into frames of size bytes.
func fragments(first byte, payload string, size int) string {
	var b strings.Builder
	for {
		n := min(size, len(payload))
		op := first &^ 0x80
		if n == len(payload) {
			op |= 0x80
		}
		b.WriteString(frame(op, payload[:n]))
		payload, first = payload[n:], 0x80
		if payload == "" {
			return b.String()
		}
	}
}
