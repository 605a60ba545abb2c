package runner

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"net"
	"net/http"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/link"
)

// flood is a device that answers every opening handshake, sends what feed
// writes, as fast as it is taken, and hangs up once the other side does.
func flood(tb testing.TB, feed func(net.Conn)) (host string, port int) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			floodOne(c, feed)
		}
	}()
	tb.Cleanup(func() { _ = l.Close(); <-done })
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}

func floodOne(c net.Conn, feed func(net.Conn)) {
	defer c.Close()
	br := bufio.NewReader(c)
	r, err := http.ReadRequest(br)
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
	if _, err := c.Write([]byte(head)); err != nil {
		return
	}
	feed(c)
	_, _ = br.WriteTo(new(strings.Builder)) // until the other side hangs up
}

// serverFrame is an unmasked frame (RFC 6455 §5.2).
func serverFrame(m link.Message) []byte {
	b := []byte{0x82}
	if m.Text {
		b[0] = 0x81
	}
	switch n := len(m.Data); {
	case n <= 125:
		b = append(b, byte(n))
	default:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	}
	return append(b, m.Data...)
}

// listedData is what a message event shows.
func listedData(m element.Message) []byte {
	if m.Opcode == "text" {
		return []byte(m.Text)
	}
	return m.Base64
}
