package runner

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// patientConnector polls /a and /b of a device every second by two threads, with
// a login whose password is parameter 15; 30 presses /press.
const patientConnector = `<Protocol><Name>Meter</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="HTTP Connection"><Http><CommunicationOptions></CommunicationOptions></Http></Connection></Connections>
<HTTP>
<Session id="1" loginMethod="credentials" userName="u" password="15"><Connection id="1"><Request url="/a"><Headers><Header key="X-Token" pid="14"/></Headers></Request><Response statusCode="20"/></Connection></Session>
<Session id="2" loginMethod="credentials" userName="u" password="15"><Connection id="1"><Request url="/b"><Headers><Header key="X-Token" pid="14"/></Headers></Request></Connection></Session>
<Session id="3" loginMethod="credentials" userName="u" password="15"><Connection id="1"><Request verb="POST" url="/press"><Headers><Header key="X-Token" pid="14"/></Headers></Request></Connection></Session>
</HTTP>
<Threads><Thread id="1" connection="0"/><Thread id="2" connection="0"/></Threads>
<Params>
<Param id="14"><Name>Token</Name><Description>Token</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>token-one</DefaultValue></Interprete></Param>
<Param id="15"><Name>Password</Name><Description>Password</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>wrong-word</DefaultValue></Interprete><Measurement><Type options="password">string</Type></Measurement></Param>
<Param id="16" setter="true"><Name>Password</Name><Description>Password</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete><Measurement><Type options="password">string</Type></Measurement></Param>
<Param id="20"><Name>Status</Name><Description>Status</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="30"><Name>Press</Name><Description>Press</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params>
<Groups>
<Group id="1" connection="0" threadId="1"><Content><Session>1</Session></Content></Group>
<Group id="2" connection="0" threadId="2"><Content><Session>2</Session></Content></Group>
<Group id="3" connection="0" threadId="1"><Content><Session>3</Session></Content></Group>
</Groups>
<Triggers><Trigger id="1"><Name>press</Name><On id="30">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>press</Name><On id="3">group</On><Type>execute</Type></Action></Actions>
<Timers><Timer id="1"><Name>A</Name><Time>1000</Time><Content><Group>1</Group></Content></Timer><Timer id="2"><Name>B</Name><Time>1000</Time><Content><Group>2</Group></Content></Timer></Timers>
</Protocol>`

// onlyA is the same without the poll of /b.
func onlyA() string {
	return strings.Replace(patientConnector, `<Timer id="2"><Name>B</Name><Time>1000</Time><Content><Group>2</Group></Content></Timer>`, "", 1)
}

// answers is a device that answers each path with a status.
func answers(status map[string]int, retryAfter time.Duration) func(context.Context, link.Request) link.Response {
	return func(ctx context.Context, req link.Request) link.Response {
		n := status[req.Path]
		if n == 0 {
			n = 200
		}
		r := statusOf(n, "")(ctx, req)
		if n >= 300 {
			r.RetryAfter = retryAfter
		}
		r.LoginRefused = n == 401 || n == 403
		return r
	}
}

// asks counts the requests of a path since the last call.
func (m *meter) asks(path string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, r := range m.asked {
		if r.Path == path {
			n++
		}
	}
	m.asked = nil
	return n
}

func (w *world) lastWrite(id element.ID) element.WriteMoved {
	w.t.Helper()
	all := w.events(id, element.KindWrite)
	if len(all) == 0 {
		w.t.Fatal("there is no write")
	}
	return all[len(all)-1].Body.(element.WriteMoved)
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for _, status := range []int{429, 503, 404, 302} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &meter{answer: answers(map[string]int{"/a": status}, 30*time.Second)}
				w, id := meterWorldOf(t, m, patientConnector)
				pass(28 * time.Second)
				m.mu.Lock()
				n := len(m.asked)
				m.mu.Unlock()
				if n > 2 { // both threads may have asked at once
					t.Errorf("asked %d times in 29 s", n)
				}
				c := w.connection(id)
				if c.Status != element.ConnWaiting || time.Until(c.NextTry.Time) > 1100*time.Millisecond {
					t.Errorf("connection is %+v at %s", c, time.Now())
				}
				w.set(id, 30, "go")
				pass(10 * time.Millisecond)
				if x := w.lastWrite(id); x.Status != element.WriteFailed || !strings.Contains(x.Detail, "until 00:00:3") || !strings.Contains(x.Detail, "Retry-After") {
					t.Errorf("press during the wait: %+v", x)
				}
				m.say(status200("x"))
				m.asks("")
				pass(3 * time.Second)
				if n := m.asks("/a"); n < 1 || n > 4 {
					t.Errorf("asked %d times after the wait", n)
				}
				w.wantStatus(id, element.ConnOpen)
			})
		})
	}
}

