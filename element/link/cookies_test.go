package link

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func setCookie(rw http.ResponseWriter, line string) { rw.Header().Add("Set-Cookie", line) }

// loginPage sets a cookie with a refusal and with a redirection, and lets in
// who brings both.
func loginPage(rw http.ResponseWriter, r *http.Request) {
	got := r.Header.Get("Cookie")
	_, _, login := r.BasicAuth()
	switch {
	case !login:
		setCookie(rw, "visit=v1; HttpOnly")
		rw.Header().Set("WWW-Authenticate", `Basic realm="r"`)
		rw.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/":
		setCookie(rw, "sid=s1; Path=/in")
		setCookie(rw, "gone=x; Max-Age=0")
		setCookie(rw, "elsewhere=x; Path=/out")
		setCookie(rw, "evil=x; Domain=example.org")
		http.Redirect(rw, r, "/in", http.StatusFound)
	default:
		_, _ = io.WriteString(rw, got)
	}
}

// TestCookiesOfAnExchange: those of a refusal that is answered with a login and
// of a redirection come back in the same exchange, where they are for, beside
// the connector's own.
func TestCookiesOfAnExchange(t *testing.T) {
	w := newWeb(t, false, loginPage)
	req := w.request("/")
	req.HasLogin, req.User, req.Password = true, "u", "secret-word"
	req.Headers = []Header{{Name: "Cookie", Value: "theme=dark"}, {Name: "Cookie", Value: "n=1"}}
	res := exchangeOnce(t, req)
	if got, want := string(res.Body), "theme=dark; sid=s1; visit=v1; n=1"; sorted(got) != sorted(want) {
		t.Errorf("cookies were %q, want %q", got, want)
	}
	for _, s := range res.Steps {
		if all := s.Record.Request + s.Record.Response; strings.Contains(all, "s1") || strings.Contains(all, "v1") {
			t.Errorf("a cookie is shown in\n%s", all)
		}
	}
	req.Headers = []Header{{Name: "Cookie", Value: "sid=own"}}
	if res := exchangeOnce(t, req); sorted(string(res.Body)) != sorted("sid=own; visit=v1") {
		t.Errorf("the connector's own does not win: %q", res.Body)
	}
	req.Headers = nil
	if res := exchangeOnce(t, req); strings.Contains(res.Steps[0].Record.Request, "Cookie") {
		t.Errorf("a cookie of another exchange is sent: %s", res.Steps[0].Record.Request)
	}
}

// TestCookiesAsTheyCame: values go back byte for byte, whatever characters are in
// them, and where RFC 6265 lets them go.
func TestCookiesAsTheyCame(t *testing.T) {
	for _, tt := range []struct{ set, https, http string }{
		{"a=1", "a=1", "a=1"},
		{"a=", "a=", "a="},
		{`a="1 2"; HttpOnly`, `a="1 2"`, `a="1 2"`},
		{"a=1 2", "a=1 2", "a=1 2"},
		{"a=1,2;;", "a=1,2", "a=1,2"},
		{`a={"id":"x\\y"}; SameSite=Lax`, `a={"id":"x\\y"}`, `a={"id":"x\\y"}`},
		{"a=x=y==", "a=x=y==", "a=x=y=="},
		{" a \t= b ; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=b", "a=b"},
		{"a=ä", "a=ä", "a=ä"},
		{"a=1; Expires=tomorrow", "a=1", "a=1"},
		{"a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "", ""},
		{"a=1; Max-Age=0", "", ""},
		{"a=1; Max-Age=-5", "", ""},
		{"a=1; Secure", "a=1", ""},
		{"a=1; Path=/ws", "a=1", "a=1"},
		{"a=1; Path=/w", "", ""},
		{"a=1; Domain=127.0.0.2", "", ""},
		{"a=1; Domain=0.1", "", ""},
		{"a", "", ""},
		{"=a", "", ""},
		{"a=\x01", "", ""},
	} {
		var c Cookies
		for scheme, want := range map[string]string{"https": tt.https, "http": tt.http} {
			at := &url.URL{Scheme: scheme, Host: "127.0.0.1:8050", Path: "/ws/a"}
			c.set(at, []Header{{Name: "Set-Cookie", Value: tt.set}})
			if got := c.beside(nil, at); got != want {
				t.Errorf("%s, %q comes back as %q, want %q", scheme, tt.set, got, want)
			}
		}
	}
}

func sorted(cookies string) string {
	parts := strings.Split(cookies, "; ")
	set := map[string]int{}
	for _, p := range parts {
		set[p]++
	}
	return fmt.Sprint(set)
}

// TestCookiesStayWithTheirHost: neither another host nor another port gets what
// the device has set.
func TestCookiesStayWithTheirHost(t *testing.T) {
	other := webAt(t, "127.0.0.2:0", echo)
	port := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/set" {
			setCookie(rw, "port=2")
			http.Redirect(rw, r, "/x", http.StatusFound)
			return
		}
		echo(rw, r)
	})
	device := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		setCookie(rw, "sid=s1")
		rw.Header().Set("Location", r.URL.RawQuery)
		rw.WriteHeader(http.StatusFound)
	})
	for to, want := range map[string]string{
		other.URL + "/x":  `GET /x "" map[]`,
		port.URL + "/x":   `GET /x "" map[]`,
		port.URL + "/set": `GET /x "" map[Cookie:[port=2] Referer:[]]`,
	} {
		res := exchangeOnce(t, device.request("/?"+to))
		if got := string(res.Body); got != strings.Replace(want, " Referer:[]", "", 1) {
			t.Errorf("%s: got %s, want %s", to, got, want)
		}
	}
}

