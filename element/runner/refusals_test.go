package runner

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
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
			presses.Add(1)
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
	w := realWorld(t, func(o *Options) { o.newMachine, o.Catalog = nil, catalog{definition} })
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
	wr, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Parameter: 30, Raw: element.Text("go"), By: "tester"})
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "the receipt fails", func(element.Element) bool { return w.receipt(e.ID, wr).Status == element.WriteFailed })
	if got := w.receipt(e.ID, wr).Detail; got != "The device answered 409 Conflict. It says: “locked by the desk”." {
		t.Errorf("the receipt says %q", got)
	}
	if polls.Load() != 1 || presses.Load() != 1 {
		t.Errorf("%d polls and %d presses", polls.Load(), presses.Load())
	}
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
}
