package present

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fieldline/element"
)

// Event is one event as the list shows it. What is zero is not told.
type Event struct {
	Seq   uint64            `json:"seq"`
	Line  uint64            `json:"line,omitempty"` // of the first event that was folded into it; 0 when none was
	Kind  element.EventKind `json:"kind"`
	At    element.Time      `json:"at"`              // of the last time, when the line stands for several
	Times int               `json:"times,omitempty"` // how often it happened, when more than once
	Since element.Time      `json:"since,omitzero"`  // of the first time, when Times tells several
	Group string            `json:"group"`           // "message", "value", "connection" or "log": what the list is filtered by
	Word  string            `json:"word"`            // the kind as a word
	Arrow string            `json:"arrow,omitempty"` // icon: direction of a message
	Text  string            `json:"text"`            // one line
	Full  string            `json:"full,omitempty"`  // all of it, "" when Text says everything
	Note  string            `json:"note,omitempty"`  // what Full leaves out
	Whole string            `json:"whole,omitempty"` // size of the message to download, "" when Full is all of it
	Bad   bool              `json:"bad,omitempty"`
}

// Place is the number of the line that the event has in the list: events that
// are folded share one.
func (l Event) Place() uint64 { return cmp.Or(l.Line, l.Seq) }

// Events are events as the list shows them, in their order.
func Events(of Infos, events []element.Event) []Event {
	events = withoutCopies(of, events)
	lines := make([]Event, 0, len(events))
	for _, e := range events {
		l := eventOf(of, e)
		l.Text, l.Full, l.Word = Visible(l.Text), Visible(l.Full), Visible(l.Word)
		lines = append(lines, l)
	}
	return lines
}

func eventOf(of Infos, e element.Event) Event {
	l := Event{Seq: e.Seq, Line: e.Line, Kind: e.Body.Kind(), At: e.At, Group: "connection", Word: string(e.Body.Kind())}
	switch b := e.Body.(type) {
	case element.MessageIn:
		l.message(element.Message(b), "received", "arrow-down-left")
	case element.MessageOut:
		l.message(element.Message(b), "sent", "arrow-up-right")
	case element.Connecting:
		l.Text = b.URL
		if b.Attempt > 1 {
			l.Text = fmt.Sprintf("attempt %d: %s", b.Attempt, b.URL)
		}
	case element.Open:
		l.Text = joinNonEmpty(", ", b.URL, b.Subprotocol, b.Extensions)
	case element.Refused:
		l.Bad, l.Text, l.Full = true, joinNonEmpty(" ", b.Message, firstWords(b.Body)), b.Body
		if b.Count > 1 {
			l.Times, l.Since, l.At = b.Count, e.At, b.LastAt
		}
	case element.Closed:
		l.Bad = b.By == "device" && b.Code != 1000
		l.Text = closedText(b)
	case element.ParameterChanged:
		l.Group, l.Word = "value", "value"
		l.value(of.label(b.Parameter)+" = ", b)
		switch b.By {
		case element.ByDevice, "":
		case element.ByLogic:
			l.Text += ", by the connector"
		default:
			l.Text += ", by " + b.By
		}
	case element.WriteMoved:
		l.Group, l.Bad = "value", b.Status == element.WriteFailed
		l.Text = joinNonEmpty(": ", fmt.Sprintf("%s, %s, by %s", of.label(b.Parameter), b.Status, b.By), b.Detail)
	case element.StateChanged:
		l.Text = string(b.State)
		if b.By != "" {
			l.Text += ", by " + b.By
		}
	case element.VersionChanged:
		l.Text = versionText(b)
	case element.Log:
		l.Group, l.Word, l.Text, l.Bad = "log", b.Level, b.Message, b.Level == "error"
	}
	if line, _, cut := strings.Cut(l.Text, "\n"); cut && l.Full == "" {
		l.Full, l.Text = l.Text, line
	}
	return l
}

