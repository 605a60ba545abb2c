package link_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element/link"

	"github.com/gorilla/websocket"
)

const benchPayload = 400

// flood sends n copies of one frame as fast as they are taken.
func flood(b *testing.B, n int, header string, frame string) net.Listener {
	return listen(b, func(p *peer) {
		_ = p.conn.SetDeadline(time.Time{})
		p.open(strings.Fields(header)...)
		const batch = 64
		chunk := []byte(strings.Repeat(frame, batch))
		for range (n + batch - 1) / batch {
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

// text400 looks like what a device says.
func text400() string {
	s := `{"identity":{"source_id":"5fa7c8e0-0f5c-4f3f-9f3d-0d5c4c1d6a11","flow_id":"b7c1"},"event_type":"number","timing":{"creation_timestamp":"1531680501:280709600"},"payload":{"value":201,"scale":10},"message_type":"state"}`
	return (s + strings.Repeat(" tail of the message", 20))[:benchPayload]
}

// reader takes n messages from a flood.
type reader struct {
	name string
	run  func(b *testing.B, n int)
}

// compare runs all readers by turns, several rounds of them in one process, and
// reports the median CPU time for each message, of both ends together, and the
// median of each round's ratio to the last reader, which is the reference.
func compare(b *testing.B, n int, readers ...reader) {
	const rounds = 9
	took, ratio := make([][]float64, len(readers)), make([][]float64, len(readers))
	for b.Loop() {
		for range rounds {
			for i, r := range readers {
				from := cpu()
				r.run(b, n)
				took[i] = append(took[i], float64(cpu()-from)/float64(n))
			}
			reference := took[len(readers)-1]
			for i := range readers {
				ratio[i] = append(ratio[i], took[i][len(took[i])-1]/reference[len(reference)-1])
			}
		}
	}
	for i, r := range readers {
		b.ReportMetric(median(took[i]), r.name+"-ns")
		b.ReportMetric(median(ratio[i]), r.name+"-ratio")
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// BenchmarkReceive reads 400-byte text messages from one connection: the link,
// with memory for each message and with memory used again, beside
// gorilla/websocket's bare NextReader loop, which uses its memory again, with
// a read buffer of 4 and of 64 KiB. The latter is the reference.
func BenchmarkReceive(b *testing.B) {
	const n = 100_000
	plain := frame(0x81, text400())
	compare(
		b, n,
		reader{"read", func(b *testing.B, n int) { receive(b, n, "", plain, false) }},
		reader{"many", func(b *testing.B, n int) { receive(b, n, "", plain, true) }},
		reader{"gorillaReadMessage", func(b *testing.B, n int) { receiveMessages(b, n, plain) }},
		reader{"gorilla4k", func(b *testing.B, n int) {
			receiveGorilla(b, n, "", plain, websocket.Dialer{ReadBufferSize: 4 << 10})
		}},
		reader{"gorilla64k", func(b *testing.B, n int) {
			receiveGorilla(b, n, "", plain, websocket.Dialer{ReadBufferSize: 64 << 10})
		}},
	)
}

// BenchmarkReceiveDeflated is the same with compressed messages: with context
// takeover, without, and gorilla/websocket, which knows only the latter.
func BenchmarkReceiveDeflated(b *testing.B) {
	const (
		n        = 20_000
		takeover = "Sec-WebSocket-Extensions:permessage-deflate"
		none     = takeover + ";server_no_context_takeover;client_no_context_takeover"
	)
	compressed := frame(0xc1, newDeflater().message(text400()))
	compare(
		b, n,
		reader{"takeover", func(b *testing.B, n int) { receive(b, n, takeover, compressed, false) }},
		reader{"none", func(b *testing.B, n int) { receive(b, n, none, compressed, false) }},
		reader{"gorilla64k", func(b *testing.B, n int) {
			receiveGorilla(b, n, none, compressed, websocket.Dialer{ReadBufferSize: 64 << 10, EnableCompression: true})
		}},
	)
}

func receive(b *testing.B, n int, header, frame string, into bool) {
	cfg := config(flood(b, n, header, frame))
	if header != "" {
		cfg.Headers = []link.Header{offer}
	}
	cfg.ReadTimeout = time.Minute // as in service
	s, _ := dial(b, cfg)
	defer s.Close(1000, "", 0)
	if !into {
		for range n {
			if m, err := s.Read(); err != nil || len(m.Data) != benchPayload {
				b.Fatal(err)
			}
		}
		return
	}
	buf := make([]byte, 4<<10)
	to := make([]link.Message, 0, 32)
	again := func(size int) []byte { return buf[:size] }
	for got := 0; got < n; {
		all, err := s.ReadMany(to, again)
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range all {
			if len(m.Data) != benchPayload {
				b.Fatal(len(m.Data))
			}
		}
		got += len(all)
	}
}

func receiveGorilla(b *testing.B, n int, header, frame string, d websocket.Dialer) {
	l := flood(b, n, header, frame)
	c, _, err := d.DialContext(context.Background(), "ws://"+l.Addr().String()+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	buf := make([]byte, 4<<10)
	for range n {
		_, r, err := c.NextReader()
		size := 0
		for err == nil {
			var m int
			m, err = r.Read(buf[size:])
			size += m
		}
		if !errors.Is(err, io.EOF) || size != benchPayload {
			b.Fatal(err, size)
		}
	}
}

// receiveMessages uses gorilla/websocket as its documentation shows.
func receiveMessages(b *testing.B, n int, frame string) {
	c, _, err := websocket.DefaultDialer.DialContext(context.Background(), "ws://"+flood(b, n, "", frame).Addr().String()+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for range n {
		if _, data, err := c.ReadMessage(); err != nil || len(data) != benchPayload {
			b.Fatal(err)
		}
	}
}
