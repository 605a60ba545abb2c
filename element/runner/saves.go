package runner

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"fieldline/element"
)

// saver brings values of logic and devices to disk in the background. Of each
// parameter only the newest value waits, so that it never holds more than the
// connector has parameters; one call to Storage runs at a time, so that an
// older value never follows a newer one.
type saver struct {
	pending  map[element.ParamID]element.SavedValue
	inFlight []element.SavedValue // being saved by the goroutine; nil when there is none
	done     chan error           // its result
	retryAt  time.Time            // zero unless the last call failed
	failures int                  // in a row
}

func (s *saver) add(values []element.SavedValue) {
	for _, v := range values {
		s.pending[v.Parameter] = v
	}
}

// take empties what waits, in order of the parameters.
func (s *saver) take() []element.SavedValue {
	values := make([]element.SavedValue, 0, len(s.pending))
	for _, id := range slices.Sorted(maps.Keys(s.pending)) {
		values = append(values, s.pending[id])
	}
	clear(s.pending)
	return values
}

// giveBack has values wait again, where nothing newer does.
func (s *saver) giveBack(values []element.SavedValue) {
	for _, v := range values {
		if _, newer := s.pending[v.Parameter]; !newer {
			s.pending[v.Parameter] = v
		}
	}
}

// saveTick starts a call to Storage when there is something to save and none
// is on its way.
func (r *Runner) saveTick(now time.Time) {
	s := &r.saver
	if s.inFlight != nil || len(s.pending) == 0 || now.Before(s.retryAt) {
		return
	}
	s.retryAt = time.Time{}
	values := s.take()
	s.inFlight = values
	go func() { s.done <- r.store(values) }()
}

// store saves values; it may be called from any goroutine.
func (r *Runner) store(values []element.SavedValue) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	return r.o.Storage.SaveValues(ctx, r.id, values)
}

// saveEnded takes the result of the call that was on its way. What failed is
// kept and tried again; the list says so once.
func (r *Runner) saveEnded(err error) {
	s := &r.saver
	values := s.inFlight
	s.inFlight = nil
	if err == nil {
		if s.failures > 0 {
			r.logged("info", "Values are saved again.")
		}
		s.failures = 0
		return
	}
	s.giveBack(values)
	s.retryAt = time.Now().Add(saveRetry)
	s.failures++
	if s.failures == 1 {
		r.logged("error", fmt.Sprintf("%d values could not be saved and are tried again: %s", len(values), element.MessageOf(err)))
	}
	r.log.Warn("values are not saved", "values", len(values), "failures", s.failures, "error", err)
}

// saveNow saves a person's values before anything of them is seen, together
// with those that wait. On failure only the latter go on waiting.
func (r *Runner) saveNow(values []element.SavedValue) error {
	s := &r.saver
	r.awaitSave()
	waiting := s.take()
	all := slices.Clone(values)
	for _, w := range waiting {
		if !slices.ContainsFunc(values, func(v element.SavedValue) bool { return v.Parameter == w.Parameter }) {
			all = append(all, w)
		}
	}
	if err := r.store(all); err != nil {
		s.giveBack(waiting)
		return err
	}
	s.failures, s.retryAt = 0, time.Time{}
	return nil
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
	if r.deleted || len(r.saver.pending) == 0 {
		return
	}
	values := r.saver.take()
	if err := r.store(values); err != nil {
		r.saver.giveBack(values)
		r.log.Error("values are not saved", "values", len(values), "error", err)
	}
}
