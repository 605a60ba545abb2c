package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/simulator"
)

// The secrets of testdata/secrets.xml, by the parameter that writes each.
const (
	secretToken  = "tok3n-7Rk2Vw9q" // in the query of the path
	secretLogin  = "b3arer-Xz81Lm4p"
	secretCookie = "c00kie-Qe55Tt0y"
	secretText   = "passw0rd-Jh62Nb8s" // sent in a message
)

// spy looks for secrets in everything that leaves the program.
type spy struct {
	t      *testing.T
	looked int
}

func (s *spy) look(where string, b []byte) {
	s.t.Helper()
	s.looked++
	for _, secret := range []string{secretToken, secretLogin, secretCookie, secretText} {
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), fmt.Sprintf("%x", secret)} {
			if i := bytes.Index(b, []byte(form)); i >= 0 {
				s.t.Errorf("%s shows %s: …%s…", where, secret, b[max(0, i-120):min(len(b), i+80)])
				break
			}
		}
	}
}

// TestSecretsStayInside runs an element with secrets against a device that
// repeats them wherever it can, and looks at all that the program says:
// the API, the pages, the socket and the log.
func TestSecretsStayInside(t *testing.T) {
	d, host, port := device(t, simulator.Options{Path: "/ws"})
	p := startProgram(t, "serve", "--data", t.TempDir(), "--log-level", "debug")
	s := &spy{t: t}
	e := secretElement(t, p, host, port)
	answers := func(method, path string, body any) {
		_, b := p.call(t, method, path, body)
		s.look(method+" "+path, b)
	}
	at := "/elements/" + string(e.ID)
	for pid, value := range map[int]string{11: "/ws?access_token=" + secretToken, 21: "Bearer " + secretLogin, 31: "session=" + secretCookie, 41: secretText} {
		answers("PUT", at+"/parameters/"+strconv.Itoa(pid), map[string]string{"value": value})
		answers("PUT", at+"/parameters/"+strconv.Itoa(pid), map[string]string{"value": value + "\r\n"})
		answers("PUT", at+"/parameters/"+strconv.Itoa(pid), map[string]string{"value": value, "ifValue": value})
		s.look("the form of "+strconv.Itoa(pid), post(t, p, "elements/"+string(e.ID)+"/parameters/"+strconv.Itoa(pid), url.Values{"value": {value}}))
		s.look("the refused form of "+strconv.Itoa(pid), post(t, p, "elements/"+string(e.ID)+"/parameters/"+strconv.Itoa(pid), url.Values{"value": {value + "\r\n"}}))
	}

	answers("PUT", at+"/parameters/41", map[string]string{"value": secretText}) // a message may hold a line break: it was taken above

	echo := strings.Join([]string{secretToken, secretLogin, secretCookie, secretText}, " and ")
	d.Refuse(http.StatusForbidden, http.Header{"X-Echo": {echo}, "Set-Cookie": {"session=" + secretCookie}}, "You sent "+echo+".")
	answers("POST", at+"/start", nil)
	until(t, p, e.ID, "the refusal", func(ev []map[string]any) bool { return count(ev, "refused") == 1 })
	everything(t, p, s, e.ID, "refused")

	d.Refuse(0, nil, "")
	answers("POST", at+"/reconnect", nil)
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
	if head := d.Log()[len(d.Log())-1].Head; !strings.Contains(head, secretToken) || !strings.Contains(head, secretLogin) || !strings.Contains(head, secretCookie) {
		t.Fatalf("the device was not told the secrets, so nothing is proven:\n%s", head)
	}
	set(t, p, e.ID, 50, "1")
	seen(t, d, "the login", func(log []simulator.Entry) bool {
		last := log[len(log)-1]
		return len(last.Messages) == 1 && last.Messages[0].Data == secretText
	})
	d.Send("You sent " + echo)
	d.Send(strings.Repeat("-", element.MaxExcerpt-8) + secretText + strings.Repeat("-", 100)) // the cut goes through it
	d.SendBinary([]byte(strings.Repeat("\x00", element.MaxExcerpt) + echo))
	until(t, p, e.ID, "the messages", func(ev []map[string]any) bool {
		return count(ev, "message-in") >= 3 && count(ev, "message-out") == 1
	})
	d.Close(4000, secretLogin+" is bad")
	until(t, p, e.ID, "the end", func(ev []map[string]any) bool { return count(ev, "closed") == 1 })
	everything(t, p, s, e.ID, "closed")

	p.stop(t)
	s.look("the log", []byte(p.log.String()))
	if s.looked < 80 {
		t.Errorf("looked at %d answers only", s.looked)
	}
}

