package link_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/link"
)

// TestComposeIsWhatDialSends: but for the key, which is new each time.
func TestComposeIsWhatDialSends(t *testing.T) {
	key := regexp.MustCompile(`Sec-WebSocket-Key: \S+`)
	cfg := config(listen(t, func(p *peer) { p.open(); p.expectClose(1000) }))
	cfg.Path = "/x-nmos/events/ws?access_token=secret99"
	cfg.Headers = []link.Header{{Name: "sec-websocket-extensions", Value: "permessage-deflate"}, {Name: "Cookie", Value: "session=secret88"}}
	cfg.HasLogin, cfg.User, cfg.Password = true, "anna", "hunter22"
	composed, f := link.Compose(cfg)
	if f != nil {
		t.Fatal(f)
	}
	s, a := dial(t, cfg)
	s.Close(1000, "", patience)
	if got, want := key.ReplaceAllString(composed.Request, "key"), key.ReplaceAllString(a.Record.Request, "key"); got != want {
		t.Errorf("composed:\n%s\ndialled:\n%s", got, want)
	}
	for _, secret := range []string{"secret99", "secret88", "hunter22", "YW5uYTpodW50ZXIyMg=="} {
		if strings.Contains(composed.Request, secret) {
			t.Errorf("%s is shown:\n%s", secret, composed.Request)
		}
	}
	if composed.Response != "" || composed.Status != 0 || composed.At.IsZero() {
		t.Errorf("composed %+v", composed)
	}
}

// TestComposeSaysWhyNot: what Dial would refuse before it reaches the network.
func TestComposeSaysWhyNot(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for _, tt := range []struct {
		name   string
		spoil  func(*link.Config)
		want   string
		shown  bool // the request could be written all the same
		scheme string
	}{
		{"path", func(c *link.Config) { c.Path = "/a b" }, "address invalid-path", false, "ws"},
		{"header", func(c *link.Config) { c.Headers = []link.Header{{Name: "X", Value: "a\r\nb"}} }, "header invalid-header", false, "ws"},
		{"host", func(c *link.Config) { c.Host = "gerät\u200e" }, "address invalid-host", true, "ws"},
		{"proxy", func(c *link.Config) { c.Proxy.URL = "gopher://p" }, "proxy settings", true, "ws"},
		{"authorities", func(c *link.Config) { c.TLS.CAFile = missing }, "tls settings", true, "wss"},
		{"fingerprint", func(c *link.Config) { c.TLS.Fingerprint = "zz" }, "tls settings", true, "wss"},
		{"no TLS, no files", func(c *link.Config) { c.TLS.CAFile = missing }, "", true, "ws"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := link.Config{Destination: element.Destination{Scheme: tt.scheme, Host: "127.0.0.1", Port: 9, Path: "/", Proxy: link.Proxy{Bypass: true}}}
			tt.spoil(&cfg)
			h, f := link.Compose(cfg)
			got := ""
			if f != nil {
				got = f.Phase + " " + f.Code
				if h.Error == nil || h.Error.Message != f.Message {
					t.Errorf("the record says %+v", h.Error)
				}
			}
			if got != tt.want || (h.Request != "") != tt.shown {
				t.Errorf("%q with request %q, want %q", got, h.Request, tt.want)
			}
		})
	}
}

func TestVia(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://ruth:hunter22@environment:3128")
	t.Setenv("NO_PROXY", "")
	for _, tt := range []struct {
		name  string
		host  string
		proxy link.Proxy
		want  string
	}{
		{"of the session", "device", link.Proxy{URL: "socks5://p:1080", User: "anna", Password: "hunter22"}, "socks5://anna:•••@p:1080"},
		{"wins over bypass", "device", link.Proxy{Bypass: true, URL: "p:1"}, "http://p:1"},
		{"bypass", "device", link.Proxy{Bypass: true}, ""},
		{"of the environment", "device", link.Proxy{}, "http://ruth:•••@environment:3128"},
		{"loopback needs none", "127.0.0.1", link.Proxy{}, ""},
		{"unusable", "device", link.Proxy{URL: "gopher://p"}, ""},
	} {
		if got := link.Via(link.Config{Destination: element.Destination{Scheme: "ws", Host: tt.host, Port: 80, Path: "/", Proxy: tt.proxy}}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
