package link_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// load is text of n bytes that is not all the same.
func load(n int) string {
	const line = "BAsd7&jh23 the quick brown fox, 0123456789\n"
	return strings.Repeat(line, n/len(line)+1)[:n]
}

// TestConformanceLoad is section 9: sizes up to 16 MiB, in one frame, in
// fragments and in chops, and many messages. The suite's thousand messages are
// a hundred here.
func TestConformanceLoad(t *testing.T) {
	const kib, mib, many = 1 << 10, 1 << 20, 100
	var xs []exchange
	add := func(section, i int, what, send string, chop int, back ...string) {
		xs = append(xs, exchange{id: fmt.Sprintf("9.%d.%d", section, i+1), what: what, send: send, chop: chop, back: back})
	}
	for kind, first := range []byte{0x81, 0x82} {
		for i, n := range []int{64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, 16 * mib} {
			whole := frame(first, load(n))
			add(1+kind, i, fmt.Sprintf("%d bytes, opcode %d", n, first&0xf), whole, 0, whole)
		}
		for i, n := range []int{64, 256, kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib, mib, 4 * mib} {
			add(3+kind, i, fmt.Sprintf("4 MiB in fragments of %d, opcode %d", n, first&0xf), fragments(first, load(4*mib), n), 0, frame(first, load(4*mib)))
		}
		for i, n := range []int{64, 128, 256, 512, kib, 2 * kib} {
			whole := frame(first, load(mib))
			add(5+kind, i, fmt.Sprintf("1 MiB in chops of %d, opcode %d", n, first&0xf), whole, n, whole)
		}
		for i, n := range []int{0, 16, 64, 256, kib, 4 * kib} {
			one := frame(first, load(n))
			add(7+kind, i, fmt.Sprintf("%d messages of %d bytes, opcode %d", many, n, first&0xf), strings.Repeat(one, many), 0, slices.Repeat([]string{one}, many)...)
		}
	}
	conform(t, xs)
}

// TestConformanceAutoFragment is section 10.
func TestConformanceAutoFragment(t *testing.T) {
	conform(t, []exchange{{
		id: "10.1.1", what: "64 KiB in fragments of 1300 bytes",
		send: fragments(0x81, load(65536), 1300), back: echoed(0x81, load(65536)),
	}})
}
