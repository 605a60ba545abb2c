package link_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// guesses are what may only be said when the device has not said why.
var guesses = []string{"it may want", "raise the timeout", "longer timeout", "give it more rights"}

func wantSentence(t *testing.T, got, want string, guess bool) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("says %q; want %q", got, want)
	}
	for _, g := range guesses {
		if !guess && strings.Contains(got, g) {
			t.Errorf("guesses %q although the device said why: %q", g, got)
		}
	}
	for _, w := range []string{"bad ", "MASK", "RSV", "FIN", "len >", "<nil>", "websocket:", "EOF", "flate", "..", " ,", "%!"} {
		if strings.Contains(got, w) {
			t.Errorf("%q has words of a library: %q", got, w)
		}
	}
	if !strings.HasSuffix(got, ".") {
		t.Errorf("%q is no sentence", got)
	}
}

// TestWhatIsSaidOfClosesAtOnce: a guess stands only where the device gave no
// reason.
func TestWhatIsSaidOfClosesAtOnce(t *testing.T) {
	for _, tt := range []struct {
		frame string
		want  string
		guess bool
	}{
		{closeFrame(4401, "token expired"), "The device closed the connection (4401: token expired) at once, before any message.", false},
		{closeFrame(4009, ""), "The device closed the connection (4009) at once, before any message.", false},
		{closeFrame(1008, "not allowed"), "(1008: not allowed) at once, before any message.", false},
		{closeFrame(1008, ""), "(1008, policy) at once, before any message: it may want a login.", true},
		{closeFrame(1013, ""), "(1013, try again later) at once, before any message.", false},
		{closeFrame(1011, "overload"), "(1011: overload) at once, before any message.", false},
		{closeFrame(1000, "too many clients"), "(1000: too many clients) at once, before any message.", false},
		{closeFrame(1000, ""), "it may want a subprotocol", true},
		{"\x88\x00", "it may want a subprotocol", true},
	} {
		l := listen(t, func(p *peer) { p.open(); p.write(tt.frame); _, _ = p.readFrame() })
		s, _ := dial(t, config(l))
		_, err := s.Read()
		end, ok := errors.AsType[*link.End](err)
		if !ok {
			t.Fatal(err)
		}
		wantSentence(t, end.Message, tt.want, tt.guess)
	}
}

// TestWhatIsSaidOfWrongFrames: in our words, and the device hears the same.
func TestWhatIsSaidOfWrongFrames(t *testing.T) {
	for _, tt := range []struct {
		name, frames, want string
		code               int
	}{
		{"masked", "\x81\x85\x00\x00\x00\x00hello", "a masked frame, which only clients may send", 1002},
		{"masked and compressed", "\xc1\x85\x00\x00\x00\x00hello", "a frame with a reserved bit set that no extension uses and a masked frame", 1002},
		{"reserved bits", "\xb1\x00", "a frame with a reserved bit set", 1002},
		{"unknown opcode", "\x83\x00", "a frame with the unknown opcode 3", 1002},
		{"long ping", "\x89\x7e\x00\x7e" + strings.Repeat("x", 126), "a control frame of more than 125 bytes", 1002},
		{"ping in pieces", "\x09\x00", "a control frame in fragments", 1002},
		{"message inside a message", "\x01\x01a\x81\x01b", "a new message before the last one was complete", 1002},
		{"continuation of nothing", "\x80\x01a", "a continuation without a message", 1002},
		{"code that may not travel", closeFrame(1005, ""), "a Close frame with the code 1005, which may not be sent", 1002},
		{"reason that is not UTF-8", closeFrame(1000, "\xff"), "a Close frame with a reason that is not UTF-8", 1002},
		{"half a code", "\x88\x01x", "a Close frame with half a code", 1002},
		{"text that is not UTF-8", "\x81\x01\xff", "a text message that is not UTF-8", 1007},
		{"too large", "\x81\x7e\x20\x00" + strings.Repeat("x", 0x2000), "a message of more than 4096 bytes", 1009},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heard := make(chan string, 1)
			l := listen(t, func(p *peer) {
				p.open()
				p.write("\x81\x02hi" + tt.frames)
				f, _ := p.readFrame()
				heard <- f.payload
			})
			cfg := config(l)
			cfg.MaxMessage = 4096
			s, _ := dial(t, cfg)
			var err error
			for err == nil {
				_, err = s.Read()
			}
			end, ok := errors.AsType[*link.End](err)
			if !ok || end.Code != tt.code || end.By != "us" {
				t.Fatalf("%+v", err)
			}
			wantSentence(t, end.Message, tt.want, false)
			if got := <-heard; len(got) < 2 || !strings.HasPrefix(end.Reason, got[2:]) || len(got) == 2 {
				t.Errorf("the device hears %q, we say %q", got, end.Reason)
			}
		})
	}
}

