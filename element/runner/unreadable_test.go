package runner

import (
	"testing"
	"testing/synctest"

	"fieldline/element"
)

// TestAStartThatFailsSaysSo: an element whose values cannot be read is stopped,
// in the list of events as well as in the summary.
func TestAStartThatFailsSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		for _, order := range []element.Order{element.Restart, element.Start} {
			w.disk.unreadable = element.Errorf(element.Unavailable, "The disk does not answer.")
			_, err := w.fleet.Do(t.Context(), id, order, nil, "tester")
			wantCode(t, err, element.Unavailable, "")
			synctest.Wait()
			e, err := w.fleet.Element(t.Context(), id)
			if err != nil || e.State != element.Stopped || e.Connections[0].Status != element.ConnClosed {
				t.Errorf("after %s: %+v, %v", order, e, err)
			}
			states := w.events(id, element.KindState)
			if last := states[len(states)-1].Body.(element.StateChanged); last.State != element.Stopped {
				t.Errorf("after %s the last state listed is %s", order, last.State)
			}
		}
		w.disk.unreadable = nil
		w.do(id, element.Start)
		w.wantStatus(id, element.ConnOpen)
	})
}
