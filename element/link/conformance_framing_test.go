package link_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestConformanceFraming is section 1: messages of every length form.
func TestConformanceFraming(t *testing.T) {
	var xs []exchange
	for i, kind := range []string{"text", "binary"} {
		first, letter := byte(0x81+i), []string{"*", "\xfe"}[i]
		for k, n := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
			x := exchange{id: fmt.Sprintf("1.%d.%d", i+1, k+1), what: fmt.Sprintf("%s of %d bytes", kind, n)}
			payload := strings.Repeat(letter, n)
			x.send, x.back = frame(first, payload), echoed(first, payload)
			if k == 7 {
				x.what, x.chop = x.what+" in chops", 997
			}
			xs = append(xs, x)
		}
	}
	conform(t, xs)
}

// TestConformancePings is section 2.
func TestConformancePings(t *testing.T) {
	const raw = "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
	most := strings.Repeat("\xfe", 125)
	var ten string
	var tenBack []string
	for i := range 10 {
		payload := fmt.Sprintf("payload-%d", i)
		ten += frame(0x89, payload)
		tenBack = append(tenBack, frame(0x8a, payload))
	}
	conform(t, []exchange{
		{id: "2.1", what: "ping without payload", send: frame(0x89, ""), back: echoed(0x8a, "")},
		{id: "2.2", what: "ping with text", send: frame(0x89, "Hello, world!"), back: echoed(0x8a, "Hello, world!")},
		{id: "2.3", what: "ping with binary payload", send: frame(0x89, raw), back: echoed(0x8a, raw)},
		{id: "2.4", what: "ping with 125 bytes", send: frame(0x89, most), back: echoed(0x8a, most)},
		{id: "2.5", what: "ping with 126 bytes", send: frame(0x89, most+"\xfe"), code: 1002},
		{id: "2.6", what: "ping with 125 bytes, byte by byte", send: frame(0x89, most), back: echoed(0x8a, most), chop: 1},
		{id: "2.7", what: "pong nobody asked for", send: frame(0x8a, "")},
		{id: "2.8", what: "pong nobody asked for, with payload", send: frame(0x8a, "unsolicited")},
		{id: "2.9", what: "such a pong, then a ping", send: frame(0x8a, "unsolicited") + frame(0x89, "ping"), back: echoed(0x8a, "ping")},
		{id: "2.10", what: "ten pings", send: ten, back: tenBack},
		{id: "2.11", what: "ten pings, byte by byte", send: ten, back: tenBack, chop: 1},
	})
}

// TestConformanceReservedBits is section 3.
func TestConformanceReservedBits(t *testing.T) {
	hello := frame(0x81, "Hello, world!")
	back := []string{hello}
	conform(t, []exchange{
		{id: "3.1", what: "text with RSV 1", send: frame(0x91, "Hello, world!"), code: 1002},
		{id: "3.2", what: "text, text with RSV 2, ping", send: hello + frame(0xa1, "Hello, world!") + frame(0x89, ""), back: back, code: 1002},
		{id: "3.3", what: "text, text with RSV 3, ping, frame by frame", send: hello + frame(0xb1, "Hello, world!") + frame(0x89, ""), chop: len(hello), back: back, code: 1002},
		{id: "3.4", what: "text, text with RSV 4, ping, byte by byte", send: hello + frame(0xc1, "Hello, world!") + frame(0x89, ""), chop: 1, back: back, code: 1002},
		{id: "3.5", what: "binary with RSV 5", send: frame(0xd2, "\x00\xff"), code: 1002},
		{id: "3.6", what: "ping with RSV 6", send: frame(0xe9, "Hello, world!"), code: 1002},
		{id: "3.7", what: "close with RSV 7", send: frame(0xf8, "\x03\xe8"), code: 1002},
	})
}

