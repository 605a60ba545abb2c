package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fieldline/element"
)

// saver brings values of logic and devices to disk in the background. Of each
// target only the newest value waits, so that it never holds more than the
// connector has parameters and tables have cells; one call to Storage runs at a time, so that an
// older value never follows a newer one.
type saver struct {
	pending  pendingValues
	state    element.State // that an order could not save; "" for none
	inFlight *saving       // being saved by the goroutine; nil when there is none
	done     chan error    // its result
	retryAt  time.Time     // zero unless the last call failed
	failures int           // in a row
}

// saving is what one call to Storage saves.
type saving struct {
	values []element.SavedValue
	state  element.State // "" for none
}

func (s saving) isEmpty() bool { return len(s.values) == 0 }

// isEmpty reports whether nothing waits.
func (s *saver) isEmpty() bool { return len(s.pending) == 0 && s.state == "" }

// take empties what waits, about limit values of it; 0 is all.
func (s *saver) take(limit int) saving {
	state := s.state
	s.state = ""
	return saving{s.pending.take(limit), state}
}

// giveBack has values wait again, where nothing newer does.
func (s *saver) giveBack(back saving) {
	s.pending.giveBack(back.values)
	if s.state == "" {
		s.state = back.state
	}
}

// saveTick starts a call to Storage when there is something to save and none
// is on its way.
func (r *Runner) saveTick(now time.Time) {
	s := &r.saver
	if s.isEmpty() {
		s.retryAt = time.Time{} // nothing is due: the owner may rest
	}
	if s.inFlight != nil || s.isEmpty() || now.Before(s.retryAt) {
		return
	}
	s.retryAt = time.Time{}
	all := s.take(valuesAtOnce)
	s.inFlight = &all
	go func() { s.done <- r.store(all) }()
}

// store saves values; it may be called from any goroutine.
func (r *Runner) store(all saving) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if all.state != "" {
		if err := r.o.Storage.SaveState(ctx, r.id, all.state); err != nil {
			return err
		}
	}
	if len(all.values) == 0 {
		return nil
	}
	return r.o.Storage.SaveValues(ctx, r.id, all.values)
}

// saveEnded takes the result of the call that was on its way. What failed is
// kept and tried again; the list says so once.
func (r *Runner) saveEnded(err error) {
	s := &r.saver
	all := *s.inFlight
	s.inFlight = nil
	if err == nil {
		if s.failures > 0 {
			r.logged("info", "Values are saved again.")
		}
		r.stateSaved(all.state)
		s.failures = 0
		return
	}
	s.giveBack(all)
	n := len(all.values)
	s.retryAt = time.Now().Add(saveRetry)
	s.failures++
	if s.failures == 1 && n > 0 {
		r.logged("error", fmt.Sprintf("%d values could not be saved and are tried again: %s", n, element.MessageOf(err)))
	}
	r.log.Warn("values are not saved", "values", n, "failures", s.failures, "error", err)
}

// saveNow saves a person's values before anything of them is seen, together
// with those that wait. On failure only the latter go on waiting.
func (r *Runner) saveNow(now saving) error {
	s := &r.saver
	r.awaitSave()
	waiting := s.take(0)
	all := saving{slices.Concat(waiting.values, now.values), waiting.state}
	if err := r.store(all); err != nil {
		s.giveBack(waiting)
		return err
	}
	s.failures, s.retryAt = 0, time.Time{}
	r.stateSaved(waiting.state)
	return nil
}

// stateSaved says that the state of an order got to disk after all; "" is none.
func (r *Runner) stateSaved(s element.State) {
	if s != "" {
		r.logged("info", fmt.Sprintf("That the element is %s is saved now.", s))
		r.log.Info("a state is saved now", "state", s)
	}
}

// awaitSave waits for the call that is on its way; it is bounded by
// saveTimeout.
func (r *Runner) awaitSave() {
	if r.saver.inFlight != nil {
		r.saveEnded(<-r.saver.done)
	}
}

// saveRest saves what waits before the element ends or reads its values anew.
func (r *Runner) saveRest() {
	r.awaitSave()
	for !r.deleted && !r.saver.isEmpty() {
		all := r.saver.take(valuesAtOnce)
		if err := r.store(all); err != nil {
			r.saver.giveBack(all)
			r.log.Error("values are not saved", "values", len(all.values), "error", err)
			return
		}
	}
}
