package runner

import (
	"context"
	"io"
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

// The whole way: a device that forbids what is asked without a login, polled ten
// times a second, is left alone; the words are its own; what a person sends
// meanwhile goes out, and its receipt quotes the device too.
func TestAWholeElementThatIsForbidden(t *testing.T) {
	xml := strings.Replace(strings.ReplaceAll(onlyA(), `loginMethod="credentials" userName="u" password="15"`, ""), "<Time>1000</Time>", "<Time>100</Time>", 1)
	definition, err := connector.Parse([]byte(strings.Replace(xml, "token-one", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	var polls, presses atomic.Int32
	device := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if presses.Add(1) == 2 {
				panic(http.ErrAbortHandler)
			}
			rw.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(rw, `{"message":"locked by the desk"}`)
			return
		}
		polls.Add(1)
		rw.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(rw, "this address is blocked")
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
	w.await(e.ID, "waiting", status(element.ConnWaiting))
	if c := w.connection(e.ID); c.LastCause == nil || c.LastCause.Message != "The device answered 403 Forbidden. It says: “this address is blocked”." {
		t.Errorf("the connection says %+v", c.LastCause)
	}
	for _, want := range []string{
		"The device answered 409 Conflict. It says: “locked by the desk”.",
		"The device at " + u.Host + " closed the connection instead of answering the request. It may have been carried out.",
	} {
		wr, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 30}, Raw: element.Text("go"), By: "tester"})
		if err != nil {
			t.Fatal(err)
		}
		w.await(e.ID, "the receipt fails", func(element.Element) bool { return w.receipt(e.ID, wr.Write).Status == element.WriteFailed })
		if got := w.receipt(e.ID, wr.Write).Detail; got != want {
			t.Errorf("the receipt says %q, want %q", got, want)
		}
	}
	if polls.Load() != 1 || presses.Load() != 2 {
		t.Errorf("%d polls and %d presses", polls.Load(), presses.Load())
	}
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
}

// A good answer between two refusals is no proof that the device keeps up: the
// pace goes down all the same, and is the connector's again when it does.
func TestADeviceThatRefusesEverySecondRequestIsAskedMoreSeldom(t *testing.T) {
	for _, status := range []int{429, 503} {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int32
			m := &meter{}
			m.say(func(ctx context.Context, req link.Request) link.Response {
				if n.Add(1)%2 == 0 {
					return status200("1")(ctx, req)
				}
				return statusOf(status, "")(ctx, req)
			})
			w, id := meterWorldOf(t, m, onlyA())
			pass(10 * time.Minute)
			m.asks("")
			pass(10 * time.Minute)
			if n := m.asks("/a"); n < 10 || n > 50 {
				t.Errorf("%d: asked %d times in 10 min", status, n)
			}
			m.say(status200("1"))
			pass(5 * time.Minute)
			m.asks("")
			pass(time.Minute)
			if n := m.asks("/a"); n < 58 {
				t.Errorf("%d: a device that keeps up is asked %d times in a minute", status, n)
			}
			w.wantStatus(id, element.ConnOpen)
			m.say(statusOf(status, ""))
			pass(2 * time.Second)
			if c := w.connection(id); c.Attempt > 2 {
				t.Errorf("%d: the series goes on: %+v", status, c)
			}
		})
	}
}
