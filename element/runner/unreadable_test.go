package runner

import (
	"slices"
	"strings"
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

// TestDamagedSettings: an element whose settings cannot be read is listed and
// says why; the others run, and it can be deleted and nothing else.
func TestDamagedSettings(t *testing.T) {
	const why = "The settings of the element cannot be read (unexpected end)."
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		other := element.Record{ID: "other", State: element.Active, Config: element.Config{
			Name: "Other", Connector: "Test", Version: "1.0.0.1", Reconnect: element.Automatic,
			Connections: []element.ConnectionConfig{{ID: 1, Host: "10.0.0.1", Port: 8050, TimeoutMs: 5000}},
		}}
		damaged := element.Record{ID: "damaged", Config: element.Config{Name: "studio"}, State: element.Active, Unreadable: why}
		other.Kept = []element.KeptVersion{{Version: "0.9", Unreadable: "The settings that are kept with version 0.9 cannot be read."}}
		w.disk.records["other"], w.disk.records["damaged"] = other, damaged
		w.start()
		w.wantStatus("other", element.ConnOpen)
		warnings := slices.DeleteFunc(w.events("other", element.KindLog), func(e element.Event) bool { return e.Body.(element.Log).Level == "info" })
		if log := warnings; len(log) != 1 || !strings.Contains(log[0].Body.(element.Log).Message, "version 0.9 cannot be read") {
			t.Errorf("log of the other element: %+v", log)
		}

		e, err := w.fleet.Element(t.Context(), "damaged")
		if err != nil || e.State != element.Stopped || e.Name != "studio" {
			t.Errorf("%+v, %v", e, err)
		}
		if log := w.events("damaged", element.KindLog); len(log) != 1 || !strings.Contains(log[0].Body.(element.Log).Message, why) {
			t.Errorf("log of the damaged element: %+v", log)
		}
		_, err = w.fleet.View(t.Context(), "damaged")
		wantSays(t, err, why)
		for _, order := range []element.Order{element.Start, element.Restart} {
			_, err = w.fleet.Do(t.Context(), "damaged", order, nil, "tester")
			wantSays(t, err, why)
		}
		_, err = w.fleet.Update(t.Context(), "damaged", element.Draft{Name: new("Studio")}, "tester")
		wantSays(t, err, why)
		if err := w.fleet.Delete(t.Context(), "damaged", "tester"); err != nil {
			t.Error(err)
		}
	})
}

func wantSays(t *testing.T, err error, part string) {
	t.Helper()
	if !strings.Contains(element.MessageOf(err), part) {
		t.Errorf("%v does not say %q", err, part)
	}
}
