package link_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// oldIdentity is a self-signed RSA certificate as old devices have it: made out
// to a common name only unless names are given.
func oldIdentity(t *testing.T, common string, names ...string) (pair tls.Certificate, caFile string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: common}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	if len(names) > 0 {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, caFile
}

// follow changes the settings as the sentence of a failure says.
func follow(t *testing.T, settings *element.TLS, f *link.Failure) {
	t.Helper()
	before := *settings
	if m := regexp.MustCompile(`oldest TLS version to (\d\.\d)`).FindStringSubmatch(f.Message); m != nil {
		settings.MinVersion = m[1]
	}
	if m := regexp.MustCompile(`Set "([^"]+)" as the server name`).FindStringSubmatch(f.Message); m != nil {
		settings.ServerName = m[1]
	}
	settings.OldCiphers = settings.OldCiphers || strings.Contains(f.Message, "llow old ciphers")
	settings.CommonName = settings.CommonName || strings.Contains(f.Message, "llow the common name")
	if *settings == before {
		t.Fatalf("%s/%s advises nothing: %s", f.Phase, f.Code, f.Message)
	}
}

// TestOldTLS: devices that speak old TLS are refused with the cause, and what it
// advises opens them, over WebSocket and HTTP.
// dialers reach a device in the two ways, by scheme.
func dialers(t *testing.T) map[string]func(cfg link.Config) *link.Failure {
	return map[string]func(cfg link.Config) *link.Failure{
		"wss": func(cfg link.Config) *link.Failure {
			s, a := link.Dial(t.Context(), cfg)
			if s != nil {
				s.Close(1000, "", 0)
			}
			return a.Failure
		},
		"https": func(cfg link.Config) *link.Failure {
			var w link.HTTPConn
			defer w.Close()
			return w.Exchange(t.Context(), link.Request{Config: cfg}).Failure
		},
	}
}

// followAdvice dials a device, changes what each failure advises, and returns
// the codes of the failures, with the last one when it does not end.
func followAdvice(t *testing.T, scheme string, server *tls.Config, start element.TLS, ca string) (codes []string, f *link.Failure) {
	t.Helper()
	l := listenTLS(t, server, func(p *peer) {
		if scheme == "wss" {
			p.open()
			_, _ = p.readFrame()
			return
		}
		p.readHead()
		p.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	cfg := config(l)
	cfg.Scheme, cfg.TLS = scheme, start
	cfg.TLS.CAFile = ca
	try := dialers(t)[scheme]
	for f = try(cfg); f != nil && len(codes) < 4; f = try(cfg) {
		if f.Phase != "tls" {
			t.Fatalf("%s: %s/%s: %s", scheme, f.Phase, f.Code, f.Message)
		}
		codes = append(codes, f.Code)
		follow(t, &cfg.TLS, f)
	}
	return codes, f
}

func TestOldTLS(t *testing.T) {
	modern, modernCA := oldIdentity(t, "device", "localhost")
	named, namedCA := oldIdentity(t, "127.0.0.1")
	foreign, foreignCA := oldIdentity(t, "camera-7.example")
	wild, wildCA := oldIdentity(t, "*.cameras.example")
	const rsaAES, rsaDES = tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA
	for _, tt := range []struct {
		name   string
		cert   tls.Certificate
		ca     string
		server *tls.Config
		start  element.TLS
		codes  string // of the failures, in order
	}{
		{"modern", modern, modernCA, &tls.Config{}, element.TLS{}, ""},
		{"RSA key exchange, TLS 1.2", modern, modernCA, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{rsaAES}}, element.TLS{}, "no-cipher"},
		{"RSA with GCM, TLS 1.2", modern, modernCA, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_256_GCM_SHA384}}, element.TLS{}, "no-cipher"},
		{"RC4", modern, modernCA, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}, element.TLS{}, "no-cipher"},
		{"TLS 1.1", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, element.TLS{}, "old-version"},
		{"TLS 1.0", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, element.TLS{}, "old-version"},
		{"TLS 1.0 where 1.1 is allowed", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, element.TLS{MinVersion: "1.1"}, "old-version"},
		{"TLS 1.2 where only 1.3 is allowed", modern, modernCA, &tls.Config{MaxVersion: tls.VersionTLS12}, element.TLS{MinVersion: "1.3"}, "old-version"},
		{"TLS 1.0 with RSA and 3DES", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{rsaDES}}, element.TLS{}, "old-version"},
		{"TLS 1.0 allowed, RSA and 3DES", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{rsaDES}}, element.TLS{MinVersion: "1.0"}, "no-cipher"},
		{"old ciphers allowed, TLS 1.1", modern, modernCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11, CipherSuites: []uint16{rsaAES}}, element.TLS{OldCiphers: true}, "old-version"},
		{"common name only", named, namedCA, &tls.Config{}, element.TLS{}, "common-name"},
		{"common name of another host", foreign, foreignCA, &tls.Config{}, element.TLS{}, "wrong-name"},
		{"common name with a wildcard", wild, wildCA, &tls.Config{}, element.TLS{}, "wrong-name"},
		{"all of it", foreign, foreignCA, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{rsaDES}}, element.TLS{}, "old-version wrong-name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := tt.server.Clone()
			server.Certificates = []tls.Certificate{tt.cert}
			for scheme := range dialers(t) {
				codes, f := followAdvice(t, scheme, server, tt.start, tt.ca)
				if got := strings.Join(codes, " "); got != tt.codes || f != nil {
					t.Errorf("%s: failed with %q, want %q; at the end %v", scheme, got, tt.codes, f)
				}
			}
		})
	}
}

