package simulator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"fieldline/element/simulator"

	"github.com/gorilla/websocket"
)

const plainHandshake = "GET /x-nmos/events/ws HTTP/1.1\r\nhost: studio.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

// raw sends a handshake byte for byte and returns the answer's head.
func raw(t *testing.T, addr, request string) (net.Conn, string) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	var head []byte
	for b := make([]byte, 1); !strings.HasSuffix(string(head), "\r\n\r\n"); head = append(head, b[0]) {
		if _, err := c.Read(b); err != nil {
			t.Fatalf("after %q: %v", head, err)
		}
	}
	return c, string(head)
}

func TestHeadIsRecordedByteForByte(t *testing.T) {
	d, addr := start(t, quiet())
	request := plainHandshake + "sec-webSocket-eXtensions:  permessage-deflate; client_max_window_bits\r\nX-Twice: a\r\nX-Twice: b\r\n\r\n"
	_, answer := raw(t, addr, request)
	e := d.Log()[0]
	if e.Head != request {
		t.Errorf("head\n%q\nwant\n%q", e.Head, request)
	}
	if got, want := e.Line("Sec-WebSocket-Extensions"), "sec-webSocket-eXtensions:  permessage-deflate; client_max_window_bits"; got != want {
		t.Errorf("Line = %q, want %q", got, want)
	}
	if e.RequestLine() != "GET /x-nmos/events/ws HTTP/1.1" || e.Line("X-None") != "" {
		t.Errorf("request line %q, absent line %q", e.RequestLine(), e.Line("X-None"))
	}
	if e.Status != 101 || e.Answer+"\r\n\r\n" != answer || !e.Open() {
		t.Errorf("status %d, answer %q, received %q", e.Status, e.Answer, answer)
	}
	if !strings.Contains(answer, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n") {
		t.Errorf("answer %q", answer)
	}
}

func TestHandshakesAreRefused(t *testing.T) {
	demand := simulator.Manners{RequireHeader: "X-Key", RequireValue: "secret"}
	tests := []struct {
		name           string
		manners        simulator.Manners
		path           string
		header         http.Header
		status         int
		body, answered string
	}{
		{"another path", simulator.Manners{}, "/events", nil, 404, "/x-nmos/events/ws", ""},
		{"told to", simulator.Manners{RefuseStatus: 503, RefuseHeader: http.Header{"Retry-After": {"7"}}, RefuseBody: "busy"}, "", nil, 503, "busy", "Retry-After: 7"},
		{"no header", demand, "", nil, 403, "X-Key", ""},
		{"wrong value", demand, "", http.Header{"X-Key": {"guess"}}, 403, "X-Key", ""},
		{"no login", simulator.Manners{RequireHeader: "Authorization"}, "", nil, 401, "Authorization", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := quiet()
			o.Manners = test.manners
			d, addr := start(t, o)
			path := test.path
			if path == "" {
				path = simulator.DefaultPath
			}
			_, resp, err := (&websocket.Dialer{}).DialContext(t.Context(), "ws://"+addr+path, test.header)
			if !errors.Is(err, websocket.ErrBadHandshake) {
				t.Fatalf("dial: %v", err)
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != test.status || !strings.Contains(string(body), test.body) {
				t.Errorf("%d %q %v, want %d with %q", resp.StatusCode, body, err, test.status, test.body)
			}
			e := d.Log()[0]
			if e.Status != test.status || e.End == nil || e.End.Cause != "refused" || !strings.Contains(e.Answer, test.answered) {
				t.Errorf("entry %+v, end %+v", e, e.End)
			}
		})
	}
}

func TestPlainHTTPIsToldToUpgrade(t *testing.T) {
	_, addr := start(t, quiet())
	_, answer := raw(t, addr, "GET /x-nmos/events/ws HTTP/1.1\r\nHost: a\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 426 ") {
		t.Errorf("answer %q", answer)
	}
}

func TestMannersChangeWhileItRuns(t *testing.T) {
	d, addr := start(t, quiet())
	d.DemandHeader("X-Key", "secret")
	open(t, addr, http.Header{"X-Key": {"secret"}})
	d.DemandHeader("", "")
	d.Refuse(429, nil, "later")
	if _, resp, err := (&websocket.Dialer{}).DialContext(t.Context(), "ws://"+addr+simulator.DefaultPath, nil); err == nil || resp.StatusCode != 429 {
		t.Errorf("dial: %v", err)
	}
	d.Refuse(0, nil, "")
	open(t, addr, nil)
	d.RequirePath("/moved")
	if _, answer := raw(t, addr, plainHandshake+"\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 404") {
		t.Errorf("answer %q", answer)
	}
	if d.Sessions() != 2 {
		t.Errorf("%d sessions", d.Sessions())
	}
}

func TestChosenAnswers(t *testing.T) {
	o := quiet()
	o.Subprotocol, o.Extensions = "janus-protocol", "permessage-deflate; server_max_window_bits=12"
	d, addr := start(t, o)
	offer := plainHandshake + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	_, answer := raw(t, addr, offer)
	for _, line := range []string{"Sec-WebSocket-Protocol: janus-protocol\r\n", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12\r\n"} {
		if !strings.Contains(answer, line) {
			t.Errorf("answer %q lacks %q", answer, line)
		}
	}
	d.AnswerSubprotocol("")
	d.AnswerExtensions("none")
	if _, answer = raw(t, addr, offer); strings.Contains(answer, "Sec-WebSocket-Extensions") || strings.Contains(answer, "Sec-WebSocket-Protocol") {
		t.Errorf("answer %q", answer)
	}
	d.AnswerExtensions("x-made-up")
	if _, answer = raw(t, addr, plainHandshake+"\r\n"); !strings.Contains(answer, "Sec-WebSocket-Extensions: x-made-up\r\n") {
		t.Errorf("answer %q", answer)
	}
}

