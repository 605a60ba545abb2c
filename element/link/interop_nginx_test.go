//go:build interop

package link_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// authority makes a CA and a certificate for localhost that it signed.
func authority(t *testing.T) (caFile, certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return write("ca.pem", "CERTIFICATE", caDER), write("cert.pem", "CERTIFICATE", leafDER), write("key.pem", "PRIVATE KEY", keyDER)
}

// nginx is a reverse proxy before the Python echo server.
type nginx struct {
	plain, secure int // ports
	caFile        string
}

const nginxConf = `
daemon off;
master_process off;
pid DIR/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi; scgi_temp_path DIR/scgi;
  proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection upgrade;
  proxy_read_timeout 30s;
  server {
    listen 127.0.0.1:PLAIN;
    listen 127.0.0.1:SECURE ssl;
    ssl_certificate CERT;
    ssl_certificate_key KEY;
    location /echo { proxy_pass http://127.0.0.1:PEER; }
    location /guarded { auth_basic "the device"; auth_basic_user_file DIR/users; proxy_pass http://127.0.0.1:PEER; }
    location /impatient { proxy_read_timeout 1s; proxy_pass http://127.0.0.1:PEER; }
    location /dead { proxy_pass http://127.0.0.1:DEAD; }
    location /moved { return 302 /echo; }
    location /busy { add_header Retry-After 7 always; return 503; }
    location /stripped { proxy_set_header Upgrade ""; proxy_set_header Connection close; proxy_pass http://127.0.0.1:PEER; }
  }
}
`

func startNginx(t *testing.T) nginx {
	t.Helper()
	dir := t.TempDir()
	ca, cert, key := authority(t)
	n := nginx{plain: freePort(t), secure: freePort(t), caFile: ca}
	port := func(n int) string { return fmt.Sprint(n) }
	conf := strings.NewReplacer(
		"DIR", dir, "PLAIN", port(n.plain), "SECURE", port(n.secure), "CERT", cert, "KEY", key,
		"PEER", port(startPython(t)), "DEAD", port(freePort(t)),
	).Replace(nginxConf)
	if err := os.WriteFile(filepath.Join(dir, "users"), []byte("operator:{PLAIN}secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, nil, "nginx", "-p", dir, "-c", configFile(t, "nginx.conf", conf))
	awaitPort(t, n.plain)
	return n
}

func TestInteropNginx(t *testing.T) {
	n := startNginx(t)
	at := func(path string, secure, bare bool) link.Config {
		cfg := local(n.plain, bare)
		cfg.Path = path
		if secure {
			cfg.Scheme, cfg.Host, cfg.Port, cfg.TLS.CAFile = "wss", "localhost", n.secure, n.caFile
		}
		return cfg
	}
	bothOffers(t, func(t *testing.T, bare bool) {
		for _, secure := range []bool{false, true} {
			s, _ := dial(t, at("/echo", secure, bare))
			converse(t, s)
		}
		login := at("/guarded", true, bare)
		login.HasLogin, login.User, login.Password = true, "operator", "secret"
		s, _ := dial(t, login)
		converse(t, s)
	})
	t.Run("refusals", func(t *testing.T) {
		if a := refusedBy(t, at("/guarded", false, false), "http", "login"); a.Failure.LoginRefused {
			t.Error("a login that was not sent is said to be refused")
		}
		wrong := at("/guarded", false, false)
		wrong.HasLogin, wrong.User, wrong.Password = true, "operator", "wrong"
		if a := refusedBy(t, wrong, "http", "login"); !a.Failure.LoginRefused || strings.Contains(a.Record.Request, "Basic b3Bl") {
			t.Errorf("refused login: %+v", a.Record)
		}
		if a := refusedBy(t, at("/moved", false, false), "http", "redirect"); a.Failure.Location != fmt.Sprintf("ws://127.0.0.1:%d/echo", n.plain) {
			t.Errorf("sends to %s", a.Failure.Location)
		}
		if a := refusedBy(t, at("/busy", true, false), "http", "http-status"); a.Record.Status != 503 || a.Failure.RetryAfter != 7*time.Second {
			t.Errorf("busy: %+v", a.Failure)
		}
		if a := refusedBy(t, at("/dead", false, false), "http", "http-status"); a.Record.Status != 502 {
			t.Errorf("dead: %+v", a.Record)
		}
		if a := refusedBy(t, at("/nowhere", false, false), "http", "http-status"); a.Record.Status != 404 {
			t.Errorf("nowhere: %+v", a.Record)
		}
		refusedBy(t, at("/stripped", false, false), "http", "http-status")
		stranger := at("/echo", true, false)
		stranger.TLS.CAFile = ""
		refusedBy(t, stranger, "tls", "unknown-authority")
		confused := at("/echo", false, false)
		confused.Port = n.secure
		refusedBy(t, confused, "http", "http-status") // nginx: 400, plain HTTP on an HTTPS port
		other := at("/echo", true, false)
		other.Port = n.plain
		refusedBy(t, other, "tls", "not-tls")
	})
	t.Run("idle", func(t *testing.T) { // nginx hangs up, which is why sessions ping
		s, _ := dial(t, at("/impatient", false, false))
		_, err := s.Read()
		if end, ok := errors.AsType[*link.End](err); !ok || end.Cause != "eof" || end.By != "device" {
			t.Errorf("end = %+v", err)
		}
	})
}
