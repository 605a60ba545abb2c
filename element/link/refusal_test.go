package link_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// TestRefusals: what a device may answer and what is said of it.
func TestRefusals(t *testing.T) {
	const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	tests := []struct {
		name    string
		answer  string // ACCEPT is replaced
		code    string
		message string // contains
		body    string
	}{
		{"not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno such", "http-status", "404 Not Found", "no such"},
		{"forbidden, chunked", "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "http-status", "403 Forbidden", "abc"},
		{"body to the end", "HTTP/1.0 500 Oops\r\n\r\nbroken", "http-status", "500 Oops", "broken"},
		{"no reason", "HTTP/1.1 404\r\n\r\n", "http-status", "404 Not Found", ""},
		{"login wanted", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"x\", Basic realm=\"y\"\r\n\r\n", "login", "asks for Bearer or Basic", ""},
		{"redirect", "HTTP/1.1 302 Found\r\nLocation: https://other.example/ws?token=abcdef\r\n\r\n", "redirect", "wss://other.example/ws?token=•••", ""},
		{"busy", "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n\r\n", "http-status", "wait 7 s", ""},
		{"a web page", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "not-websocket", "200 OK", "hi"},
		{"version", "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8\r\n\r\n", "http-status", "version 8", ""},
		{"early hints first", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n", "http-status", "404", ""},
		{"not HTTP", "SSH-2.0-OpenSSH_9\r\n", "not-http", "SSH-2.0", ""},
		{"TLS alert", "\x15\x03\x01\x00\x02\x02\x50", "not-http", "wss://", ""},
		{"hang up", "", "hung-up", "closed the connection instead of answering", ""},
		{"half a head", "HTTP/1.1 101 Switch", "hung-up", "closed the connection", ""},
		{"endless head", "HTTP/1.1 101 x\r\n" + strings.Repeat("A: "+strings.Repeat("b", 1000)+"\r\n", 70), "head-too-large", "head of more than", ""},
		{"endless line", "HTTP/1.1 101 " + strings.Repeat("b", 70_000), "head-too-large", "head of more than", ""},
		{"no header line", "HTTP/1.1 101 x\r\nno colon here\r\n\r\n", "not-http", "does not speak HTTP", ""},
		{"no upgrade", "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n", "not-websocket", "Upgrade: websocket", ""},
		{"no accept", upgrade + "\r\n", "wrong-accept", "without Sec-WebSocket-Accept", ""},
		{"wrong accept", upgrade + "Sec-WebSocket-Accept: AAAA\r\n\r\n", "wrong-accept", "wrong Sec-WebSocket-Accept", ""},
		{"another subprotocol", upgrade + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: chat\r\n\r\n", "subprotocol", "\"chat\"", ""},
		{"unknown extension", upgrade + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: x-other\r\n\r\n", "extension", "x-other", ""},
		{"window bits out of range", upgrade + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16\r\n\r\n", "extension", "8 to 15", ""},
		{"unreadable extension", upgrade + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: ;\r\n\r\n", "extension", "cannot be read", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := listen(t, func(p *peer) {
				p.readHead()
				p.write(strings.ReplaceAll(tt.answer, "ACCEPT", p.accept()))
				_ = p.conn.(*net.TCPConn).CloseWrite()
				_, _ = p.readFrame() // until the client hangs up
			})
			s, a := link.Dial(context.Background(), config(l, offer, link.Header{Name: "Sec-WebSocket-Protocol", Value: "mqtt"}))
			f := a.Failure
			if s != nil || f == nil {
				t.Fatalf("opened: %+v", a)
			}
			if f.Phase != "http" || f.Code != tt.code || !strings.Contains(f.Message, tt.message) {
				t.Errorf("failure = %s %s: %s; want http %s with %q", f.Phase, f.Code, f.Message, tt.code, tt.message)
			}
			if a.Body != tt.body || a.Record.Body != tt.body {
				t.Errorf("body = %q, recorded %q, want %q", a.Body, a.Record.Body, tt.body)
			}
			if a.Record.Error == nil || a.Record.Error.Message != f.Message {
				t.Errorf("record = %+v", a.Record)
			}
			if strings.Contains(f.Message, "abcdef") {
				t.Error("the sentence holds a token")
			}
		})
	}
}

func TestRetryAfterAndLoginRefused(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.readHead()
		if p.field("Authorization") == "Basic dTpw" {
			p.write("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
			return
		}
		p.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: " + time.Now().Add(time.Hour).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") + "\r\n\r\n")
	})
	_, a := link.Dial(context.Background(), config(l))
	if d := a.Failure.RetryAfter; d < 59*time.Minute || d > time.Hour || a.Failure.LoginRefused {
		t.Errorf("RetryAfter = %v, %+v", d, a.Failure)
	}
	cfg := config(l)
	cfg.HasLogin, cfg.User, cfg.Password = true, "u", "p"
	if _, a = link.Dial(context.Background(), cfg); !a.Failure.LoginRefused || !strings.Contains(a.Failure.Message, "401") {
		t.Errorf("failure = %+v", a.Failure)
	}
}

