package runner

import (
	"cmp"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// screen is what people see of an element: what waits to be published, and what
// was published and may be folded into newer events.
type screen struct {
	// Set before run.
	id        element.ID
	publisher Publisher
	recorder  Recorder
	payloads  *payloads // shared by the fleet
	secrets   *secrets

	updates []element.Update
	whole   []pendingPayload          // messages to keep whole once their events have a number
	folds   map[string]*element.Event // the newest event of a fold
	losses  losses
	touched bool      // the summary moved
	quiet   bool      // only lastMessageAt moved
	shownAt time.Time // of the last summary
}

// due is when a summary that was held back is to be published.
func (s *screen) due() time.Time {
	if !s.quiet {
		return time.Time{}
	}
	return s.shownAt.Add(summaryEvery)
}

// event lists what happened now.
func (s *screen) event(body element.EventBody) *element.Event {
	e := &element.Event{At: element.At(time.Now()), Body: s.secrets.maskEvent(body)}
	s.addEvent(e)
	return e
}

func (s *screen) addEvent(e *element.Event) {
	s.updates = append(s.updates, element.Update{Event: e})
}

// listMessage lists a message, and keeps the whole of one that does not fit
// into its event.
func (s *screen) listMessage(m element.Message, sent bool, data []byte) {
	var body element.EventBody = element.MessageIn(m)
	if sent {
		body = element.MessageOut(m)
	}
	e := s.event(body)
	if m.Truncated {
		s.whole = append(s.whole, pendingPayload{e, data})
	}
}

// fold lists what happened at a moment in the place of the older event with
// the same key. An event that nobody has seen yet is rewritten, and stands where
// its new moment is.
func (s *screen) fold(key string, at time.Time, body element.EventBody) {
	if s.folds == nil {
		s.folds = map[string]*element.Event{}
	}
	body = s.secrets.maskEvent(body)
	old := s.folds[key]
	if old != nil && old.Seq == 0 {
		s.updates = slices.DeleteFunc(s.updates, func(u element.Update) bool { return u.Event == old })
		old.At, old.Body = element.At(at), body
		s.addEvent(old)
		return
	}
	e := &element.Event{At: element.At(at), Body: body}
	if old != nil {
		e.Replaces, e.Line = old.Seq, cmp.Or(old.Line, old.Seq)
	}
	s.folds[key] = e
	s.addEvent(e)
}

// endFold makes the next event with the key a new line.
func (s *screen) endFold(key string) { delete(s.folds, key) }

func (s *screen) log(level, message string) {
	s.event(element.Log{Level: level, Message: message})
}

func (s *screen) patch(p element.Patch) {
	s.updates = append(s.updates, element.Update{Patch: &p})
}

// touch says that the summary moved.
func (s *screen) touch() { s.touched = true }

// summaryDue reports whether the summary is to be published.
func (s *screen) summaryDue(now time.Time) bool {
	return s.touched || s.quiet && !now.Before(s.shownAt.Add(summaryEvery))
}

// publish makes readable what waits: the element's own stream first, with the
// summary when there is one, then the overview.
func (s *screen) publish(now time.Time, summary *element.Element) {
	if summary != nil {
		s.patch(element.Patch{Element: summary})
		s.touched, s.quiet, s.shownAt = false, false, now
	}
	if len(s.updates) == 0 {
		return
	}
	updates := s.updates
	s.updates = nil
	s.publisher.Publish(string(s.id), updates)
	s.keepWhole()
	s.keep(updates)
	if summary != nil {
		s.publisher.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Element: summary}}})
	}
}

// cursor is the newest one.
func (s *screen) cursor() element.Cursor { return s.publisher.Publish(string(s.id), nil) }

// keep hands the events that are kept to the recorder, numbered as published.
func (s *screen) keep(updates []element.Update) {
	var events []element.Event
	for _, u := range updates {
		if u.Event != nil && !u.Event.IsMessage() {
			events = append(events, *u.Event)
		}
	}
	if len(events) > 0 {
		s.recorder.Record(s.id, events)
		if s.losses.add(time.Now(), s.recorder.Lost(s.id)) {
			s.endFold("losses")
		}
	}
}

// replay shows the events of earlier runs, so that a page has a history after
// a restart. They get new numbers and are not recorded again; what they
// replaced is not here any more.
func (s *screen) replay(events []element.Event) {
	var updates []element.Update
	for _, e := range events {
		e.Seq, e.Replaces, e.Line = 0, 0, 0
		updates = append(updates, element.Update{Event: &e})
	}
	if len(updates) > 0 {
		s.publisher.Publish(string(s.id), updates)
	}
}

// excerpt is what a message event shows: a copy of the beginning, so that the
// list of events does not keep whole messages alive.
func excerpt(connection int, m link.Message) element.Message {
	e := element.Message{Connection: connection, Opcode: "binary", Size: len(m.Data), Truncated: len(m.Data) > element.MaxExcerpt}
	if m.Text {
		e.Opcode = "text"
		e.Text = element.CutText(string(m.Data[:min(len(m.Data), element.MaxExcerpt+1)]))
	} else {
		e.Base64 = append([]byte(nil), m.Data[:min(len(m.Data), element.MaxExcerpt)]...)
	}
	return e
}
