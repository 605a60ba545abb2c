package element_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

func TestParseProxy(t *testing.T) {
	for _, tt := range []struct {
		in     string
		want   element.Proxy
		masked string
	}{
		{"http://proxy:3128", element.Proxy{URL: "http://proxy:3128"}, "http://proxy:3128"},
		{"proxy:3128", element.Proxy{URL: "http://proxy:3128"}, "proxy:3128"},
		{" https://proxy/ ", element.Proxy{URL: "https://proxy"}, " https://proxy/ "},
		{"SOCKS5://[::1]:1080", element.Proxy{URL: "socks5://[::1]:1080"}, "SOCKS5://[::1]:1080"},
		{"http://ruth@proxy:1", element.Proxy{URL: "http://proxy:1", User: "ruth"}, "http://ruth@proxy:1"},
		{"http://ruth:p%40ss@proxy:1", element.Proxy{URL: "http://proxy:1", User: "ruth", Password: "p@ss"}, "http://ruth:•••@proxy:1"},
		{"ruth:pass@proxy:1", element.Proxy{URL: "http://proxy:1", User: "ruth", Password: "pass"}, "http://ruth:•••@proxy:1"},
	} {
		got, err := element.ParseProxy(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("%q: %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
		if masked := element.MaskProxy(tt.in); masked != tt.masked {
			t.Errorf("%q is shown as %q, want %q", tt.in, masked, tt.masked)
		}
	}
}

// TestRefusedProxies: whatever is wrong, the sentence does not hold the login.
func TestRefusedProxies(t *testing.T) {
	for _, in := range []string{
		"ftp://ruth:hunter22@proxy:1", "http://ruth:hunter22@", "http://ruth:hunter22@proxy:0", "http://ruth:hunter22@proxy:x",
		"http://ruth:hunter22@proxy:1/path", "http://ruth:hunter22@proxy:1?q", "http://ruth:hunter22@pro xy:1", "http://ruth:hunter22%zz@proxy:1",
	} {
		_, err := element.ParseProxy(in)
		if element.CodeOf(err) != element.Invalid || strings.Contains(err.Error(), "hunter22") || strings.Contains(err.Error(), "ruth") {
			t.Errorf("%q: %v", in, err)
		}
		if masked := element.MaskProxy(in); strings.Contains(masked, "hunter22") {
			t.Errorf("%q is shown as %q", in, masked)
		}
	}
}

// TestMaskedProxyIsTheOneThereIs: a form posts back what it was drawn with.
func TestMaskedProxyIsTheOneThereIs(t *testing.T) {
	base := element.Config{
		Name: "Cam", Connector: "Generic", Version: "1", Reconnect: element.Manual,
		Connections: []element.ConnectionConfig{{ID: 1, Host: "10.0.0.1", TimeoutMs: 1500, Proxy: "http://ruth:hunter22@proxy:1"}},
	}
	if shown := base.Masked().Connections[0].Proxy; shown != "http://ruth:•••@proxy:1" || base.Connections[0].Proxy == shown {
		t.Fatalf("shown as %q, kept as %q", shown, base.Connections[0].Proxy)
	}
	for _, tt := range []struct{ wish, want, field string }{
		{"http://ruth:•••@proxy:1", "http://ruth:hunter22@proxy:1", ""},
		{"http://ruth:other@proxy:1", "http://ruth:other@proxy:1", ""},
		{"", "", ""},
		{"http://ruth:•••@elsewhere:1", "", "connections[0].proxy"},
		{"http://ruth:%E2%80%A2%E2%80%A2%E2%80%A2@elsewhere:1", "", "connections[0].proxy"},
	} {
		c, err := element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Proxy: &tt.wish}}}.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		err = c.Validate()
		if e, ok := errors.AsType[*element.Error](err); ok != (tt.field != "") || ok && e.Field != tt.field {
			t.Errorf("%q: %v", tt.wish, err)
		}
		if err == nil && c.Connections[0].Proxy != tt.want {
			t.Errorf("%q is kept as %q", tt.wish, c.Connections[0].Proxy)
		}
	}
}

// TestMaskedTokenIsTheOneThereIs: a token in an address is not shown, and what
// is posted back as it was drawn changes nothing.
func TestMaskedTokenIsTheOneThereIs(t *testing.T) {
	const kept = "wss://10.0.0.1/ws?channel=4&access_token=hunter22"
	base := element.Config{
		Name: "Cam", Connector: "Generic", Version: "1", Reconnect: element.Manual,
		Connections: []element.ConnectionConfig{{ID: 1, Host: kept, TimeoutMs: 1500}},
	}
	shown := base.Masked().Connections[0].Host
	if shown != "wss://10.0.0.1/ws?channel=4&access_token=•••" || base.Connections[0].Host != kept {
		t.Fatalf("shown as %q, kept as %q", shown, base.Connections[0].Host)
	}
	for _, tt := range []struct{ wish, want, field string }{
		{shown, kept, ""},
		{" " + shown, kept, ""},
		{"10.0.0.2", "10.0.0.2", ""},
		{"wss://10.0.0.1/ws?access_token=other", "wss://10.0.0.1/ws?access_token=other", ""},
		{"wss://10.0.0.2/ws?channel=4&access_token=•••", "", "connections[0].host"},
	} {
		c, err := element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Host: &tt.wish}}}.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		err = c.Validate()
		if e, ok := errors.AsType[*element.Error](err); ok != (tt.field != "") || ok && e.Field != tt.field {
			t.Errorf("%q: %v", tt.wish, err)
		}
		if err == nil && c.Connections[0].Host != tt.want {
			t.Errorf("%q is kept as %q", tt.wish, c.Connections[0].Host)
		}
	}
}

