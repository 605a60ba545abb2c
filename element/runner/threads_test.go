package runner

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// twoThreads polls one device from two threads: /slow and /kept by the first,
// the latter on a socket that is kept, /control by the second.
const twoThreads = `<Protocol><Name>Threads</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="HTTP Connection"><Http><CommunicationOptions></CommunicationOptions><UserSettings><TimeoutTime><DefaultValue>60000</DefaultValue></TimeoutTime></UserSettings></Http></Connection></Connections>
<HTTP>
<Session id="1"><Connection id="1"><Request url="/slow"/></Connection></Session>
<Session id="2" keepAlive="true"><Connection id="1"><Request url="/kept"/></Connection></Session>
<Session id="3"><Connection id="1"><Request url="/control"/></Connection></Session>
</HTTP>
<Threads><Thread id="1" connection="0"/><Thread id="2" connection="0"/></Threads>
<Groups>
<Group id="1" connection="0" threadId="1"><Content><Session>1</Session></Content></Group>
<Group id="2" connection="0" threadId="1"><Content><Session>2</Session></Content></Group>
<Group id="3" connection="0" threadId="2"><Content><Session>3</Session></Content></Group>
</Groups>
<Timers><Timer id="1"><Name>Poll</Name><Time>100</Time><Content><Group>1</Group><Group>2</Group><Group>3</Group></Content></Timer></Timers>
</Protocol>`

// A thread does not wait for a request of another to the same device, and a
// session with keepAlive keeps its socket whatever others do.
func TestThreadsAskOneDeviceAtOnceAndKeepTheirSockets(t *testing.T) {
	definition, err := connector.Parse([]byte(twoThreads))
	if err != nil {
		t.Fatal(err)
	}
	type asked struct{ path, from string }
	requests, controlled := make(chan asked, 1000), make(chan struct{})
	first := true
	device := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/slow":
			<-controlled // answered only once the other thread was heard
		case r.URL.Path == "/control" && first:
			first = false
			close(controlled)
		}
		requests <- asked{r.URL.Path, r.RemoteAddr}
		_, _ = io.WriteString(rw, "ok")
	}))
	defer device.Close()
	u, _ := url.Parse(device.URL)
	port, _ := strconv.Atoi(u.Port())
	w := realWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Threads"), Connector: new("Threads"),
		Connections: []element.ConnectionDraft{{ID: 0, Host: new(u.Hostname()), Port: &port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	from := map[string]map[string]int{"/slow": {}, "/kept": {}, "/control": {}}
	for deadline := time.After(patience); len(from["/slow"]) < 3 || from["/kept"][anyOf(from["/kept"])] < 3; {
		select {
		case r := <-requests:
			from[r.path][r.from]++
		case <-deadline:
			t.Fatalf("the device was asked %v", from)
		}
	}
	if len(from["/kept"]) != 1 {
		t.Errorf("the session with keepAlive used %d sockets: %v", len(from["/kept"]), from["/kept"])
	}
	for path, socket := range map[string]map[string]int{"/slow": from["/slow"], "/control": from["/control"]} {
		for addr, n := range socket {
			if n > 1 || from["/kept"][addr] > 0 {
				t.Errorf("%s shared socket %s", path, addr)
			}
		}
	}
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "closed", status(element.ConnClosed))
}

func anyOf(m map[string]int) string {
	for k := range m {
		return k
	}
	return ""
}