// secretElement makes a stopped element of testdata/secrets.xml.
func secretElement(t *testing.T, p *program, host string, port int) element.Element {
	t.Helper()
	xml, err := os.ReadFile(filepath.Join("testdata", "secrets.xml"))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"api/v1/connectors", bytes.NewReader(xml))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/xml")
	res, err := http.DefaultTransport.(*http.Transport).Clone().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("the connector was not taken: %d %s %v", res.StatusCode, body, err)
	}
	return get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Vault", "connector": "Secrets", "start": false,
		"connections": []map[string]any{{"id": 1, "host": host, "port": port, "timeoutMs": 5000}},
	})
}

// post posts a form as a browser without scripts does and returns the answer
// with its headers.
func post(t *testing.T, p *program, path string, form url.Values) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return append(b, fmt.Sprint(res.Header)...)
}

// everything looks at each answer that shows the element.
func everything(t *testing.T, p *program, s *spy, id element.ID, when string) {
	t.Helper()
	at := "/elements/" + string(id)
	page := get[eventPage](t, p, http.StatusOK, "GET", at+"/events?limit=1000", nil)
	api := []string{
		"/connectors", "/connectors/Secrets/1.0.0.1", "/elements", at, at + "/parameters", at + "/parameters?excerpt=true", at + "/events?limit=1000",
		at + "/connections/1/handshake", at + "/connections/1/handshake?which=lastFailure", at + "/connections/1/handshake?which=lastSuccess",
		at + "/connections/1/dry-run",
	}
	for _, pid := range []int{10, 11, 20, 21, 30, 31, 40, 41} {
		api = append(api, fmt.Sprintf("%s/parameters/%d", at, pid), fmt.Sprintf("%s/parameters/%d/value", at, pid))
	}
	for _, e := range page.Events {
		switch e["kind"] {
		case "message-in", "message-out":
			api = append(api, fmt.Sprintf("%s/messages/%.0f", at, e["seq"]))
		case "write":
			api = append(api, fmt.Sprintf("%s/writes/%s", at, e["id"]))
		}
	}
	for _, path := range api {
		_, b := p.call(t, "GET", path, nil)
		s.look(when+": API "+path, b)
	}
	_, b := p.call(t, "POST", at+"/connections/1/try", nil)
	s.look(when+": API try", b)
	for _, path := range []string{
		"", "elements/" + string(id), "embed/elements/" + string(id), "elements/" + string(id) + "/edit", "elements/" + string(id) + "/delete",
		"elements/" + string(id) + "/handshake/1", "connectors", "connectors/Secrets/1.0.0.1", "metrics", "readyz", "live/" + string(id), "live/fleet",
	} {
		_, b := p.page(t, path)
		s.look(when+": page /"+path, []byte(b))
	}
	s.look(when+": the socket", news(t, p, id, page.Cursor))
}

// news is all that the browser's socket says of an element from its beginning
// up to a cursor. Frames of a server are not masked and ours fit into 125
// bytes or two bytes of length (RFC 6455 §5.2).
func news(t *testing.T, p *program, id element.ID, upTo element.Cursor) []byte {
	t.Helper()
	u, err := url.Parse(p.base)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	hello := fmt.Appendf(nil, `{"type":"hello","topics":[{"stream":%q,"cursor":{"epoch":%q,"seq":0},"events":true}]}`, id, upTo.Epoch)
	request := fmt.Sprintf("GET %slive HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", u.Path, u.Host)
	frame := []byte{0x81, 0x80 | 126, byte(len(hello) >> 8), byte(len(hello)), 0, 0, 0, 0} // masked with zeros
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("the socket did not open: %+v %v", res, err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := conn.Write(append(frame, hello...)); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for {
		payload := readFrame(t, r)
		all = append(all, payload...)
		var m struct {
			Type   string
			Cursor element.Cursor
		}
		if err := json.Unmarshal(payload, &m); err != nil {
			t.Fatalf("%v: %s", err, payload)
		}
		if m.Type == "news" && m.Cursor.Seq >= upTo.Seq {
			return all
		}
		if m.Type != "news" && m.Type != "welcome" {
			t.Fatalf("the socket said %s", payload)
		}
	}
}

// readFrame reads one unfragmented frame.
func readFrame(t *testing.T, r io.Reader) []byte {
	t.Helper()
	var head [2]byte
	_, err := io.ReadFull(r, head[:])
	n := uint64(head[1])
	if err == nil && n == 126 {
		var short uint16
		err = binary.Read(r, binary.BigEndian, &short)
		n = uint64(short)
	} else if err == nil && n == 127 {
		err = binary.Read(r, binary.BigEndian, &n)
	}
	if err != nil || n > 64<<20 {
		t.Fatalf("frame of %d bytes: %v", n, err)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		t.Fatal(err)
	}
	return payload
}
