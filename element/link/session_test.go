package link_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

func TestHandshakeIsVerbatim(t *testing.T) {
	heads := make(chan string, 1)
	l := listen(t, func(p *peer) {
		p.open()
		heads <- p.head
		p.expectClose(1000)
		p.write(closeFrame(1000, ""))
	})
	cfg := config(l, offer,
		link.Header{Name: "X-b", Value: "2"}, link.Header{Name: "x-A", Value: "1, \"q\""}, link.Header{Name: "X-b", Value: "3"},
		link.Header{Name: "sec-websocket-KEY", Value: "mine"}, link.Header{Name: "CONNECTION", Value: "close"},
		link.Header{Name: "Sec-WebSocket-Version", Value: "8"}, link.Header{Name: "Content-Length", Value: "5"})
	s, a := dial(t, cfg)
	end := s.Close(1000, "bye", patience)
	if end.Code != 1000 || end.By != "us" || end.Cause != "local" {
		t.Errorf("end = %+v", end)
	}
	head := <-heads
	_, key, _ := strings.Cut(head, "Sec-WebSocket-Key: ")
	key, _, _ = strings.Cut(key, "\r\n")
	want := "GET /x-nmos/events/ws HTTP/1.1\r\n" +
		"Host: " + l.Addr().String() + "\r\n" +
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key + "\r\nSec-WebSocket-Version: 13\r\n" +
		"User-Agent: Fieldline/1\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nX-b: 2\r\nx-A: 1, \"q\"\r\nX-b: 3\r\n\r\n"
	if head != want {
		t.Errorf("sent\n%s\nwant\n%s", head, want)
	}
	if a.Record.Request != want {
		t.Errorf("recorded\n%s", a.Record.Request)
	}
	if a.StatusLine != "HTTP/1.1 101 Switching Protocols" || !a.Answered || a.Record.Status != 101 {
		t.Errorf("attempt = %+v", a)
	}
}

// reception is what a device sends and what becomes of it.
type reception struct {
	name   string
	send   string
	expect []string // "t:" or "b:" and the payload
	code   int      // of the end
	by     string
	cause  string
	closes int // the code the device must hear
}

