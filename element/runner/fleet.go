package runner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"fieldline/element"
)

// Fleet is all elements of the program. Its methods may be called from any
// goroutine.
type Fleet struct {
	o Options
	shared

	mu      sync.Mutex
	ctx     func() context.Context // of the owners; nil before Start
	cancel  context.CancelFunc
	started bool          // Start has loaded all elements
	watched chan struct{} // closed after the watch over scripts has ended; nil before Start
	closed  bool
	runners map[element.ID]*Runner
	coming  int // elements that are being created

	// binding is held for reading while an element comes to use a connector,
	// for writing while one is deleted that no element uses.
	binding sync.RWMutex
}

// shared is what all elements use together.
type shared struct {
	dialSlots chan struct{} // one for each opening handshake at the same time
	loadSlots chan struct{} // one for each element that reads its values
	payloads  *payloads     // messages that their events show in part only
	pool      *sync.Pool    // of batches
}

func newShared(o Options) shared {
	return shared{
		dialSlots: make(chan struct{}, o.Dials), loadSlots: make(chan struct{}, loadsAtOnce),
		payloads: newPayloads(keptPayloads, allPayloads), pool: newBatchPool(),
	}
}

// NewFleet returns a fleet without elements; Start loadSlots them.
func NewFleet(o Options) *Fleet {
	o = o.withDefaults()
	return &Fleet{
		o: o, shared: newShared(o), runners: map[element.ID]*Runner{},
	}
}

// Start loadSlots all elements. Those that were active are started; paused ones
// get their values and do not connect until somebody starts them; stopped ones
// get their values. It returns when all values are loaded. ctx bounds the
// loading only; Close ends what Start began.
func (f *Fleet) Start(ctx context.Context) error {
	records, err := f.o.Storage.Elements(ctx)
	if err != nil {
		return err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f.mu.Lock()
	f.ctx, f.cancel = func() context.Context { return running }, cancel
	f.watched = make(chan struct{})
	go f.watch(running)
	var all []*Runner
	for _, record := range records {
		all = append(all, f.launch(record))
	}
	f.mu.Unlock()
	for _, r := range all {
		select {
		case <-r.loaded:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	f.mu.Lock()
	f.started = true
	f.mu.Unlock()
	return nil
}

// launch starts the owner of an element. The caller holds mu.
func (f *Fleet) launch(record element.Record) *Runner {
	r := newRunner(f.o, f.shared, record)
	r.forget = func() { f.forget(record.ID) }
	f.runners[record.ID] = r
	go r.run(f.ctx())
	return r
}

// Close ends all elements: devices get Close 1001, values that wait are saved,
// waiting callers are answered with Unavailable. It returns when every
// goroutine has ended, or with the error of ctx when that takes longer. An
// element whose script does not return is left to the end of the process.
func (f *Fleet) Close(ctx context.Context) error {
	f.mu.Lock()
	f.closed = true
	if f.cancel != nil {
		f.cancel()
	}
	all := make([]*Runner, 0, len(f.runners))
	for _, r := range f.runners {
		all = append(all, r)
	}
	watched := f.watched
	f.mu.Unlock()
	if watched != nil {
		<-watched
	}
	patience, over := context.WithTimeout(ctx, abandonAfter)
	defer over()
	for _, r := range all {
		if err := r.awaitEnd(ctx, patience); err != nil {
			return err
		}
	}
	return nil
}

// runner finds an element.
func (f *Fleet) runner(id element.ID) (*Runner, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.runners[id]
	if r == nil {
		return nil, noElement(id)
	}
	return r, nil
}

func noElement(id element.ID) error {
	return element.Errorf(element.NotFound, "There is no element %q.", id)
}

// askElement has the owner of an element call do.
func askElement[T any](ctx context.Context, f *Fleet, id element.ID, do func(*Runner) (T, error)) (T, error) {
	r, err := f.runner(id)
	if err != nil {
		var none T
		return none, err
	}
	return ask(ctx, r, func() (T, error) { return do(r) })
}

// Elements are all elements, oldest first. The cursor
// is taken before the list, so that the list holds at least what is before it.
func (f *Fleet) Elements(context.Context) ([]element.Element, element.Cursor, error) {
	cursor := f.o.Publisher.Publish(element.FleetStream, nil)
	return f.summaries(), cursor, nil
}

func (f *Fleet) summaries() []element.Element {
	f.mu.Lock()
	all := make([]element.Element, 0, len(f.runners))
	for _, r := range f.runners {
		all = append(all, *r.summary.Load())
	}
	f.mu.Unlock()
	slices.SortFunc(all, func(a, b element.Element) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt.Time), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all
}

// Element is the summary of an element.
func (f *Fleet) Element(_ context.Context, id element.ID) (element.Element, error) {
	r, err := f.runner(id)
	if err != nil {
		return element.Element{}, err
	}
	return *r.summary.Load(), nil
}

// View is everything that a page of an element shows, at one moment.
func (f *Fleet) View(ctx context.Context, id element.ID) (element.View, error) {
	return askElement(ctx, f, id, (*Runner).view)
}

// Set writes a parameter or a cell, as a person asked.
func (f *Fleet) Set(ctx context.Context, id element.ID, req element.SetRequest) (element.SetResult, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.SetResult, error) { return r.set(req) })
}

// Table returns the rows of a table; NotFound when the parameter is none.
func (f *Fleet) Table(ctx context.Context, id element.ID, table element.ParamID) (element.Table, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Table, error) { return r.table(table) })
}

