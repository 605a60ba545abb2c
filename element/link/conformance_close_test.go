package link_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestConformanceClose is section 7: what may be in a Close frame, and that
// nothing counts after it.
func TestConformanceClose(t *testing.T) {
	bye, hello := closeFrame(1000, ""), frame(0x81, "Hello World!")
	big := strings.Repeat("BAsd7&jh23", 26<<10)
	const device = "device"
	xs := []exchange{
		{id: "7.1.1", what: "text, then close", send: hello + bye, back: []string{hello}, code: 1000, by: device},
		{id: "7.1.2", what: "two closes", send: bye + bye, code: 1000, by: device},
		{id: "7.1.3", what: "ping after close", send: bye + frame(0x89, ""), code: 1000, by: device},
		{id: "7.1.4", what: "text after close", send: bye + hello, code: 1000, by: device},
		{id: "7.1.5", what: "close inside a message", send: frame(0x01, "fragment1") + bye + frame(0x80, "fragment2"), code: 1000, by: device},
		{id: "7.1.6", what: "256 KiB, close, ping", send: frame(0x81, big) + bye + frame(0x89, ""), back: echoed(0x81, big), code: 1000, by: device},
		{id: "7.3.1", what: "close without payload", send: frame(0x88, ""), code: 1005, by: device},
		{id: "7.3.2", what: "close with one byte", send: frame(0x88, "a"), code: 1002},
		{id: "7.3.3", what: "close with a code", send: bye, code: 1000, by: device},
		{id: "7.3.4", what: "close with a reason", send: closeFrame(1000, "Hello World!"), code: 1000, by: device},
		{id: "7.3.5", what: "a reason of 123 bytes", send: closeFrame(1000, strings.Repeat("*", 123)), code: 1000, by: device},
		{id: "7.3.6", what: "a reason of 124 bytes", send: closeFrame(1000, strings.Repeat("*", 124)), code: 1002},
		{id: "7.5.1", what: "a reason that is not UTF-8", send: closeFrame(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"), code: 1002},
	}
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		xs = append(xs, exchange{id: fmt.Sprintf("7.7.%d", i+1), what: fmt.Sprintf("code %d", code), send: closeFrame(code, ""), code: code, by: device})
	}
	// These came to the registry after the suite.
	for i, code := range []int{1012, 1013} {
		xs = append(xs, exchange{id: fmt.Sprintf("7.7.%d", i+14), what: fmt.Sprintf("code %d", code), send: closeFrame(code, ""), code: code, by: device})
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		xs = append(xs, exchange{id: fmt.Sprintf("7.9.%d", i+1), what: fmt.Sprintf("code %d", code), send: closeFrame(code, ""), code: 1002})
	}
	for i, code := range []int{5000, 65535} {
		xs = append(xs, exchange{id: fmt.Sprintf("7.13.%d", i+1), what: fmt.Sprintf("code %d", code), send: closeFrame(code, ""), code: 1002})
	}
	conform(t, xs)
}
