package link

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldline/element"
)

// What a host asked for is remembered: one request without a login, or one
// Basic where nothing may be sent twice, and then none but the right ones.
func TestTheLoginOfAHostIsRemembered(t *testing.T) {
	for name, tt := range map[string]struct {
		camera *camera
		verb   string
		secure bool
		want   string
		status int
	}{
		"digest":              {&camera{scheme: "MD5"}, "GET", false, "none, digest, digest 2, digest 3", 200},
		"digest, SHA-256":     {&camera{scheme: "SHA-256"}, "GET", false, "none, digest, digest 2, digest 3", 200},
		"digest over TLS":     {&camera{scheme: "MD5"}, "GET", true, "basic, digest, digest 2, digest 3", 200},
		"digest of a POST":    {&camera{scheme: "MD5"}, "POST", false, "basic, digest, digest 2, digest 3", 200},
		"basic":               {&camera{scheme: "Basic"}, "GET", false, "none, basic, basic, basic", 200},
		"basic over TLS":      {&camera{scheme: "Basic"}, "GET", true, "basic, basic, basic", 200},
		"basic of a POST":     {&camera{scheme: "Basic"}, "POST", false, "basic, basic, basic", 200},
		"a stale nonce":       {&camera{scheme: "MD5", uses: 2}, "GET", false, "none, digest, digest 2, stale, digest", 200},
		"stale without a say": {&camera{scheme: "MD5", uses: 2, silent: true}, "GET", false, "none, digest, digest 2, stale, digest", 200},
		"the next nonce":      {&camera{scheme: "MD5", next: true}, "GET", false, "none, digest, digest, digest", 200},
		"a wrong password":    {&camera{scheme: "MD5", password: "another"}, "GET", false, "none, wrong, none, wrong, none, wrong", 401},
		"wrong for basic":     {&camera{scheme: "Basic", password: "another"}, "GET", false, "none, wrong, none, wrong, none, wrong", 401},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.camera.password == "" {
				tt.camera.password = "secret-word"
			}
			req := tt.camera.request(t, tt.secure, tt.verb)
			req.Logins, req.Body = &Logins{}, []byte(strings.Repeat("b", len(strings.TrimPrefix(tt.verb, "GET"))))
			for range 3 {
				var w HTTPConn // another one each time, as threads of a connector have
				res := w.Exchange(t.Context(), req)
				w.Close()
				if res.Failure != nil || res.Status != tt.status || res.LoginRefused != (tt.status == 401) {
					t.Fatalf("%d, %v, refused %t", res.Status, res.Failure, res.LoginRefused)
				}
			}
			if got := strings.Join(tt.camera.heard(), ", "); got != tt.want {
				t.Errorf("the device heard %s\nwant             %s", got, tt.want)
			}
		})
	}
}

// Another login, and another host, begin anew.
func TestARememberedLoginIsOfOneHostAndOneLogin(t *testing.T) {
	c := &camera{scheme: "MD5", password: "secret-word"}
	req := c.request(t, false, "GET")
	req.Logins = &Logins{}
	exchangeOnce(t, req)
	req.Password = "another"
	exchangeOnce(t, req)
	other := &camera{scheme: "Basic", password: "secret-word"}
	to := other.request(t, false, "GET")
	to.Logins = req.Logins
	exchangeOnce(t, to)
	if got := strings.Join(c.heard(), ", ") + "; " + strings.Join(other.heard(), ", "); got != "none, digest, none, wrong; none, basic" {
		t.Errorf("heard %s", got)
	}
	to.Logins.Forget()
	exchangeOnce(t, to)
	if got := strings.Join(other.heard(), ", "); got != "none, basic, none, basic" {
		t.Errorf("after forgetting it heard %s", got)
	}
}

// A host that asked for Digest does not get the password in clear, whatever it
// asks for later, and the sentence says so.
func TestDigestIsNotTalkedDownToBasic(t *testing.T) {
	c := &camera{scheme: "MD5", password: "secret-word"}
	req := c.request(t, false, "GET")
	req.Logins = &Logins{}
	exchangeOnce(t, req)
	c.mu.Lock()
	c.scheme = "Basic"
	c.mu.Unlock()
	res := exchangeOnce(t, req)
	if slices.Contains(c.heard(), "basic") || res.Status != 401 || !res.LoginRefused {
		t.Errorf("%v, %d", c.heard(), res.Status)
	}
	if f := res.Refusal(); f.Code != "login-scheme" || !strings.Contains(f.Message, "401") || !strings.Contains(f.Message, "in clear") {
		t.Errorf("%+v", f)
	}
}

// A device that hides what it has instead of asking, or does not ask at all,
// gets the login all the same.
func TestAHostThatDoesNotAskGetsBasic(t *testing.T) {
	for status, want := range map[int]string{200: `"", "Basic"`, 403: `"", "Basic", "Basic"`, 404: `"", "Basic", "Basic"`, 503: `"", "Basic"`} {
		var got []string
		w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
			scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			if got = append(got, strconv.Quote(scheme)); scheme == "" {
				rw.WriteHeader(status)
			}
		})
		req := w.request("/")
		req.HasLogin, req.User, req.Password = true, "u", "secret-word"
		var wire HTTPConn
		for range 2 {
			wire.Exchange(t.Context(), req)
		}
		wire.Close()
		if strings.Join(got, ", ") != want {
			t.Errorf("%d: got %s, want %s", status, strings.Join(got, ", "), want)
		}
	}
}

