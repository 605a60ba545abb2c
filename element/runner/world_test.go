package runner

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// world is a fleet with everything around it scripted.
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
		Storage: w.disk, Recorder: w.stage, Publisher: w.stage, Catalog: catalog{testConnector("1.0.0.1"), testConnector("1.0.0.2")},
		Dial: w.device.dial, Jitter: func(d time.Duration) time.Duration { return d },
		newMachine: w.logic.make,
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

// testConnector has one WebSocket connection (1), one plain HTTP connection
// (2), and parameters:
//
//	50 path (saved), 51 its write twin; 60 address (saved), 61 its write twin;
//	70 read-only; 80 write parameter of its own; 90 password, 91 its write twin;
//	95 header of the handshake, 96 its write twin.
func testConnector(version string) *connector.Definition {
	text := func(id element.ParamID, name, kind string, adjust ...func(*connector.Param)) *connector.Param {
		p := &connector.Param{
			ParamInfo: element.ParamInfo{ID: id, Name: name, Type: kind, Measurement: element.MeasureString},
			Type:      connector.ParamType(kind),
		}
		for _, a := range adjust {
			a(p)
		}
		return p
	}
	twins := func(read, write element.ParamID, name string, adjust ...func(*connector.Param)) []*connector.Param {
		r, w := text(read, name, "read", adjust...), text(write, name, "write", adjust...)
		r.WriteID, w.ReadID, w.Setter, w.Saved = write, read, true, false
		return []*connector.Param{r, w}
	}
	saved := func(p *connector.Param) { p.Saved = true }
	feeds := func(f element.Feeds) func(*connector.Param) {
		f.Connections = []int{1}
		return func(p *connector.Param) { p.Feeds = f }
	}
	return &connector.Definition{
		Name: "Test", Version: version,
		Connections: []connector.Connection{
			{ID: 1, Name: "Events", WebSocket: true, Kind: "http", TimeoutMs: 5000, Retries: 3, Port: 8050, Locked: []string{"retries"}},
			{ID: 2, Name: "REST", Kind: "http", Host: "10.0.0.9"},
			{ID: 3, Name: "Serial", Kind: "serial"},
		},
		Params: slices.Concat(
			twins(50, 51, "Path", saved, feeds(element.Feeds{Path: true})),
			twins(60, 61, "Address", saved, feeds(element.Feeds{Address: true})),
			[]*connector.Param{text(70, "Uptime", "read"), text(80, "Command", "write")},
			twins(90, 91, "Password", func(p *connector.Param) { p.Password = true }),
			twins(95, 96, "Header", feeds(element.Feeds{Header: true})),
		),
	}
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
