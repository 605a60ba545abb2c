package runner

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"runtime/pprof"
	"sync/atomic"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// Runner brings one element to life: its owner goroutine (run) is the only one
// that touches the fields under "owned by run".
type Runner struct {
	// Set before run.
	id  element.ID
	o   Options
	log *slog.Logger
	shared
	forget func() // takes the deleted element off the fleet's list

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
	record      stored
	params      parameters
	engine      *engine.Engine // nil while trouble says why
	handler     handler        // takes what the engine is to handle
	trouble     *element.Error // the connector is missing, values cannot be read, the logic failed
	everStarted bool           // in this process: a pause after that can be resumed
	inputs      []engine.Input // that follow from what was handled
	byPerson    bool           // what is being done is a person's wish
	connections connections
	trial       *trial // under way, nil when none
	secrets     secrets
	screen      screen
	scripts     scriptCosts
	general     general // general parameters, once somebody has looked
	saver       saver
	writes      writes
	quarantine  string // why an element that was to run is stopped, this time; "" when it is not
	timer       *time.Timer
	done        bool // leave the loop
	deleted     bool // the element is gone from Storage
}

func newRunner(o Options, s shared, record element.Record) *Runner {
	r := &Runner{
		id: record.ID, o: o, shared: s, record: stored{record},
		log:     o.Logger.With("element", string(record.ID)),
		inbox:   make(chan func(), inboxLength),
		reports: make(chan report, reportsLength),
		loaded:  make(chan struct{}),
		ended:   make(chan struct{}),
	}
	r.secrets = secrets{params: &r.params, passwords: r.passwordValues}
	r.screen = screen{id: r.id, publisher: o.Publisher, recorder: o.Recorder, payloads: s.payloads, secrets: &r.secrets}
	r.scripts = scriptCosts{screen: &r.screen, secrets: &r.secrets}
	r.writes = writes{screen: &r.screen, secrets: &r.secrets}
	r.saver = saver{
		id: r.id, storage: o.Storage, screen: &r.screen, slog: r.log,
		pending: pendingValues{}, done: make(chan error, 1),
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
	r.byPerson = false
	r.settle()
	r.timer.Reset(time.Until(r.next()))
	select {
	case <-ctx.Done():
		r.done = true
	case do := <-r.inbox:
		r.byPerson = true
		do()
	case n := <-r.reports:
		handled := n.weight() // before its batch is used again
		r.handleReport(n)
		r.handleMore(handled)
	case err := <-r.saver.done:
		r.saver.ended(err)
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
	if r.engine != nil {
		if due, ok := r.engine.Due(); ok && !due.After(now) {
			r.handle(engine.Tick{})
		}
	}
	r.connections.forgetRetired()
	r.connections.tick(now)
	r.follow()
	r.saver.tick(now)
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

// flush publishes what waits. The summary is readable before its patch is, so
// that a list taken at a cursor holds everything up to it.
func (r *Runner) flush(now time.Time) {
	r.screen.tellLosses(now)
	r.scripts.show(now)
	r.general.show(r.engine, &r.screen)
	var summary *element.Element
	if r.screen.summaryDue(now) {
		summary = r.element()
		r.summary.Store(summary)
	}
	r.screen.publish(now, summary)
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
	if r.engine != nil {
		if due, ok := r.engine.Due(); ok {
			soonest(due)
		}
	}
	soonest(r.connections.due())
	soonest(r.saver.retryAt)
	soonest(r.screen.due())
	soonest(r.screen.losses.due())
	soonest(r.scripts.due())
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
	r.engine, r.inputs = nil, nil
	r.trouble = element.Errorf(element.Unavailable, "The logic of this element failed and the element was stopped. Start it to try again.")
	r.record.State = element.Stopped
	defer func() {
		// A second panic leaves the element as it is: without logic.
		if p := recover(); p != nil {
			r.engine = nil
			r.log.Error("the element's logic cannot be loaded", "panic", fmt.Sprint(p))
		}
	}()
	r.connections.disconnect("element stopped")
	r.screen.log("error", r.trouble.Msg)
	r.screen.event(element.StateChanged{State: element.Stopped, By: element.ByLogic})
	r.screen.touch()
	r.rebuild(element.Stopped)
}

// handle gives one input to the logic and carries out the effects.
func (r *Runner) handle(in engine.Input) {
	if r.engine != nil {
		r.perform(r.handler.Handle(time.Now(), in))
	}
}

// enqueue queues an input that follows from what is being handled; inputs never
// nest.
func (r *Runner) enqueue(in engine.Input) {
	if r.engine != nil {
		r.inputs = append(r.inputs, in)
	}
}

// windDown ends everything that the element has started: devices get Close
// 1001, values that wait are saved, waiting callers see ended.
func (r *Runner) windDown() {
	r.inputs, r.engine, r.scripts.running = nil, nil, nil
	r.connections.disconnect("going away")
	if r.trial != nil {
		r.trial.cancel()
	}
	for r.trial != nil || r.connections.running() {
		r.handleReport(<-r.reports)
	}
	r.saver.await()
	if !r.deleted {
		r.saver.saveRest()
	}
	r.flush(time.Now())
}

// handleReport passes a report on to whose it is.
func (r *Runner) handleReport(n report) {
	switch {
	case n.trial != nil:
		r.trialEnded(n.trial)
	case n.reply != nil:
		n.reply.of.replied(n.reply)
	default:
		n.try.socket.handleReport(n)
	}
}