// TestKeptCookies are sent with the next exchange and the next handshake, and
// are bounded.
func TestKeptCookies(t *testing.T) {
	n := 0
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		n++
		for i := range 100 {
			setCookie(rw, fmt.Sprintf("c%d-%d=%s", n, i, strings.Repeat("x", 10)))
		}
		setCookie(rw, "big="+strings.Repeat("x", 5000))
		setCookie(rw, "sid="+fmt.Sprint(n))
		_, _ = io.WriteString(rw, r.Header.Get("Cookie"))
	})
	var kept Cookies
	var wire HTTPConn
	defer wire.Close()
	req := w.request("/")
	req.Cookies = &kept
	for range 10 {
		res := wire.Exchange(t.Context(), req)
		if res.Failure != nil {
			t.Fatal(res.Failure)
		}
		got := string(res.Body)
		if n > 1 && !strings.Contains(got, fmt.Sprintf("sid=%d", n-1)) || strings.Contains(got, "big=") || strings.Count(got, "=") > maxCookies {
			t.Errorf("exchange %d: %d bytes: %.80s", n, len(got), got)
		}
	}
	u, _ := url.Parse(w.URL)
	cfg := requestTo(u, "/ws").Config
	cfg.Scheme, cfg.Cookies = "ws", &kept
	h, f := Compose(cfg)
	if f != nil || !strings.Contains(h.Request, "\r\nCookie: ") || strings.Contains(h.Request, "xxxx") {
		t.Errorf("%v\n%s", f, h.Request)
	}
	kept.Forget()
	if res := wire.Exchange(t.Context(), req); len(res.Body) != 0 {
		t.Errorf("forgotten cookies are sent: %.80s", res.Body)
	}
}

// TestCookiesOfAHandshake: a refusal that is answered with a login sets a cookie
// that the second request brings.
func TestCookiesOfAHandshake(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		br := bufio.NewReader(c)
		for range 2 {
			r, err := http.ReadRequest(br)
			if err != nil {
				return
			}
			got <- r.Header.Get("Cookie")
			_, _ = io.WriteString(c, "HTTP/1.1 401 Unauthorized\r\nSet-Cookie: sid=s1\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n")
		}
	}()
	defer func() { _ = l.Close(); <-done }()
	u := &url.URL{Scheme: "http", Host: l.Addr().String()}
	cfg := requestTo(u, "/ws").Config
	cfg.Scheme, cfg.HasLogin, cfg.User, cfg.Password = "ws", true, "u", "secret-word"
	_, a := Dial(t.Context(), cfg)
	if a.Failure == nil {
		t.Fatal("it opened")
	}
	if first, second := <-got, <-got; first != "" || second != "sid=s1" {
		t.Errorf("cookies were %q and %q", first, second)
	}
}
