package runner

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/connectortest"
)

// world is a fleet with everything around it scripted, and the inputs of its
// engines remembered.
type world struct {
	t       *testing.T
	fleet   *Fleet
	disk    *disk
	stage   *stage
	device  *device
	logic   *logics
	options Options
}

// newWorld makes a world inside a synctest bubble; adjust may change the
// options. The fleet is started by the caller.
func newWorld(t *testing.T, adjust ...func(*Options)) *world {
	t.Helper()
	w := &world{
		t: t, disk: &disk{records: map[element.ID]element.Record{}, values: map[element.ID]map[element.ParamID]element.SavedValue{}},
		stage: &stage{streams: map[string]*stream{}}, device: &device{}, logic: &logics{},
	}
	w.options = Options{
		Storage: w.disk, Recorder: w.stage, Publisher: w.stage, Catalog: catalog{testConnector(t, "1.0.0.1"), testConnector(t, "1.0.0.2")},
		Dial: w.device.dial, Jitter: func(d time.Duration) time.Duration { return d },
		handler: w.logic.before,
	}
	for _, a := range adjust {
		a(&w.options)
	}
	w.fleet = NewFleet(w.options)
	return w
}

// start starts the fleet and ends it with the test.
func (w *world) start() {
	w.t.Helper()
	if err := w.fleet.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(w.close)
}

// patience bounds each wait of the tests with a real clock, on a busy machine
// too; nothing waits for it to pass.
const patience = time.Minute

func (w *world) close() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.fleet.Close(ctx); err != nil {
		w.t.Errorf("Close: %v", err)
	}
	w.device.check(w.t)
}

// create makes an active element.
func (w *world) create(adjust ...func(*element.Draft)) element.ID {
	w.t.Helper()
	e, err := w.fleet.Create(w.t.Context(), draft(adjust...), "tester")
	if err != nil {
		w.t.Fatalf("Create: %v", err)
	}
	synctest.Wait()
	return e.ID
}

func draft(adjust ...func(*element.Draft)) element.Draft {
	name, conn, host := "Studio 1", "Test", "10.0.0.1"
	d := element.Draft{Name: &name, Connector: &conn, Connections: []element.ConnectionDraft{{ID: 1, Host: &host}}}
	for _, a := range adjust {
		a(&d)
	}
	return d
}

func manual(d *element.Draft) { d.Reconnect = new(element.Manual) }

func (w *world) do(id element.ID, o element.Order) element.Element {
	w.t.Helper()
	e, err := w.fleet.Do(w.t.Context(), id, o, nil, "tester")
	if err != nil {
		w.t.Fatalf("%s: %v", o, err)
	}
	synctest.Wait()
	return e
}

func (w *world) set(id element.ID, pid element.ParamID, text string) element.Write {
	w.t.Helper()
	wr, err := w.fleet.Set(w.t.Context(), id, element.SetRequest{Target: element.Target{Parameter: pid}, Raw: element.Text(text), By: "tester"})
	if err != nil {
		w.t.Fatalf("Set(%d, %q): %v", pid, text, err)
	}
	synctest.Wait()
	return wr.Write
}

// connection is the public state of connection 1.
func (w *world) connection(id element.ID) element.Connection {
	w.t.Helper()
	e, err := w.fleet.Element(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return e.Connections[0]
}

func (w *world) wantStatus(id element.ID, want element.ConnectionState) {
	w.t.Helper()
	synctest.Wait()
	if got := w.connection(id).Status; got != want {
		w.t.Fatalf("connection is %s, want %s", got, want)
	}
}

// events are the listed events, those that were folded away left out.
func (w *world) events(id element.ID, kinds ...element.EventKind) []element.Event {
	synctest.Wait()
	page := w.stage.Events(string(id), nil, 10_000)
	replaced := map[uint64]bool{}
	for _, e := range page.Events {
		replaced[e.Replaces] = true
	}
	return slices.DeleteFunc(page.Events, func(e element.Event) bool {
		return replaced[e.Seq] || len(kinds) > 0 && !slices.Contains(kinds, e.Body.Kind())
	})
}

// testItems are one WebSocket connection (1), one plain HTTP connection (2), one
// that does not run here (3), and parameters:
//
//	50 label (saved), 51 its write twin; 60 address (saved), 61 its write twin;
//	70 read-only; 80 write parameter of its own; 90 password, 91 its write twin;
//	95 header of the handshake, 96 its write twin.
//
// The path of the WebSocket is the id of the element. A message "label=text"
// sets 50, and so on.
const testItems = `
connection 1 "Events" websocket port=8050 timeout=5000 retries=3 handshake=25 Http/UserSettings/Retries/Disabled=true
connection 2 "REST" http Http/UserSettings/IPAddress/DefaultValue=10.0.0.9
<Connection id="3" name="Serial"><Serial/></Connection>
<Session id="25" name="Handshake"><Connection id="1"><Request verb="GET" url="5"><Headers><Header key="X-Header" pid="95"/></Headers></Request><Response/></Connection></Session>
param 5 elementid string "Element ID"
param 20 fixed string "Label Is" value="label="
param 21 fixed string "Address Is" value="address="
param 22 fixed string "Uptime Is" value="uptime="
param 50 read string "Label" save Measurement/Type=string
param 51 write string "Label" setter Measurement/Type=string
param 60 read string "Address" save Type@options="dynamic ip 1" Measurement/Type=string
param 61 write string "Address" setter Measurement/Type=string
param 70 read string "Uptime" Measurement/Type=string
param 80 write string "Command" Measurement/Type=string
param 90 read string "Password" Measurement/Type=string Measurement/Type@options=password
param 91 write string "Password" setter Measurement/Type=string Measurement/Type@options=password
param 95 read string "Header" Measurement/Type=string
param 96 write string "Header" setter Measurement/Type=string
response 1 20 50
response 2 21 60
response 3 22 70
`

// testConnector is a connector of testItems and more of other kinds.
func testConnector(tb testing.TB, version string, more ...string) *connector.Definition {
	tb.Helper()
	items, err := connectortest.XML(testItems + strings.Join(more, ""))
	if err != nil {
		tb.Fatal(err)
	}
	d, err := connector.Parse([]byte("<Protocol><Name>Test</Name><Version>" + version + "</Version>" + items + "</Protocol>"))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

type catalog []*connector.Definition

func (c catalog) Definition(name, version string) (*connector.Definition, error) {
	for _, d := range slices.Backward(c) {
		if d.Name == name && (version == "" || version == d.Version) {
			return d, nil
		}
	}
	return nil, element.Errorf(element.NotFound, "There is no connector %q %q.", name, version)
}

func (c catalog) Connectors() []element.ConnectorSummary {
	var all []element.ConnectorSummary
	for _, d := range c {
		all = append(all, element.ConnectorSummary{Name: d.Name, Version: d.Version})
	}
	return all
}

func (c catalog) Detail(name, version string) (element.ConnectorDetail, error) {
	d, err := c.Definition(name, version)
	if err != nil {
		return element.ConnectorDetail{}, err
	}
	return element.ConnectorDetail{Name: d.Name, Version: d.Version}, nil
}

func (c catalog) Upload(context.Context, []byte) (element.ConnectorDetail, bool, error) {
	return element.ConnectorDetail{Name: "Test", Version: "1.0.0.1"}, false, nil
}

func (c catalog) Delete(context.Context, string, string) error { return nil }
