package link_test

import (
	"testing"

	"fieldline/element/link"
)

// TestByteOrderMark: one before a text message is dropped, however the message
// arrives; bytes stay bytes.
func TestByteOrderMark(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	l := listen(t, func(p *peer) {
		p.open()
		p.write(frame(0x81, mark+`{"a":1}`) + frame(0x81, "x"+mark) + frame(0x81, mark) + frame(0x82, mark+"b"))
		p.write(frame(0x01, mark[:2]) + frame(0x00, mark[2:]+"in ") + frame(0x80, "parts"))
		_, _ = p.readFrame()
	})
	s, _ := dial(t, config(l))
	for _, want := range []string{`{"a":1}`, "x" + mark, "", mark + "b", "in parts"} {
		m, err := s.Read()
		if err != nil || string(m.Data) != want {
			t.Errorf("read %q, %v; want %q", m.Data, err, want)
		}
	}
}

// TestEmptySubprotocol: an empty field in an answer says that none was chosen.
func TestEmptySubprotocol(t *testing.T) {
	for name, headers := range map[string][]link.Header{
		"none offered": nil, "one offered": {{Name: "Sec-WebSocket-Protocol", Value: "mqtt"}},
	} {
		for _, line := range []string{"Sec-WebSocket-Protocol:", "Sec-WebSocket-Protocol: ", "Sec-WebSocket-Protocol: \t"} {
			t.Run(name, func(t *testing.T) {
				l := listen(t, func(p *peer) {
					p.open(line)
					p.write(frame(0x81, "hello"))
					_, _ = p.readFrame()
				})
				s, a := dial(t, config(l, headers...))
				if a.Subprotocol != "" {
					t.Errorf("subprotocol %q", a.Subprotocol)
				}
				if m, err := s.Read(); err != nil || string(m.Data) != "hello" {
					t.Errorf("read %q, %v", m.Data, err)
				}
			})
		}
	}
}
