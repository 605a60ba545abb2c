package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

func logged(seq uint64, at time.Time, text string) element.Event {
	return element.Event{Seq: seq, At: element.At(at), Body: element.Log{Level: "info", Message: text}}
}

// each is a limit for every class.
func each(limit int) (limits [element.EventClasses]int) {
	for i := range limits {
		limits[i] = limit
	}
	return limits
}

// texts returns the messages of the newest limit events.
func texts(t *testing.T, s *Store, id element.ID, limit int) []string {
	t.Helper()
	events, err := s.RecentEvents(t.Context(), id, each(limit))
	must(t, err)
	out := []string{}
	for _, e := range events {
		out = append(out, e.Body.(element.Log).Message)
	}
	return out
}

func want[T any](t *testing.T, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStopInAHurryCountsWhatItDrops(t *testing.T) {
	dir := t.TempDir()
	const logs = 3 * historyBatch
	dropped := 0
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), dir, Options{})
		must(t, err)
		must(t, s.CreateElement(t.Context(), record("a", "A")))
		for i := range logs {
			s.Record("a", []element.Event{logged(uint64(i+1), day, "x")})
		}
		s.Record("a", []element.Event{{Seq: logs + 1, At: element.At(day), Body: element.WriteMoved{ID: "w", By: "ann"}}})
		late, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, s.Shutdown(late))
		dropped = int(s.Dropped())
	})
	s := open(t, dir, Options{})
	events, err := s.RecentEvents(t.Context(), "a", each(logs))
	must(t, err)
	if !slices.ContainsFunc(events, func(e element.Event) bool { return e.Body.Kind() == element.KindWrite }) {
		t.Error("what a person did last was dropped")
	}
	want(t, len(events)+dropped, logs+1)
}

func TestHistoryOfAllKinds(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	at := element.At(day.Truncate(time.Millisecond)) // times inside of a body are JSON
	kept := []element.Event{
		{Body: element.Connecting{Connection: 1, Attempt: 2, URL: "ws://h/"}},
		{Body: element.Open{Connection: 1, URL: "ws://h/", Extensions: "permessage-deflate"}},
		{Body: element.Refused{Connection: 1, Phase: "http", Status: 401, Count: 3, LastAt: at}},
		{Body: element.Closed{Connection: 1, Code: 1009, By: "us"}},
		{Body: element.ParameterChanged{Parameter: 5, Value: element.Number(1.5), Display: "1.5", By: element.ByDevice}},
		{Body: element.WriteMoved{ID: "w", Parameter: 6, Value: element.Text("é"), Status: element.WriteSaved, By: "me"}},
		{Body: element.StateChanged{State: element.Paused}},
		{Body: element.Log{Level: "error", Message: "m"}},
	}
	for i := range kept {
		kept[i].At, kept[i].Seq = at, uint64(i+1)
	}
	s.Record("a", kept)
	s.Record("a", []element.Event{{Seq: 90, At: at, Body: element.MessageIn{Text: "x"}}, {Seq: 91, At: at, Body: element.MessageOut{Text: "x"}}})
	s.Record("unknown", []element.Event{logged(1, day, "nobody's")})
	s = reopen(t, s, dir, Options{})
	got, err := s.RecentEvents(t.Context(), "a", each(100))
	must(t, err)
	for i := range kept {
		kept[i].Seq = 0
	}
	if diff := cmp.Diff(kept, got, cmp.Comparer(func(a, b element.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	want(t, texts(t, s, "unknown", 5), []string{})
	want(t, s.Dropped(), 0)
}

func TestReplacedEventsLeaveOneRow(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	replacing := func(seq, old uint64, text string) element.Event {
		e := logged(seq, day, text)
		e.Replaces = old
		return e
	}
	s.Record("a", []element.Event{logged(1, day, "one"), logged(2, day, "two"), replacing(3, 1, "one again")})
	must(t, s.Flush(t.Context()))
	s.Record("a", []element.Event{replacing(4, 3, "one once more")})
	want(t, texts(t, s, "a", 10), []string{"two", "one once more"})
	// Numbers begin anew: what this run replaces is not of the last one.
	s = reopen(t, s, dir, Options{})
	s.Record("a", []element.Event{replacing(1, 2, "of the second run"), replacing(2, 4, "too")})
	want(t, texts(t, s, "a", 10), []string{"two", "one once more", "of the second run", "too"})
	want(t, texts(t, s, "a", 1), []string{"too"})
	want(t, texts(t, s, "a", 0), []string{})
}

// rows counts the events on disk.
func rows(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, s.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM events").Scan(&n))
	return n
}

func TestHistoryIsWrittenAndForgottenInTime(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, dir, Options{HistoryAge: 90 * time.Minute})
		must(t, s.CreateElement(t.Context(), record("a", "A")))
		s.Record("a", []element.Event{logged(1, time.Now(), "x")})
		synctest.Wait()
		want(t, rows(t, s), 0)
		<-time.After(historyDelay)
		synctest.Wait()
		want(t, rows(t, s), 1)
		var full []element.Event
		for i := range historyBatch {
			full = append(full, logged(uint64(i+2), time.Now(), "y"))
		}
		s.Record("a", full) // need not wait
		synctest.Wait()
		want(t, rows(t, s), 1+historyBatch)
		<-time.After(ageEvery)
		synctest.Wait()
		want(t, rows(t, s), 1+historyBatch)
		<-time.After(ageEvery)
		synctest.Wait()
		want(t, rows(t, s), 0)
	})
}

