package link_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// patience bounds each single wait of the tests, on a busy machine too; nothing
// waits for it to pass.
const patience = time.Minute

// peer is the device's end of a connection, byte for byte.
type peer struct {
	t    testing.TB
	conn net.Conn
	br   *bufio.Reader
	head string // of the opening handshake
}

// listen starts a device that handles each connection with f. The test waits
// for all of them.
func listen(t testing.TB, f func(*peer)) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, f)
	return l
}

func serve(t testing.TB, l net.Listener, f func(*peer)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f(&peer{t: t, conn: c, br: bufio.NewReader(patient{c})})
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
}

// readHead reads the opening handshake.
func (p *peer) readHead() string {
	p.head = ""
	for !strings.HasSuffix(p.head, "\r\n\r\n") {
		line, err := p.br.ReadString('\n')
		p.head += line
		if err != nil {
			break
		}
	}
	return p.head
}

func (p *peer) field(name string) string {
	for line := range strings.SplitSeq(p.head, "\r\n") {
		if n, v, ok := strings.Cut(line, ": "); ok && strings.EqualFold(n, name) {
			return v
		}
	}
	return ""
}

func (p *peer) accept() string {
	sum := sha1.Sum([]byte(p.field("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// open accepts the handshake, with more header lines.
func (p *peer) open(lines ...string) {
	p.readHead()
	p.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + p.accept() + "\r\n")
	for _, l := range lines {
		p.write(l + "\r\n")
	}
	p.write("\r\n")
}

// write sends in pieces, each of which may take patience.
func (p *peer) write(s string) {
	for len(s) > 0 {
		n := min(len(s), 1<<20)
		_ = p.conn.SetWriteDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(p.conn, s[:n]); err != nil {
			return
		}
		s = s[n:]
	}
}

// patient is a connection each read of which may take patience.
type patient struct{ net.Conn }

func (c patient) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	return c.Conn.Read(b)
}

// frame is a frame as a server sends it; first is FIN, RSV and opcode.
func frame(first byte, payload string) string {
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return string(b) + payload
}

func closeFrame(code int, reason string) string {
	return frame(0x88, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

// received is a frame of the client, unmasked.
type received struct {
	first   byte
	masked  bool
	payload string
}

func (p *peer) readFrame() (received, error) {
	var h [2]byte
	if _, err := io.ReadFull(p.br, h[:]); err != nil {
		return received{}, err
	}
	n := uint64(h[1] & 0x7f)
	var err error
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(p.br, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(p.br, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return received{}, err
	}
	r := received{first: h[0], masked: h[1]&0x80 != 0}
	var key [4]byte
	if r.masked {
		if _, err := io.ReadFull(p.br, key[:]); err != nil {
			return r, err
		}
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(p.br, b); err != nil {
		return r, err
	}
	for i := range b {
		b[i] ^= key[i%4]
	}
	r.payload = string(b)
	return r, nil
}

// expectClose reads until a Close frame with the code comes.
func (p *peer) expectClose(code int) {
	for {
		r, err := p.readFrame()
		if err != nil {
			p.t.Errorf("waiting for Close %d: %v", code, err)
			return
		}
		if r.first != 0x88 {
			continue
		}
		got := 1005
		if len(r.payload) >= 2 {
			got = int(binary.BigEndian.Uint16([]byte(r.payload)))
		}
		if got != code {
			p.t.Errorf("the client closed with %d %q, want %d", got, r.payload, code)
		}
		return
	}
}

// config dials the listener, if there is one.
func config(l net.Listener, headers ...link.Header) link.Config {
	cfg := link.Config{
		Destination: element.Destination{
			Scheme: "ws", Host: "127.0.0.1", Path: "/x-nmos/events/ws",
			Headers: headers, Timeout: patience, Proxy: link.Proxy{Bypass: true},
		},
	}
	if l != nil {
		cfg.Port = l.Addr().(*net.TCPAddr).Port
	}
	return cfg
}

// offer is the header of the seed connector.
var offer = link.Header{Name: "Sec-WebSocket-Extensions", Value: "permessage-deflate; client_max_window_bits"}

func dial(t testing.TB, cfg link.Config) (*link.Session, link.Attempt) {
	t.Helper()
	s, a := link.Dial(context.Background(), cfg)
	if a.Failure != nil {
		t.Fatalf("not opened: %+v", a.Failure)
	}
	t.Cleanup(func() { s.Close(1000, "", 0) })
	return s, a
}

// deflater compresses messages as RFC 7692 §7.2.1 says.
type deflater struct {
	buf bytes.Buffer
	w   *flate.Writer
}

func newDeflater() *deflater {
	d := &deflater{}
	d.w, _ = flate.NewWriter(&d.buf, flate.BestCompression)
	return d
}

func (d *deflater) message(s string) string {
	d.buf.Reset()
	_, _ = io.WriteString(d.w, s)
	_ = d.w.Flush()
	return strings.TrimSuffix(d.buf.String(), "\x00\x00\xff\xff")
}

// openUnbuffered accepts the handshake without keeping a buffer.
func (p *peer) openUnbuffered() {
	var b [1]byte
	for !strings.HasSuffix(p.head, "\r\n\r\n") {
		if _, err := (patient{p.conn}).Read(b[:]); err != nil {
			return
		}
		p.head += string(b[:])
	}
	p.write("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + p.accept() + "\r\n\r\n")
}
