package runner

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// Runner brings one element to life: its owner goroutine (run) is the only one
// that touches the fields under "owned by run".
type Runner struct {
	// Set before run.
	id        element.ID
	o         Options
	dialSlots chan struct{} // a slot for each opening handshake; shared by the fleet
	loadSlots chan struct{} // a slot for reading values from Storage; shared by the fleet
	log       *slog.Logger
	// payloads are the whole messages of all elements; shared by the fleet.
	payloads *payloads
	pool     *sync.Pool // of batches; shared by the fleet
	// forget takes the deleted element off the fleet's list.
	forget func()

	// scriptWatch is asked by others while a script holds the owner.
	scriptWatch scriptWatch

	// In.
	inbox   chan func()
	reports chan report

	// Out.
	summary atomic.Pointer[element.Element]
	loaded  chan struct{} // closed once the values are loaded
	ended   chan struct{} // closed after the last goroutine of the element has ended

	// logins are what the element's devices asked for; its connections share them.
	logins link.Logins
	// cookies are those of the connections that keep them.
	cookies link.Cookies

	// Owned by run.
	record      element.Record
	definition  *connector.Definition
	params      map[element.ParamID]*connector.Param
	infos       map[element.ParamID]element.ParamInfo
	tables      map[element.ParamID]bool
	passwords   []element.ParamID // what they hold is masked wherever it turns up
	machine     machine           // nil while trouble says why
	trouble     *element.Error    // the connector is missing, values cannot be read, the logic failed
	everStarted bool              // in this process: a pause after that can be resumed
	connections []*connection
	trial       *trial         // under way, nil when none
	inputs      []engine.Input // that follow from what was handled
	asked       bool           // what is being done is a person's wish
	screen      screen
	scriptNews  scriptNews
	quarantined string  // why an element that was to run is stopped, this time; "" when it is not
	general     general // general parameters, once somebody has looked
	saver       saver
	writes      writes
	missing     missing // from history
	timer       *time.Timer
	done        bool // leave the loop
	deleted     bool // the element is gone from Storage
}

func newRunner(o Options, dialSlots, loadSlots chan struct{}, record element.Record) *Runner {
	r := &Runner{
		id: record.ID, o: o, dialSlots: dialSlots, loadSlots: loadSlots, record: record,
		log:     o.Logger.With("element", string(record.ID)),
		inbox:   make(chan func(), inboxLength),
		reports: make(chan report, reportsLength),
		loaded:  make(chan struct{}),
		ended:   make(chan struct{}),
		saver:   saver{pending: pendingValues{}, done: make(chan error, 1)},
	}
	r.summary.Store(r.element())
	return r
}

// run is the owner. It returns after ctx has ended or the element was deleted,
// and after all goroutines of the element have ended.
func (r *Runner) run(ctx context.Context) {
	defer close(r.ended)
	// A report of the end of the process names the element that was handled.
	pprof.SetGoroutineLabels(pprof.WithLabels(ctx, pprof.Labels("element", string(r.id))))
	r.timer = time.NewTimer(time.Hour)
	defer r.timer.Stop()
	r.survive(r.load)
	close(r.loaded)
	for !r.done {
		r.survive(func() { r.turn(ctx) })
	}
	r.windDown()
	if r.deleted {
		r.forget()
	}
}

// turn waits for one thing to happen and deals with all that follows from it.
func (r *Runner) turn(ctx context.Context) {
	if ctx.Err() != nil {
		r.done = true // before requests that wait: they could be many
		return
	}
	r.asked = false
	r.settle()
	r.timer.Reset(time.Until(r.next()))
	select {
	case <-ctx.Done():
		r.done = true
	case do := <-r.inbox:
		r.asked = true
		do()
	case n := <-r.reports:
		handled := n.weight() // before its batch is used again
		r.handleReport(n)
		r.handleMore(handled)
	case err := <-r.saver.done:
		r.saveEnded(err)
	case <-r.timer.C:
	}
}

// handleMore handles reports that already wait, so that a burst is published at
// once.
func (r *Runner) handleMore(handled int) {
	for handled < reportsAtOnce {
		r.follow()
		select {
		case n := <-r.reports:
			handled += n.weight()
			r.handleReport(n)
		default:
			return
		}
	}
}

// settle handles the inputs that follow and what is due, and publishes.
func (r *Runner) settle() {
	r.follow()
	now := time.Now()
	if r.machine != nil {
		if due, ok := r.machine.Due(); ok && !due.After(now) {
			r.handle(engine.Tick{})
		}
	}
	r.forgetRetired()
	for _, c := range r.connections {
		c.transport.tick(now)
	}
	r.follow()
	r.saveTick(now)
	r.flush(now)
}

// follow handles queued inputs, a bounded number of them: logic that answers
// each input with another must not lock out the connections.
func (r *Runner) follow() {
	for n := 0; len(r.inputs) > 0 && n < inputsAtOnce; n++ {
		in := r.inputs[0]
		r.inputs = r.inputs[1:]
		r.handle(in)
	}
}