func TestCompressionIsNegotiated(t *testing.T) {
	d, addr := start(t, quiet())
	c, resp, err := (&websocket.Dialer{EnableCompression: true}).DialContext(t.Context(), "ws://"+addr+simulator.DefaultPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !strings.HasPrefix(resp.Header.Get("Sec-Websocket-Extensions"), "permessage-deflate") {
		t.Fatalf("answered %v", resp.Header)
	}
	long := strings.Repeat("tally ", 1000)
	write(t, c, long)
	es := await(t, d, "the message", func(es []simulator.Entry) bool { return len(es[0].Messages) == 1 })
	if m := es[0].Messages[0]; m.Size != len(long) || m.Data != long[:simulator.MaxData] {
		t.Errorf("%d bytes arrived, %d kept", m.Size, len(m.Data))
	}
	d.Send(long)
	if _, data, err := c.ReadMessage(); err != nil || string(data) != long {
		t.Errorf("%d bytes came back, %v", len(data), err)
	}
	write(t, c, strings.Repeat("x", simulator.MaxMessage+1)) // a few KiB on the wire
	es = await(t, d, "the end", firstEnded)
	if end := es[0].End; end.By != "device" || end.Code != 1009 {
		t.Errorf("end %+v", end)
	}
}

func TestDeviceEndsSessions(t *testing.T) {
	tests := []struct {
		name string
		end  func(*simulator.Device) int
		met  func(error) bool // what the client sees
		want simulator.End
	}{
		{
			"close", func(d *simulator.Device) int { return d.Close(4001, "bye") },
			func(err error) bool {
				var c *websocket.CloseError
				return errors.As(err, &c) && c.Code == 4001 && c.Text == "bye"
			},
			simulator.End{By: "device", Cause: "closed", Code: 4001, Reason: "bye"},
		},
		{
			"drop", (*simulator.Device).Drop,
			func(err error) bool { return websocket.IsCloseError(err, 1006) },
			simulator.End{By: "device", Cause: "dropped", Code: 1006},
		},
		{
			"reset", (*simulator.Device).Reset,
			func(err error) bool { return errors.Is(err, syscall.ECONNRESET) },
			simulator.End{By: "device", Cause: "dropped", Code: 1006},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, addr := start(t, quiet())
			c := open(t, addr, nil)
			if n := test.end(d); n != 1 {
				t.Fatalf("%d sessions ended", n)
			}
			if _, _, err := c.ReadMessage(); !test.met(err) {
				t.Errorf("the client met %v", err)
			}
			got := *await(t, d, "the end", firstEnded)[0].End
			got.At = time.Time{}
			if got != test.want {
				t.Errorf("end %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestDroppedBeforeAnAnswer(t *testing.T) {
	o := quiet()
	o.Delay = time.Hour
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.New(o)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, l) }()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, plainHandshake+"\r\n"); err != nil {
		t.Fatal(err)
	}
	await(t, d, "the head", func(es []simulator.Entry) bool { return len(es) == 1 && es[0].Head != "" })
	cancel()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if rest, err := io.ReadAll(c); len(rest) != 0 || err != nil {
		t.Errorf("the client read %q, %v", rest, err)
	}
	if e := d.Log()[0]; e.End == nil || e.End.Cause != "dropped" || e.Status != 0 {
		t.Errorf("entry %+v", e)
	}
}

func TestPingIsAnsweredUnlessSilent(t *testing.T) {
	d, addr := start(t, quiet())
	c := open(t, addr, nil)
	pongs := make(chan string, 2)
	c.SetPongHandler(func(data string) error { pongs <- data; return nil })
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _, _ = c.ReadMessage()
	}()
	ping := func(data string) {
		if err := c.WriteControl(websocket.PingMessage, []byte(data), time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	ping("one")
	if got := <-pongs; got != "one" {
		t.Errorf("pong %q", got)
	}
	if d.SendPing("are you there") != 1 {
		t.Error("no session to ping")
	}
	await(t, d, "the client's pong", func(es []simulator.Entry) bool {
		m := es[0].Messages
		return len(m) == 2 && m[1].Kind == "pong" && m[1].Data == "are you there"
	})
	d.Silence(true)
	ping("two")
	d.Close(1000, "") // ends silence for the session, after which the ping is read
	es := await(t, d, "the ping", func(es []simulator.Entry) bool { return es[0].Received == 3 })
	if es[0].End == nil || es[0].Messages[2].Data != "two" {
		t.Errorf("the ping was read before the end of silence: %+v", es[0])
	}
	c.Close()
	<-read
}

func TestStoppingTellsSubscribersAndCloses1001(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.New(quiet())
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, l) }()
	c := open(t, l.Addr().String(), nil)
	id := simulator.DefaultSources()[0].ID
	write(t, c, `{"command":"subscription","sources":["`+id+`"]}`)
	reading(t, c)
	cancel()
	if m := reading(t, c); m["message_type"] != "shutdown" || source(m) != id {
		t.Errorf("message %v", m)
	}
	if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, 1001) {
		t.Errorf("the client met %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if end := d.Log()[0].End; end == nil || end.Cause != "stopped" || end.Code != 1001 {
		t.Errorf("end %+v", end)
	}
}

func TestServeReturnsTheListenersError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := simulator.New(quiet()).Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v", err)
	}
}
