package link_test

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"testing"

	"fieldline/element/link"
)

// TestDigest: a device that asks for Digest after the Basic that was sent at
// once (RFC 7616).
func TestDigest(t *testing.T) {
	tests := []struct {
		name, challenge string
		hash            func() hash.Hash
		qop             bool
	}{
		{"MD5", `Digest realm="dev \"1\"", nonce="n0", qop="auth,auth-int", opaque="o"`, md5.New, true},
		{"SHA-256", `Digest realm="dev \"1\"", nonce="n0", qop="auth", algorithm=SHA-256`, sha256.New, true},
		{"the stronger of two", "Digest realm=\"dev \\\"1\\\"\", nonce=\"n1\", algorithm=MD5\r\nWWW-Authenticate: Basic realm=\"b\", Digest realm=\"dev \\\"1\\\"\", nonce=\"n0\", qop=auth, algorithm=SHA-256", sha256.New, true},
		{"without qop", `Digest realm="dev \"1\"", nonce="n0"`, md5.New, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := listen(t, func(p *peer) {
				p.readHead()
				auth := p.field("Authorization")
				if !strings.HasPrefix(auth, "Digest ") {
					p.write("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + tt.challenge + "\r\nContent-Length: 0\r\n\r\n")
					return
				}
				value := func(name string) string {
					_, v, _ := strings.Cut(auth, " "+name+"=")
					v, _, _ = strings.Cut(v, ", ")
					return strings.Trim(v, `"`)
				}
				h := func(s string) string {
					d := tt.hash()
					d.Write([]byte(s))
					return hex.EncodeToString(d.Sum(nil))
				}
				middle := ":n0:"
				if tt.qop {
					middle += "00000001:" + value("cnonce") + ":auth:"
				}
				if want := h(h(`u:dev "1":p`) + middle + h("GET:/x-nmos/events/ws")); value("response") != want {
					p.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
					return
				}
				p.write("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: " + p.accept() + "\r\n\r\n")
				p.expectClose(1000)
			})
			cfg := config(l)
			cfg.HasLogin, cfg.User, cfg.Password = true, "u", "p"
			_, a := dial(t, cfg)
			if !strings.Contains(a.Record.Request, "Authorization: Digest •••") {
				t.Errorf("record = %s", a.Record.Request)
			}
		})
	}
}

func TestConnectorsOwnAuthorizationWins(t *testing.T) {
	heads := make(chan string, 1)
	l := listen(t, func(p *peer) {
		heads <- p.readHead()
		p.write("HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n")
	})
	cfg := config(l, link.Header{Name: "authorization", Value: "Bearer t"})
	cfg.HasLogin, cfg.User, cfg.Password = true, "u", "p"
	_, a := link.Dial(context.Background(), cfg)
	head := <-heads
	if strings.Count(strings.ToLower(head), "authorization:") != 1 || !strings.Contains(head, "authorization: Bearer t\r\n") {
		t.Errorf("sent\n%s", head)
	}
	if a.Failure == nil || !a.Failure.LoginRefused {
		t.Errorf("failure = %+v", a.Failure)
	}
}
