package link

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// webAt is a device that speaks HTTP at an address of its own.
func webAt(t *testing.T, address string, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	w := &httptest.Server{Listener: l, Config: &http.Server{Handler: handle}}
	w.Start()
	t.Cleanup(w.Close)
	return w
}

// echo answers with everything that it was sent.
func echo(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Header.Del("Accept-Encoding")
	r.Header.Del("User-Agent")
	r.Header.Del("Connection")
	fmt.Fprintf(rw, "%s %s %q %v", r.Method, r.URL, body, r.Header)
}

// TestForeignHostsGetNoSecret: another host, another port or another scheme gets
// neither a login nor a cookie nor what a secret feeds, under whatever name.
func TestForeignHostsGetNoSecret(t *testing.T) {
	other := webAt(t, "127.0.0.2:0", echo)
	port := newWeb(t, false, echo)
	device := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Location", r.URL.Query().Get("to"))
		rw.WriteHeader(302)
	})
	for _, to := range []string{other.URL + "/x", port.URL + "/x", strings.Replace(other.URL, "http:", "", 1) + "/x"} {
		req := device.request("/?pin=8241&to=" + url.QueryEscape(to))
		req.HasLogin, req.User, req.Password = true, "ruth", "pass-word-1"
		req.Secrets = []string{"hunter2!", "ab"}
		req.Headers = []Header{
			{Name: "Authorization", Value: "Bearer tok-123456"},
			{Name: "Cookie", Value: "sid=cookie-1"},
			{Name: "Proxy-Authorization", Value: "Basic abc"},
			{Name: "X-Api-Key", Value: "key-1"},
			{Name: "X-Auth-Token", Value: "t1"},
			{Name: "Ticket", Value: "t2"},
			{Name: "Host", Value: "device.lan"},
			{Name: "X-Unit", Value: "fed by hunter2! here"},
			{Name: "X-Encoded", Value: "aHVudGVyMiE="},
			{Name: "X-Short", Value: "cabd"},
			{Name: "X-Plain", Value: "7"},
			{Name: "Accept", Value: "text/plain"},
		}
		res := exchangeOnce(t, req)
		if res.Failure != nil {
			t.Fatalf("%s: %v", to, res.Failure)
		}
		got := string(res.Body)
		if want := `GET /x "" map[Accept:[text/plain] X-Plain:[7]]`; got != want {
			t.Errorf("%s got %s, want %s", to, got, want)
		}
	}
	req := device.request("/?api_key=short&to=" + url.QueryEscape(other.URL+"/x?api_key=short"))
	res := exchangeOnce(t, req)
	if res.Failure == nil || res.Failure.Code != "redirect" || strings.Contains(res.Failure.Message, "short") {
		t.Errorf("a query with a secret: %v %q", res.Failure, res.Body)
	}
	for _, path := range []string{"/x/hunter2%21", "/x/%68unter2!", "/x?n=%2568unter2!"} {
		req = device.request("/?to=" + url.QueryEscape(other.URL+path))
		req.Secrets = []string{"hunter2!"}
		if res := exchangeOnce(t, req); res.Failure == nil || res.Failure.Code != "redirect" || strings.Contains(res.Failure.Message, "unter2!") {
			t.Errorf("%s, an address with a secret: %v %q", path, res.Failure, res.Body)
		}
	}
}

// TestMethodAndBodyStayOnTheHost, those of 307 and 308 too.
func TestMethodAndBodyStayOnTheHost(t *testing.T) {
	var asked atomic.Int32
	other := webAt(t, "127.0.0.2:0", func(rw http.ResponseWriter, r *http.Request) { asked.Add(1); echo(rw, r) })
	device := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/end":
			echo(rw, r)
			return
		case "/here":
			rw.Header().Set("Location", "/end")
		default:
			rw.Header().Set("Location", other.URL+"/end")
		}
		var status int
		_, _ = fmt.Sscan(r.URL.RawQuery, &status)
		rw.WriteHeader(status)
	})
	for _, tt := range []struct {
		verb, path string
		status     int
		want       string // "" is a failure, and the other host is not asked
	}{
		{"POST", "/here", 307, `POST /end "b" map[Content-Length:[1] Content-Type:[text/x]]`},
		{"PUT", "/here", 308, `PUT /end "b" map[Content-Length:[1] Content-Type:[text/x]]`},
		{"POST", "/here", 302, `GET /end "" map[]`},
		{"POST", "/away", 307, ""},
		{"PUT", "/away", 308, ""},
		{"DELETE", "/away", 307, ""},
		{"POST", "/away", 301, `GET /end "" map[]`},
		{"POST", "/away", 303, `GET /end "" map[]`},
		{"GET", "/away", 308, `GET /end "" map[]`},
	} {
		req := device.request(fmt.Sprintf("%s?%d", tt.path, tt.status))
		req.Verb, req.Headers = tt.verb, []Header{{Name: "Content-Type", Value: "text/x"}}
		if tt.verb != "GET" && tt.verb != "DELETE" {
			req.Body = []byte("b")
		}
		if tt.verb == "GET" || tt.verb == "DELETE" {
			req.Headers = nil
		}
		before := asked.Load()
		res := exchangeOnce(t, req)
		switch {
		case tt.want != "" && (res.Failure != nil || string(res.Body) != tt.want):
			t.Errorf("%s %d %s: %v %s, want %s", tt.verb, tt.status, tt.path, res.Failure, res.Body, tt.want)
		case tt.want == "" && (res.Failure == nil || res.Failure.Code != "redirect" || asked.Load() != before):
			t.Errorf("%s %d %s: %v %s, asked %d times", tt.verb, tt.status, tt.path, res.Failure, res.Body, asked.Load()-before)
		}
	}
}

