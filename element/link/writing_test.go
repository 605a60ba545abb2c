package link_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// TestPongWaitsForTheWriter: a device that pings while it takes nothing from us
// must still be read, or it would never take anything.
func TestPongWaitsForTheWriter(t *testing.T) {
	big := bytes.Repeat([]byte("x"), 16<<20) // more than the kernel buffers
	read := make(chan struct{})
	l := listen(t, func(p *peer) {
		p.open()
		if _, err := p.br.Peek(1); err != nil { // the big message is on its way
			t.Error(err)
		}
		p.write(frame(0x89, "first") + frame(0x89, "second") + frame(0x81, "read me"))
		<-read
		if r, err := p.readFrame(); err != nil || len(r.payload) != len(big) {
			t.Errorf("got %d bytes, %v", len(r.payload), err)
		}
		if r, err := p.readFrame(); err != nil || r.first != 0x8a || r.payload != "second" {
			t.Errorf("after the message came %+v, %v; want the pong of the latest ping", r, err)
		}
	})
	s, _ := dial(t, config(l))
	written := make(chan error, 1)
	go func() { written <- s.Write(false, big) }()
	if m, err := s.Read(); err != nil || string(m.Data) != "read me" {
		t.Errorf("read %q, %v", m.Data, err)
	}
	close(read)
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestWriteTimesOut(t *testing.T) {
	release := make(chan struct{})
	l := listen(t, func(p *peer) { p.open(); <-release })
	t.Cleanup(func() { close(release) })
	cfg := config(l)
	cfg.WriteTimeout = 50 * time.Millisecond
	s, _ := dial(t, cfg)
	err := s.Write(false, make([]byte, 32<<20))
	end, ok := errors.AsType[*link.End](err)
	if !ok || end.Cause != "write" || end.Code != 1006 || !strings.Contains(end.Message, "0.05 s") {
		t.Errorf("end = %+v", err)
	}
	if _, err := s.Read(); !errors.Is(err, error(end)) {
		t.Errorf("read says %v", err)
	}
}

// TestWriteAfterTheDeviceLeft: the reason that the device gave wins over the
// broken pipe that a writer sees.
func TestWriteAfterTheDeviceLeft(t *testing.T) {
	left := make(chan struct{})
	l := listen(t, func(p *peer) {
		p.open()
		p.write(closeFrame(1012, "restarting"))
		_ = p.conn.Close()
		close(left)
	})
	s, _ := dial(t, config(l))
	<-left
	var err error
	for err == nil {
		err = s.Write(true, []byte("hello"))
	}
	end, ok := errors.AsType[*link.End](err)
	if !ok || end.Code != 1012 || end.By != "device" {
		t.Errorf("end = %+v", err)
	}
}

func TestCloseCutsAStuckWrite(t *testing.T) {
	release := make(chan struct{})
	l := listen(t, func(p *peer) { p.open(); <-release })
	t.Cleanup(func() { close(release) })
	s, _ := dial(t, config(l))
	written := make(chan error, 1)
	go func() { written <- s.Write(false, make([]byte, 32<<20)) }()
	start := time.Now()
	if end := s.Close(1001, "", 50*time.Millisecond); end.Code != 1001 {
		t.Errorf("end = %+v", end)
	}
	if end, ok := errors.AsType[*link.End](<-written); !ok || end.Code != 1001 {
		t.Errorf("the writer got %+v", end)
	}
	if took := time.Since(start); took > link.DefaultWriteTimeout/2 {
		t.Errorf("Close took %v", took)
	}
}

func TestLongReasonIsCut(t *testing.T) {
	got := make(chan string, 1)
	l := listen(t, func(p *peer) {
		p.open()
		r, _ := p.readFrame()
		got <- r.payload
	})
	s, _ := dial(t, config(l))
	s.Close(1000, strings.Repeat("é", 100), 0)
	if reason := (<-got)[2:]; reason != strings.Repeat("é", 61) {
		t.Errorf("reason = %q", reason)
	}
}
