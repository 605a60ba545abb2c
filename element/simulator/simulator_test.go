package simulator_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fieldline/element/simulator"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet is a device that says nothing by itself.
func quiet() simulator.Options { return simulator.Options{Interval: -1, Greeting: -1} }

// start serves a device on loopback until the test ends.
func start(t *testing.T, o simulator.Options) (*simulator.Device, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := simulator.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return d, l.Addr().String()
}

// open dials the device's default path.
func open(t *testing.T, addr string, header http.Header) *websocket.Conn {
	t.Helper()
	c, resp, err := (&websocket.Dialer{}).DialContext(t.Context(), "ws://"+addr+simulator.DefaultPath, header)
	if err != nil {
		t.Fatalf("dial: %v (%v)", err, resp)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

// await waits for the log.
func await(t *testing.T, d *simulator.Device, what string, ok func([]simulator.Entry) bool) []simulator.Entry {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := d.Wait(ctx, ok); err != nil {
		t.Fatalf("waiting for %s: %v; log %+v", what, err, d.Log())
	}
	return d.Log()
}

func firstEnded(es []simulator.Entry) bool { return len(es) > 0 && es[0].End != nil }

// reading reads one text message as JSON.
func reading(t *testing.T, c *websocket.Conn) map[string]any {
	t.Helper()
	kind, data, err := c.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		t.Fatalf("ReadMessage = %d, %v", kind, err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return m
}

func write(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func source(m map[string]any) string {
	id, _ := m["identity"].(map[string]any)
	s, _ := id["source_id"].(string)
	return s
}

func TestSubscriptionAnswersWithStateEachTime(t *testing.T) {
	_, addr := start(t, quiet())
	c := open(t, addr, nil)
	all := simulator.DefaultSources()
	ask := `{"command":"subscription","sources":["` + all[1].ID + `","unknown","` + all[0].ID + `"]}`
	for range 2 {
		write(t, c, ask)
		tally, temperature := reading(t, c), reading(t, c)
		if source(tally) != all[0].ID || source(temperature) != all[1].ID {
			t.Fatalf("states of %s and %s", source(tally), source(temperature))
		}
		payload, _ := temperature["payload"].(map[string]any)
		if temperature["event_type"] != "number/temperature/C" || payload["value"] != 201.0 || payload["scale"] != 10.0 {
			t.Errorf("temperature %v", temperature)
		}
		if tally["message_type"] != "state" {
			t.Errorf("tally %v", tally)
		}
	}
	// An empty list ends the subscription: a health reply is what comes next.
	write(t, c, `{"command":"subscription","sources":[]}`)
	write(t, c, `{"command":"health","timestamp":"1441974485:123000000"}`)
	if m := reading(t, c); m["message_type"] != "health" {
		t.Errorf("after an empty subscription: %v", m)
	}
}

func TestHealthReplyCarriesTheOriginTimestamp(t *testing.T) {
	_, addr := start(t, quiet())
	c := open(t, addr, nil)
	write(t, c, `{"command":"health","timestamp":"1441974485:12300000"}`)
	m := reading(t, c)
	timing, _ := m["timing"].(map[string]any)
	created, _ := timing["creation_timestamp"].(string)
	if m["message_type"] != "health" || timing["origin_timestamp"] != "1441974485:12300000" || !strings.Contains(created, ":") {
		t.Errorf("reply %v", m)
	}
}

func TestSetReachesSubscribersOnly(t *testing.T) {
	d, addr := start(t, quiet())
	a, b := open(t, addr, nil), open(t, addr, nil)
	id := simulator.DefaultSources()[0].ID
	write(t, a, `{"command":"subscription","sources":["`+id+`"]}`)
	reading(t, a)
	if err := d.Set(id, true); err != nil {
		t.Fatal(err)
	}
	payload, _ := reading(t, a)["payload"].(map[string]any)
	if payload["value"] != true {
		t.Errorf("payload %v", payload)
	}
	if d.Send(`{"to":"all"}`) != 2 {
		t.Error("Send did not reach both sessions")
	}
	if m := reading(t, b); m["to"] != "all" {
		t.Errorf("the other session heard %v", m)
	}
	if err := d.Set("nothing", 1); err == nil {
		t.Error("Set of an unknown source succeeded")
	}
}

func TestSourcesChangeByThemselves(t *testing.T) {
	_, addr := start(t, simulator.Options{Interval: time.Millisecond, Greeting: -1})
	c := open(t, addr, nil)
	id := simulator.DefaultSources()[1].ID
	write(t, c, `{"command":"subscription","sources":["`+id+`"]}`)
	var seen []any
	for range 3 {
		payload, _ := reading(t, c)["payload"].(map[string]any)
		seen = append(seen, payload["value"])
	}
	if seen[0] == seen[1] || seen[1] == seen[2] {
		t.Errorf("values %v", seen)
	}
}

func TestGenericClientIsGreeted(t *testing.T) {
	_, addr := start(t, simulator.Options{Interval: -1, Greeting: time.Millisecond})
	c := open(t, addr, nil)
	all := simulator.DefaultSources()
	for i := range 5 {
		if got := source(reading(t, c)); got != all[i%len(all)].ID {
			t.Errorf("greeting %d is of %s", i, got)
		}
	}
}

func TestOtherMessagesAreLoggedAndNotAnswered(t *testing.T) {
	d, addr := start(t, quiet())
	c := open(t, addr, nil)
	write(t, c, "hello")
	write(t, c, `{"command":"dance"}`)
	if err := c.WriteMessage(websocket.BinaryMessage, []byte{0, 1}); err != nil {
		t.Fatal(err)
	}
	write(t, c, `{"command":"health","timestamp":"1:2"}`)
	if m := reading(t, c); m["message_type"] != "health" {
		t.Errorf("the first answer is %v", m)
	}
	es := await(t, d, "four messages", func(es []simulator.Entry) bool { return es[0].Received == 4 })
	var kinds []string
	for _, m := range es[0].Messages {
		kinds = append(kinds, m.Kind)
	}
	if strings.Join(kinds, " ") != "text text binary text" || es[0].Messages[2].Data != "\x00\x01" {
		t.Errorf("messages %+v", es[0].Messages)
	}
}

func TestClientCloseIsInTheLog(t *testing.T) {
	d, addr := start(t, quiet())
	c := open(t, addr, nil)
	if err := c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "moving"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	es := await(t, d, "the end", firstEnded)
	if end := es[0].End; end.By != "client" || end.Cause != "closed" || end.Code != 1000 || end.Reason != "moving" {
		t.Errorf("end %+v", end)
	}
}

func TestClientEndsWithoutClose(t *testing.T) {
	for name, cut := range map[string]func(*net.TCPConn) error{
		"eof":   (*net.TCPConn).Close,
		"reset": func(c *net.TCPConn) error { _ = c.SetLinger(0); return c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			d, addr := start(t, quiet())
			tcp, ok := open(t, addr, nil).NetConn().(*net.TCPConn)
			if !ok {
				t.Fatal("no TCP connection")
			}
			if err := cut(tcp); err != nil {
				t.Fatal(err)
			}
			es := await(t, d, "the end", firstEnded)
			if end := es[0].End; end.By != "client" || end.Cause != name || end.Code != 1006 {
				t.Errorf("end %+v", end)
			}
		})
	}
}
