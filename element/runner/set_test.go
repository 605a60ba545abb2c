package runner

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

func TestSetFindsTheWriteParameter(t *testing.T) {
	for _, tt := range []struct {
		name string
		pid  element.ParamID
		code element.Code
		want element.WriteStatus
	}{
		{"a write parameter", 51, "", element.WriteSaved},
		{"a read parameter with a write twin", 50, "", element.WriteSaved},
		{"a write parameter of its own", 80, "", element.WriteAccepted},
		{"a read-only parameter", 70, element.Invalid, ""},
		{"none at all", 7, element.NotFound, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				id := w.create()
				wr, err := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: tt.pid}, Raw: element.Text("x"), By: "tester"})
				wantCode(t, err, tt.code, "")
				if tt.code != "" {
					return
				}
				if wr.Status != tt.want || wr.Parameter != tt.pid || wr.By != "tester" || wr.Value != element.Text("x") {
					t.Errorf("write is %+v", wr)
				}
				kept, err := w.fleet.Write(t.Context(), id, wr.ID)
				if err != nil || kept != wr.Write {
					t.Errorf("kept write is %+v, %v", kept, err)
				}
				if n := len(w.events(id, element.KindWrite)); n != 1 {
					t.Errorf("%d write lines, want 1: its steps fold", n)
				}
			})
		})
	}
}

func TestIfValue(t *testing.T) {
	for _, tt := range []struct {
		name string
		pid  element.ParamID
		want element.Value
		code element.Code
	}{
		{"what it is", 51, element.Text("now"), ""},
		{"something else", 51, element.Text("then"), element.Conflict},
		{"by the read twin", 50, element.Text("then"), element.Conflict},
		{"never set and empty", 96, element.Text(""), ""},
		{"never set and null", 96, element.Value{}, ""},
		{"a password", 91, element.Text(""), element.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				id := w.create()
				w.set(id, 51, "now")
				_, err := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: tt.pid}, Raw: element.Text("x"), IfValue: &tt.want, By: "tester"})
				wantCode(t, err, tt.code, "")
			})
		})
	}
}

func TestAPasswordIsNeverShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		before := len(w.stage.patches(string(id)))
		wr := w.set(id, 91, "secret")
		if wr.Value.IsSet() {
			t.Errorf("write is %+v", wr)
		}
		for _, e := range w.events(id) {
			switch b := e.Body.(type) {
			case element.ParameterChanged:
				if b.Value.IsSet() {
					t.Errorf("event is %+v", b)
				}
			case element.WriteMoved:
				if b.Value.IsSet() {
					t.Errorf("event is %+v", b)
				}
			}
		}
		for _, p := range w.stage.patches(string(id))[before:] {
			if p.Write != nil && p.Write.Value.IsSet() || p.Parameter != nil && p.Parameter.Value.IsSet() {
				t.Errorf("patch is %+v", p)
			}
		}
	})
}

func TestNothingOfAWriteIsSeenBeforeItIsOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.disk.slow = time.Second
		before := len(w.stage.patches(string(id)))
		done := make(chan element.Write)
		go func() {
			wr, _ := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: 51}, Raw: element.Text("x"), By: "tester"})
			done <- wr.Write
		}()
		pass(900 * time.Millisecond)
		synctest.Wait()
		if n := len(w.stage.patches(string(id))); n != before {
			t.Errorf("%d patches were published before the value was on disk", n-before)
		}
		if wr := <-done; wr.Status != element.WriteSaved || w.disk.saved(id, 50) != element.Text("x") {
			t.Errorf("write is %+v", wr)
		}
	})
}

func TestAWriteThatCannotBeSavedDidNotHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.set(id, 61, "10.0.0.2")
		pass(time.Second)
		w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
		tries, before := w.device.count(), len(w.stage.patches(string(id)))
		_, err := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: 61}, Raw: element.Text("10.0.0.3"), By: "tester"})
		wantCode(t, err, element.Unavailable, "")
		pass(time.Second)
		v, err := w.fleet.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(v.Parameters, func(p element.Parameter) bool { return p.ID == 60 })
		if v.Parameters[i].Value != element.Text("10.0.0.2") || w.device.count() != tries || len(w.stage.patches(string(id))) != before {
			t.Errorf("value is %v, %d tries more", v.Parameters[i].Value, w.device.count()-tries)
		}
	})
}

func TestValuesOfADeviceAreSavedInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.disk.slow = time.Second
		s := w.device.last()
		began := time.Now()
		for _, v := range []string{"a", "b", "c", "d"} {
			s.say("label=" + v)
			synctest.Wait()
		}
		if time.Since(began) != 0 {
			t.Errorf("the owner waited %v for the disk", time.Since(began))
		}
		pass(3 * time.Second)
		if got := w.disk.saved(id, 50); got != element.Text("d") || w.disk.calls != 2 {
			t.Errorf("saved %v in %d calls, want the newest, in 2: one on its way and one for all that waited", got, w.disk.calls)
		}
	})
}

