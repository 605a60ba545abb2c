package runner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
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

// disk is a Storage in memory that can be told to fail or to take its time.
type disk struct {
	mu         sync.Mutex
	records    map[element.ID]element.Record
	values     map[element.ID]map[element.ParamID]element.SavedValue
	cells      map[element.ID][]element.SavedValue
	events     []element.Event
	handshakes []element.KeptHandshake
	calls      int // of SaveValues
	broken     error
	unreadable error
	slow       time.Duration
	kept       map[string]keptShelf // by element and version
}

func (d *disk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = err
}

func (d *disk) saved(id element.ID, pid element.ParamID) element.Value {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[id][pid].Value
}

func (d *disk) Elements(context.Context) ([]element.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []element.Record
	for _, r := range d.records {
		all = append(all, r)
	}
	return all, nil
}

func (d *disk) CreateElement(ctx context.Context, r element.Record) error {
	return d.UpdateElement(ctx, r)
}

func (d *disk) SaveState(_ context.Context, id element.ID, state element.State) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	r, ok := d.records[id]
	if !ok {
		return element.Errorf(element.NotFound, "There is no element %q.", id)
	}
	r.State = state
	d.records[id] = r
	return nil
}

func (d *disk) UpdateElement(_ context.Context, r element.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	if r.Unreadable != "" {
		return element.Errorf(element.Conflict, "%s", r.Unreadable)
	}
	for id, other := range d.records {
		if id != r.ID && other.Config.Name == r.Config.Name {
			return element.Errorf(element.Conflict, "There is an element %q already.", r.Config.Name)
		}
	}
	d.records[r.ID] = r
	return nil
}

func (d *disk) DeleteElement(_ context.Context, id element.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	delete(d.records, id)
	delete(d.values, id)
	return nil
}

func (d *disk) SavedValues(_ context.Context, id element.ID) ([]element.SavedValue, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unreadable != nil {
		return nil, d.unreadable
	}
	var all []element.SavedValue
	for _, v := range d.values[id] {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b element.SavedValue) int { return cmp.Compare(a.Parameter, b.Parameter) })
	return append(all, d.cells[id]...), nil
}

func (d *disk) SaveValues(ctx context.Context, id element.ID, values []element.SavedValue) error {
	d.mu.Lock()
	slow := d.slow
	d.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return element.Errorf(element.Unavailable, "The disk did not answer in time.")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.broken != nil {
		return d.broken
	}
	if d.values[id] == nil {
		d.values[id] = map[element.ParamID]element.SavedValue{}
	}
	for _, v := range values {
		if v.IsCell() {
			d.saveCell(id, v)
		} else {
			d.values[id][v.Parameter] = v
		}
	}
	return nil
}

func (d *disk) saveCell(id element.ID, c element.SavedValue) {
	if d.cells == nil {
		d.cells = map[element.ID][]element.SavedValue{}
	}
	d.cells[id] = slices.DeleteFunc(d.cells[id], func(o element.SavedValue) bool {
		return o.Row() == c.Row() && (c.Removed || o.Parameter == c.Parameter)
	})
	if !c.Removed {
		d.cells[id] = append(d.cells[id], c)
	}
}

func (d *disk) RecentEvents(context.Context, element.ID, [element.EventClasses]int) ([]element.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events), nil
}

func (d *disk) Handshakes(context.Context, element.ID) ([]element.KeptHandshake, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.handshakes), nil
}

// stage is a Publisher and a Recorder that remembers everything.
type stage struct {
	mu         sync.Mutex
	streams    map[string]*stream
	recorded   []element.Event
	lost       map[element.EventKind]uint64
	handshakes []element.KeptHandshake
}

type stream struct {
	seq     uint64
	events  []element.Event
	patches []element.Patch
	dropped bool
}

func (s *stage) stream(name string) *stream {
	if s.streams[name] == nil {
		s.streams[name] = &stream{}
	}
	return s.streams[name]
}

func (s *stage) Publish(name string, updates []element.Update) element.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stream(name)
	for i := range updates {
		st.seq++
		updates[i].Seq = st.seq
		if e := updates[i].Event; e != nil {
			if e.Seq != 0 {
				panic(fmt.Sprintf("event %d is published twice", e.Seq))
			}
			e.Seq = st.seq
			st.events = append(st.events, *e)
		}
		if p := updates[i].Patch; p != nil {
			st.patches = append(st.patches, *p)
		}
	}
	return element.Cursor{Epoch: "test", Seq: st.seq}
}

func (s *stage) Events(name string, after *element.Cursor, limit int, _ ...element.EventKind) element.EventPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stream(name)
	if after != nil {
		at, _ := slices.BinarySearchFunc(st.events, after.Seq+1, func(e element.Event, seq uint64) int { return cmp.Compare(e.Seq, seq) })
		found := st.events[at:min(at+limit, len(st.events))]
		return element.EventPage{Events: slices.Clone(found), Cursor: element.Cursor{Epoch: "test", Seq: st.seq}}
	}
	return element.EventPage{Events: slices.Clone(st.events[max(0, len(st.events)-limit):]), Cursor: element.Cursor{Epoch: "test", Seq: st.seq}}
}

func (s *stage) Drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stream(name).dropped = true
}

func (s *stage) Record(_ element.ID, events []element.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recorded = append(s.recorded, events...)
}

func (s *stage) Lost(element.ID) map[element.EventKind]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	lost := s.lost
	s.lost = nil
	return lost
}

func (s *stage) RecordHandshake(_ element.ID, h element.KeptHandshake) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handshakes = append(s.handshakes, h)
}

func (s *stage) patches(name string) []element.Patch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stream(name).patches)
}
