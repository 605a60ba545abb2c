package main

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
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/simulator"
)

// identity is a self-signed certificate for device.test, with its key.
type identity struct {
	pair        tls.Certificate
	cert, key   []byte // PEM
	fingerprint string
}

func newIdentity(t *testing.T) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "device"}, DNSNames: []string{"device.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	id := identity{
		cert:        pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		fingerprint: hex.EncodeToString(sum[:]),
	}
	if id.pair, err = tls.X509KeyPair(id.cert, id.key); err != nil {
		t.Fatal(err)
	}
	return id
}

// secureDevice is a simulated device behind TLS that knows one client.
func secureDevice(t *testing.T, own, client identity) (d *simulator.Device, port int) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(client.cert)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = listener.Addr().(*net.TCPAddr).Port
	listener = tls.NewListener(listener, &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{own.pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool,
	})
	d = simulator.New(simulator.Options{})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the device: %v", err)
		}
	})
	return d, port
}

// TestTLSOfADevice leads an element to a device that signs its own certificate,
// under another name, and wants one of the client: setting by setting.
func TestTLSOfADevice(t *testing.T) {
	own, client := newIdentity(t), newIdentity(t)
	d, port := secureDevice(t, own, client)
	dir := t.TempDir()
	p := startProgram(t, "serve", "--data", dir)
	for name, b := range map[string][]byte{"ca.pem": own.cert, "us.pem": client.cert, "us.key": client.key, "both.pem": append(client.cert, client.key...)} {
		if err := os.WriteFile(filepath.Join(dir, tlsFolder, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := create(t, p, "Vault", "wss://127.0.0.1", port)
	patch := func(settings map[string]any) {
		t.Helper()
		settings["id"] = 1
		get[map[string]any](t, p, http.StatusOK, "PATCH", "/elements/"+string(e.ID), map[string]any{"connections": []any{settings}})
	}
	refused := func(code string) {
		t.Helper()
		until(t, p, e.ID, code, func(events []map[string]any) bool {
			for _, ev := range events {
				if ev["kind"] == "refused" && ev["code"] == code {
					return true
				}
			}
			return false
		})
	}
	refused("wrong-name")
	patch(map[string]any{"serverName": "device.test"})
	refused("unknown-authority")
	patch(map[string]any{"caFile": "ca.pem", "certFile": "missing.pem"})
	refused("settings")
	patch(map[string]any{"certFile": "us.pem", "keyFile": "us.key"})
	seen(t, d, "a handshake", opened(1))
	patch(map[string]any{"caFile": "", "serverName": "", "fingerprint": client.fingerprint, "certFile": "both.pem", "keyFile": ""})
	refused("fingerprint")
	patch(map[string]any{"fingerprint": own.fingerprint})
	seen(t, d, "a handshake by fingerprint", opened(2))
	for _, ev := range until(t, p, e.ID, "both openings", func(ev []map[string]any) bool { return count(ev, "open") == 2 }) {
		if ev["kind"] == "closed" && (ev["by"] != "us" || ev["code"] != float64(1000)) {
			t.Errorf("a changed setting closed the connection so: %v", ev)
		}
	}
}

// TestMaxMessage: a message over --max-message ends the connection with 1009
// from our side.
func TestMaxMessage(t *testing.T) {
	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir(), "--max-message", "2048")
	e := create(t, p, "Chatty", host, port)
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
	d.Send(strings.Repeat("x", 2049))
	until(t, p, e.ID, "the end", func(events []map[string]any) bool {
		for _, ev := range events {
			if ev["kind"] == "closed" && ev["code"] == 1009.0 && ev["by"] == "us" {
				return true
			}
		}
		return false
	})
}

// TestTheProxysPasswordStaysInside: an element goes through a proxy that wants
// another login; whatever the program says of it, the password is not there.
func TestTheProxysPasswordStaysInside(t *testing.T) {
	const password = "hunter22-prx"
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if login := r.Header.Get("Proxy-Authorization"); r.Method != http.MethodConnect || login == "" {
			t.Errorf("the proxy was asked %s with login %q", r.Method, login)
		}
		http.Error(w, "not "+password, http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	p := startProgram(t, "serve", "--data", t.TempDir(), "--log-level", "debug")
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Behind", "connector": "Generic WebSocket",
		"connections": []map[string]any{{
			"id": 1, "host": "device.test", "port": 80, "timeoutMs": 5000, "busAddress": "",
			"proxy": "http://ruth:" + password + "@" + strings.TrimPrefix(proxy.URL, "http://"),
		}},
	})
	until(t, p, e.ID, "the refusal", func(events []map[string]any) bool {
		for _, ev := range events {
			if ev["kind"] == "refused" && ev["phase"] == "proxy" && ev["code"] == "login" {
				return true
			}
		}
		return false
	})
	at := "/elements/" + string(e.ID)
	for _, path := range []string{at, at + "/events?limit=1000", at + "/connections/1/handshake", at + "/connections/1/dry-run"} {
		if _, b := p.call(t, "GET", path, nil); strings.Contains(string(b), password) {
			t.Errorf("%s shows the proxy's password: %s", path, b)
		}
	}
	if _, b := p.call(t, "POST", at+"/connections/1/try", nil); strings.Contains(string(b), password) || !strings.Contains(string(b), `"phase":"proxy"`) {
		t.Errorf("the try says %s", b)
	}
	for _, path := range []string{at, at + "/edit", at + "/handshake/1", at + "/handshake/1?show=sent"} {
		if _, body := p.page(t, strings.TrimPrefix(path, "/")); strings.Contains(body, password) {
			t.Errorf("the page %s shows the proxy's password", path)
		}
	}
	p.stop(t)
	if strings.Contains(p.log.String(), password) {
		t.Error("the log shows the proxy's password")
	}
}
