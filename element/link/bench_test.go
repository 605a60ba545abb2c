package link_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element/link"

	"github.com/gorilla/websocket"
)

const benchPayload = 400

// flood sends b.N copies of one frame as fast as they are taken.
func flood(b *testing.B, header string, frames func() string) net.Listener {
	return listen(b, func(p *peer) {
		_ = p.conn.SetDeadline(time.Time{})
		p.open(strings.Fields(header)...)
		const batch = 64
		chunk := []byte(strings.Repeat(frames(), batch))
		for range (b.N + batch - 1) / batch {
			if _, err := p.conn.Write(chunk); err != nil {
				return
			}
		}
		p.write(closeFrame(1000, ""))
		_, _ = p.readFrame()
	})
}

// cpu is the user and system time of the process, of both ends then.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func report(b *testing.B, from time.Duration) {
	b.ReportMetric(float64(cpu()-from)/float64(b.N), "cpu-ns/msg")
}

// text400 looks like what a device says.
func text400() string {
	s := `{"identity":{"source_id":"5fa7c8e0-0f5c-4f3f-9f3d-0d5c4c1d6a11","flow_id":"b7c1"},"event_type":"number","timing":{"creation_timestamp":"1531680501:280709600"},"payload":{"value":201,"scale":10},"message_type":"state"}`
	return (s + strings.Repeat(" tail of the message", 20))[:benchPayload]
}

// BenchmarkReceive reads 400-byte text messages from one connection: the link,
// with memory for each message and with memory used again, beside
// gorilla/websocket's bare NextReader loop, which uses its memory again.
func BenchmarkReceive(b *testing.B) {
	plain := func() string { return frame(0x81, text400()) }
	b.Run("link", func(b *testing.B) {
		l := flood(b, "", plain)
		s, _ := dial(b, config(l))
		receive(b, s.Read)
	})
	b.Run("link-into", func(b *testing.B) {
		l := flood(b, "", plain)
		s, _ := dial(b, config(l))
		buf := make([]byte, 4<<10)
		receive(b, func() (link.Message, error) { return s.ReadInto(buf) })
	})
	for _, size := range []int{4 << 10, 64 << 10} {
		b.Run("gorilla-"+map[int]string{4 << 10: "4k", 64 << 10: "64k"}[size], func(b *testing.B) {
			receiveGorilla(b, flood(b, "", plain), websocket.Dialer{ReadBufferSize: size})
		})
	}
}

// BenchmarkReceiveDeflated is the same with compressed messages: with context
// takeover, without, and gorilla/websocket, which knows only the latter.
func BenchmarkReceiveDeflated(b *testing.B) {
	compressed := func() string { return frame(0xc1, newDeflater().message(text400())) }
	const none = "permessage-deflate;server_no_context_takeover;client_no_context_takeover"
	b.Run("link-takeover", func(b *testing.B) {
		l := flood(b, "Sec-WebSocket-Extensions:permessage-deflate", compressed)
		s, _ := dial(b, config(l, offer))
		receive(b, s.Read)
	})
	b.Run("link-none", func(b *testing.B) {
		l := flood(b, "Sec-WebSocket-Extensions:"+none, compressed)
		s, _ := dial(b, config(l, offer))
		receive(b, s.Read)
	})
	b.Run("gorilla-none", func(b *testing.B) {
		receiveGorilla(b, flood(b, "Sec-WebSocket-Extensions:"+none, compressed), websocket.Dialer{ReadBufferSize: 64 << 10, EnableCompression: true})
	})
}

func receive(b *testing.B, read func() (link.Message, error)) {
	b.ReportAllocs()
	b.SetBytes(benchPayload)
	b.ResetTimer()
	from := cpu()
	for range b.N {
		if m, err := read(); err != nil || len(m.Data) != benchPayload {
			b.Fatal(err)
		}
	}
	report(b, from)
}

func receiveGorilla(b *testing.B, l net.Listener, d websocket.Dialer) {
	c, _, err := d.DialContext(context.Background(), "ws://"+l.Addr().String()+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	buf := make([]byte, 4<<10)
	b.ReportAllocs()
	b.SetBytes(benchPayload)
	b.ResetTimer()
	from := cpu()
	for range b.N {
		_, r, err := c.NextReader()
		n := 0
		for err == nil {
			var m int
			m, err = r.Read(buf[n:])
			n += m
		}
		if !errors.Is(err, io.EOF) || n != benchPayload {
			b.Fatal(err, n)
		}
	}
	report(b, from)
}

// BenchmarkIdle measures the memory of sessions on which nothing happens, each
// with its waiting reader.
func BenchmarkIdle(b *testing.B) {
	const sessions = 500
	release := make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p := &peer{t: b, conn: c}
			p.openUnbuffered()
			go func() { <-release; _ = c.Close() }()
		}
	}()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		done := make(chan struct{}, sessions)
		open := make([]*link.Session, sessions)
		for i := range open {
			open[i], _ = dial(b, config(l))
			go func() { _, _ = open[i].Read(); done <- struct{}{} }()
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		used := after.HeapInuse + after.StackInuse - before.HeapInuse - before.StackInuse
		b.ReportMetric(float64(used)/sessions, "B/session")
		for _, s := range open {
			s.Close(1000, "", 0)
			<-done
		}
	}
	close(release)
	_ = l.Close()
}