func TestAPersonsValueIsNotOverwrittenByAnOlderOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.disk.slow = time.Second
		w.device.last().say("label=a")
		w.device.last().say("label=b")
		synctest.Wait()
		w.set(id, 51, "mine")
		pass(5 * time.Second)
		if got := w.disk.saved(id, 50); got != element.Text("mine") {
			t.Errorf("saved %v", got)
		}
	})
}

func TestValuesThatCannotBeSavedAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		before := len(w.events(id, element.KindLog))
		w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
		w.device.last().say("label=a")
		pass(35 * time.Second)
		w.disk.fail(nil)
		pass(10 * time.Second)
		if got := w.disk.saved(id, 50); got != element.Text("a") {
			t.Errorf("saved %v", got)
		}
		var levels []string
		for _, e := range w.events(id, element.KindLog)[before:] {
			levels = append(levels, e.Body.(element.Log).Level)
		}
		if want := []string{"error", "info"}; !slices.Equal(levels, want) {
			t.Errorf("log has %v, want %v: the failure once, that it is over", levels, want)
		}
	})
}

func TestWhatWaitsForTheDiskIsSavedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.disk.slow = time.Second
		w.device.last().say("label=a")
		w.device.last().say("label=b")
		w.close()
		if got := w.disk.saved(id, 50); got != element.Text("b") {
			t.Errorf("saved %v", got)
		}
	})
}

func TestReceiptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		first := w.set(id, 80, "x")
		for range keptWrites {
			w.set(id, 80, "x")
		}
		_, err := w.fleet.Write(t.Context(), id, first.ID)
		wantCode(t, err, element.NotFound, "")
		r, _ := w.fleet.runner(id)
		n, _ := ask(t.Context(), r, func() (int, error) { return len(r.screen.folds), nil })
		if n > keptWrites+4 {
			t.Errorf("%d folds are kept", n)
		}
	})
}

func TestMessagesToTheDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			switch in := in.(type) {
			case engine.Set:
				return []engine.Effect{engine.Send{Connection: 1, Text: true, Data: []byte(in.Value.String()), Token: 7}}
			default:
				return nil
			}
		}
		w.start()
		id := w.create()
		w.set(id, 80, "one")
		w.set(id, 80, "two")
		if got := w.device.last().said(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("the device got %q", got)
		}
		if n := len(w.events(id, element.KindMessageOut)); n != 2 {
			t.Errorf("%d messages listed", n)
		}
		w.do(id, element.Stop)
		w.set(id, 80, "three")
		failed := w.logic.seen(func(in engine.Input) bool { s, ok := in.(engine.Sent); return ok && s.Err != "" })
		if sent := w.logic.seen(isOf[engine.Sent]); sent != 3 || failed != 1 {
			t.Errorf("%d outcomes, %d of them failures; want 3 and 1", sent, failed)
		}
	})
}

func TestMessagesThatALostConnectionLeavesBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stuck := newScripted()
		stuck.hold = make(chan struct{})
		w.device.answer = first(plan{session: stuck})
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if _, ok := in.(engine.Set); !ok {
				return nil
			}
			return []engine.Effect{engine.Send{Connection: 1, Data: []byte{1}, Token: 1}, engine.Send{Connection: 9, Data: []byte{1}, Token: 2}}
		}
		w.start()
		id := w.create()
		for range 5 {
			w.set(id, 80, "x")
		}
		stuck.drop(1011, "overload")
		synctest.Wait()
		failed := w.logic.seen(func(in engine.Input) bool { s, ok := in.(engine.Sent); return ok && s.Err != "" })
		if failed != 10 {
			t.Errorf("%d failures, want one for each message", failed)
		}
	})
}

func TestAFullOutboxClosesTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stuck := newScripted()
		stuck.hold = make(chan struct{})
		w.device.answer = first(plan{session: stuck})
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if _, ok := in.(engine.Set); !ok {
				return nil
			}
			var all []engine.Effect
			for i := range outboxLength + 10 {
				all = append(all, engine.Send{Connection: 1, Data: []byte{1}, Token: uint64(i)})
			}
			return all
		}
		w.start()
		id := w.create()
		w.set(id, 80, "x")
		pass(5 * time.Second)
		if got := stuck.sentCloses(); !slices.Equal(got, []int{1008}) {
			t.Errorf("closes sent: %v, want 1008", got)
		}
		if sent := w.logic.seen(isOf[engine.Sent]); sent != outboxLength+10 {
			t.Errorf("%d outcomes, want one for each message", sent)
		}
		w.wantStatus(id, element.ConnOpen)
	})
}
