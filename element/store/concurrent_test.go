package store

import (
	"fmt"
	"sync"
	"testing"

	"fieldline/element"
)

// TestConcurrentUse lets many elements live their lives at once: each finds
// what is its own and nothing else.
func TestConcurrentUse(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	life := func(id element.ID) error {
		ctx := t.Context()
		r := record(id, "Element "+string(id))
		if err := s.CreateElement(ctx, r); err != nil {
			return err
		}
		for i := range 20 {
			s.Record(id, []element.Event{logged(uint64(i+1), day, fmt.Sprint(id, " ", i))})
			value := element.SavedValue{Target: element.Target{Parameter: element.ParamID(i % 3)}, Value: element.Text(fmt.Sprint(id, " ", i))}
			if err := s.SaveValues(ctx, id, []element.SavedValue{value}); err != nil {
				return err
			}
			values, err := s.SavedValues(ctx, id)
			if err != nil {
				return err
			}
			if got := values[i%3].Value; got != value.Value {
				return fmt.Errorf("%s: saved %q and read %q", id, value.Value, got)
			}
		}
		events, err := s.RecentEvents(ctx, id, each(100))
		if err != nil {
			return err
		}
		if last := fmt.Sprint(id, " ", 19); len(events) != 20 || events[19].Body.(element.Log).Message != last {
			return fmt.Errorf("%s: %d events, the last is not %q", id, len(events), last)
		}
		if len(id)%2 == 0 {
			return s.DeleteElement(ctx, id)
		}
		r.State = element.Stopped
		return s.UpdateElement(ctx, r)
	}
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			if err := life(element.ID(fmt.Sprint(i))); err != nil { // two digits: deleted
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s = reopen(t, s, dir, Options{})
	must(t, s.settle(t.Context()))
	records, err := s.Elements(t.Context())
	must(t, err)
	for _, r := range records {
		if len(r.ID) != 1 || r.State != element.Stopped {
			t.Errorf("element %s is %s", r.ID, r.State)
		}
	}
	want(t, len(records), 10)
	want(t, rows(t, s), 10*20)
	want(t, s.Dropped(), 0)
}