// TestWhatIsSaidOfRefusals: the device's own words, where it has some, and
// else an advice that fits.
func TestWhatIsSaidOfRefusals(t *testing.T) {
	for _, tt := range []struct {
		answer string
		login  bool
		want   string
	}{
		{"403 Forbidden\r\n\r\nlicense expired\n", true, "403 Forbidden. It says: “license expired”."},
		{"403 Forbidden\r\n\r\nForbidden\n", true, "The login that was sent may not do this"},
		{"403 Forbidden\r\n\r\n", false, "No login was sent"},
		{"400 Bad Request\r\n\r\n" + `{"error":{"code":1},"message":"unknown stream 7"}`, false, "It says: “unknown stream 7”."},
		{"400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", false, "It says: “Client sent an HTTP request to an HTTPS server”."},
		{"500 Internal Server Error\r\n\r\n<html>no</html>", false, "The fault is on the device's side, or with a proxy in front of it."},
		{"502 Bad Gateway\r\n\r\n", false, "A gateway in front of the device cannot reach it."},
		{"503 Service Unavailable\r\nRetry-After: 90\r\n\r\nupgrading firmware", false, "It says: “upgrading firmware”. It asks to wait 90 s."},
		{"429 Too Many Requests\r\n\r\n", false, "The device is asked too often."},
		{"404 Not Found\r\n\r\n404 page not found\n", false, "There is nothing at the path"},
		{"426 Upgrade Required\r\n\r\n", false, "another protocol and does not say which."},
		{"426 Upgrade Required\r\nUpgrade: websocket\r\n\r\n", false, "a proxy in between may remove the headers"},
		{"426 Upgrade Required\r\nUpgrade: h2c\r\n\r\n", false, "another protocol: h2c."},
		{"204 No Content\r\n\r\n", false, "an ordinary answer of a web server"},
	} {
		l := listen(t, func(p *peer) { p.readHead(); p.write("HTTP/1.1 " + tt.answer) })
		cfg := config(l)
		cfg.HasLogin, cfg.User, cfg.Password = tt.login, "ruth", "hunter22"
		_, a := link.Dial(context.Background(), cfg)
		if a.Failure == nil {
			t.Fatal("opened")
		}
		if !strings.Contains(a.Failure.Message, tt.want) || strings.Contains(a.Failure.Message, ": .") {
			t.Errorf("says %q; want %q", a.Failure.Message, tt.want)
		}
	}
}

// TestWhatIsSaidOfSilence: how long it was, and to give more time only where
// that could be it.
func TestWhatIsSaidOfSilence(t *testing.T) {
	for _, tt := range []struct {
		says string
		want string
	}{
		{"", "did not answer the handshake within 0.2 s. Check that the port speaks WebSocket, and whether it wants wss://; a slow device may need a longer timeout."},
		{"HTTP/1.1 101", "began to answer the handshake and did not finish within 0.2 s. Check what listens there; a slow device may need a longer timeout."},
	} {
		l := listen(t, func(p *peer) { p.readHead(); p.write(tt.says); _, _ = p.readFrame() })
		cfg := config(l)
		cfg.Timeout = 200 * time.Millisecond
		_, a := link.Dial(context.Background(), cfg)
		wantSentence(t, a.Failure.Message, tt.want, true)
	}
}