func TestABusyDeviceIsAskedMoreSeldom(t *testing.T) {
	for _, status := range []int{429, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &meter{answer: answers(map[string]int{"/a": status, "/press": 200}, 0)}
				w, id := meterWorldOf(t, m, onlyA())
				pass(5 * time.Minute)
				if n := m.asks("/a"); n < 8 || n > 13 {
					t.Errorf("asked %d times in 5 min", n)
				}
				c := w.connection(id)
				if c.Status != element.ConnWaiting || c.Attempt < 8 || !c.NextTry.After(time.Now()) || c.LastCause == nil || !strings.Contains(c.LastCause.Message, strconv.Itoa(status)) {
					t.Errorf("connection is %+v", c)
				}
				w.set(id, 30, "go")
				pass(10 * time.Millisecond)
				if n := m.asks("/press"); n != 1 || w.lastWrite(id).Status == element.WriteFailed {
					t.Errorf("a person's press was sent %d times: %+v", n, w.lastWrite(id))
				}
				if n := m.asks("/a"); n > 1 {
					t.Errorf("the good answer to it was followed by %d polls", n)
				}
			})
		})
	}
}

// What says nothing of being busy keeps the pace of the connector.
func TestOtherRefusalsKeepTheirPace(t *testing.T) {
	for _, status := range []int{400, 404, 500, 502} {
		synctest.Test(t, func(t *testing.T) {
			m := &meter{answer: answers(map[string]int{"/a": status}, 0)}
			_, _ = meterWorldOf(t, m, onlyA())
			pass(59 * time.Second)
			if n := m.asks("/a"); n < 58 || n > 62 {
				t.Errorf("%d: asked %d times in a minute", status, n)
			}
		})
	}
}

// A login that never worked is tried once, and a few times in hours.
func TestARefusedLoginIsNotHammered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: answers(map[string]int{"/a": 401, "/press": 401}, 0)}
		w, id := meterWorldOf(t, m, onlyA())
		pass(50 * time.Minute)
		if n := m.asks("/a"); n != 1 {
			t.Errorf("%d logins in 50 min", n)
		}
		c := w.connection(id)
		if c.Status != element.ConnWaiting || c.Attempt != 1 || time.Until(c.NextTry.Time) > 11*time.Minute || !strings.Contains(c.LastCause.Message, "401") {
			t.Errorf("connection is %+v", c)
		}
		pass(24 * time.Hour)
		if n := m.asks("/a"); n != 2 {
			t.Errorf("%d more logins in a day", n)
		}
		w.wantStatus(id, element.ConnClosed)
		w.do(id, element.Reconnect)
		pass(10 * time.Millisecond)
		if n := m.asks("/a"); n != 1 {
			t.Errorf("Reconnect asked %d times", n)
		}
		m.say(status200("in"))
		m.asks("")
		w.set(id, 16, "right-word")
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		if m.asked[0].Password != "right-word" {
			t.Errorf("tried with %q", m.asked[0].Password)
		}
	})
}

// Two threads refused with one login are the login's fault: both wait, and a
// person's press is refused in words.
func TestThreadsShareARefusedLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: answers(map[string]int{"/a": 401, "/b": 401, "/press": 401}, 0)}
		w, id := meterWorldOf(t, m, patientConnector)
		pass(10 * time.Minute)
		w.set(id, 30, "go")
		pass(10 * time.Millisecond)
		m.mu.Lock()
		defer m.mu.Unlock()
		if n := len(m.asked); n != 2 {
			t.Errorf("%d logins", n)
		}
		if x := w.lastWrite(id); x.Status != element.WriteFailed || !strings.Contains(x.Detail, "refused the login") || !strings.Contains(x.Detail, "01:00:") {
			t.Errorf("press: %+v", x)
		}
	})
}

// What one request may not see is not asked again and again; the others go on.
func TestOneRefusedRequestStopsNoOther(t *testing.T) {
	for _, status := range []int{401, 403, 503} {
		synctest.Test(t, func(t *testing.T) {
			m := &meter{answer: answers(map[string]int{"/a": status}, 0)}
			_, _ = meterWorldOf(t, m, patientConnector)
			pass(5 * time.Minute)
			m.mu.Lock()
			defer m.mu.Unlock()
			a, b := 0, 0
			for _, r := range m.asked {
				if r.Path == "/a" {
					a++
				} else {
					b++
				}
			}
			if a > 13 || b < 295 {
				t.Errorf("%d: asked /a %d times and /b %d times in 5 min", status, a, b)
			}
		})
	}
}

// A device that boots refuses logins for a while that it accepted before.
func TestABootingDeviceIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: status200("in")}
		w, id := meterWorldOf(t, m, patientConnector)
		w.wantStatus(id, element.ConnOpen)
		m.say(answers(map[string]int{"/a": 401, "/b": 401}, 0))
		m.asks("")
		pass(100 * time.Second)
		m.mu.Lock()
		n := len(m.asked)
		m.mu.Unlock()
		if n < 4 || n > 6 {
			t.Errorf("%d logins in 100 s", n)
		}
		m.say(status200("in"))
		pass(2 * time.Minute)
		w.wantStatus(id, element.ConnOpen)
		m.say(answers(map[string]int{"/a": 401, "/b": 401}, 0)) // for good: somebody changed the password
		m.asks("")
		pass(7 * 24 * time.Hour)
		m.mu.Lock()
		defer m.mu.Unlock()
		if n := len(m.asked); n < 6 || n > 12 {
			t.Errorf("%d logins in a week", n)
		}
	})
}