// next is when the owner has to look again although nothing happened.
func (r *Runner) next() time.Time {
	now := time.Now()
	if len(r.inputs) > 0 {
		return now
	}
	next := now.Add(time.Hour)
	soonest := func(t time.Time) {
		if !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	if r.machine != nil {
		if due, ok := r.machine.Due(); ok {
			soonest(due)
		}
	}
	for _, c := range r.connections {
		soonest(c.transport.due())
	}
	soonest(r.saver.retryAt)
	soonest(r.screen.due())
	soonest(r.missing.due())
	soonest(r.scriptNews.due())
	return next
}

// survive calls do and survives its panic. A fault in the logic of one connector
// must not end the elements of all others, so it is caught here, at the
// owner's top, where no half-done work can be continued: the element is
// stopped and says why.
func (r *Runner) survive(do func()) {
	defer func() {
		if p := recover(); p != nil {
			r.failed(p, debug.Stack())
		}
	}()
	do()
}

// failed takes the element out of service after a panic: connections are
// closed, the logic is built anew from what was saved and left stopped. The
// stored state stays, so that a new start of the program tries again.
func (r *Runner) failed(p any, stack []byte) {
	r.log.Error("the element's logic failed; the element is stopped", "panic", fmt.Sprint(p), "stack", string(stack))
	r.machine, r.inputs = nil, nil
	r.trouble = element.Errorf(element.Unavailable, "The logic of this element failed and the element was stopped. Start it to try again.")
	r.record.State = element.Stopped
	defer func() {
		// A second panic leaves the element as it is: without logic.
		if p := recover(); p != nil {
			r.machine = nil
			r.log.Error("the element's logic cannot be loaded", "panic", fmt.Sprint(p))
		}
	}()
	for _, c := range r.connections {
		c.transport.disconnect(closeGoingAway, "element stopped")
	}
	r.logged("error", r.trouble.Msg)
	r.event(element.StateChanged{State: element.Stopped, By: element.ByLogic})
	r.touch()
	r.rebuild(element.Stopped)
}

// handle gives one input to the logic and carries out the effects.
func (r *Runner) handle(in engine.Input) {
	if r.machine != nil {
		r.perform(r.machine.Handle(time.Now(), in))
	}
}

// after queues an input that follows from what is being handled; inputs never
// nest.
func (r *Runner) after(in engine.Input) {
	if r.machine != nil {
		r.inputs = append(r.inputs, in)
	}
}

// windDown ends everything that the element has started: devices get Close
// 1001, values that wait are saved, waiting callers see ended.
func (r *Runner) windDown() {
	r.inputs, r.machine = nil, nil
	for _, c := range r.connections {
		c.transport.disconnect(closeGoingAway, "going away")
	}
	if r.trial != nil {
		r.trial.cancel()
	}
	for r.busy() {
		r.handleReport(<-r.reports)
	}
	r.saveRest()
	r.flush(time.Now())
}

func (r *Runner) busy() bool {
	if r.trial != nil {
		return true
	}
	for _, c := range r.connections {
		if c.running() > 0 {
			return true
		}
	}
	return false
}

// handleReport passes a report on to its connection.
func (r *Runner) handleReport(n report) {
	if n.trial != nil {
		r.trialEnded(n.trial)
		return
	}
	for _, c := range r.connections {
		if c.id == n.connection {
			c.handleReport(n)
		}
	}
}

// ask has the owner call do between two other things and returns what it
// returned. When the element ends first, the answer is Unavailable.
func ask[T any](ctx context.Context, r *Runner, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	question := func() {
		a := answer{err: element.Errorf(element.Internal, "The logic of the element failed.")}
		defer func() { answers <- a }()
		a.value, a.err = do()
	}
	gone := func() (T, error) {
		var none T
		return none, element.Errorf(element.Unavailable, "The element is stopping; try again later.")
	}
	late := func() (T, error) {
		var none T
		return none, &element.Error{Code: element.Unavailable, Op: "runner.ask", Msg: "The element did not answer in time; look again whether it was done.", Err: ctx.Err()}
	}
	stuck, err := r.scriptWatch.refusal()
	if err != nil {
		var none T
		return none, err
	}
	held := func() (T, error) {
		var none T
		_, err := r.scriptWatch.refusal()
		if err == nil {
			return late()
		}
		return none, &element.Error{Code: element.Unavailable, Op: "runner.ask", Msg: element.MessageOf(err) + " What was asked may still be done then.", Err: err}
	}
	select {
	case r.inbox <- question:
	case <-r.ended:
		return gone()
	case <-stuck:
		return held()
	case <-ctx.Done():
		return late()
	}
	select {
	case a := <-answers:
		return a.value, a.err
	case <-stuck:
		return held()
	case <-ctx.Done():
		return late()
	case <-r.ended:
		select {
		case a := <-answers:
			return a.value, a.err
		default:
			return gone()
		}
	}
}