func receptions() []reception {
	d := newDeflater()
	one, two, three := d.message("one one one one"), d.message("two one one"), d.message("")
	big := strings.Repeat("0123456789abcdef", 8<<10)
	return []reception{
		{"text and binary", frame(0x81, "hé") + frame(0x82, "\xff\x00") + closeFrame(1000, ""), []string{"t:hé", "b:\xff\x00"}, 1000, "device", "closed", 1000},
		{"empty message", frame(0x81, "") + closeFrame(4001, "own"), []string{"t:"}, 4001, "device", "closed", 4001},
		{"fragments with a ping between", frame(0x01, "a") + frame(0x89, "p") + frame(0x00, "b") + frame(0x80, "c") + closeFrame(1001, ""), []string{"t:abc"}, 1001, "device", "closed", 1001},
		{"deflate with takeover", frame(0xc1, one) + frame(0xc2, two) + frame(0xc1, three) + closeFrame(1000, ""), []string{"t:one one one one", "b:two one one", "t:"}, 1000, "device", "closed", 1000},
		{"deflate mixed with plain", frame(0xc1, one) + frame(0x81, "plain") + frame(0xc1, two) + closeFrame(1000, ""), []string{"t:one one one one", "t:plain", "t:two one one"}, 1000, "device", "closed", 1000},
		{"deflate in fragments with a ping", frame(0x41, one[:2]) + frame(0x89, "x") + frame(0x00, one[2:3]) + frame(0x00, "") + frame(0x80, one[3:]) + closeFrame(1000, ""), []string{"t:one one one one"}, 1000, "device", "closed", 1000},
		{"large plain", frame(0x81, big) + closeFrame(1000, ""), []string{"t:" + big}, 1000, "device", "closed", 1000},
		{"large deflated", frame(0xc1, newDeflater().message(big)) + closeFrame(1000, ""), []string{"t:" + big}, 1000, "device", "closed", 1000},
		{"close without a code", frame(0x88, ""), nil, 1005, "device", "closed", 1005},
		{"half a close code", frame(0x88, "\x03"), nil, 1002, "us", "protocol", 1002},
		{"text that is not UTF-8", frame(0x81, "a\xff"), nil, 1007, "us", "bad-data", 1007},
		{"a character over two fragments", frame(0x01, "\xc3") + frame(0x80, "\xa9") + closeFrame(1000, ""), []string{"t:é"}, 1000, "device", "closed", 1000},
		{"broken deflate", frame(0xc1, "\xff\xff\xff"), nil, 1007, "us", "bad-data", 1007},
		{"too large", frame(0x82, big+big+big), nil, 1009, "us", "too-large", 1009},
		{"too large once inflated", frame(0xc2, newDeflater().message(big+big+big)), nil, 1009, "us", "too-large", 1009},
		{"too large in many fragments", strings.Repeat(frame(0x02, big)+frame(0x80, big)+frame(0x02, ""), 1) + frame(0x00, big) + frame(0x00, big) + frame(0x00, big), []string{"b:" + big + big}, 1009, "us", "too-large", 1009},
		{"reserved bit", frame(0xa1, "a"), nil, 1002, "us", "protocol", 1002},
		{"unknown opcode", frame(0x83, "a"), nil, 1002, "us", "protocol", 1002},
		{"continuation of nothing", frame(0x80, "a"), nil, 1002, "us", "protocol", 1002},
		{"compressed continuation", frame(0x01, "a") + frame(0xc0, "a"), nil, 1002, "us", "protocol", 1002},
		{"compressed ping", frame(0xc9, "a"), nil, 1002, "us", "protocol", 1002},
		{"text inside a compressed message", frame(0x41, one[:2]) + frame(0x81, "a"), nil, 1002, "us", "protocol", 1002},
		{"compressed text inside a plain message", frame(0x01, "a") + frame(0xc1, one), nil, 1002, "us", "protocol", 1002},
		{"masked", "\x81\x81abcdX", nil, 1002, "us", "protocol", 1002},
		{"long ping", frame(0x89, strings.Repeat("x", 126)), nil, 1002, "us", "protocol", 1002},
		{"bad close code", closeFrame(1005, ""), nil, 1002, "us", "protocol", 1002},
		{"a frame of 2^63 bytes", "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", nil, 1002, "us", "protocol", 1002},
	}
}

// incoming are scripts of a device and what a session makes of them.
func TestReceive(t *testing.T) {
	for _, tt := range receptions() {
		t.Run(tt.name, func(t *testing.T) {
			for _, step := range []int{len(tt.send), 1} {
				if step == 1 && len(tt.send) > 1000 {
					continue
				}
				l := listen(t, func(p *peer) {
					p.open("Sec-WebSocket-Extensions: permessage-deflate")
					for i := 0; i < len(tt.send); i += step {
						p.write(tt.send[i:min(i+step, len(tt.send))])
					}
					p.expectClose(tt.closes)
				})
				cfg := config(l, offer)
				cfg.MaxMessage = 300 << 10
				s, _ := dial(t, cfg)
				for i, want := range tt.expect {
					m, err := s.Read()
					got := "b:" + string(m.Data)
					if m.Text {
						got = "t:" + string(m.Data)
					}
					if err != nil || got != want {
						t.Fatalf("message %d is %.40q (%d bytes), %v; want %.40q (%d bytes)", i, got, len(got), err, want, len(want))
					}
				}
				m, err := s.Read()
				end, ok := errors.AsType[*link.End](err)
				if !ok {
					t.Fatalf("read %q, %v; want an end", m.Data, err)
				}
				if end.Code != tt.code || end.By != tt.by || end.Cause != tt.cause {
					t.Errorf("end = %d by %s, %s: %s (%v); want %d by %s, %s", end.Code, end.By, end.Cause, end.Message, end.Err, tt.code, tt.by, tt.cause)
				}
				if s.End() != end {
					t.Errorf("End() = %v", s.End())
				}
				if err := s.Write(true, []byte("late")); !errors.Is(err, error(end)) {
					t.Errorf("a write after the end says %v", err)
				}
			}
		})
	}
}

