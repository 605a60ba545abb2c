package runner

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"fieldline/element"
)

// saver brings values of logic and devices to disk in the background. Of each
// target only the newest value waits, so that it never holds more than the
// connector has parameters and tables have cells; one call to Storage runs at a time, so that an
// older value never follows a newer one.
type saver struct {
	// Set before run.
	id      element.ID
	storage Storage
	screen  *screen
	slog    *slog.Logger

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

// tick starts a call to Storage when there is something to save and none
// is on its way.
func (s *saver) tick(now time.Time) {
	if s.isEmpty() {
		s.retryAt = time.Time{} // nothing is due: the owner may rest
	}
	if s.inFlight != nil || s.isEmpty() || now.Before(s.retryAt) {
		return
	}
	s.retryAt = time.Time{}
	all := s.take(valuesAtOnce)
	s.inFlight = &all
	go func() { s.done <- s.store(all) }()
}

// store saves values; it may be called from any goroutine.
func (s *saver) store(all saving) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if all.state != "" {
		if err := s.storage.SaveState(ctx, s.id, all.state); err != nil {
			return err
		}
	}
	if len(all.values) == 0 {
		return nil
	}
	return s.storage.SaveValues(ctx, s.id, all.values)
}

// ended takes the result of the call that was on its way. What failed is
// kept and tried again; the list says so once.
func (s *saver) ended(err error) {
	all := *s.inFlight
	s.inFlight = nil
	if err == nil {
		if s.failures > 0 {
			s.screen.log("info", "Values are saved again.")
		}
		s.stateSaved(all.state)
		s.failures = 0
		return
	}
	s.giveBack(all)
	n := len(all.values)
	s.retryAt = time.Now().Add(saveRetry)
	s.failures++
	if s.failures == 1 && n > 0 {
		s.screen.log("error", fmt.Sprintf("%d values could not be saved and are tried again: %s", n, element.MessageOf(err)))
	}
	s.slog.Warn("values are not saved", "values", n, "failures", s.failures, "error", err)
}

// saveNow saves a person's values before anything of them is seen, together
// with those that wait. On failure only the latter go on waiting.
func (s *saver) saveNow(now saving) error {
	s.await()
	waiting := s.take(0)
	all := saving{slices.Concat(waiting.values, now.values), waiting.state}
	if err := s.store(all); err != nil {
		s.giveBack(waiting)
		return err
	}
	s.failures, s.retryAt = 0, time.Time{}
	s.stateSaved(waiting.state)
	return nil
}

// stateSaved says that the state of an order got to disk after all; "" is none.
func (s *saver) stateSaved(state element.State) {
	if state != "" {
		s.screen.log("info", fmt.Sprintf("It is saved now that the element is %s.", state))
		s.slog.Info("a state is saved now", "state", state)
	}
}

// await waits for the call that is on its way; it is bounded by
// saveTimeout.
func (s *saver) await() {
	if s.inFlight != nil {
		s.ended(<-s.done)
	}
}

// saveRest saves what waits before the element ends or reads its values anew.
func (s *saver) saveRest() {
	s.await()
	for !s.isEmpty() {
		all := s.take(valuesAtOnce)
		if err := s.store(all); err != nil {
			s.giveBack(all)
			s.slog.Error("values are not saved", "values", len(all.values), "error", err)
			return
		}
	}
}

// saveState writes a state to disk before it is entered. When the disk cannot
// take it, the order is carried out all the same, and the state saved later: a
// full disk must not keep a person from stopping an element.
func (s *saver) saveState(state element.State) error {
	if late := s.inFlight; late != nil && late.state != "" {
		s.state = state // after the one that is on its way
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stateTimeout)
	defer cancel()
	err := s.storage.SaveState(ctx, s.id, state)
	switch {
	case err == nil:
		s.state = ""
		return nil
	case element.CodeOf(err) != element.Unavailable:
		return err
	}
	s.state, s.retryAt = state, time.Now().Add(saveRetry)
	s.slog.Warn("a state is not saved", "state", state, "error", err)
	s.screen.log("warning", fmt.Sprintf("Could not save that the element is %s; will try again: %s", state, element.MessageOf(err)))
	return nil
}

// savedValues reads what is on disk, after what waits has got there; what
// could not get there is laid over it.
func (s *saver) savedValues() ([]element.SavedValue, error) {
	s.saveRest()
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	saved, err := s.storage.SavedValues(ctx, s.id)
	if err != nil {
		return nil, err
	}
	newer := s.pending[element.RowKey{}]
	saved = slices.DeleteFunc(saved, func(v element.SavedValue) bool {
		return newer != nil && !v.IsCell() && newer.has(v.Parameter)
	})
	return append(saved, s.pending.flat(0)...), nil
}

// keptValues reads what is kept with a version.
func (s *saver) keptValues(version string) ([]element.SavedValue, error) {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	return s.storage.KeptValues(ctx, s.id, version)
}

// saveRecord keeps changed settings.
func (s *saver) saveRecord(record element.Record) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	return s.storage.UpdateElement(ctx, record)
}