// TestOldTLSThroughAProxy: the cause is found on the way that the connection
// takes.
func TestOldTLSThroughAProxy(t *testing.T) {
	pair, ca := oldIdentity(t, "device", "localhost")
	device := listenTLS(t, &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA},
	}, echoOnce)
	proxy := listen(t, connectProxy)
	cfg := config(device)
	cfg.Scheme, cfg.TLS.CAFile = "wss", ca
	cfg.Proxy = link.Proxy{URL: "http://" + proxy.Addr().String(), User: "u", Password: "secret"}
	_, a := link.Dial(t.Context(), cfg)
	if a.Failure == nil || a.Failure.Code != "old-version" {
		t.Fatalf("%+v", a.Failure)
	}
	follow(t, &cfg.TLS, a.Failure)
	s, a := link.Dial(t.Context(), cfg)
	if a.Failure != nil {
		t.Fatalf("%+v", a.Failure)
	}
	s.Close(1000, "", 0)
}

// TestTLSRefusedForOtherReasons: what no setting of versions or ciphers mends is
// not blamed on them, and a setting lets through nothing but what it says.
func TestTLSRefusedForOtherReasons(t *testing.T) {
	modern, modernCA := oldIdentity(t, "device", "localhost")
	named, namedCA := oldIdentity(t, "127.0.0.1")
	foreign, foreignCA := oldIdentity(t, "camera-7.example")
	nameless, namelessCA := oldIdentity(t, "")
	for _, tt := range []struct {
		name string
		cert tls.Certificate
		auth tls.ClientAuthType
		max  uint16
		tls  element.TLS
		code string
		says string
	}{
		{"a client certificate is wanted, TLS 1.2", modern, tls.RequireAnyClientCert, tls.VersionTLS12, element.TLS{CAFile: modernCA}, "handshake", "It may want a client certificate"},
		{"common name of nobody we know", named, tls.NoClientCert, 0, element.TLS{CommonName: true}, "unknown-authority", ""},
		{"common name of another host", foreign, tls.NoClientCert, 0, element.TLS{CommonName: true, CAFile: foreignCA}, "wrong-name", "Set \"camera-7.example\" as the server name"},
		{"common name does not count beside others", modern, tls.NoClientCert, 0, element.TLS{CommonName: true, CAFile: modernCA, ServerName: "device"}, "wrong-name", "made out to localhost"},
		{"no name at all", nameless, tls.NoClientCert, 0, element.TLS{CAFile: namelessCA}, "wrong-name", "to no name. Pin the fingerprint"},
		{"common name, another authority", named, tls.NoClientCert, 0, element.TLS{CommonName: true, CAFile: modernCA}, "unknown-authority", ""},
		{"common name, allowed", named, tls.NoClientCert, 0, element.TLS{CommonName: true, CAFile: namedCA}, "", ""},
		{"alternative name, common name allowed", modern, tls.NoClientCert, 0, element.TLS{CommonName: true, CAFile: modernCA}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{tt.cert}, ClientAuth: tt.auth, MaxVersion: tt.max}, echoOnce)
			cfg := config(l)
			cfg.Scheme, cfg.TLS = "wss", tt.tls
			s, a := link.Dial(t.Context(), cfg)
			if s != nil {
				s.Close(1000, "", 0)
			}
			if got := codeOf(a.Failure); got != tt.code {
				t.Errorf("%+v, want %q", a.Failure, tt.code)
			}
			if a.Failure != nil && !strings.Contains(a.Failure.Message, tt.says) {
				t.Errorf("%s; want %q in it", a.Failure.Message, tt.says)
			}
		})
	}
}

func codeOf(f *link.Failure) string {
	if f == nil {
		return ""
	}
	return f.Code
}

// TestNothingInCommon: where even everything that is known is refused, nothing
// is advised.
func TestNothingInCommon(t *testing.T) {
	const want = "no cipher or key exchange in common"
	alert := []byte{0x15, 3, 3, 0, 2, 2, 40} // fatal handshake_failure (RFC 8446 §6)
	l := listen(t, func(p *peer) {
		_, _ = io.ReadFull(p.conn, make([]byte, 5))
		_, _ = p.conn.Write(alert)
		_, _ = io.Copy(io.Discard, p.conn)
	})
	for _, settings := range []element.TLS{{}, {MinVersion: "1.0", OldCiphers: true}} {
		cfg := config(l)
		cfg.Scheme, cfg.TLS = "wss", settings
		_, a := link.Dial(t.Context(), cfg)
		if a.Failure == nil || a.Failure.Code != "handshake" || !strings.Contains(a.Failure.Message, want) {
			t.Errorf("%+v: %+v", settings, a.Failure)
		}
	}
}
