package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"fieldline/element"
)

// Functions of JavaScript's own that run in Go cannot be interrupted. A script
// in one that does not return holds its element's owner, so that what is to be
// said of it is said from here.
const (
	stuckAfter   = 4 * time.Second // past the budget of a call
	watchEvery   = time.Second
	abandonAfter = 1500 * time.Millisecond // at the end of the program: a script that still runs
)

// stuck is a call that does not return.
type stuck struct {
	err   *element.Error
	fault element.Fault
}

// scriptWatch is what others know of an owner that a script may hold.
type scriptWatch struct {
	mu      sync.Mutex
	scripts Scripts
	stuck   *stuck
	signal  chan struct{} // closed while the owner is stuck
}

// watches says whose scripts the owner runs; nil when nobody's.
func (l *scriptWatch) watches(s Scripts) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scripts = s
}

// running is the call that runs, and since when it has been past its budget:
// zero while it is not.
func (l *scriptWatch) running() (call element.ScriptCall, ok bool) {
	l.mu.Lock()
	s := l.scripts
	l.mu.Unlock()
	if s == nil {
		return call, false
	}
	return s.Running()
}

// refusal is why callers of the owner are refused, nil when they are not, and
// what tells those who wait when that changes.
func (l *scriptWatch) refusal() (stuck <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.signal == nil {
		l.signal = make(chan struct{})
	}
	if l.stuck != nil {
		return l.signal, l.stuck.err
	}
	return l.signal, nil
}

// set notes whether the owner is stuck, and reports whether that is news.
func (l *scriptWatch) set(s *stuck) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if (s == nil) == (l.stuck == nil) {
		return false
	}
	if l.signal == nil {
		l.signal = make(chan struct{})
	}
	if l.stuck = s; s != nil {
		close(l.signal)
	} else {
		l.signal = nil
	}
	return true
}

func (l *scriptWatch) fault() (element.Fault, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stuck == nil {
		return element.Fault{}, false
	}
	return l.stuck.fault, true
}

// watch looks after scripts that do not return, until ctx ends.
func (f *Fleet) watch(ctx context.Context) {
	defer close(f.watched)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f.mu.Lock()
		all := make([]*Runner, 0, len(f.runners))
		for _, r := range f.runners {
			all = append(all, r)
		}
		f.mu.Unlock()
		for _, r := range all {
			r.lookAfter(time.Now())
		}
	}
}

// lookAfter says when a script of the element does not return, and when one
// has. It is called beside the owner.
func (r *Runner) lookAfter(now time.Time) {
	call, ok := r.scriptWatch.running()
	if !ok || call.Over.IsZero() || now.Sub(call.Over) < stuckAfter {
		if r.scriptWatch.set(nil) {
			r.speak(element.Log{Level: "info", Message: "The script has returned; the element answers again."})
			select {
			case r.inbox <- r.screen.touch:
			default: // it will have much to say anyway
			}
		}
		return
	}
	what := fmt.Sprintf("%s has been running for %s and does not return: it is in a function that cannot be interrupted", call, now.Sub(call.Since).Round(time.Second))
	name := r.summary.Load().Name
	s := &stuck{
		err:   element.Errorf(element.Unavailable, "%s. The element does not answer until it returns or the program is started again.", what),
		fault: element.Fault{Name: "script-stuck", Message: fmt.Sprintf("element %s: %s. Stop the program and correct the connector.", name, what)},
	}
	if r.scriptWatch.set(s) {
		r.log.Error("a script does not return", "qaction", call.QAction)
		r.speak(element.Log{Level: "error", Message: s.err.Msg})
		summary := *r.summary.Load()
		summary.Faults = append(slices.Clip(summary.Faults), s.fault)
		r.summary.Store(&summary)
		r.o.Publisher.Publish(string(r.id), []element.Update{{Patch: &element.Patch{Element: &summary}}})
		r.o.Publisher.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Element: &summary}}})
	}
}

// speak lists an event in the place of an owner that cannot.
func (r *Runner) speak(body element.EventBody) {
	e := &element.Event{At: element.At(time.Now()), Body: body}
	updates := []element.Update{{Event: e}}
	r.o.Publisher.Publish(string(r.id), updates)
	r.o.Recorder.Record(r.id, []element.Event{*e})
}

// faults are the faults of the element that its owner knows of.
func (r *Runner) faults() []element.Fault {
	var all []element.Fault
	if r.quarantine != "" {
		all = append(all, element.Fault{Name: "held-back", Message: r.quarantine})
	}
	return append(all, r.scripts.off...)
}

// awaitEnd waits until the element has ended, or until patience is over and a
// script still runs: that one is left behind.
func (r *Runner) awaitEnd(ctx context.Context, patience context.Context) error {
	for {
		select {
		case <-r.ended:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-patience.Done():
			if call, ok := r.scriptWatch.running(); ok {
				r.log.WarnContext(ctx, "a script does not return; it is left behind", "qaction", call.QAction)
				return nil
			}
			patience = context.Background()
		}
	}
}