// Every request that was sent is in the record, with its answer and masked.
func TestEveryRequestOfAnExchangeIsRecorded(t *testing.T) {
	c := &camera{scheme: "MD5", password: "secret-word"}
	req := c.request(t, false, "POST")
	req.Body = []byte("body")
	res := exchangeOnce(t, req)
	if len(res.Steps) != 2 || len(res.Record.Before) != 1 {
		t.Fatalf("%d steps, %d before", len(res.Steps), len(res.Record.Before))
	}
	first := res.Record.Before[0]
	if first.Status != 401 || !strings.Contains(first.Request, "Basic •••") || first.Body != "log in first" || first.PhasesMs == nil {
		t.Errorf("first %+v", first)
	}
	if res.Record.Status != 200 || !strings.Contains(res.Record.Request, "Digest •••") {
		t.Errorf("last %+v", res.Record)
	}
	if s := res.Steps[1]; string(s.Request) != "body" || string(s.Reply) != "inbody" || s.Record.Status != 200 {
		t.Errorf("last step %+v", s)
	}
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			http.Redirect(rw, r, "/b", http.StatusFound)
		}
	})
	if res := exchangeOnce(t, w.request("/a")); len(res.Record.Before) != 1 || res.Record.Before[0].Status != 302 {
		t.Errorf("redirected: %+v", res.Record)
	}
}

// Retry-After of any refusal and redirection, in seconds and as a date.
func TestExchangeReadsRetryAfter(t *testing.T) {
	w := newWeb(t, false, func(rw http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Path[1:])
		v := r.URL.Query().Get("v")
		if v == "date" {
			v = time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
		}
		rw.Header().Set("Retry-After", v)
		rw.WriteHeader(status)
	})
	for path, want := range map[string]time.Duration{
		"/503?v=7": 7 * time.Second, "/429?v=date": time.Minute, "/401?v=5": 5 * time.Second, "/304?v=3": 3 * time.Second,
		"/200?v=9": 0, "/503?v=-1": 0, "/503?v=soon": 0, "/503?v=99999999999999999999": maxRetryAfter,
	} {
		if got := exchangeOnce(t, w.request(path)).RetryAfter; got < want-2*time.Second || got > want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// The Digest login of a handshake goes over the connection that asked for it,
// or over a new one where that ended.
func TestTheDigestOfAHandshakeKeepsTheConnection(t *testing.T) {
	open := func(rw http.ResponseWriter, r *http.Request) {
		conn, _, err := rw.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+acceptKey(r.Header.Get("Sec-WebSocket-Key"))+"\r\n\r\n")
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
	}
	for name, tt := range map[string]struct {
		hangsUp bool
		same    bool
	}{"kept": {false, true}, "closed": {true, false}} {
		t.Run(name, func(t *testing.T) {
			c := &camera{scheme: "SHA-256", password: "secret-word", hangsUp: tt.hangsUp, open: open, uses: 1}
			req := c.request(t, false, "GET")
			cfg := req.Config
			cfg.Scheme, cfg.Logins = "ws", &Logins{}
			for n := range 2 {
				s, a := Dial(t.Context(), cfg)
				if s == nil {
					t.Fatalf("handshake %d: %v", n+1, a.Failure)
				}
				s.Close(1000, "", 0)
				if len(a.Record.Before) != 1 || a.Record.Before[0].Status != 401 || a.Record.Status != 101 {
					t.Errorf("handshake %d: record %+v", n+1, a.Record)
				}
			}
			if got := strings.Join(c.heard(), ", "); got != "basic, digest, stale, digest" {
				t.Errorf("heard %s", got)
			}
			if same := c.addresses[0] == c.addresses[1] && c.addresses[2] == c.addresses[3]; same != tt.same {
				t.Errorf("requests came from %v", c.addresses)
			}
		})
	}
}

// A device that hangs up after its refusal without saying so beforehand.
func TestAHandshakeIsSentAnewWhenTheDeviceHungUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan []string)
	go func() {
		var heard []string
		for n := range 2 {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			r, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				break
			}
			heard = append(heard, r.Header.Get("Authorization"))
			if n == 0 {
				_, _ = io.WriteString(conn, "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n")
			} else {
				_, _ = io.WriteString(conn, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+acceptKey(r.Header.Get("Sec-WebSocket-Key"))+"\r\n\r\n")
				_, _ = io.Copy(io.Discard, conn)
			}
			_ = conn.Close()
		}
		done <- heard
	}()
	cfg := requestTo(&url.URL{Scheme: "ws", Host: l.Addr().String()}, "/").Config
	cfg.HasLogin, cfg.User, cfg.Password = true, "u", "secret-word"
	s, a := Dial(t.Context(), cfg)
	if s == nil {
		t.Fatal(a.Failure)
	}
	s.Close(1000, "", 0)
	_ = l.Close()
	if heard := <-done; len(heard) != 2 || !strings.HasPrefix(heard[1], "Digest ") {
		t.Errorf("heard %q", heard)
	}
}

// Wires that share what is known never use a nonce's count twice.
func TestLoginsAreSharedBetweenWires(t *testing.T) {
	logins := &Logins{}
	cfg := &Config{Destination: element.Destination{Scheme: "ws", Host: "h", Port: 80, Path: "/", HasLogin: true, User: "u", Password: "p"}, Logins: logins}
	l := newLogin(cfg)
	l.first(true)
	if _, ok := l.next(401, []Header{{Name: "WWW-Authenticate", Value: `Digest realm="r", nonce="n", qop="auth"`}}); !ok {
		t.Fatal("not answered")
	}
	l.done(200, nil, false)
	var mu sync.Mutex
	seen := map[string]bool{}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			count := parseChallengeList(newLogin(cfg).first(true))[0].params["nc"]
			mu.Lock()
			defer mu.Unlock()
			if seen[count] {
				t.Errorf("count %s was used twice", count)
			}
			seen[count] = true
		})
	}
	group.Wait()
	if len(seen) != 20 || !seen["00000002"] || !seen["00000015"] {
		t.Errorf("counts %v", seen)
	}
}