// TestNoRedirectToOurselves: a device cannot make this program ask itself, under
// whatever name, not even one that is at the same address.
func TestNoRedirectToOurselves(t *testing.T) {
	var asked atomic.Int32
	own := newWeb(t, false, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	at := netip.MustParseAddrPort(own.Listener.Addr().String())
	anywhere := netip.AddrPortFrom(netip.IPv4Unspecified(), at.Port())
	device := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Location", r.URL.RawQuery)
		rw.WriteHeader(302)
	})
	port := fmt.Sprint(at.Port())
	for _, listener := range []netip.AddrPort{at, anywhere, netip.AddrPortFrom(netip.IPv6Unspecified(), at.Port())} {
		for _, to := range []string{
			"http://127.0.0.1:" + port + "/api", "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, "//127.0.0.1:" + port,
		} {
			req := device.request("/?" + to)
			req.Own = []netip.AddrPort{listener}
			res := exchangeOnce(t, req)
			if res.Failure == nil || res.Failure.Code != "redirect" || !strings.Contains(res.Failure.Message, "this program itself") {
				t.Errorf("listening on %s, sent to %s: %v", listener, to, res.Failure)
			}
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("our own listener was asked %d times", n)
	}
	res := exchangeOnce(t, device.request("/?"+own.URL))
	if res.Failure != nil || asked.Load() != 1 {
		t.Errorf("to another one: %v", res.Failure)
	}
}

func TestFence(t *testing.T) {
	local := func(a netip.Addr) bool { return a == netip.MustParseAddr("10.1.2.3") }
	for _, tt := range []struct {
		own, device, to string
		want            string
	}{
		{"127.0.0.1:8080", "10.0.0.9", "10.0.0.10:80", ""},
		{"127.0.0.1:8080", "10.0.0.9", "10.0.0.9:8080", ""},
		{"127.0.0.1:8080", "10.0.0.9", "127.0.0.1:8080", "program"},
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.1:8080", "program"},
		{"127.0.0.1:8080", "127.0.0.1", "[::ffff:127.0.0.1]:8080", "program"},
		{"127.0.0.1:8080", "127.0.0.1", "0.0.0.0:8080", "program"},
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.1:8081", ""},
		{"127.0.0.1:8080", "127.0.0.1", "127.0.0.2:8080", ""},
		{"[::1]:8080", "::1", "[::]:8080", "program"},
		{"0.0.0.0:8080", "127.0.0.1", "127.0.0.2:8080", "program"},
		{"0.0.0.0:8080", "10.0.0.9", "10.1.2.3:8080", "program"},
		{"[::]:8080", "10.0.0.9", "10.1.2.3:8080", "program"},
		{"[::]:8080", "10.0.0.9", "10.1.2.4:8080", ""},
		{"10.1.2.3:8080", "10.0.0.9", "10.1.2.3:8080", "program"},
		{"127.0.0.1:8080", "10.0.0.9", "127.0.0.1:22", "machine"},
		{"127.0.0.1:8080", "10.0.0.9", "127.9.9.9:22", "machine"},
		{"127.0.0.1:8080", "10.0.0.9", "[::1]:22", "machine"},
		{"127.0.0.1:8080", "10.0.0.9", "[::ffff:127.0.0.1]:22", "machine"},
		{"127.0.0.1:8080", "10.0.0.9", "0.0.0.0:22", "machine"},
		{"127.0.0.1:8080", "", "127.0.0.1:22", "machine"},
		{"127.0.0.1:8080", "169.254.7.7", "127.0.0.1:22", "machine"},
		{"127.0.0.1:8080", "::1", "127.0.0.1:22", ""},
		{"127.0.0.1:8080", "10.0.0.9", "169.254.169.254:80", "link-local"},
		{"127.0.0.1:8080", "127.0.0.1", "169.254.169.254:80", "link-local"},
		{"127.0.0.1:8080", "10.0.0.9", "[fe80::1%eth0]:80", "link-local"},
		{"127.0.0.1:8080", "169.254.7.7", "169.254.7.8:80", ""},
		{"127.0.0.1:8080", "fe80::7%eth0", "[fe80::8%eth0]:80", ""},
	} {
		f := fence{own: []netip.AddrPort{netip.MustParseAddrPort(tt.own)}}
		if tt.device != "" {
			f.device = netip.MustParseAddr(tt.device)
		}
		got := f.refuses(netip.MustParseAddrPort(tt.to), local)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("own %s, device %s, to %s: %q, want %q", tt.own, tt.device, tt.to, got, tt.want)
		}
	}
}

// TestNoRedirectToOurselvesThroughAProxy: what can be known here of where a
// proxy would lead is judged alike.
func TestNoRedirectToOurselvesThroughAProxy(t *testing.T) {
	own := newWeb(t, false, func(http.ResponseWriter, *http.Request) { t.Error("our own listener was asked") })
	device := newWeb(t, false, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Location", strings.Replace(own.URL, "127.0.0.1", "localhost", 1))
		rw.WriteHeader(302)
	})
	proxy := webAt(t, "127.0.0.2:0", func(rw http.ResponseWriter, r *http.Request) {
		to, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			rw.WriteHeader(502)
			return
		}
		rw.WriteHeader(200)
		from, _, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			return
		}
		defer from.Close()
		go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		_, _ = io.Copy(from, to)
	})
	req := device.request("/")
	req.Proxy = Proxy{URL: proxy.URL}
	req.Own = []netip.AddrPort{netip.MustParseAddrPort(own.Listener.Addr().String())}
	res := exchangeOnce(t, req)
	if res.Failure == nil || !strings.Contains(res.Failure.Message, "this program itself") {
		t.Errorf("%+v", res.Failure)
	}
}
