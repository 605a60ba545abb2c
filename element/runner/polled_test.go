package runner

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// meterConnector polls a device every ten seconds over HTTP.
const meterConnector = `<Protocol><Name>Meter</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="HTTP Connection"><Http><CommunicationOptions></CommunicationOptions></Http></Connection></Connections>
<HTTP><Session id="1" name="Read" keepAlive="true"><Connection id="1"><Request verb="GET" url="/level"><Headers><Header key="X-Token" pid="14"/></Headers></Request><Response statusCode="20"><Content pid="21"/></Response></Connection></Session></HTTP>
<Params>
<Param id="14"><Name>Token</Name><Description>Token</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>secret-token</DefaultValue></Interprete><Measurement><Type options="password">string</Type></Measurement></Param>
<Param id="20"><Name>Status</Name><Description>Status</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="21"><Name>Level</Name><Description>Level</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params>
<Groups><Group id="1"><Name>g1</Name><Content><Session>1</Session></Content></Group></Groups>
<Timers><Timer id="1"><Name>Poll</Name><Time>10000</Time><Content><Group>1</Group></Content></Timer></Timers>
</Protocol>`

// meter is a device behind a wire that answers what the test says.
type meter struct {
	mu     sync.Mutex
	asked  []link.Request
	closed int
	answer func(ctx context.Context, req link.Request) link.Response
}

func (m *meter) Exchange(ctx context.Context, req link.Request) link.Response {
	m.mu.Lock()
	m.asked = append(m.asked, req)
	answer := m.answer
	m.mu.Unlock()
	return answer(ctx, req)
}

func (m *meter) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed++
}

func (m *meter) say(answer func(context.Context, link.Request) link.Response) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = answer
}

func (m *meter) count() (asked, closed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked), m.closed
}

func status200(body string) func(context.Context, link.Request) link.Response {
	return statusOf(200, body)
}

func statusOf(n int, body string) func(context.Context, link.Request) link.Response {
	line := fmt.Sprintf("HTTP/1.1 %d %s", n, http.StatusText(n))
	return func(_ context.Context, req link.Request) link.Response {
		record := element.Handshake{Request: req.Verb + " " + req.Path + " HTTP/1.1\r\nX-Token: " + req.Headers[0].Value + "\r\n\r\n", Response: line + "\r\n\r\n", Status: n}
		return link.Response{
			Answered: true, Status: n, StatusLine: line, Body: []byte(body), LoginRefused: n == http.StatusUnauthorized,
			Record: record, Steps: []link.Step{{Record: record, Request: req.Body, Reply: []byte(body)}},
		}
	}
}

func silence(ctx context.Context, req link.Request) link.Response {
	select {
	case <-ctx.Done():
	case <-time.After(req.Timeout):
	}
	return link.Response{Failure: &link.Failure{Cause: element.Cause{Phase: "http", Code: "silent", Message: "The device is silent."}}}
}

func meterWorld(t *testing.T, m *meter) (*world, element.ID) {
	return meterWorldOf(t, m, meterConnector)
}

func meterWorldOf(t *testing.T, m *meter, xml string) (*world, element.ID) {
	definition, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(o *Options) {
		o.Catalog, o.Exchanger = catalog{definition}, func() exchanger { return m }
	})
	w.start()
	host := "10.0.0.7"
	id := w.create(func(d *element.Draft) {
		d.Connector, d.Version = new("Meter"), nil
		d.Connections = []element.ConnectionDraft{{ID: 0, Host: &host}}
	})
	pass(time.Second)
	return w, id
}

func TestAnHTTPConnectionOpensWithAGoodReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: status200("12.5")}
		w, id := meterWorld(t, m)
		w.wantStatus(id, element.ConnOpen)
		w.wantValue(id, 20, element.Text("HTTP/1.1 200 OK"))
		w.wantValue(id, 21, element.Number(12.5))
		if c := w.connection(id); c.URL != "http://10.0.0.7/" || c.LastMessageAt.IsZero() {
			t.Errorf("connection is %+v", c)
		}
		in, out := w.events(id, element.KindMessageIn), w.events(id, element.KindMessageOut)
		if len(in) != 1 || element.Message(in[0].Body.(element.MessageIn)).Text != "HTTP/1.1 200 OK\r\n\r\n12.5" || len(out) != 1 {
			t.Errorf("messages are %+v %+v", in, out)
		}
		if text := element.Message(out[0].Body.(element.MessageOut)).Text; strings.Contains(text, "secret-token") || !strings.HasPrefix(text, "GET /level HTTP/1.1\r\n") {
			t.Errorf("the request is listed as %q", text)
		}
		pass(20 * time.Second)
		if asked, closed := m.count(); asked != 3 || closed != 0 {
			t.Errorf("asked %d times, closed %d", asked, closed)
		}
		if len(w.events(id, element.KindOpen)) != 1 {
			t.Error("open is listed again and again")
		}
		w.do(id, element.Stop)
		w.wantStatus(id, element.ConnClosed)
		if _, closed := m.count(); closed != 1 {
			t.Errorf("the wire was closed %d times", closed)
		}
	})
}

func TestAnHTTPConnectionSaysWhyItIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: statusOf(503, "busy")}
		w, id := meterWorld(t, m)
		c := w.connection(id)
		if c.Status == element.ConnOpen || c.LastCause == nil || c.LastCause.Code != "http-status" || !strings.Contains(c.LastCause.Message, "503") {
			t.Errorf("connection is %+v", c)
		}
		m.say(silence)
		pass(40 * time.Second)
		c = w.connection(id)
		if c.LastCause.Code != "silent" {
			t.Errorf("cause is %+v", c.LastCause)
		}
		if e, _ := w.fleet.Element(t.Context(), id); !e.Timeout {
			t.Error("the element is not in timeout")
		}
		m.say(status200("1"))
		pass(30 * time.Second)
		if e, _ := w.fleet.Element(t.Context(), id); e.Timeout || e.Connections[0].Status != element.ConnOpen {
			t.Errorf("element is %+v", e)
		}
		if h, err := w.fleet.Handshake(t.Context(), id, 0, element.WhichLastSuccess); err != nil || h.Status != 200 {
			t.Errorf("last exchange is %+v, %v", h, err)
		}
	})
}

func TestAStopGivesUpTheExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: silence}
		w, id := meterWorld(t, m)
		w.do(id, element.Stop)
		m.say(status200("3"))
		w.do(id, element.Start)
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		w.wantValue(id, 21, element.Number(3))
		if asked, closed := m.count(); asked != 2 || closed != 1 {
			t.Errorf("asked %d times, closed %d", asked, closed)
		}
	})
}

// The whole way over a real socket.
func TestAWholeHTTPElement(t *testing.T) {
	definition, err := connector.Parse([]byte(meterConnector))
	if err != nil {
		t.Fatal(err)
	}
	tokens := make(chan string, 100)
	device := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		tokens <- r.Method + " " + r.RequestURI + " " + r.Header.Get("X-Token")
		_, _ = io.WriteString(rw, "7.25")
	}))
	defer device.Close()
	u, _ := url.Parse(device.URL)
	port, _ := strconv.Atoi(u.Port())
	w := realWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Meter"), Connector: new("Meter"),
		Connections: []element.ConnectionDraft{{ID: 0, Host: new(u.Hostname()), Port: &port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "open", status(element.ConnOpen))
	if got := <-tokens; got != "GET /level secret-token" {
		t.Errorf("asked %q", got)
	}
	w.wantValue(e.ID, 21, element.Number(7.25))
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "closed", status(element.ConnClosed))
}

// TestTextsThatAreNotWhatTheySayAreNamed: in the element's log, once, with the
// connection.
func TestTextsThatAreNotWhatTheySayAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const note = "Content-Type says charset UTF-8, which the text is not; its bytes are kept as they came."
		m := &meter{}
		m.say(func(context.Context, link.Request) link.Response {
			return link.Response{Answered: true, Status: 200, StatusLine: "HTTP/1.1 200 OK", Body: []byte("\xe4"), Note: note}
		})
		w, id := meterWorld(t, m)
		pass(35 * time.Second)
		var named int
		for _, line := range w.logLines(id) {
			if strings.Contains(line, "Connection 0") && strings.Contains(line, note) {
				named++
			}
		}
		if named != 1 {
			t.Errorf("named %d times", named)
		}
	})
}

// TestWhatCannotBeSentIsSaidOnTheConnection: with the line of the connector.
func TestWhatCannotBeSentIsSaidOnTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: status200("1")}
		w, id := meterWorldOf(t, m, strings.Replace(meterConnector, `url="/level"`, `url="http://a:99999/b"`, 1))
		pass(15 * time.Second)
		e, err := w.fleet.Element(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		cause := e.Connections[0].LastCause
		if cause == nil || cause.Phase != "address" || !strings.Contains(cause.Message, "99999") || !strings.HasSuffix(cause.Message, "See line 3 of the connector.") {
			t.Errorf("the last cause is %+v", cause)
		}
		if asked, _ := m.count(); asked != 0 {
			t.Errorf("the device was asked %d times", asked)
		}
	})
}
