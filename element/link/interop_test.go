//go:build interop

// The interop tests talk to servers and proxies that others wrote. They need
// Python with the package websockets, Node.js with the package ws, nginx,
// tinyproxy, microsocks and mosquitto:
//
//	NODE_PATH=/somewhere/node_modules go test -tags interop -run Interop ./element/link/
//
// They install nothing; tools/interop.sh does, and leaves out by name what is
// missing. Each program runs with a configuration of its own on loopback, as a
// child of the test. PYTHON names another interpreter than python3.

package link_test

import (
	"bytes"
	"cmp"
	"os"
	"strconv"
	"strings"
	"testing"

	"fieldline/element/link"
)

func TestInteropPeers(t *testing.T) {
	python := cmp.Or(os.Getenv("PYTHON"), "python3")
	tests := []struct {
		name       string
		command    []string
		extensions string
	}{
		{"websockets off", []string{python, "interop/peer.py", "off"}, ""},
		{"websockets default", []string{python, "interop/peer.py", "default"}, "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12"},
		{"websockets 9", []string{python, "interop/peer.py", "9"}, "permessage-deflate; server_max_window_bits=9"},
		{"websockets 12", []string{python, "interop/peer.py", "12"}, "permessage-deflate; server_max_window_bits=12"},
		{"websockets 12 without takeover", []string{python, "interop/peer.py", "12n"}, "permessage-deflate; server_no_context_takeover; server_max_window_bits=12"},
		{"websockets 15", []string{python, "interop/peer.py", "15"}, "permessage-deflate; server_max_window_bits=15"},
		{"ws off", []string{"node", "interop/peer.js", "off"}, ""},
		{"ws default", []string{"node", "interop/peer.js", "default"}, "permessage-deflate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(nil, offer)
			cfg.Port = startPeer(t, tt.command)
			s, a := dial(t, cfg)
			if a.Extensions != tt.extensions {
				t.Errorf("answered %q, want %q", a.Extensions, tt.extensions)
			}
			converse(t, s)
		})
	}
}

// converse sends each message of the conversation and wants it back.
func converse(t *testing.T, s *link.Session) {
	t.Helper()
	for _, m := range conversation() {
		if err := s.Write(m.Text, m.Data); err != nil {
			t.Fatal(err)
		}
		got, err := s.Read()
		if err != nil {
			t.Fatalf("after %d bytes: %v", len(m.Data), err)
		}
		if got.Text != m.Text || !bytes.Equal(got.Data, m.Data) {
			t.Fatalf("%d bytes, text %v, came back as %d bytes, text %v", len(m.Data), m.Text, len(got.Data), got.Text)
		}
	}
	if end := s.Close(1000, "", patience); end.Cause != "local" {
		t.Errorf("end = %+v", end)
	}
}

// conversation repeats itself, so that a window carried on wrongly shows.
func conversation() []link.Message {
	state := `{"event_type":"boolean","payload":{"value":true},"message_type":"state"}`
	noise := make([]byte, 5<<20)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	var ms []link.Message
	for i := range 20 {
		ms = append(ms, link.Message{Text: true, Data: []byte(state + strconv.Itoa(i))})
	}
	return append(
		ms,
		link.Message{Text: true, Data: nil},
		link.Message{Data: []byte(state)},
		link.Message{Text: true, Data: []byte("split " + strings.Repeat(state, 50))},
		link.Message{Text: true, Data: []byte(strings.Repeat(state+" é ", 70_000))},
		link.Message{Data: noise},
		link.Message{Text: true, Data: []byte(state)},
	)
}