func TestEventsAreTriedAgain(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, dir, Options{})
		must(t, s.CreateElement(t.Context(), record("a", "A")))
		readOnly := func(on int) {
			_, err := s.writer.db.ExecContext(t.Context(), fmt.Sprint("PRAGMA query_only = ", on))
			must(t, err)
		}
		readOnly(1)
		s.Record("a", []element.Event{logged(1, time.Now(), "x")})
		<-time.After(historyDelay)
		synctest.Wait()
		readOnly(0)
		synctest.Wait()
		want(t, rows(t, s), 0)
		<-time.After(historyRetry)
		synctest.Wait()
		want(t, rows(t, s), 1)
		want(t, s.Dropped(), 0)
	})
}

func TestEventsThatHaveNoForm(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	s.Record("a", []element.Event{
		{Seq: 1, Body: element.ParameterChanged{Value: element.Number(math.NaN())}}, // JSON has none
		logged(2, day, "kept"),
	})
	must(t, s.Flush(t.Context()))
	want(t, s.Dropped(), 1)
	_, err := s.writer.db.ExecContext(t.Context(), "INSERT INTO events (element_id, run, seq, at, kind, body) VALUES ('a', 1, 3, 0, 'of-the-future', x'7b7d')")
	must(t, err)
	want(t, texts(t, s, "a", 10), []string{"kept"})
}

func TestRetention(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{HistoryEvents: 100, HistoryAge: time.Hour})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	must(t, s.CreateElement(t.Context(), record("b", "B")))
	fill := func(id element.ID, n int, at time.Time) {
		for i := range n {
			s.Record(id, []element.Event{logged(uint64(i+1), at, fmt.Sprint(i+1))})
		}
		must(t, s.settle(t.Context()))
	}
	fill("a", 3*chunk+17, time.Now())
	got := texts(t, s, "a", 5000)
	if len(got) < 100 || len(got) > 111 || got[len(got)-1] != "1517" {
		t.Errorf("%d events kept of 100, the last is %s", len(got), got[len(got)-1])
	}
	fill("b", 5, time.Now().Add(-2*time.Hour))
	want(t, len(texts(t, s, "b", 10)), 5)
	// What a run leaves undone the next one does at its start.
	s = reopen(t, s, dir, Options{HistoryEvents: 50, HistoryAge: time.Hour})
	must(t, s.settle(t.Context()))
	want(t, len(texts(t, s, "a", 5000)), 50)
	want(t, len(texts(t, s, "b", 10)), 0)
}

func TestEventsOfDeletedElements(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for _, id := range []element.ID{"a", "b"} {
		must(t, s.CreateElement(t.Context(), record(id, string(id))))
		for i := range 2*chunk + 3 {
			s.Record(id, []element.Event{logged(uint64(i+1), time.Now(), "x")})
		}
	}
	must(t, s.Flush(t.Context()))
	must(t, s.DeleteElement(t.Context(), "a"))
	want(t, texts(t, s, "a", 5), []string{})
	s.Record("a", []element.Event{logged(9999, time.Now(), "late")})
	must(t, s.settle(t.Context()))
	for _, tc := range []struct {
		sql  string
		want int
	}{
		{"SELECT count(*) FROM events WHERE element_id = 'a'", 0},
		{"SELECT count(*) FROM events WHERE element_id = 'b'", 2*chunk + 3},
		{"SELECT count(*) FROM removals", 0},
	} {
		var n int
		must(t, s.reader.QueryRowContext(t.Context(), tc.sql).Scan(&n))
		if n != tc.want {
			t.Errorf("%s = %d, want %d", tc.sql, n, tc.want)
		}
	}
}