// TestWhoIsNamedWhenAProxyIsBetween.
func TestWhoIsNamedWhenAProxyIsBetween(t *testing.T) {
	device := listen(t, echoOnce)
	off, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = off.Close()
	http, socks := listen(t, connectProxy), listen(t, socksProxy)
	web := listen(t, func(p *peer) { p.readHead(); p.write("SSH-2.0-x\r\n") })
	deaf := listen(t, func(p *peer) { p.readHead() })
	greeting := listen(t, func(p *peer) { p.write("SSH-2.0-x\r\n"); _, _ = p.br.ReadByte() })
	short := listen(t, func(p *peer) { _, _ = p.br.ReadByte() })
	mute := listen(t, func(p *peer) { p.readHead(); _, _ = p.br.ReadByte() })
	shut := listen(t, func(p *peer) { p.readHead(); p.write("HTTP/1.1 200 OK\r\n\r\n") })
	at := func(l net.Listener) string { return l.Addr().String() }
	for _, tt := range []struct {
		name, proxy string
		to          net.Listener
		want        string
		code        string
	}{
		{"http proxy is off", "http://" + at(off), device, "The proxy " + at(off) + " cannot be reached: nothing listens there. Check the proxy's address, and that the proxy runs; the device was not asked.", "refused"},
		{"socks proxy is off", "socks5://" + at(off), device, "The proxy " + at(off) + " cannot be reached: nothing listens there.", "refused"},
		{"proxy has no such name", "http://proxy.invalid:3128", device, "The proxy cannot be found. The name \"proxy.invalid\"", ""},
		{"proxy is no proxy", "http://" + at(web), device, "What listens at " + at(web) + " does not speak HTTP, as a proxy has to.", "failed"},
		{"proxy is no SOCKS proxy", "socks5://u:secret@" + at(greeting), device, "What listens at " + at(greeting) + " does not speak SOCKS5.", "failed"},
		{"proxy hangs up", "http://" + at(deaf), device, "The proxy " + at(deaf) + " closed the connection instead of making one to " + at(device), "failed"},
		{"proxy hangs up, socks", "socks5://" + at(short), device, "The proxy " + at(short) + " closed the connection", "failed"},
		{"proxy is silent", "http://" + at(mute), device, "The proxy " + at(mute) + " did not make a connection to " + at(device) + " within 0.5 s.", "timeout"},
		{"proxy wants a login", "http://" + at(http), device, "407 Proxy Authentication Required. None was sent", "login"},
		{"proxy wants another login", "http://u:wrong@" + at(http), device, "Correct the user name and the password of the proxy.", "login"},
		{"proxy wants another login, socks", "socks5://u:wrong@" + at(socks), device, "The proxy " + at(socks) + " does not accept the login.", "login"},
		{"device is off", "http://u:secret@" + at(http), off, "The proxy " + at(http) + " could not reach " + at(off) + ": 502 Bad Gateway. Check the address of the device", "http-status"},
		{"device is off, socks", "socks5://u:secret@" + at(socks), off, "The proxy " + at(socks) + " could not reach " + at(off) + ": connection refused. Check the address of the device", "failed"},
		{"proxy says yes and hangs up", "http://" + at(shut), device, "instead of answering the handshake. Check the port and the path, and whether it wants wss://. The connection goes through the proxy " + at(shut) + ".", "hung-up"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(tt.to)
			cfg.Proxy = link.Proxy{URL: tt.proxy}
			if strings.Contains(tt.name, "silent") {
				cfg.Timeout = 500 * time.Millisecond
			}
			_, a := link.Dial(context.Background(), cfg)
			if a.Failure == nil || tt.code != "" && a.Failure.Code != tt.code {
				t.Fatalf("%+v, want %s", a.Failure, tt.code)
			}
			wantSentence(t, a.Failure.Message, tt.want, false)
			if strings.Contains(a.Failure.Message, "WebSocket service") || strings.Contains(a.Failure.Message, "secret") {
				t.Errorf("%q", a.Failure.Message)
			}
		})
	}
}
