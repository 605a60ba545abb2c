package link_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// identity is a self-signed certificate and its files.
type identity struct {
	pair              tls.Certificate
	certFile, keyFile string
	fingerprint       string
}

func newIdentity(t *testing.T, until time.Time, names ...string) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "device"}, DNSNames: names,
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	if slices.Contains(names, "localhost") {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	id := identity{certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem")}
	sum := sha256.Sum256(der)
	id.fingerprint = hex.EncodeToString(sum[:])
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	for file, b := range map[string][]byte{id.certFile: certPEM, id.keyFile: keyPEM} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	id.pair, err = tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func listenTLS(t *testing.T, config *tls.Config, f func(*peer)) net.Listener {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, f)
	return l
}

func echoOnce(p *peer) {
	p.open()
	if r, err := p.readFrame(); err == nil {
		p.write(frame(r.first, r.payload))
		_, _ = p.readFrame()
	}
}

func TestTLS(t *testing.T) {
	good := newIdentity(t, time.Now().Add(24*time.Hour), "localhost")
	expired := newIdentity(t, time.Now().Add(-24*time.Hour), "localhost")
	other := newIdentity(t, time.Now().Add(24*time.Hour), "other.example")
	tests := []struct {
		name   string
		server identity
		tls    element.TLS
		code   string // "" opens
	}{
		{"known authority", good, element.TLS{CAFile: good.certFile}, ""},
		{"unknown authority", good, element.TLS{}, "unknown-authority"},
		{"verification skipped", expired, element.TLS{SkipVerify: true}, ""},
		{"expired", expired, element.TLS{CAFile: expired.certFile}, "expired"},
		{"wrong name", other, element.TLS{CAFile: other.certFile}, "wrong-name"},
		{"server name set", other, element.TLS{CAFile: other.certFile, ServerName: "other.example"}, ""},
		{"pinned", other, element.TLS{Fingerprint: strings.ToUpper(other.fingerprint[:2]) + ":" + other.fingerprint[2:]}, ""},
		{"pinned to another", good, element.TLS{Fingerprint: other.fingerprint}, "fingerprint"},
		{"pinned to another, verification skipped", good, element.TLS{SkipVerify: true, Fingerprint: other.fingerprint}, "fingerprint"},
		{"pin that is none", good, element.TLS{Fingerprint: "12"}, "settings"},
		{"no such file of authorities", good, element.TLS{CAFile: "/no/such/file"}, "settings"},
		{"a key as a certificate", good, element.TLS{CAFile: good.keyFile}, "settings"},
		{"no such client certificate", good, element.TLS{CertFile: "/no/such/file"}, "settings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{tt.server.pair}, NextProtos: []string{"h2", "http/1.1"}}, echoOnce)
			cfg := config(l)
			cfg.Scheme, cfg.TLS = "wss", tt.tls
			s, a := link.Dial(context.Background(), cfg)
			switch {
			case tt.code != "":
				if a.Failure == nil || a.Failure.Phase != "tls" || a.Failure.Code != tt.code {
					t.Errorf("failure = %+v, want tls %s", a.Failure, tt.code)
				}
				return
			case a.Failure != nil:
				t.Fatalf("not opened: %+v", a.Failure)
			}
			if err := s.Write(true, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			if m, err := s.Read(); err != nil || string(m.Data) != "hello" {
				t.Errorf("read %q, %v", m.Data, err)
			}
			if _, ok := a.Record.PhasesMs["tls"]; !ok {
				t.Errorf("phases = %v", a.Record.PhasesMs)
			}
			s.Close(1000, "", 0)
		})
	}
}

func TestClientCertificate(t *testing.T) {
	server := newIdentity(t, time.Now().Add(24*time.Hour), "localhost")
	client := newIdentity(t, time.Now().Add(24*time.Hour))
	l := listenTLS(t, &tls.Config{
		Certificates: []tls.Certificate{server.pair}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12,
	}, echoOnce)
	cfg := config(l)
	cfg.Scheme, cfg.TLS = "wss", element.TLS{CAFile: server.certFile}
	if _, a := link.Dial(context.Background(), cfg); a.Failure == nil || a.Failure.Phase != "tls" || a.Failure.Code != "handshake" {
		t.Errorf("failure = %+v", a.Failure)
	}
	cfg.TLS.CertFile, cfg.TLS.KeyFile = client.certFile, client.keyFile
	dial(t, cfg)
}

func TestSchemesMixedUp(t *testing.T) {
	id := newIdentity(t, time.Now().Add(24*time.Hour), "localhost")
	secure := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{id.pair}}, func(p *peer) { p.readHead() })
	if _, a := link.Dial(context.Background(), config(secure)); a.Failure == nil || a.Failure.Phase != "http" || !strings.Contains(a.Failure.Message, "wss://") {
		t.Errorf("ws to TLS: %+v", a.Failure)
	}
	plain := listen(t, func(p *peer) { p.write("HTTP/1.1 400 Bad Request\r\n\r\n") })
	cfg := config(plain)
	cfg.Scheme = "wss"
	if _, a := link.Dial(context.Background(), cfg); a.Failure == nil || a.Failure.Code != "not-tls" {
		t.Errorf("wss to plain: %+v", a.Failure)
	}
}

// An exchange shows the client certificate of the settings, over a kept wire
// too, and one without is told why it is refused.
func TestExchangeShowsTheClientCertificate(t *testing.T) {
	us, device := newIdentity(t, time.Now().Add(time.Hour), "us"), newIdentity(t, time.Now().Add(time.Hour), "localhost")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
		_, _ = rw.Write([]byte(hex.EncodeToString(sum[:])))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{device.pair}, ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	defer server.Close()
	address := server.Listener.Addr().(*net.TCPAddr)
	req := link.Request{Config: link.Config{
		Destination: element.Destination{
			Scheme: "https", Host: "localhost", Port: address.Port, Path: "/", Timeout: 5 * time.Second, Proxy: link.Proxy{Bypass: true},
			TLS: element.TLS{CAFile: device.certFile, CertFile: us.certFile, KeyFile: us.keyFile},
		},
	}}
	var wire link.HTTPConn
	defer wire.Close()
	for range 2 {
		if res := wire.Exchange(t.Context(), req); string(res.Body) != us.fingerprint {
			t.Errorf("the device saw %q (%v), want the certificate %s", res.Body, res.Failure, us.fingerprint)
		}
	}
	req.TLS.CertFile, req.TLS.KeyFile = "", ""
	res := wire.Exchange(t.Context(), req)
	if f := res.Failure; f == nil || f.Phase != "tls" || f.Code != "handshake" || !strings.Contains(f.Message, "certificate required. It may want a client certificate") {
		t.Errorf("without a certificate: %d, %+v", res.Status, f)
	}
	req.Scheme = "wss"
	if _, a := link.Dial(t.Context(), req.Config); a.Failure == nil || a.Failure.Phase != "tls" || !strings.Contains(a.Failure.Message, "certificate required. It may") {
		t.Errorf("a handshake without a certificate: %+v", a.Failure)
	}
}