// Write returns the receipt of a write as it is now.
func (f *Fleet) Write(ctx context.Context, id element.ID, writeID string) (element.Write, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Write, error) { return r.writes.find(writeID) })
}

// Events returns events after a cursor, or the newest limit events when after
// is nil; with kinds, those of these kinds alone.
func (f *Fleet) Events(_ context.Context, id element.ID, after *element.Cursor, limit int, kinds ...element.EventKind) (element.EventPage, error) {
	if _, err := f.runner(id); err != nil {
		return element.EventPage{}, err
	}
	return f.o.Publisher.Events(string(id), after, limit, kinds...), nil
}

// Handshake returns a record of a connection; NotFound when there is none.
func (f *Fleet) Handshake(ctx context.Context, id element.ID, connection int, which element.Which) (element.Handshake, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Handshake, error) { return r.connections.handshake(connection, which) })
}

// Message returns the whole message of the event at a cursor; NotFound when the
// event is no message or the message has left memory.
func (f *Fleet) Message(ctx context.Context, id element.ID, event element.Cursor) (element.Payload, error) {
	// The owner publishes an event and keeps its message in one turn; between
	// two dialSlots no message is missing whose event is there.
	return askElement(ctx, f, id, func(r *Runner) (element.Payload, error) { return r.screen.findMessage(event) })
}

// Do carries out an order and returns the element as it is then; what the order
// sets in motion goes on. connection is for element.Reconnect: nil means all.
func (f *Fleet) Do(ctx context.Context, id element.ID, o element.Order, connection *int, by string) (element.Element, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Element, error) { return r.do(o, connection, by) })
}

// Update changes the settings of an element. With another version of the
// connector a running element is stopped and goes on afterwards as d.Start says.
func (f *Fleet) Update(ctx context.Context, id element.ID, d element.Draft, by string) (element.Element, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Element, error) {
		f.binding.RLock()
		defer f.binding.RUnlock()
		return r.update(d, by)
	})
}

// Delete forgets an element. It is gone from Storage first; then its
// connections are closed and its stream ends.
func (f *Fleet) Delete(ctx context.Context, id element.ID, by string) error {
	r, err := f.runner(id)
	if err != nil {
		return err
	}
	_, err = ask(ctx, r, func() (struct{}, error) { return struct{}{}, r.remove() })
	if err != nil {
		return err
	}
	f.o.Logger.InfoContext(ctx, "element deleted", "element", string(id), "by", by)
	<-r.ended // closing is bounded in time
	return nil
}

// forget takes a deleted element off the list and ends its stream. The owner
// calls it as its last act, so that it happens although nobody waits for it.
func (f *Fleet) forget(id element.ID) {
	f.mu.Lock()
	delete(f.runners, id)
	f.mu.Unlock()
	f.payloads.drop(id)
	f.o.Publisher.Drop(string(id))
	f.o.Publisher.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Removed: id}}})
}

// errStopping is the answer of a fleet that ends.
func errStopping() error {
	return &element.Error{
		Code: element.Unavailable, Op: "runner.Fleet", Err: errors.New("fleet is not running"),
		Msg: "The program is stopping; try again later.",
	}
}
