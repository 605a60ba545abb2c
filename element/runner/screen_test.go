package runner

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

func TestASnapshotHoldsEverythingUpToItsCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.set(id, 51, "x")
		v, err := w.fleet.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.stage.Publish(string(id), nil); v.Cursor != got {
			t.Errorf("cursor is %+v, want that of the stream %+v", v.Cursor, got)
		}
		const own, common, columns = 14, 6, 4 // parameters of the connector, general ones, and the columns of their table
		if v.Default != "" || len(v.Infos) != own+common+columns || len(v.Parameters) != own+common || v.Config.Name != "Studio 1" {
			t.Errorf("view is %+v", v)
		}
	})
}

func TestLastMessageAtMovesOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		pass(5 * time.Second)
		before := len(w.stage.patches(element.FleetStream))
		for range 100 {
			w.device.last().say("hello")
			pass(50 * time.Millisecond)
		}
		pass(2 * time.Second)
		synctest.Wait()
		if n := len(w.stage.patches(element.FleetStream)) - before; n < 5 || n > 7 {
			t.Errorf("%d patches in 5 s of messages, want one a second", n)
		}
		want := time.Now().Add(-2*time.Second - 50*time.Millisecond)
		if got := w.connection(id).LastMessageAt; !got.Equal(want) {
			t.Errorf("lastMessageAt is %v, want %v: the last one is shown too", got, want)
		}
	})
}

func TestWhatIsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.disk.records["abc"] = element.Record{
			ID: "abc", State: element.Active,
			Config: element.Config{
				Name: "Studio", Connector: "Test", Version: "1.0.0.2", Reconnect: element.Automatic,
				Connections: []element.ConnectionConfig{{ID: 1, Host: "10.0.0.1"}},
			},
		}
		w.disk.events = []element.Event{{Seq: 5, Body: element.Log{Level: "info", Message: "earlier"}}}
		w.start()
		synctest.Wait()
		w.device.last().say("label=x")
		synctest.Wait()
		w.stage.mu.Lock()
		defer w.stage.mu.Unlock()
		if len(w.stage.recorded) == 0 {
			t.Fatal("nothing was recorded")
		}
		for _, e := range w.stage.recorded {
			if e.Seq == 0 || e.IsMessage() {
				t.Errorf("recorded %+v", e)
			}
			if l, ok := e.Body.(element.Log); ok && l.Message == "earlier" {
				t.Error("an event of an earlier run was recorded again")
			}
		}
	})
}

func TestARefusalWithAnotherCauseIsANewLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(n int, _ link.Config) plan {
			if n <= 3 {
				return plan{failure: refusal("refused", "Nobody listens.")}
			}
			return plan{failure: refusal("timeout", "No answer in 5 s.")}
		}
		w.start()
		id := w.create()
		began := time.Now()
		pass(20 * time.Second)
		lines := w.events(id, element.KindRefused)
		if len(lines) != 2 {
			t.Fatalf("lines are %+v, want 2", lines)
		}
		a, b := lines[0].Body.(element.Refused), lines[1].Body.(element.Refused)
		if a.Count != 3 || b.Count != 2 || !lines[0].At.Equal(began) || a.LastAt.Sub(began) != 3*time.Second {
			t.Errorf("lines are %+v and %+v", a, b)
		}
	})
}

func TestExcerpts(t *testing.T) {
	long := strings.Repeat("a", element.MaxExcerpt-1)
	for _, tt := range []struct {
		name      string
		in        link.Message
		text      string
		base64    int
		truncated bool
	}{
		{"text", link.Message{Text: true, Data: []byte("héllo")}, "héllo", 0, false},
		{"empty", link.Message{Text: true}, "", 0, false},
		{"binary", link.Message{Data: []byte{0, 1, 2}}, "", 3, false},
		{"long binary", link.Message{Data: make([]byte, 1<<20)}, "", element.MaxExcerpt, true},
		{"cut inside a character", link.Message{Text: true, Data: []byte(long + "é" + long)}, long, 0, true},
		{"cut behind a character", link.Message{Text: true, Data: []byte(long + "ab")}, long + "a", 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := excerpt(1, tt.in)
			if e.Text != tt.text || len(e.Base64) != tt.base64 || e.Truncated != tt.truncated || e.Size != len(tt.in.Data) {
				t.Errorf("excerpt has %d of text, %d of base64, truncated %v, size %d", len(e.Text), len(e.Base64), e.Truncated, e.Size)
			}
		})
	}
}

// TestAFoldThatNobodySawStandsAtItsMoment: the list is in the order of its
// times, also when a line goes on before anybody has seen it.
func TestAFoldThatNobodySawStandsAtItsMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		r, err := w.fleet.runner(w.create())
		if err != nil {
			t.Fatal(err)
		}
		_, err = ask(t.Context(), r, func() (none struct{}, _ error) {
			s := &r.screen
			before := len(s.updates)
			s.fold("write", time.Now().Add(-time.Second), element.WriteMoved{ID: "w", Status: element.WriteAccepted})
			s.event(element.ParameterChanged{Parameter: 1})
			s.fold("write", time.Now(), element.WriteMoved{ID: "w", Status: element.WriteSaved})
			all := s.updates[before:]
			if len(all) != 2 || all[1].Event.Body.Kind() != element.KindWrite || all[1].Event.At.Before(all[0].Event.At.Time) {
				t.Errorf("listed are %+v", all)
			}
			return none, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
