package runner

import (
	"cmp"
	"time"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/link"
)

// screen is what waits to be published, and what was published and may be
// folded into newer events.
type screen struct {
	updates []element.Update
	whole   []pendingPayload          // messages to keep whole once their events have a number
	folds   map[string]*element.Event // the newest event of a fold
	touched bool                      // the summary moved
	quiet   bool                      // only lastMessageAt moved
	shownAt time.Time                 // of the last summary
}

// due is when a summary that was held back is to be published.
func (s *screen) due() time.Time {
	if !s.quiet {
		return time.Time{}
	}
	return s.shownAt.Add(summaryEvery)
}

// event lists what happened now.
func (r *Runner) event(body element.EventBody) *element.Event {
	e := &element.Event{At: element.At(time.Now()), Body: r.scrub(body)}
	r.addEvent(e)
	return e
}

func (r *Runner) addEvent(e *element.Event) {
	r.screen.updates = append(r.screen.updates, element.Update{Event: e})
}

// fold lists what happened at a moment in the place of the older event with
// the same key. An event that nobody has seen yet is simply rewritten.
func (r *Runner) fold(key string, at time.Time, body element.EventBody) {
	if r.screen.folds == nil {
		r.screen.folds = map[string]*element.Event{}
	}
	body = r.scrub(body)
	old := r.screen.folds[key]
	if old != nil && old.Seq == 0 {
		old.At, old.Body = element.At(at), body
		return
	}
	e := &element.Event{At: element.At(at), Body: body}
	if old != nil {
		e.Replaces, e.Line = old.Seq, cmp.Or(old.Line, old.Seq)
	}
	r.screen.folds[key] = e
	r.addEvent(e)
}

// endFold makes the next event with the key a new line.
func (r *Runner) endFold(key string) { delete(r.screen.folds, key) }

func (r *Runner) logged(level, message string) {
	r.event(element.Log{Level: level, Message: message})
}

func (r *Runner) patch(p element.Patch) {
	r.screen.updates = append(r.screen.updates, element.Update{Patch: &p})
}

// touch says that the summary moved.
func (r *Runner) touch() { r.screen.touched = true }

// flush publishes what waits: the element's own stream first, then the
// overview. The summary is readable before its patch is, so that a list taken
// at a cursor holds everything up to it.
func (r *Runner) flush(now time.Time) {
	s := &r.screen
	r.tellMissing(now)
	r.showScripts(now)
	var summary *element.Element
	r.showGeneral()
	if s.touched || s.quiet && !now.Before(s.shownAt.Add(summaryEvery)) {
		summary = r.element()
		r.summary.Store(summary)
		r.patch(element.Patch{Element: summary})
		s.touched, s.quiet, s.shownAt = false, false, now
	}
	if len(s.updates) == 0 {
		return
	}
	updates := s.updates
	s.updates = nil
	r.o.Publisher.Publish(string(r.id), updates)
	r.keepWhole()
	r.keep(updates)
	if summary != nil {
		r.o.Publisher.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Element: summary}}})
	}
}

// keep hands the events that are kept to the recorder, numbered as published.
func (r *Runner) keep(updates []element.Update) {
	var events []element.Event
	for _, u := range updates {
		if u.Event != nil && !u.Event.IsMessage() {
			events = append(events, *u.Event)
		}
	}
	if len(events) > 0 {
		r.o.Recorder.Record(r.id, events)
		if r.missing.add(time.Now(), r.o.Recorder.Lost(r.id)) {
			r.endFold("missing")
		}
	}
}

// replay shows the events of earlier runs, so that a page has a history after
// a restart. They get new numbers and are not recorded again; what they
// replaced is not here any more.
func (r *Runner) replay(events []element.Event) {
	var updates []element.Update
	for _, e := range events {
		e.Seq, e.Replaces, e.Line = 0, 0, 0
		updates = append(updates, element.Update{Event: &e})
	}
	if len(updates) > 0 {
		r.o.Publisher.Publish(string(r.id), updates)
	}
}

// excerpt is what a message event shows: a copy of the beginning, so that the
// list of events does not keep whole messages alive.
func excerpt(connection int, m link.Message) element.Message {
	e := element.Message{Connection: connection, Opcode: "binary", Size: len(m.Data)}
	shown := m.Data
	if len(shown) > element.MaxExcerpt {
		shown, e.Truncated = shown[:element.MaxExcerpt], true
	}
	if !m.Text {
		e.Base64 = append([]byte(nil), shown...)
		return e
	}
	e.Opcode = "text"
	if e.Truncated {
		shown = wholeRunes(shown)
	}
	e.Text = string(shown)
	return e
}

// wholeRunes drops the beginning of a character that a cut left at the end.
func wholeRunes(b []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		if at := len(b) - back; utf8.RuneStart(b[at]) {
			if !utf8.FullRune(b[at:]) {
				return b[:at]
			}
			break
		}
	}
	return b
}

// element is the public summary as it is now.
func (r *Runner) element() *element.Element {
	e := &element.Element{
		ID: r.id, Name: r.record.Config.Name, Connector: r.record.Config.Connector, Version: r.record.Config.Version,
		State: r.record.State, Reconnect: r.record.Config.Reconnect, CreatedAt: element.At(r.record.CreatedAt),
		Connections: []element.Connection{},
	}
	if r.machine != nil {
		e.Timeout = r.machine.TimedOut()
	}
	if k := r.previous(); k != nil {
		e.PreviousVersion = k.Version
	}
	e.Faults = r.faultsOf()
	for _, c := range r.connections {
		if c.retired {
			continue
		}
		e.Connections = append(e.Connections, c.public)
	}
	return e
}
