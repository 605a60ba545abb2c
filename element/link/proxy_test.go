package link_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// relay copies both ways until one side ends.
func relay(a io.ReadWriteCloser, b net.Conn) {
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(a, b)
		_ = a.Close()
		close(done)
	}()
	_, _ = io.Copy(b, a)
	_ = b.Close()
	<-done
}

// connectProxy is an HTTP proxy that lets u:secret in.
func connectProxy(p *peer) {
	p.readHead()
	if p.field("Proxy-Authorization") != "Basic dTpzZWNyZXQ=" {
		p.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		return
	}
	target := strings.Fields(p.head)[1]
	c, err := net.Dial("tcp", target)
	if err != nil {
		p.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		return
	}
	p.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
	relay(p.conn, c)
}

// socksProxy is a SOCKS5 proxy that lets u:secret in (RFC 1928, RFC 1929).
func socksProxy(p *peer) {
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(p.conn, b)
		return b
	}
	read(int(read(2)[1]))
	p.write("\x05\x02")
	user := string(read(int(read(2)[1])))
	if password := string(read(int(read(1)[0]))); user != "u" || password != "secret" {
		p.write("\x01\x01")
		return
	}
	p.write("\x01\x00")
	host := ""
	switch read(4)[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	}
	port := int(binary.BigEndian.Uint16(read(2)))
	c, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.ParseIP(host), Port: port})
	if err != nil {
		p.write("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
		return
	}
	p.write("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
	relay(p.conn, c)
}

func TestProxies(t *testing.T) {
	device := listen(t, echoOnce)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	http, socks := listen(t, connectProxy), listen(t, socksProxy)
	tests := []struct {
		name  string
		proxy link.Proxy
		to    net.Listener
		code  string // "" opens
	}{
		{"http", link.Proxy{URL: "http://u:secret@" + http.Addr().String()}, device, ""},
		{"http, no scheme, login apart, bypass overruled", link.Proxy{URL: http.Addr().String(), User: "u", Password: "secret", Bypass: true}, device, ""},
		{"http without login", link.Proxy{URL: "http://" + http.Addr().String()}, device, "login"},
		{"http, device down", link.Proxy{URL: "http://u:secret@" + http.Addr().String()}, closed, "http-status"},
		{"socks", link.Proxy{URL: "socks5://" + socks.Addr().String(), User: "u", Password: "secret"}, device, ""},
		{"socks, wrong login", link.Proxy{URL: "socks5://u:wrong@" + socks.Addr().String()}, device, "login"},
		{"socks, device down", link.Proxy{URL: "socks5://u:secret@" + socks.Addr().String()}, closed, "failed"},
		{"proxy down", link.Proxy{URL: "http://u:secret@" + closed.Addr().String()}, device, "refused"},
		{"another kind", link.Proxy{URL: "ftp://u:secret@127.0.0.1"}, device, "settings"},
		{"no URL", link.Proxy{URL: "http://u:secret@%%"}, device, "settings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(tt.to)
			cfg.Proxy = tt.proxy
			s, a := link.Dial(context.Background(), cfg)
			if tt.code != "" {
				if a.Failure == nil || a.Failure.Phase != "proxy" || a.Failure.Code != tt.code {
					t.Fatalf("failure = %+v, want proxy %s", a.Failure, tt.code)
				}
				if strings.Contains(a.Failure.Message, "secret") {
					t.Errorf("the sentence holds the password: %s", a.Failure.Message)
				}
				return
			}
			if a.Failure != nil {
				t.Fatalf("not opened: %+v", a.Failure)
			}
			if err := s.Write(true, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			if m, err := s.Read(); err != nil || string(m.Data) != "hello" {
				t.Errorf("read %q, %v", m.Data, err)
			}
			s.Close(1000, "", 0)
		})
	}
}

func TestProxyFromEnvironment(t *testing.T) {
	asked := make(chan string, 1)
	l := listen(t, func(p *peer) {
		asked <- p.readHead()
		p.write("HTTP/1.1 403 Forbidden\r\n\r\n")
	})
	t.Setenv("HTTP_PROXY", "http://"+l.Addr().String())
	t.Setenv("NO_PROXY", "")
	cfg := config(l)
	cfg.Host, cfg.Proxy = "device.invalid", link.Proxy{}
	_, a := link.Dial(context.Background(), cfg)
	if a.Failure == nil || a.Failure.Phase != "proxy" || !strings.Contains(a.Failure.Message, "403 Forbidden") {
		t.Errorf("failure = %+v", a.Failure)
	}
	if head := <-asked; !strings.HasPrefix(head, "CONNECT device.invalid:") {
		t.Errorf("asked %q", head)
	}
	cfg.Proxy.Bypass = true
	if _, a = link.Dial(context.Background(), cfg); a.Failure == nil || a.Failure.Phase != "dns" {
		t.Errorf("bypassed: %+v", a.Failure)
	}
}

func TestSecureProxyIsVerified(t *testing.T) {
	id := newIdentity(t, time.Now().Add(24*time.Hour), "localhost")
	l := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{id.pair}}, connectProxy)
	cfg := config(l)
	cfg.Proxy = link.Proxy{URL: "https://u:secret@" + l.Addr().String()}
	if _, a := link.Dial(context.Background(), cfg); a.Failure == nil || a.Failure.Phase != "proxy" || a.Failure.Code != "tls" {
		t.Errorf("failure = %+v", a.Failure)
	}
}
