package runner

import (
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
)

// TestLossesOfHistoryAreTold: what history could not take is an event of the
// element: one line for a run of losses, another for the next run.
func TestLossesOfHistoryAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(manual)
		lose := func(lost map[element.EventKind]uint64, after time.Duration) {
			w.stage.mu.Lock()
			w.stage.lost = lost
			w.stage.mu.Unlock()
			w.set(id, 51, "x") // recorded; only then is it known
			pass(after)
			synctest.Wait()
		}
		lose(map[element.EventKind]uint64{element.KindParameter: 1}, lossesEvery)
		lose(map[element.EventKind]uint64{element.KindParameter: 40, element.KindLog: 2}, 2*lossesQuiet)
		lose(map[element.EventKind]uint64{element.KindParameter: 7}, lossesEvery)
		var lines []string
		for _, e := range w.events(id, element.KindLog) {
			if l := e.Body.(element.Log); l.Level == "warning" {
				lines = append(lines, l.Message)
			}
		}
		const why = " are missing from history: more came than could be written."
		want := []string{"2 events of kind log and 41 events of kind parameter" + why, "7 events of kind parameter" + why}
		if len(lines) != 2 || lines[0] != want[0] || lines[1] != want[1] {
			t.Errorf("lines %q, want %q", lines, want)
		}
	})
}