func TestSend(t *testing.T) {
	sizes := []int{0, 1, 125, 126, 65535, 65536, 1 << 20, 5 << 20}
	l := listen(t, func(p *peer) {
		p.open()
		for range sizes {
			r, err := p.readFrame()
			if err != nil {
				t.Error(err)
				return
			}
			if !r.masked {
				t.Error("a frame is not masked")
			}
			p.write(frame(r.first, r.payload))
		}
		p.expectClose(1000)
	})
	s, _ := dial(t, config(l))
	for i, n := range sizes {
		text := i%2 == 0
		want := strings.Repeat("x", n)
		if err := s.Write(text, []byte(want)); err != nil {
			t.Fatal(err)
		}
		m, err := s.Read()
		if err != nil || m.Text != text || string(m.Data) != want {
			t.Fatalf("%d bytes came back as %d, text %v, %v", n, len(m.Data), m.Text, err)
		}
	}
}

func TestPingIsAnsweredAndHeard(t *testing.T) {
	pong := make(chan received, 1)
	l := listen(t, func(p *peer) {
		p.open()
		if r, err := p.readFrame(); err != nil || r.first != 0x89 {
			t.Errorf("frame %+v, %v", r, err)
		}
		p.write(frame(0x8a, "") + frame(0x89, "payload"))
		r, _ := p.readFrame()
		pong <- r
		p.write(closeFrame(1000, ""))
		p.expectClose(1000)
	})
	s, _ := dial(t, config(l))
	before := s.LastHeard()
	if err := s.Ping(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(); err == nil {
		t.Fatal("a message from nowhere")
	}
	if r := <-pong; r.first != 0x8a || r.payload != "payload" {
		t.Errorf("pong = %+v", r)
	}
	if !s.LastHeard().After(before) {
		t.Errorf("LastHeard stays at %v", before)
	}
}

func TestSilenceEndsASession(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.open()
		_, _ = p.readFrame()
	})
	cfg := config(l)
	cfg.ReadTimeout = 30 * time.Millisecond
	s, _ := dial(t, cfg)
	_, err := s.Read()
	if end, ok := errors.AsType[*link.End](err); !ok || end.Cause != "timeout" || end.Code != 1006 {
		t.Errorf("end = %+v", err)
	}
}

func TestCloseBesideEverything(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.open()
		for {
			r, err := p.readFrame()
			if err != nil {
				return
			}
			if r.first == 0x88 {
				p.write(frame(0x81, "last") + closeFrame(1000, ""))
				return
			}
			p.write(frame(r.first, r.payload))
		}
	})
	s, _ := dial(t, config(l))
	ends := make(chan *link.End, 8)
	for range 2 {
		go func() {
			for {
				if err := s.Write(true, []byte("hello")); err != nil {
					end, _ := errors.AsType[*link.End](err)
					ends <- end
					return
				}
			}
		}()
	}
	last := make(chan string, 1)
	go func() {
		text := ""
		for {
			m, err := s.Read()
			if err != nil {
				last <- text
				end, _ := errors.AsType[*link.End](err)
				ends <- end
				return
			}
			text = string(m.Data)
		}
	}()
	for range 2 {
		go func() { ends <- s.Close(1000, "restart", patience) }()
	}
	for range 5 {
		if end := <-ends; end == nil || end.Code != 1000 || end.Reason != "restart" || end.Cause != "local" {
			t.Errorf("end = %+v", end)
		}
	}
	if got := <-last; got != "last" {
		t.Errorf("the last message is %q", got)
	}
}

func TestCloseDrainsWhenNobodyReads(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.open()
		p.write(frame(0x81, strings.Repeat("x", 1<<20)))
		p.expectClose(1001)
		p.write(closeFrame(1001, ""))
	})
	s, _ := dial(t, config(l))
	start := time.Now()
	if end := s.Close(1001, "", patience); end.Code != 1001 {
		t.Errorf("end = %+v", end)
	}
	if took := time.Since(start); took > patience/2 {
		t.Errorf("Close waited %v", took)
	}
}

func TestCloseGivesUp(t *testing.T) {
	release := make(chan struct{})
	l := listen(t, func(p *peer) { p.open(); <-release })
	s, _ := dial(t, config(l))
	done := make(chan error, 1)
	go func() { _, err := s.Read(); done <- err }()
	if end := s.Close(1000, "", 20*time.Millisecond); end.Cause != "local" {
		t.Errorf("end = %+v", end)
	}
	<-done
	close(release)
}
