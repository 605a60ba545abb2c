package link_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"fieldline/element/link"
)

// TestWhatIsSaidOfAnswersThatRefuse: the sentence of an exchange says what the status
// means, quotes the device where it said why, and guesses at nothing else.
func TestWhatIsSaidOfAnswersThatRefuse(t *testing.T) {
	const length = "Content-Length: "
	login := link.Header{Name: "X-API-Key", Value: "abcdef"}
	for name, tt := range map[string]struct {
		verb, answer string
		headers      []link.Header
		code, want   string
		not          string
		refused      bool
	}{
		"asked too often":         {"GET", "429 Too Many Requests\r\nRetry-After: 3\r\n" + length + "0\r\n\r\n", nil, "http-status", "The device answered 429 Too Many Requests. The device is asked too often. It asks to wait 3 s.", "login", false},
		"busy":                    {"GET", "503 Service Unavailable\r\n" + length + "0\r\n\r\n", nil, "http-status", "The device is busy or starting.", "login", false},
		"busy, in words":          {"GET", "503 Service Unavailable\r\nRetry-After: 2\r\n" + length + "10\r\n\r\nwarming up", nil, "http-status", "503 Service Unavailable. It says: “warming up”. It asks to wait 2 s.", "busy", false},
		"a fault, in JSON":        {"GET", "500 Internal Server Error\r\n" + length + "27\r\n\r\n{\"message\":\"database down\"}", nil, "http-status", "It says: “database down”.", "login", false},
		"a fault, a web page":     {"GET", "500 Oops\r\n" + length + "18\r\n\r\n<h1>500 Oops</h1>\n", nil, "http-status", "500 Oops. The fault is on the device's side", "<h1>", false},
		"not there":               {"GET", "404 Not Found\r\n" + length + "0\r\n\r\n", nil, "http-status", "There is nothing at the path /api/x", "login", false},
		"another verb":            {"PATCH", "405 Method Not Allowed\r\n" + length + "0\r\n\r\n", nil, "http-status", "The path /api/x takes no PATCH.", "login", false},
		"a login is missing":      {"GET", "401 Unauthorized\r\n" + length + "0\r\n\r\n", nil, "login", "It wants a login and none was sent", "path", true},
		"a token is wrong":        {"GET", "401 Unauthorized\r\n" + length + "0\r\n\r\n", []link.Header{login}, "login", "It does not accept the login that was sent", "path", true},
		"an account is locked":    {"GET", "401 Unauthorized\r\n" + length + "14\r\n\r\naccount locked", []link.Header{login}, "login", "It says: “account locked”.", "correct", true},
		"not for this login":      {"GET", "403 Forbidden\r\n" + length + "0\r\n\r\n", []link.Header{login}, "http-status", "give it more rights", "path", true},
		"not without a login":     {"GET", "403 Forbidden\r\n" + length + "0\r\n\r\n", nil, "http-status", "No login was sent", "path", true},
		"somebody else has it":    {"PUT", "409 Conflict\r\n" + length + "22\r\n\r\nlocked by another user", nil, "http-status", "409 Conflict. It says: “locked by another user”.", "Check", false},
		"another login is wanted": {"GET", "401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n" + length + "0\r\n\r\n", nil, "login-scheme", "answered 401 Unauthorized and asks for a login by Negotiate", "path", true},
	} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, func(p *peer) {
				p.readHead()
				p.write("HTTP/1.1 " + tt.answer)
				_ = p.conn.(*net.TCPConn).CloseWrite()
			})
			cfg := config(l, tt.headers...)
			cfg.Scheme, cfg.Path, cfg.Verb = "http", "/api/x", tt.verb
			var w link.HTTPConn
			defer w.Close()
			res := w.Exchange(t.Context(), link.Request{Config: cfg})
			if res.Failure != nil || res.LoginRefused != tt.refused {
				t.Fatalf("failure %v, refused %t", res.Failure, res.LoginRefused)
			}
			c := res.Refusal()
			wantSentence(t, c.Message, tt.want, true)
			if c.Phase != "http" || c.Code != tt.code || strings.Contains(c.Message, tt.not) || strings.Contains(c.Message, "HTTP/1.1") {
				t.Errorf("%s/%s: %s", c.Phase, c.Code, c.Message)
			}
		})
	}
}

// TestWhatIsSaidOfADeviceThatAnsweredBefore: its port and path are right.
func TestWhatIsSaidOfADeviceThatAnsweredBefore(t *testing.T) {
	const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	for name, tt := range map[string]struct {
		answers []string // the last one is the end
		hang    bool
		want    string
		guess   bool
	}{
		"hangs":           {[]string{good, ""}, true, "took the request and did not answer within 0.2 s", true},
		"hangs at once":   {[]string{""}, true, "Check that the port speaks HTTP", true},
		"hangs up":        {[]string{good, ""}, false, "closed the connection instead of answering the request.", false},
		"hangs up first":  {[]string{""}, false, "Check the port and the path", false},
		"half a head":     {[]string{good, "HTTP/1.1 2"}, false, "began to answer the request and closed the connection before the answer was complete.", false},
		"half a body":     {[]string{good, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}, false, "began to answer the request and closed the connection before the answer was complete.", false},
		"half at first":   {[]string{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}, false, "began to answer the request and closed the connection before the answer was complete.", false},
		"half, and hangs": {[]string{good, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}, true, "began to answer the request and did not finish within 0.2 s", true},
	} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, func(p *peer) {
				for _, answer := range tt.answers {
					p.readHead()
					p.write(answer)
				}
				if tt.hang {
					_, _ = p.readFrame() // until the client hangs up
				}
			})
			cfg := config(l)
			cfg.Scheme, cfg.Verb, cfg.Timeout = "http", "POST", 200*time.Millisecond
			var w link.HTTPConn
			defer w.Close()
			var res link.Response
			for i := range tt.answers {
				res = w.Exchange(t.Context(), link.Request{Config: cfg, Known: i > 0})
			}
			if res.Failure == nil {
				t.Fatalf("answered: %+v", res)
			}
			wantSentence(t, res.Failure.Message, tt.want, tt.guess)
			if len(tt.answers) > 1 && (strings.Contains(res.Failure.Message, "port") || strings.Contains(res.Failure.Message, "https")) {
				t.Errorf("doubts what was right before: %s", res.Failure.Message)
			}
		})
	}
}