func value(seq uint64, display string) element.Event {
	return element.Event{Seq: seq, At: element.At(day), Body: element.ParameterChanged{Display: display}}
}

func written(seq uint64) element.Event {
	return element.Event{Seq: seq, At: element.At(day), Body: element.WriteMoved{By: "me"}}
}

// waiting is what a queue holds, as texts "element seq".
func waiting(q *queue) []string {
	out := []string{}
	for batch := q.first(1000); len(batch) > 0; batch = q.first(1000) {
		for _, e := range batch {
			out = append(out, fmt.Sprint(e.element, " ", e.event.Seq))
		}
		q.done()
	}
	return out
}

func TestFullQueueCountsWhatItCannotTake(t *testing.T) {
	q := newQueue(3)
	message := element.Event{Body: element.MessageIn{}}
	q.add("a", []element.Event{logged(1, day, "1"), message, logged(2, day, "2"), logged(3, day, "3"), logged(4, day, "4"), message})
	want(t, q.dropped.Load(), 1)
	want(t, q.len(), 3)
	want(t, q.takeLost("a"), map[element.EventKind]uint64{element.KindLog: 1})
	want(t, q.takeLost("a"), nil)
	want(t, len(q.first(2)), 2)
	want(t, len(q.first(2)), 2) // the same again
	want(t, q.len(), 3)
	q.done()
	q.add("a", []element.Event{logged(5, day, "5")})
	want(t, waiting(q), []string{"a 3", "a 5"})
}

// TestStormTakesNoRoomOfOthers: one element's values fill the queue; what
// others bring, and what people did to the same one, is taken all the same.
func TestStormTakesNoRoomOfOthers(t *testing.T) {
	q := newQueue(8)
	for i := range 100 {
		q.add("storm", []element.Event{value(uint64(i+1), "x")})
	}
	q.add("storm", []element.Event{written(101), logged(102, day, "l")})
	for i := range 4 {
		q.add("quiet", []element.Event{value(uint64(i+1), "y"), written(uint64(i + 11))})
	}
	want(t, q.takeLost("quiet"), nil)
	want(t, q.takeLost("storm"), map[element.EventKind]uint64{element.KindParameter: 96})
	want(t, q.len(), 8+5+1)
	q.add("quiet", []element.Event{value(5, "y")}) // has its share
	want(t, q.takeLost("quiet"), map[element.EventKind]uint64{element.KindParameter: 1})
	want(t, waiting(q), []string{
		"storm 101", "quiet 11", "quiet 12", "quiet 13", "quiet 14", "storm 102",
		"storm 1", "storm 2", "storm 3", "storm 4", "quiet 1", "quiet 2", "quiet 3", "quiet 4",
	})
	want(t, q.len(), 0)
}

// TestRoomsAreKeptApart: values of an element push out nothing that people did
// there, and the database says the same after a restart.
func TestRoomsAreKeptApart(t *testing.T) {
	dir := t.TempDir()
	o := Options{HistoryEvents: 50, HistoryQueue: 5000}
	s := open(t, dir, o)
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	s.Record("a", []element.Event{written(1), written(2), logged(3, day, "l"), {Seq: 4, At: element.At(day), Body: element.Open{}}})
	for i := range 3 * chunk {
		s.Record("a", []element.Event{value(uint64(i+5), "x")})
	}
	must(t, s.settle(t.Context()))
	s = reopen(t, s, dir, o)
	must(t, s.settle(t.Context()))
	events, err := s.RecentEvents(t.Context(), "a", each(1000))
	must(t, err)
	count := map[element.EventKind]int{}
	for _, e := range events {
		count[e.Body.Kind()]++
	}
	want(t, count, map[element.EventKind]int{element.KindWrite: 2, element.KindLog: 1, element.KindOpen: 1, element.KindParameter: 50})
	events, err = s.RecentEvents(t.Context(), "a", [element.EventClasses]int{element.ClassTalk: 1, element.ClassPerson: 1})
	must(t, err)
	if len(events) != 2 || events[0].Body.Kind() != element.KindWrite || events[1].Body.Kind() != element.KindParameter {
		t.Errorf("%+v", events)
	}
}
