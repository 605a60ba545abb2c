package runner

import (
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// TestTimers: the element is in timeout when the silence of its device has
// lasted 30 s, although nothing else happens then.
func TestTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(int, link.Config) plan { return plan{failure: refusal("refused", "Nobody listens.")} }
		w.start()
		id := w.create(manual)
		pass(30*time.Second - time.Millisecond)
		synctest.Wait()
		if e, err := w.fleet.Element(t.Context(), id); err != nil || e.Timeout {
			t.Errorf("too soon: %+v, %v", e, err)
		}
		pass(time.Millisecond)
		synctest.Wait()
		if e, err := w.fleet.Element(t.Context(), id); err != nil || !e.Timeout {
			t.Errorf("not in timeout: %+v, %v", e, err)
		}
	})
}

func TestLogicThatAnswersItselfForeverDoesNotLockTheElement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		rounds := 0
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if s, ok := in.(engine.Set); ok && s.Value == element.Text("loop") || isOf[engine.Sent](in) && rounds < 20_000 {
				rounds++
				return []engine.Effect{engine.Send{Connection: 9}}
			}
			return nil
		}
		w.start()
		id := w.create()
		w.set(id, 80, "loop")
		if e := w.do(id, element.Stop); e.State != element.Stopped {
			t.Errorf("state is %s", e.State)
		}
	})
}

func TestQuestionsAboutConnectorsAndEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		if d, err := w.fleet.Connector(t.Context(), "Test", "1.0.0.2"); err != nil || d.Elements != 1 {
			t.Errorf("connector is %+v, %v", d, err)
		}
		if _, err := w.fleet.Connector(t.Context(), "None", ""); element.CodeOf(err) != element.NotFound {
			t.Errorf("error is %v", err)
		}
		if d, created, err := w.fleet.UploadConnector(t.Context(), nil); err != nil || created || d.Elements != 0 {
			t.Errorf("upload is %+v, %v, %v", d, created, err)
		}
		if p, err := w.fleet.Events(t.Context(), id, nil, 10); err != nil || len(p.Events) == 0 {
			t.Errorf("events are %+v, %v", p, err)
		}
		_, err := w.fleet.Events(t.Context(), "none", nil, 10)
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Handshake(t.Context(), id, 1, element.WhichLastFailure)
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Handshake(t.Context(), id, 8, element.WhichLast)
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Handshake(t.Context(), id, 1, "first")
		wantCode(t, err, element.Invalid, "which")
	})
}