func TestNothingIsDialled(t *testing.T) {
	l := listen(t, func(*peer) { t.Error("dialled") })
	tests := []struct {
		name string
		edit func(*link.Config)
		code string
	}{
		{"CR LF in a header", func(c *link.Config) { c.Headers = []link.Header{{Name: "X", Value: "a\r\nEvil: b"}} }, "invalid-header"},
		{"NUL in a header", func(c *link.Config) { c.Headers = []link.Header{{Name: "X", Value: "\x00"}} }, "invalid-header"},
		{"a header's name", func(c *link.Config) { c.Headers = []link.Header{{Name: "X Y", Value: "a"}} }, "invalid-header"},
		{"no header's name", func(c *link.Config) { c.Headers = []link.Header{{Name: "", Value: "a"}} }, "invalid-header"},
		{"two hosts", func(c *link.Config) {
			c.Headers = []link.Header{{Name: "Host", Value: "a"}, {Name: "host", Value: "b"}}
		}, "invalid-header"},
		{"CR LF in the path", func(c *link.Config) { c.Path = "/a\r\nX: y" }, "invalid-path"},
		{"space in the path", func(c *link.Config) { c.Path = "/a b" }, "invalid-path"},
		{"no slash", func(c *link.Config) { c.Path = "a" }, "invalid-path"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(l)
			tt.edit(&cfg)
			s, a := link.Dial(context.Background(), cfg)
			if s != nil || a.Failure == nil || a.Failure.Code != tt.code {
				t.Errorf("failure = %+v, want %s", a.Failure, tt.code)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	refused := config(l)
	_, a := link.Dial(context.Background(), refused)
	if a.Failure.Phase != "tcp" || a.Failure.Code != "refused" {
		t.Errorf("failure = %+v", a.Failure)
	}
	if _, ok := a.Record.PhasesMs["tcp"]; !ok || a.Record.Request != "" {
		t.Errorf("record = %+v", a.Record)
	}
	unknown := refused
	unknown.Host = "device.invalid"
	if _, a = link.Dial(context.Background(), unknown); a.Failure.Phase != "dns" {
		t.Errorf("failure = %+v", a.Failure)
	}

	release := make(chan struct{})
	silent := listen(t, func(*peer) { <-release })
	t.Cleanup(func() { close(release) }) // before the listener waits
	cfg := config(silent)
	cfg.Timeout = 30 * time.Millisecond
	if _, a = link.Dial(context.Background(), cfg); a.Failure.Phase != "http" || a.Failure.Code != "silent" {
		t.Errorf("failure = %+v", a.Failure)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, a = link.Dial(ctx, config(silent)); a.Failure == nil || a.Failure.Code != "canceled" {
		t.Errorf("failure = %+v", a.Failure)
	}
}

func TestRecordHidesSecrets(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.readHead()
		p.write("HTTP/1.1 403 Forbidden\r\nSet-Cookie: sid=verysecret; Path=/\r\nX-Echo: token-4711\r\nContent-Length: 10\r\n\r\ntoken-4711")
	})
	cfg := config(l,
		link.Header{Name: "Authorization", Value: "Bearer verysecret"}, link.Header{Name: "cookie", Value: "sid=verysecret; b=verysecret"},
		link.Header{Name: "X-Api-Key", Value: "verysecret"}, link.Header{Name: "X-Other", Value: "token-4711"},
		link.Header{Name: "Referer", Value: "http://h/#access_token=verysecret"})
	cfg.Path = "/ws?access_token=verysecret&plain=1&sig=verysecret"
	cfg.Secrets = []string{"token-4711"}
	_, a := link.Dial(context.Background(), cfg)
	all := a.Record.Request + a.Record.Response + a.Record.Body + a.Failure.Message
	if strings.Contains(all, "verysecret") || strings.Contains(all, "token-4711") {
		t.Errorf("a secret is in the record:\n%s", all)
	}
	for _, want := range []string{
		"GET /ws?access_token=•••&plain=1&sig=••• HTTP/1.1\r\n", "Authorization: Bearer •••\r\n", "cookie: sid=•••\r\n",
		"X-Api-Key: •••\r\n", "X-Other: •••\r\n", "Referer: http://h/#access_token=•••\r\n", "Set-Cookie: sid=•••\r\n",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the record lacks %q:\n%s", want, all)
		}
	}
	if a.Body != "token-4711" {
		t.Errorf("the connector gets %q", a.Body)
	}
}

func TestEndSaysClosedAtOnce(t *testing.T) {
	l := listen(t, func(p *peer) {
		p.open()
		p.write(closeFrame(1008, "no login"))
		p.expectClose(1008)
	})
	s, _ := dial(t, config(l))
	_, err := s.Read()
	if err == nil || !strings.Contains(err.Error(), "(1008: no login) at once") {
		t.Errorf("end = %v", err)
	}
}