func (l *Event) message(m element.Message, word, arrow string) {
	l.Group, l.Word, l.Arrow = "message", word, arrow
	text := m.Text
	if m.Opcode == "binary" {
		text = fmt.Sprintf("binary, %d bytes", m.Size)
		l.Full = hexDump(m.Base64)
	} else {
		l.Full = folded(text, m.Truncated)
	}
	if m.Truncated {
		l.Note, l.Whole = shownPart(m.Size), Size(m.Size)
	}
	l.Text = OneLine(text)
	if l.Full == l.Text && len(l.Text) < 80 && !m.Truncated {
		l.Full = ""
	}
}

// value is the line of a parameter that took a value.
func (l *Event) value(label string, b element.ParameterChanged) {
	l.Text = label + OneLine(cmp.Or(b.Display, "empty"))
	if isLong(b.Display) {
		l.Full = folded(b.Display, b.Truncated)
	}
	if b.Truncated {
		l.Note = shownPart(b.Size)
	}
}

// copiesWithin is how many events the copy of a set may be after the set.
const copiesWithin = 20

// withoutCopies leaves out a write parameter's new value when its read twin
// took the same one right after it, from the same hand: a set through setter is
// one thing to a person.
func withoutCopies(of Infos, events []element.Event) []element.Event {
	var shown []element.Event
	for _, e := range events {
		if b, ok := e.Body.(element.ParameterChanged); ok {
			if i := copied(shown, of[b.Parameter].WriteID, b); i >= 0 {
				shown = slices.Delete(shown, i, i+1)
			}
		}
		shown = append(shown, e)
	}
	return shown
}

// copied finds the set of write that b copies, among the last of events; -1
// when there is none.
func copied(events []element.Event, write element.ParamID, b element.ParameterChanged) int {
	if write == 0 {
		return -1
	}
	for i := len(events) - 1; i >= max(0, len(events)-copiesWithin); i-- {
		if set, ok := events[i].Body.(element.ParameterChanged); ok && set.Parameter == write && set.By == b.By && set.Display == b.Display {
			return i
		}
	}
	return -1
}

// OneLine is a text folded into one line of bounded length.
func OneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return CutTo(s, 160)
}

// maxFirstWords is how much of a refusal's body stands beside its sentence, in
// characters; the rest is there to unfold.
const maxFirstWords = 80

// firstWords are those of a refusal's body, "" when there are none.
func firstWords(body string) string {
	words := strings.Join(strings.Fields(withoutTags(body)), " ")
	if words == "" {
		return ""
	}
	return "It said: " + CutTo(words, maxFirstWords)
}

// withoutTags takes the markup out of a page that a device answers with.
func withoutTags(s string) string {
	var b strings.Builder
	for {
		text, after, _ := strings.Cut(s, "<")
		_, rest, closed := strings.Cut(after, ">")
		if !closed {
			return b.String() + s
		}
		b.WriteString(text + " ")
		s = rest
	}
}

func closedText(b element.Closed) string {
	if b.Message != "" {
		return b.Message
	}
	who := "Closed by us"
	if b.By == "device" {
		who = "The device closed the connection"
	}
	return joinNonEmpty(": ", fmt.Sprintf("%s (%d)", who, b.Code), b.Reason)
}

func joinNonEmpty(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// hexDump shows bytes as sixteen a line beside their printable text.
func hexDump(b []byte) string {
	var s strings.Builder
	for at := 0; at < len(b); at += 16 {
		part := b[at:min(at+16, len(b))]
		text := strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return '.'
			}
			return r
		}, latin(part))
		fmt.Fprintf(&s, "%04x  %-47s  %s\n", at, strings.TrimSpace(fmt.Sprintf("% x", part)), text)
	}
	return s.String()
}

func latin(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// versionText says which version of the connector is used now.
func versionText(b element.VersionChanged) string {
	text := b.From + " → " + b.To
	if b.Back {
		text += ", with the values kept with it"
	}
	if b.By != "" {
		text += ", by " + b.By
	}
	return text
}
