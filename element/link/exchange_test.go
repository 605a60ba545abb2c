package link

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fieldline/element"
)

// web is a device that speaks HTTP.
type web struct {
	*httptest.Server
	conns atomic.Int32 // connections that were made
}

func newWeb(t *testing.T, secure bool, handle http.HandlerFunc) *web {
	w := &web{Server: httptest.NewUnstartedServer(handle)}
	w.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			w.conns.Add(1)
		}
	}
	if secure {
		w.StartTLS()
	} else {
		w.Start()
	}
	t.Cleanup(w.Close)
	return w
}

func (w *web) request(path string) Request {
	u, _ := url.Parse(w.URL)
	return requestTo(u, path)
}

func requestTo(u *url.URL, path string) Request {
	port, _ := strconv.Atoi(u.Port())
	return Request{Config: Config{Destination: element.Destination{Scheme: u.Scheme, Host: u.Hostname(), Port: port, Path: path, Proxy: Proxy{Bypass: true}, Timeout: time.Minute}}}
}

func exchangeOnce(t *testing.T, req Request) Response {
	t.Helper()
	var w HTTPConn
	defer w.Close()
	return w.Exchange(t.Context(), req)
}

func TestExchange(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rw.Header().Add("X-Two", "a")
		rw.Header().Add("X-Two", "b")
		rw.WriteHeader(http.StatusTeapot)
		fmt.Fprintf(rw, "%s %s %q %s|%s|%s", r.Method, r.RequestURI, body, r.UserAgent(), r.Header.Get("X-Joined"), r.Header.Get("Accept-Encoding"))
	})
	req := w.request("/a?x=1")
	req.Verb, req.Body = "PATCH", []byte("new")
	req.Headers = []Header{{Name: "X-Joined", Value: "1"}, {Name: "x-joined", Value: "2"}, {Name: "Content-Length", Value: "99"}}
	res := exchangeOnce(t, req)
	if res.Failure != nil || !res.Answered || res.Status != 418 || res.StatusLine != "HTTP/1.1 418 I'm a teapot" {
		t.Fatalf("%+v", res)
	}
	if want := `PATCH /a?x=1 "new" Fieldline/1|1, 2|gzip, deflate`; string(res.Body) != want {
		t.Errorf("got %s, want %s", res.Body, want)
	}
	if got := headerValues(res.Headers, "X-Two"); strings.Join(got, "+") != "a+b" {
		t.Errorf("headers %v", res.Headers)
	}
	if !strings.HasPrefix(res.Record.Request, "PATCH /a?x=1 HTTP/1.1\r\n") || res.Record.Status != 418 {
		t.Errorf("record %+v", res.Record)
	}
}

func TestExchangeKeepsTheWire(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/last" {
			rw.Header().Set("Connection", "close")
		}
		if r.URL.Path == "/long" { // chunked
			_, _ = rw.Write(bytes.Repeat([]byte("x"), 100_000))
		}
	})
	var wire HTTPConn
	defer wire.Close()
	for _, step := range []struct {
		path  string
		close bool
		conns int32
	}{{"/", false, 1}, {"/long", false, 1}, {"/", false, 1}, {"/last", false, 1}, {"/", true, 2}, {"/", false, 3}} {
		req := w.request(step.path)
		req.Close = step.close
		if res := wire.Exchange(t.Context(), req); res.Failure != nil || w.conns.Load() != step.conns {
			t.Fatalf("%s: %v, %d connections, want %d", step.path, res.Failure, w.conns.Load(), step.conns)
		}
	}
	w.CloseClientConnections()
	if res := wire.Exchange(t.Context(), w.request("/")); res.Failure != nil || w.conns.Load() != 4 {
		t.Errorf("a dead wire was not made anew: %v, %d connections", res.Failure, w.conns.Load())
	}
}

func TestExchangeDecodes(t *testing.T) {
	text := strings.Repeat("Fieldline ", 500)
	pack := func(make func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		z := make(&b)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		return b.Bytes()
	}
	bodies := map[string]struct {
		encoding string
		body     []byte
		code     string
	}{
		"gzip":    {"gzip", pack(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }), ""},
		"deflate": {"deflate", pack(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), ""},
		"bare": {"Deflate", pack(func(w io.Writer) io.WriteCloser {
			z, _ := flate.NewWriter(w, 6)
			return z
		}), ""},
		"plain":  {"identity", []byte(text), ""},
		"broken": {"gzip", []byte("no gzip at all"), "encoding"},
		"bomb": {"gzip", pack(func(w io.Writer) io.WriteCloser {
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 1<<20))
			return z
		}), "too-large"},
	}
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		b := bodies[r.URL.Path[1:]]
		rw.Header().Set("Content-Encoding", b.encoding)
		_, _ = rw.Write(b.body)
	})
	for name, want := range bodies {
		req := w.request("/" + name)
		req.MaxBody = 64 << 10
		res := exchangeOnce(t, req)
		switch {
		case want.code == "" && (res.Failure != nil || string(res.Body) != text):
			t.Errorf("%s: %v, %d bytes", name, res.Failure, len(res.Body))
		case want.code != "" && (res.Failure == nil || res.Failure.Code != want.code || res.Retry()):
			t.Errorf("%s: %+v", name, res.Failure)
		}
	}
}