// A token that ran out is one that the logic gets anew: the request that was
// refused is made again with it, and not only in an hour.
func TestATokenThatTheLogicGetsAnewIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		xml := strings.Replace(patientConnector, `</Headers></Request></Connection></Session>
<Session id="3"`, `</Headers></Request><Response><Content pid="14"/></Response></Connection></Session>
<Session id="3"`, 1)
		issues := func(token string) func(context.Context, link.Request) link.Response {
			return func(ctx context.Context, req link.Request) link.Response {
				n := 200
				if req.Path == "/a" && req.Headers[0].Value != "token-two" {
					n = 401
				}
				r := statusOf(n, token)(ctx, req)
				r.LoginRefused = n == 401
				return r
			}
		}
		m := &meter{answer: issues("token-one")}
		w, id := meterWorldOf(t, m, xml)
		pass(time.Minute)
		if n := m.asks("/a"); n != 1 {
			t.Errorf("%d logins with the old token", n)
		}
		m.say(issues("token-two"))
		pass(8 * time.Second)
		if n := m.asks("/a"); n < 1 {
			t.Error("the new token was not tried")
		}
		w.wantValue(id, 20, element.Text("HTTP/1.1 200 OK"))
	})
}

// The same of a WebSocket.
func TestABootingWebSocketIsTriedAgain(t *testing.T) {
	s := series{tries: 1}
	f := &link.Failure{LoginRefused: true}
	for n, want := range []time.Duration{5 * time.Second, 15 * time.Second, 45 * time.Second, 135 * time.Second, refusedWait} {
		if v := s.notOpened(f, 401, true, usual); v.wait != want || v.suspended {
			t.Errorf("refusal %d: %+v, want a wait of %s", n+1, v, want)
		}
	}
	if v := s.notOpened(f, 401, true, usual); !v.suspended || v.log == "" {
		t.Errorf("it goes on for ever: %+v", v)
	}
}

// A stop ends the waits, and the next life begins as one that was not asked yet.
func TestAStopEndsTheWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: answers(map[string]int{"/a": 429}, time.Hour)}
		w, id := meterWorldOf(t, m, onlyA())
		w.do(id, element.Stop)
		m.say(silence)
		m.asks("")
		w.do(id, element.Start)
		pass(10 * time.Millisecond)
		if c := w.connection(id); m.asks("/a") != 1 || c.Status != element.ConnConnecting || c.LastCause != nil || !c.LastMessageAt.IsZero() {
			t.Errorf("connection is %+v", c)
		}
	})
}

// The whole way: a device that counts wrong logins, polled ten times a second.
func TestAWholeElementWithAWrongLogin(t *testing.T) {
	for _, scheme := range []string{`Basic realm="r"`, `Digest realm="r", nonce="n", qop="auth"`} {
		xml := strings.Replace(onlyA(), "<Time>1000</Time>", "<Time>100</Time>", 1)
		definition, err := connector.Parse([]byte(xml))
		if err != nil {
			t.Fatal(err)
		}
		var logins, polls atomic.Int32
		device := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if user, password, ok := r.BasicAuth(); ok && user == "u" && password == "right-word" {
				polls.Add(1)
				return
			}
			if r.Header.Get("Authorization") != "" {
				logins.Add(1)
			}
			rw.Header().Set("WWW-Authenticate", scheme)
			rw.WriteHeader(http.StatusUnauthorized)
		}))
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
		w.await(e.ID, "waiting", status(element.ConnWaiting))
		page, err := w.fleet.Events(t.Context(), e.ID, nil, 1000, element.KindMessageOut)
		if err != nil {
			t.Fatal(err)
		}
		var sent []string
		for _, e := range page.Events {
			if out, ok := e.Body.(element.MessageOut); ok {
				_, login, _ := strings.Cut(out.Text, "Authorization: ")
				sent = append(sent, strings.TrimSpace(login))
			}
		}
		if scheme, _, _ := strings.Cut(scheme, " "); strings.Join(sent, ", ") != ", "+scheme+" •••" {
			t.Errorf("the logins of the requests that are listed are %q", sent)
		}
		if n := logins.Load(); n != 1 {
			t.Errorf("%s: %d logins", scheme, n)
		}
		if strings.HasPrefix(scheme, "Basic") {
			if _, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 16}, Raw: element.Text("right-word"), By: "tester"}); err != nil {
				t.Fatal(err)
			}
			w.await(e.ID, "open", status(element.ConnOpen))
		}
		if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
			t.Fatal(err)
		}
		device.Close()
	}
}
