package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"fieldline/element"
	"fieldline/views/present"
)

// patience bounds the waits of the tests with real sockets.
const patience = time.Minute

// browser is a page's end of the socket.
type browser struct {
	*websocket.Conn
	t *testing.T
}

// listen serves the site on a real port.
func (s *site) listen(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http") + s.base + "/live"
}

func dial(t *testing.T, d websocket.Dialer, url string, header http.Header) *browser {
	t.Helper()
	conn, res, err := d.DialContext(t.Context(), url, header)
	if err != nil {
		t.Fatalf("%v: %+v", err, res)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &browser{conn, t}
}

func (b *browser) say(format string, args ...any) {
	b.t.Helper()
	if err := b.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		b.t.Fatal(err)
	}
}

// heard is a message as a page reads it.
type heard struct {
	Type, Boot, Stream string
	BeatMs             int
	Now                element.Time
	At                 float64
	Cursor             element.Cursor
	Patches            []struct {
		Parameter *element.Parameter
		Element   *present.Element
		Removed   string
		Seq       uint64
	}
	Events []struct {
		Seq  uint64
		Kind string
	}
	Missed uint64
	Faults []element.Fault
}

func (b *browser) hear(kind string) heard {
	b.t.Helper()
	var m heard
	if err := b.ReadJSON(&m); err != nil {
		b.t.Fatalf("waiting for %s: %v", kind, err)
	}
	if m.Type != kind {
		b.t.Fatalf("heard %+v, want %s", m, kind)
	}
	return m
}

// closed reads until the end and returns the close code.
func (b *browser) closed() int {
	b.t.Helper()
	for {
		_, _, err := b.ReadMessage()
		if e, ok := errors.AsType[*websocket.CloseError](err); ok {
			return e.Code
		}
		if err != nil {
			b.t.Fatalf("no Close frame: %v", err)
		}
	}
}

func helloOf(stream string, c element.Cursor, events bool) string {
	return fmt.Sprintf(`{"type":"hello","topics":[{"stream":%q,"cursor":{"epoch":%q,"seq":%d},"events":%t}]}`, stream, c.Epoch, c.Seq, events)
}

func (s *site) set(t *testing.T, value string) {
	t.Helper()
	if w := s.ask(t, "PUT", "/api/v1/elements/e1/parameters/51", `{"value":"`+value+`"}`); w.Code != 200 {
		t.Fatal(w.Body)
	}
}

// pipes is a listener whose connections are pipes in memory, so that the clock
// of a synctest bubble drives their deadlines.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// inBubble runs f with a site that is reached by pipes under a fake clock.
func inBubble(t *testing.T, f func(t *testing.T, s *site, dialer websocket.Dialer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t).withElement(t)
		p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		server := &http.Server{Handler: s.Handler()} //nolint:gosec // of a test
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(p) }()
		t.Cleanup(func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			<-ended
		})
		f(t, s, websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			p.conns <- far
			return near, nil
		}})
	})
}

const pipeURL = "ws://127.0.0.1:8080/live"