func TestExchangeRedirects(t *testing.T) {
	other := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, "%s auth=%q cookie=%q", r.Method, r.Header.Get("Authorization"), r.Header.Get("Cookie"))
	})
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(rw, r, "/here", http.StatusFound)
		case "/keep":
			http.Redirect(rw, r, "here", http.StatusTemporaryRedirect)
		case "/away":
			http.Redirect(rw, r, other.URL+"/x", http.StatusMovedPermanently)
		case "/round":
			http.Redirect(rw, r, "/round", http.StatusFound)
		case "/nowhere":
			rw.WriteHeader(http.StatusFound)
		default:
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(rw, "%s %s %q auth=%v", r.Method, r.URL.Path, body, r.Header.Get("Authorization") != "")
		}
	})
	for _, c := range []struct{ path, want, code string }{
		{"/moved", `GET /here "" auth=true`, ""},
		{"/keep", `POST /here "b" auth=true`, ""},
		{"/away", `GET auth="" cookie=""`, ""},
		{"/round", "", "redirect"},
		{"/nowhere", "", "redirect"},
	} {
		req := w.request(c.path)
		req.Verb, req.Body, req.HasLogin, req.User, req.Password = "POST", []byte("b"), true, "u", "secret-word"
		req.Headers = []Header{{Name: "Cookie", Value: "a=b"}}
		res := exchangeOnce(t, req)
		if c.code == "" && (res.Failure != nil || string(res.Body) != c.want) || c.code != "" && (res.Failure == nil || res.Failure.Code != c.code) {
			t.Errorf("%s: %v %s", c.path, res.Failure, res.Body)
		}
		req.CustomRedirect = true
		if res := exchangeOnce(t, req); res.Failure != nil || res.Status/100 != 3 {
			t.Errorf("%s with customRedirect: %v %d", c.path, res.Failure, res.Status)
		}
	}
}

func TestExchangeLogins(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); strings.HasPrefix(got, "Digest ") && strings.Contains(got, `uri="/d"`) {
			want := digest(&Config{Destination: element.Destination{User: "u", Password: "secret-word", Path: "/d"}, Verb: "PUT"},
				challenge{scheme: "Digest", params: map[string]string{"realm": "r", "nonce": "n"}}, 1, "")
			if got == want {
				_, _ = io.WriteString(rw, "in")
				return
			}
		}
		rw.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n"`)
		rw.WriteHeader(http.StatusUnauthorized)
	})
	req := w.request("/d")
	req.Verb, req.HasLogin, req.User, req.Password = "PUT", true, "u", "secret-word"
	if res := exchangeOnce(t, req); res.Status != 200 || strings.Contains(fmt.Sprint(res.Record), "secret-word") {
		t.Errorf("%d %+v", res.Status, res.Record)
	}
	req.Password = "wrong-word"
	if res := exchangeOnce(t, req); res.Status != 401 || res.Failure != nil {
		t.Errorf("%d %v", res.Status, res.Failure)
	}
}

func TestExchangeFailures(t *testing.T) {
	hang := make(chan struct{})
	silent := newWeb(t, false, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(hang) })
	req := silent.request("/")
	req.Timeout = 30 * time.Millisecond
	if res := exchangeOnce(t, req); res.Failure == nil || res.Failure.Code != "silent" || !res.Retry() || strings.Contains(res.Failure.Message, "WebSocket") {
		t.Errorf("silent: %+v", res.Failure)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var wire HTTPConn
	if res := wire.Exchange(ctx, silent.request("/")); res.Failure == nil || res.Failure.Code != "canceled" || res.Retry() {
		t.Errorf("canceled: %+v", res.Failure)
	}
	closed := newWeb(t, false, func(http.ResponseWriter, *http.Request) {})
	req = closed.request("/")
	closed.Close()
	if res := exchangeOnce(t, req); res.Failure == nil || res.Failure.Code != "refused" || !res.Retry() {
		t.Errorf("refused: %+v", res.Failure)
	}
	secure := newWeb(t, true, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "safe") })
	if res := exchangeOnce(t, secure.request("/")); res.Failure == nil || res.Failure.Phase != "tls" {
		t.Errorf("unknown certificate: %+v", res.Failure)
	}
	req = secure.request("/")
	req.TLS.SkipVerify = true
	if res := exchangeOnce(t, req); res.Failure != nil || string(res.Body) != "safe" {
		t.Errorf("skip verify: %+v", res.Failure)
	}
	req.Path = "/a b"
	if res := exchangeOnce(t, req); res.Failure == nil || res.Failure.Phase != "address" {
		t.Errorf("a path with a space: %+v", res.Failure)
	}
}

// TestExchangeBodies plays answers that a Go server would not send.
func TestExchangeBodies(t *testing.T) {
	for name, c := range map[string]struct{ answer, body, code string }{
		"to the end":   {"HTTP/1.1 200 OK\r\n\r\nall of it", "all of it", ""},
		"HTTP/1.0":     {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", ""},
		"interim":      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", ""},
		"trailer":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n", "hi", ""},
		"cut short":    {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", "", "hung-up"},
		"bad length":   {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhi", "", "not-http"},
		"large length": {"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nhi", "", "too-large"},
		"not HTTP":     {"220 mail.example ESMTP\r\n", "", "not-http"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, c.answer)
			}()
			port := l.Addr().(*net.TCPAddr).Port
			res := exchangeOnce(t, Request{MaxBody: 1000, Config: Config{Destination: element.Destination{Scheme: "http", Host: "127.0.0.1", Port: port, Path: "/", Proxy: Proxy{Bypass: true}, Timeout: time.Minute}}})
			_ = l.Close()
			<-done
			switch {
			case c.code == "" && (res.Failure != nil || string(res.Body) != c.body):
				t.Errorf("%+v %q", res.Failure, res.Body)
			case c.code != "" && (res.Failure == nil || res.Failure.Code != c.code):
				t.Errorf("%+v", res.Failure)
			}
		})
	}
}