// TestOldSettings: a database of an older program has none of the newer
// fields; what is absent is the default.
func TestOldSettings(t *testing.T) {
	var c element.ConnectionConfig
	if err := json.Unmarshal([]byte(`{"id":1,"host":"h","port":80,"busAddress":"","timeoutMs":1500,"retries":3,"skipVerify":false}`), &c); err != nil {
		t.Fatal(err)
	}
	if c.PingEvery() != 30*time.Second {
		t.Errorf("pings every %s", c.PingEvery())
	}
	c.PingMs = new(0)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back element.ConnectionConfig
	if err := json.Unmarshal(b, &back); err != nil || back.PingEvery() != 0 {
		t.Errorf("%s comes back with pings every %s, %v", b, back.PingEvery(), err)
	}
	if diff := cmp.Diff(c, back); diff != "" {
		t.Errorf("(-kept +read):\n%s", diff)
	}
}

func TestReachSettings(t *testing.T) {
	print64 := strings.Repeat("aB", 32)
	for _, tt := range []struct {
		name  string
		with  element.ConnectionConfig
		field string // "" when it is fine
	}{
		{"nothing", element.ConnectionConfig{}, ""},
		{"no pings", element.ConnectionConfig{PingMs: new(0)}, ""},
		{"often", element.ConnectionConfig{PingMs: new(1000)}, ""},
		{"seldom", element.ConnectionConfig{PingMs: new(300_000)}, ""},
		{"too often", element.ConnectionConfig{PingMs: new(999)}, "pingMs"},
		{"too seldom", element.ConnectionConfig{PingMs: new(300_001)}, "pingMs"},
		{"negative", element.ConnectionConfig{PingMs: new(-1)}, "pingMs"},
		{"proxy", element.ConnectionConfig{Proxy: "socks5://p:1080"}, ""},
		{"no proxy", element.ConnectionConfig{Proxy: "gopher://p"}, "proxy"},
		{"long proxy", element.ConnectionConfig{Proxy: "http://" + strings.Repeat("p", 3000)}, "proxy"},
		{"name", element.ConnectionConfig{TLS: element.TLS{ServerName: "device.lan"}}, ""},
		{"address as name", element.ConnectionConfig{TLS: element.TLS{ServerName: "fe80::1"}}, ""},
		{"no name", element.ConnectionConfig{TLS: element.TLS{ServerName: "a b"}}, "serverName"},
		{"name with port", element.ConnectionConfig{TLS: element.TLS{ServerName: "device:443"}}, "serverName"},
		{"fingerprint", element.ConnectionConfig{TLS: element.TLS{Fingerprint: print64}}, ""},
		{"with colons", element.ConnectionConfig{TLS: element.TLS{Fingerprint: strings.Trim(strings.Repeat("aB:", 32), ":")}}, ""},
		{"short fingerprint", element.ConnectionConfig{TLS: element.TLS{Fingerprint: print64[2:]}}, "fingerprint"},
		{"no hex", element.ConnectionConfig{TLS: element.TLS{Fingerprint: "x" + print64[1:]}}, "fingerprint"},
		{"files", element.ConnectionConfig{TLS: element.TLS{CAFile: "ca.pem", CertFile: "us.pem", KeyFile: "us.key"}}, ""},
		{"key in the certificate's file", element.ConnectionConfig{TLS: element.TLS{CertFile: "us.pem"}}, ""},
		{"key alone", element.ConnectionConfig{TLS: element.TLS{KeyFile: "us.key"}}, "certFile"},
		{"up", element.ConnectionConfig{TLS: element.TLS{CAFile: "../ca.pem"}}, "caFile"},
		{"parent", element.ConnectionConfig{TLS: element.TLS{CAFile: ".."}}, "caFile"},
		{"absolute", element.ConnectionConfig{TLS: element.TLS{CertFile: "/etc/passwd"}}, "certFile"},
		{"of Windows", element.ConnectionConfig{TLS: element.TLS{CertFile: `C:us.pem`}}, "certFile"},
		{"backslash", element.ConnectionConfig{TLS: element.TLS{CertFile: "us.pem", KeyFile: `a\b`}}, "keyFile"},
		{"control character", element.ConnectionConfig{TLS: element.TLS{CAFile: "a\x00b"}}, "caFile"},
		{"long name", element.ConnectionConfig{TLS: element.TLS{CAFile: strings.Repeat("a", 256)}}, "caFile"},
	} {
		c := element.Config{Name: "Cam", Connector: "Generic", Version: "1", Reconnect: element.Manual}
		tt.with.Host, tt.with.TimeoutMs = "10.0.0.1", 1500
		c.Connections = []element.ConnectionConfig{tt.with}
		err := c.Validate()
		e, refused := errors.AsType[*element.Error](err)
		switch {
		case refused != (tt.field != ""):
			t.Errorf("%s: %v", tt.name, err)
		case refused && (e.Field != "connections[0]."+tt.field || e.Code != element.Invalid):
			t.Errorf("%s: %v names %s", tt.name, err, e.Field)
		}
	}
}
