package store

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

func TestAge(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name         string
		last, newest time.Time
		ahead        time.Duration // of the clock, at the start
		after        time.Duration // how long it runs
		want         time.Duration // how far the believed time is behind the clock then
	}{
		{"the first start", time.Time{}, time.Time{}, 0, time.Hour, 0},
		{"a start as usual", start, start, time.Minute, time.Hour, 0},
		{"a clock that jumped while it was off", start, start.Add(-time.Hour), 90 * day, time.Hour, 90*day + time.Hour - 23*time.Hour},
		{"days later", start, start, 90 * day, 89 * time.Hour, 90*day - 89*23*time.Hour},
		{"a week later", start, start, 90 * day, 7 * day, 0},
		{"a second start after the jump", start, start.Add(90 * day), 90 * day, time.Hour, 90*day - 23*time.Hour},
		{"a clock that was set back", start.Add(90 * day), start.Add(90 * day), 0, time.Hour, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			now := start.Add(tc.ahead)
			a := newAge(now, tc.last, tc.newest)
			at, ahead := a.now(now.Add(tc.after))
			if got := now.Add(tc.after).Sub(at); got != tc.want || ahead != tc.want {
				t.Errorf("%v behind, told %v, want %v", got, ahead, tc.want)
			}
		})
	}
}

// TestJumpOfTheClockErasesNothing: what is in the database is 90 days older
// than the clock all of a sudden, as after a jump while the program was off.
func TestJumpOfTheClockErasesNothing(t *testing.T) {
	dir := t.TempDir()
	var log bytes.Buffer
	o := Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	s := open(t, dir, o)
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	s.Record("a", []element.Event{logged(1, time.Now(), "before the jump")})
	must(t, s.settle(t.Context()))
	_, err := s.writer.db.ExecContext(t.Context(), "UPDATE events SET at = at - ?", int64(91*24*time.Hour))
	must(t, err)
	for range 2 { // the second start finds new events, of the time after the jump
		s = reopen(t, s, dir, o)
		must(t, s.settle(t.Context()))
		kept, err := s.RecentEvents(t.Context(), "a", [element.EventClasses]int{element.ClassLog: 1})
		must(t, err)
		want(t, len(kept), 1)
		s.Record("a", []element.Event{{Seq: 2, At: element.At(time.Now()), Body: element.StateChanged{State: element.Active}}})
	}
	must(t, s.Close())
	if said := log.String(); strings.Count(said, "the clock is far ahead") != 2 {
		t.Errorf("the log says %s", said)
	}
}
