//go:build interop

package link_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"fieldline/element/link"
)

// packet is an MQTT 3.1.1 control packet (chapter 2): first byte, remaining
// length, rest.
func packet(first byte, rest []byte) []byte {
	return append(binary.AppendUvarint([]byte{first}, uint64(len(rest))), rest...)
}

// word is a string of MQTT (§1.5.3).
func word(s string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

// TestInteropMosquitto speaks MQTT in binary messages, as a broker wants it:
// with the subprotocol mqtt.
func TestInteropMosquitto(t *testing.T) {
	port := freePort(t)
	// It starts with a listener for plain MQTT only.
	run(t, nil, "mosquitto", "-c", configFile(t, "mosquitto.conf", fmt.Sprintf(
		"listener %d 127.0.0.1\nlistener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\npersistence false\nlog_dest stderr\n", freePort(t), port,
	)))
	awaitPort(t, port)
	bothOffers(t, func(t *testing.T, bare bool) {
		cfg := local(port, bare)
		cfg.Path, cfg.ReadTimeout = "/mqtt", patience
		cfg.Headers = append(cfg.Headers, link.Header{Name: "Sec-WebSocket-Protocol", Value: "mqtt"})
		s, a := dial(t, cfg)
		if a.Subprotocol != "mqtt" || a.Extensions != "" {
			t.Errorf("agreed on the subprotocol %q and the extensions %q", a.Subprotocol, a.Extensions)
		}
		c := &mqtt{t: t, s: s}
		connect := append(word("MQTT"), 4, 2, 0, 60)
		c.ask(packet(0x10, append(connect, word("fieldline")...)), []byte{0x20, 2, 0, 0})
		c.ask(packet(0x82, append(append([]byte{0, 1}, word("level")...), 0)), []byte{0x90, 3, 0, 1, 0})
		for _, size := range []int{0, 1, 400, 60 << 10} { // 5 MiB come back from Debian's 2.0.11 to no client
			message := packet(0x30, append(word("level"), bytes.Repeat([]byte("x"), size)...))
			c.ask(message, message)
			c.ask([]byte{0xc0, 0}, []byte{0xd0, 0})
		}
		if end := s.Close(1000, "", patience); end.Cause != "local" {
			t.Errorf("end = %+v", end)
		}
	})
	t.Run("no subprotocol", func(t *testing.T) {
		s, a := dial(t, local(port, false))
		if a.Subprotocol != "" {
			t.Errorf("agreed on %q", a.Subprotocol)
		}
		s.Close(1000, "", 0)
	})
}

// mqtt puts together what comes: a broker may cut packets as it likes.
type mqtt struct {
	t *testing.T
	s *link.Session
}

func (c *mqtt) ask(packet, want []byte) {
	c.t.Helper()
	if err := c.s.Write(false, packet); err != nil {
		c.t.Fatal(err)
	}
	var got []byte
	for len(got) < len(want) {
		m, err := c.s.Read()
		if err != nil || m.Text {
			c.t.Fatalf("after %d of %d bytes: text %v, %v; asked %.8x", len(got), len(want), m.Text, err, packet)
		}
		got = append(got, m.Data...)
	}
	if !bytes.Equal(got, want) {
		c.t.Fatalf("got %.40x, want %.40x", got, want)
	}
}
