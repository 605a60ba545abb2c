package views_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

const (
	sampleRequest = "GET /x-nmos/events/ws?access_token=••• HTTP/1.1\r\nHost: 10.4.2.8:8050\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
	sampleAgent = "X-Client: studio-automation/4.12.0 (build 2026-11-03T09:12:44Z; https://automation.studio.example/clients/stage-left/event-sources)\r\n"
)

func sampleSuccess() *element.Handshake {
	return &element.Handshake{
		At: ago(5 * time.Hour), Request: sampleRequest + sampleAgent + "Authorization: Bearer •••\r\n\r\n", Status: 101,
		Response: "HTTP/1.1 101 Switching Protocols\r\nDate: Sun, 22 Nov 2026 09:02:11 GMT\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nServer: nmos/2.1\r\n\r\n",
		PhasesMs: map[string]int64{"dns": 3, "tcp": 2, "http": 11, element.PhaseFirstMessage: 140},
	}
}

func sampleFailure() *element.Handshake {
	key := strings.Replace(sampleRequest, "dGhlIHNhbXBsZSBub25jZQ==", "c2Vjb25kIG5vbmNlIGhlcmU=", 1)
	return &element.Handshake{
		At: ago(40 * time.Second), Request: key + strings.Replace(sampleAgent, "4.12.0", "4.13.0", 1) + "\r\n", Status: 401,
		Response: "HTTP/1.1 401 Unauthorized\r\nDate: Sun, 22 Nov 2026 14:01:31 GMT\r\nWWW-Authenticate: Basic realm=\"device\"\r\nContent-Length: 12\r\nServer: nmos/2.1\r\n\r\n",
		Body:     "login please", Error: &element.Cause{Phase: "http", Code: "login", Message: "The device refused the handshake with 401 Unauthorized: it wants a login (Basic, realm \"device\")."},
		PhasesMs: map[string]int64{"dns": 3, "tcp": 2, "http": 805},
	}
}

// addHandshakes adds the page of handshakes in all its states.
func addHandshakes(pages map[string]templ.Component, titled func(string) views.Layout) {
	page := func(change func(*views.HandshakePage)) templ.Component {
		e := sampleElement(brokenConnection())
		p := views.HandshakePage{Layout: titled("Handshake"), Element: e, Connection: e.Connections[0]}
		change(&p)
		return views.Handshake(p)
	}
	pages["handshake"] = page(func(p *views.HandshakePage) { p.Success, p.Failure = sampleSuccess(), sampleFailure() })
	pages["handshake-one"] = page(func(p *views.HandshakePage) {
		p.Success = sampleSuccess()
		p.Success.Earlier = true
	})
	pages["handshake-none"] = page(func(p *views.HandshakePage) {
		p.Refusal = "A handshake of this element is being tried already; wait for its result."
	})
	pages["handshake-sent"] = page(func(p *views.HandshakePage) {
		p.Failure = &element.Handshake{At: ago(time.Minute), Error: &element.Cause{Phase: "tcp", Code: "refused", Message: "10.4.2.8:8050 refused the connection: nothing listens there."}, PhasesMs: map[string]int64{"tcp": 1}}
		p.Preview = &element.HandshakePreview{
			At: ago(0), URL: "wss://10.4.2.8:8050/x-nmos/events/ws", Proxy: "http://ruth:•••@proxy.studio.example:3128", Request: sampleRequest + "\r\n",
			Notes: []string{"The path is that of parameter 50 (WebSocket URL).", "Header X-Client is left out: parameter 51 (Client) holds no value for it.", "The device's certificate is not checked."},
		}
	})
	pages["handshake-tried"] = page(func(p *views.HandshakePage) {
		p.Success, p.Tried = sampleSuccess(), sampleFailure()
	})
}

// TestHandshakesAreCompared: each line that differs says so in words; what is
// new in each handshake does not.
func TestHandshakesAreCompared(t *testing.T) {
	pages := samplePages("/x")
	marked := map[string]int{}
	for n := range parse(t, render(t, pages["handshake"])).Descendants() {
		if class, _ := attr(n, "class"); n.Type == html.ElementNode && strings.HasSuffix(class, "marked") {
			marked[strings.Join(strings.Fields(text(n)), " ")]++
		}
	}
	for _, want := range []struct{ begin, end string }{
		{"101 Switching Protocols", "differs"},
		{"401 Unauthorized", "differs"},
		{"805 ms", "failed here"},
		{"X-Client: studio-automation/4.12.0", "differs"},
		{"X-Client: studio-automation/4.13.0", "differs"},
		{"Authorization: Bearer •••", "only here"},
		{"HTTP/1.1 101", "differs"},
		{"HTTP/1.1 401", "differs"},
		{"WWW-Authenticate: Basic", "only here"},
		{"Content-Length: 12", "only here"},
		{"Upgrade: websocket", "only here"},
		{"Connection: Upgrade", "only here"},
		{"Sec-WebSocket-Accept: ", "only here"},
	} {
		found := false
		for line := range marked {
			if strings.HasPrefix(line, want.begin) && strings.HasSuffix(line, want.end) {
				found = true
				delete(marked, line)
			}
		}
		if !found {
			t.Errorf("%q does not say %q", want.begin, want.end)
		}
	}
	if len(marked) > 0 {
		t.Errorf("marked without need: %v", marked)
	}
	one := render(t, pages["handshake-one"])
	if strings.Contains(one, "mark-word") || !strings.Contains(one, "140 ms") {
		t.Error("a record alone is compared with nothing, or has lost its first message")
	}
	const earlier = "in an earlier run of the program"
	if !strings.Contains(one, earlier) || strings.Contains(render(t, pages["handshake"]), earlier) {
		t.Error("a record of an earlier run says so, one of this run does not")
	}
}

// TestHandshakeLinesCanBeCopied: the text of a head is what went over the wire,
// line for line.
func TestHandshakeLinesCanBeCopied(t *testing.T) {
	var heads []string
	for n := range parse(t, render(t, samplePages("")["handshake-one"])).Descendants() {
		if n.Type == html.ElementNode && n.Data == "pre" {
			heads = append(heads, text(n))
		}
	}
	s := sampleSuccess()
	want := []string{plainLines(s.Request), plainLines(s.Response)}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Errorf("(-wire +page):\n%s", diff)
	}
}

func plainLines(head string) string {
	return strings.TrimSuffix(strings.ReplaceAll(head, "\r\n", "\n"), "\n")
}