// TestConformanceOpcodes is section 4: opcodes that mean nothing.
func TestConformanceOpcodes(t *testing.T) {
	hello := frame(0x81, "Hello, world!")
	var xs []exchange
	for i, base := range []byte{3, 11} {
		for k := range byte(5) {
			op, x := 0x80|base+k, exchange{id: fmt.Sprintf("4.%d.%d", i+1, k+1), code: 1002}
			payload := []string{"", "reserved opcode payload", "", "reserved opcode payload", "reserved opcode payload"}[k]
			x.what = fmt.Sprintf("opcode %d with %d bytes", op&0xf, len(payload))
			x.send = frame(op, payload)
			if k >= 2 {
				x.what += " after text, then a ping"
				x.send, x.back = hello+x.send+frame(0x89, ""), []string{hello}
			}
			if k >= 3 {
				x.chop = 1
			}
			xs = append(xs, x)
		}
	}
	conform(t, xs)
}

// TestConformanceFragments is section 5.
func TestConformanceFragments(t *testing.T) {
	const f1, f2, f3, f4, f5 = "fragment1", "fragment2", "fragment3", "fragment4", "fragment5"
	two := frame(0x01, f1) + frame(0x80, f2)
	withPing := frame(0x01, f1) + frame(0x89, "ping payload") + frame(0x80, f2)
	orphan := frame(0x80, "non-continuation payload") + frame(0x81, "Hello, world!")
	open := frame(0x00, "non-continuation payload") + frame(0x81, "Hello, world!")
	many := frame(0x01, f1) + frame(0x00, f2) + frame(0x89, "pongme 1!") + frame(0x00, f3) + frame(0x00, f4) + frame(0x89, "pongme 2!") + frame(0x80, f5)
	pong, all := echoed(0x8a, "ping payload"), echoed(0x81, f1+f2)
	pongs := echoed(0x8a, "pongme 1!", "pongme 2!")
	five := append(slices.Clone(pongs), frame(0x81, f1+f2+f3+f4+f5))
	conform(t, []exchange{
		{id: "5.1", what: "ping in two fragments", send: frame(0x09, f1) + frame(0x80, f2), code: 1002},
		{id: "5.2", what: "pong in two fragments", send: frame(0x0a, f1) + frame(0x80, f2), code: 1002},
		{id: "5.3", what: "text in two fragments", send: two, back: all},
		{id: "5.4", what: "the same, fragment by fragment", send: two, chop: len(f1) + 2, back: all},
		{id: "5.5", what: "the same, byte by byte", send: two, chop: 1, back: all},
		{id: "5.6", what: "a ping between", send: withPing, back: append(slices.Clone(pong), all...)},
		{id: "5.7", what: "the same in pieces", send: withPing, chop: len(f1) + 2, back: append(slices.Clone(pong), all...)},
		{id: "5.8", what: "the same, byte by byte", send: withPing, chop: 1, back: append(slices.Clone(pong), all...)},
		{id: "5.9", what: "a last fragment of nothing", send: orphan, code: 1002},
		{id: "5.10", what: "the same in pieces", send: orphan, chop: 26, code: 1002},
		{id: "5.11", what: "the same, byte by byte", send: orphan, chop: 1, code: 1002},
		{id: "5.12", what: "a fragment of nothing", send: open, code: 1002},
		{id: "5.13", what: "the same in pieces", send: open, chop: 26, code: 1002},
		{id: "5.14", what: "the same, byte by byte", send: open, chop: 1, code: 1002},
		{id: "5.15", what: "a whole message, then a fragment of nothing", send: two + frame(0x00, f3) + frame(0x81, f4), back: all, code: 1002},
		{id: "5.16", what: "fragment of nothing, text with two ends", send: strings.Repeat(frame(0x00, f1)+frame(0x01, f2)+frame(0x80, f3), 2), code: 1002},
		{id: "5.17", what: "last fragment of nothing, text with two ends", send: strings.Repeat(frame(0x80, f1)+frame(0x01, f2)+frame(0x80, f3), 2), code: 1002},
		{id: "5.18", what: "a second start inside a message", send: frame(0x01, f1) + frame(0x81, f2), code: 1002},
		{id: "5.19", what: "five fragments and two pings", send: many, back: five},
		{id: "5.20", what: "the same, byte by byte", send: many, chop: 1, back: five},
	})
}
