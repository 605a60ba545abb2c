package link

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
)

// A device may hang up between two exchanges. Who finds out before a request is
// sent may send it on a new wire whatever its verb, once.
func TestAKeptWireThatTheDeviceClosedIsReplaced(t *testing.T) {
	for _, verb := range []string{"GET", "POST"} {
		for name, secure := range map[string]bool{"http": false, "https": true} {
			t.Run(verb+" "+name, func(t *testing.T) {
				var asked atomic.Int32
				w := newWeb(t, secure, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
				var wire HTTPConn
				defer wire.Close()
				req := w.request("/")
				req.Verb, req.TLS.SkipVerify = verb, true
				for n := int32(1); n <= 3; n++ {
					if res := wire.Exchange(t.Context(), req); res.Failure != nil || res.Status != 200 || asked.Load() != n || w.conns.Load() != n {
						t.Fatalf("exchange %d: %v, asked %d times over %d connections", n, res.Failure, asked.Load(), w.conns.Load())
					}
					w.CloseClientConnections()
				}
			})
		}
	}
}

// A device that takes a request on a kept wire and hangs up may have carried it
// out: what may not be done twice is not sent again (RFC 9110 §9.2.2).
func TestAnExchangeIsSentAgainOnlyIfItMayBe(t *testing.T) {
	for _, tt := range []struct {
		verb  string
		asked int32 // the first one, that is answered, included
	}{{"GET", 3}, {"PUT", 3}, {"DELETE", 3}, {"POST", 2}, {"PATCH", 2}} {
		t.Run(tt.verb, func(t *testing.T) {
			var asked atomic.Int32
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					answerOnce(c, &asked)
				}
			}()
			defer func() { _ = l.Close(); <-done }()
			req := requestTo(&url.URL{Scheme: "http", Host: l.Addr().String()}, "/")
			req.Verb = tt.verb
			var wire HTTPConn
			defer wire.Close()
			if res := wire.Exchange(t.Context(), req); res.Status != 200 {
				t.Fatalf("first: %+v", res.Failure)
			}
			res := wire.Exchange(t.Context(), req)
			if again := tt.asked == 3; again != (res.Failure == nil) || asked.Load() != tt.asked {
				t.Errorf("%v, the device was asked %d times, want %d", res.Failure, asked.Load(), tt.asked)
			}
		})
	}
}

// answerOnce answers the first request on a connection and hangs up on the
// second.
func answerOnce(c net.Conn, asked *atomic.Int32) {
	defer c.Close()
	br := bufio.NewReader(c)
	for n := range 2 {
		r, err := http.ReadRequest(br)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		asked.Add(1)
		if n == 0 {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	}
}

// A device that talks out of turn has not answered the next request.
func TestAKeptWireOnWhichTheDeviceTalksIsReplaced(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb")
			}
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		}
	}()
	var wire HTTPConn
	defer func() { wire.Close(); _ = l.Close(); <-done }()
	req := requestTo(&url.URL{Scheme: "http", Host: l.Addr().String()}, "/")
	for n := range 2 {
		if res := wire.Exchange(t.Context(), req); string(res.Body) != "a" {
			t.Errorf("exchange %d: %q, %v", n+1, res.Body, res.Failure)
		}
	}
}
