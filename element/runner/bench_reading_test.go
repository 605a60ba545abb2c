package runner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"

	"github.com/gorilla/websocket"
)

// BenchmarkReading is plain reading as it happens in service: a session's
// reader, its batches, the channel, an owner that gives them back; beside
// gorilla/websocket's bare NextReader loop with memory used again and a read
// buffer of 64 KiB, which is the reference. 400-byte text messages, CPU time of
// both ends for each, medians of rounds by turns.
func BenchmarkReading(b *testing.B) {
	const n, rounds = 100_000, 9
	one := serverFrame(link.Message{Text: true, Data: bytes.Repeat([]byte("message "), 50)})
	host, port := flood(b, func(c net.Conn) {
		chunk := bytes.Repeat(one, 64)
		for range n / 64 {
			if _, err := c.Write(chunk); err != nil {
				return
			}
		}
	})
	var ours, bare, ratio []float64
	for b.Loop() {
		for range rounds {
			x := costOf(func() { readAsInService(b, host, port, n/64*64) }) / n
			y := costOf(func() { readBare(b, host, port, n/64*64) }) / n
			ours, bare, ratio = append(ours, x), append(bare, y), append(ratio, x/y)
		}
	}
	middle := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	b.ReportMetric(middle(ours), "runner-ns")
	b.ReportMetric(middle(bare), "gorilla-ns")
	b.ReportMetric(middle(ratio), "ratio")
}

// costOf is the CPU time of the process, in nanoseconds.
func costOf(do func()) float64 {
	now := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			panic(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	from := now()
	do()
	return float64(now() - from)
}

func readAsInService(tb testing.TB, host string, port, n int) {
	ctx, cancel := context.WithCancel(tb.Context())
	defer cancel()
	reports := make(chan report, reportsLength)
	t := &try{
		reports: reports, over: ctx.Done(), dialSlots: make(chan struct{}, 1), pool: newBatchPool(), dial: dialLink,
	}
	go t.read(ctx, link.Config{Destination: element.Destination{Scheme: "ws", Host: host, Port: port, Path: "/"}, ReadTimeout: time.Minute})
	var open session
	for got := 0; got < n; {
		switch r := <-reports; {
		case r.attempt != nil:
			if open = r.session; open == nil {
				tb.Fatal(r.attempt.Failure)
			}
		case r.messages != nil:
			for _, m := range r.messages.messages {
				if len(m.Data) != 400 {
					tb.Fatal(len(m.Data))
				}
			}
			got += len(r.messages.messages)
			r.messages.giveBack()
		default:
			tb.Fatal("the session ended", r.end)
		}
	}
	open.Close(closeNormal, "", 0)
	for r := range reports {
		if r.ended {
			return
		}
	}
}

func readBare(tb testing.TB, host string, port, n int) {
	d := websocket.Dialer{ReadBufferSize: 64 << 10}
	c, _, err := d.DialContext(tb.Context(), "ws://"+net.JoinHostPort(host, strconv.Itoa(port))+"/", nil)
	if err != nil {
		tb.Fatal(err)
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
		if !errors.Is(err, io.EOF) || size != 400 {
			tb.Fatal(err, size)
		}
	}
}

// Reading takes no new memory for small messages.
func TestReadingTakesNoMemory(t *testing.T) {
	if poisonBatches {
		t.Log("the race detector empties the stock of batches now and then")
	}
	const n = 20_000
	one := serverFrame(link.Message{Text: true, Data: []byte(strings.Repeat("message ", 50))})
	host, port := flood(t, func(c net.Conn) {
		for range n / 64 {
			if _, err := c.Write(bytes.Repeat(one, 64)); err != nil {
				return
			}
		}
	})
	allocated := testing.AllocsPerRun(1, func() { readAsInService(t, host, port, n/64*64) })
	if each := allocated / n; each > 0.1 {
		t.Errorf("%.2f allocations for each message, want fewer than one for ten", each)
	}
}
