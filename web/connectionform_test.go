package web

import (
	"net/url"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"github.com/google/go-cmp/cmp"
)

// TestSettingsOfAConnection: the form's further fields are kept, shown again and
// refused by name; a proxy's password comes back masked and stays what it was.
func TestSettingsOfAConnection(t *testing.T) {
	s := newSite(t, func(o *Options) { o.TLSFolder = "/data/tls" }).withElement(t)
	post := func(change map[string]string) (int, string) {
		form := url.Values{"name": {"Lab"}, "c1.host": {"127.0.0.1:8050"}, "c1.proxy": {""}}
		if change["proxy"] == "" {
			form.Set("c1.proxy", element.MaskProxy(s.service.configs["e1"].Connections[0].Proxy))
		}
		for name, value := range change {
			form.Set("c1."+name, value)
		}
		w := s.ask(t, "POST", "/elements/e1/edit", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		return w.Code, w.Body.String()
	}
	fingerprint := strings.Repeat("0a:", 31) + "0a"
	status, body := post(map[string]string{
		"pingMs": " 5000", "proxy": "http://ruth:hunter22@proxy:3128", "serverName": "device.lan", "fingerprint": fingerprint,
		"caFile": "ca.pem", "certFile": "us.pem", "keyFile": "us.key", "slowAfter": "4", "slowPingMs": "7000",
		"retryMs": "500", "retryMaxMs": "20000", "stopCodes": "4003, 4001;4003", "commandWaitMs": "0", "keepCookies": "true", "minTLS": "1.0", "oldCiphers": "true",
	})
	if status != 303 {
		t.Fatalf("%d %s", status, body)
	}
	want := element.ConnectionConfig{
		ID: 1, Host: "127.0.0.1:8050", TimeoutMs: 1500, Retries: 3, PingMs: new(5000), SlowAfter: new(4), SlowPingMs: new(7000), Proxy: "http://ruth:hunter22@proxy:3128",
		RetryMs: new(500), RetryMaxMs: new(20000), StopCodes: []int{4001, 4003}, CommandWaitMs: new(0), KeepCookies: true,
		TLS: element.TLS{
			ServerName: "device.lan", Fingerprint: fingerprint, MinVersion: "1.0", OldCiphers: true,
			CAFile: "ca.pem", CertFile: "us.pem", KeyFile: "us.key",
		},
	}
	if diff := cmp.Diff(want, s.service.configs["e1"].Connections[0]); diff != "" {
		t.Fatalf("kept (-want +got):\n%s", diff)
	}

	shown := s.ask(t, "GET", "/elements/e1/edit", "").Body.String()
	for _, part := range []string{`value="5000"`, `value="7000"`, `value="http://ruth:•••@proxy:3128"`, `value="` + fingerprint + `"`, `value="us.key"`, `value="4001, 4003"`, `<option value="1.0" selected>`, "/data/tls"} {
		if !strings.Contains(shown, part) {
			t.Errorf("%s is not in the form", part)
		}
	}
	if strings.Contains(shown, "hunter22") {
		t.Error("the form shows the proxy's password")
	}

	if status, body := post(map[string]string{"proxy": "http://ruth:•••@proxy:3128", "keyFile": ""}); status != 303 {
		t.Fatalf("%d %s", status, body)
	}
	if c := s.service.configs["e1"].Connections[0]; c.OldCiphers || c.KeepCookies || c.MinVersion != "1.0" || c.Proxy != want.Proxy || c.KeyFile != "" || *c.PingMs != 5000 {
		t.Errorf("after a change of another field: %+v", c)
	}

	for field, value := range map[string]string{
		"pingMs": "10", "slowAfter": "501", "slowAfterMs": "10", "slowPingMs": "0", "proxy": "http://ruth:•••@elsewhere:1", "serverName": "a b", "fingerprint": "abc",
		"retryMs": "99", "retryMaxMs": "x", "stopCodes": "4001 abc", "commandWaitMs": "-1", "minTLS": "2",
		"caFile": "../ca.pem", "certFile": "/us.pem", "keyFile": `a\b`,
	} {
		status, body := post(map[string]string{field: value})
		at := views.ConnectionField(1, field)
		if status != 422 || !strings.Contains(body, `id="`+at+`-error"`) || !strings.Contains(body, `<details class="more" open>`) {
			t.Errorf("%s %q: %d, and the field has no error in an open block", field, value, status)
		}
		if field != "proxy" && strings.Contains(body, `id="c1.proxy-error"`) {
			t.Errorf("%s %q: the proxy that was left alone is refused", field, value)
		}
	}
}

func TestSettingsOfAConnectionByAPI(t *testing.T) {
	s := newSite(t).withElement(t)
	w := s.ask(t, "PATCH", "/api/v1/elements/e1", `{"connections":[{"id":1,"pingMs":0,"slowAfterMs":2000,"caFile":"ca.pem"}]}`)
	if c := s.service.configs["e1"].Connections[0]; w.Code != 200 || c.PingMs == nil || *c.PingMs != 0 || c.SlowAfterMs == nil || *c.SlowAfterMs != 2000 || c.CAFile != "ca.pem" {
		t.Errorf("%d %+v", w.Code, c)
	}
	w = s.ask(t, "PATCH", "/api/v1/elements/e1", `{"connections":[{"id":1,"fingerprint":"abc"}]}`)
	if p := decoded[problem](t, w.Body); w.Code != 422 || p.Field != "connections[0].fingerprint" {
		t.Errorf("%d %+v", w.Code, p)
	}
	w = s.ask(t, "PATCH", "/api/v1/elements/e1", `{"connections":[{"id":1,"stopCodes":[4001,999],"retryMaxMs":50}]}`)
	if p := decoded[problem](t, w.Body); w.Code != 422 || p.Field != "connections[0].retryMaxMs" {
		t.Errorf("%d %+v", w.Code, p)
	}
	w = s.ask(t, "PATCH", "/api/v1/elements/e1", `{"connections":[{"id":1,"pingMs":"5000"}]}`)
	if p := decoded[problem](t, w.Body); w.Code != 400 || p.Field != "connections.pingMs" && p.Field != "connections[0].pingMs" {
		t.Errorf("%d %+v", w.Code, p)
	}
}
