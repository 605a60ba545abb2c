package link

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// TestSent: whether bytes of a request went out decides whether one that does
// something may be tried again.
func TestSent(t *testing.T) {
	silent := make(chan struct{})
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/silent":
			<-silent
		case "/hang-up":
			c, _, err := http.NewResponseController(rw).Hijack()
			if err == nil {
				_ = c.Close()
			}
		case "/elsewhere":
			http.Redirect(rw, r, nobody(t), http.StatusSeeOther)
		}
	})
	t.Cleanup(func() { close(silent) })
	deaf := mute(t)
	for _, c := range []struct {
		name   string
		to     string
		adjust func(*Request)
		sent   bool
		code   string // of the failure
	}{
		{"answered", w.URL + "/", nil, true, ""},
		{"no answer", w.URL + "/silent", func(r *Request) { r.Timeout = 300 * time.Millisecond }, true, "silent"},
		{"hung up", w.URL + "/hang-up", nil, true, "hung-up"},
		{"nobody there", nobody(t) + "/", nil, false, "refused"},
		{"no secure connection in time", "https://" + deaf + "/", func(r *Request) { r.Timeout = 300 * time.Millisecond }, false, "timeout"},
		{"no secure connection until the deadline", "https://" + deaf + "/", func(r *Request) { r.ConnectBy = time.Now().Add(100 * time.Millisecond) }, false, "timeout"},
		{"the deadline is over", w.URL + "/", func(r *Request) { r.ConnectBy = time.Now().Add(-time.Second) }, false, "timeout"},
		{"done, and sent on to nobody", w.URL + "/elsewhere", nil, true, "refused"},
		{"a request that cannot be sent", w.URL + "/", func(r *Request) { r.Path = "/a b" }, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := url.Parse(c.to)
			if err != nil {
				t.Fatal(err)
			}
			req := requestTo(u, u.RequestURI())
			req.Verb, req.Body = "POST", []byte("press")
			if c.adjust != nil {
				c.adjust(&req)
			}
			res := exchangeOnce(t, req)
			code := ""
			if res.Failure != nil {
				code = res.Failure.Code
			}
			if res.Sent != c.sent || c.code != "" && code != c.code {
				t.Errorf("sent is %v and the failure %q (%v), want %v and %q", res.Sent, code, res.Failure, c.sent, c.code)
			}
		})
	}
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	s := httptest.NewServer(nil)
	s.Close()
	return s.URL
}

// mute takes connections and says nothing.
func mute(t *testing.T) string {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}
