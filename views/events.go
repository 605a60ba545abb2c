package views

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fieldline/element"
)

// eventLine is one event as the list shows it. The script draws new ones from
// the same fields (static/live/events.js).
type eventLine struct {
	Seq   uint64
	Line  uint64       // of the first event that was folded into it, else Seq
	At    element.Time // of the last time, when the line stands for several
	Times int          // how often it happened; 0 and 1 are not told
	Since element.Time // of the first time, when Times tells several
	Group string       // "message", "value", "connection" or "log": what the chips filter
	Word  string       // the kind as a word
	Arrow string       // icon: direction of a message
	Text  string       // one line
	Full  string       // all of it, "" when Text says everything
	Note  string       // what Full leaves out, "" when nothing
	Whole int          // size in bytes of the message to download, 0 when the page has all of it
	Bad   bool
}

// MaxEventLines is the number of events that a page lists.
const MaxEventLines = 200

const eventLimit = "200"

// eventLines returns the newest events first.
func eventLines(v element.View, events []element.Event) []eventLine {
	events = withoutCopies(v, events)
	if len(events) > MaxEventLines {
		events = events[len(events)-MaxEventLines:]
	}
	lines := make([]eventLine, 0, len(events))
	for _, e := range slices.Backward(events) {
		lines = append(lines, lineOf(v, e))
	}
	return lines
}

func lineOf(v element.View, e element.Event) eventLine {
	l := eventLine{Seq: e.Seq, Line: cmp.Or(e.Line, e.Seq), At: e.At, Group: "connection", Word: string(e.Body.Kind())}
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
		l.Bad, l.Text, l.Full = true, joinNonEmpty(" ", b.Message, said(b.Body)), b.Body
		if b.Count > 1 {
			l.Times, l.Since, l.At = b.Count, e.At, b.LastAt
		}
	case element.Closed:
		l.Bad = b.By == "device" && b.Code != 1000
		l.Text = closedText(b)
	case element.ParameterChanged:
		l.Group, l.Word = "value", "value"
		l.value(paramLabel(v, b.Parameter)+" = ", b)
		switch b.By {
		case element.ByDevice, "":
		case element.ByLogic:
			l.Text += ", by the connector"
		default:
			l.Text += ", by " + b.By
		}
	case element.WriteMoved:
		l.Group, l.Bad = "value", b.Status == element.WriteFailed
		l.Text = joinNonEmpty(": ", fmt.Sprintf("%s, %s, by %s", paramLabel(v, b.Parameter), b.Status, b.By), b.Detail)
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

func (l *eventLine) message(m element.Message, word, arrow string) {
	l.Group, l.Word, l.Arrow = "message", word, arrow
	text := m.Text
	if m.Opcode == "binary" {
		text = fmt.Sprintf("binary, %d bytes", m.Size)
		l.Full = hexDump(m.Base64)
	} else {
		l.Full = folded(text)
	}
	if m.Truncated {
		l.Note, l.Whole = shownPart(m.Size), m.Size
	}
	l.Text = firstLine(text)
	if l.Full == l.Text && len(l.Text) < 80 && !m.Truncated {
		l.Full = ""
	}
}

// value is the line of a parameter that took a value.
func (l *eventLine) value(label string, b element.ParameterChanged) {
	l.Text = label + firstLine(cmp.Or(b.Display, "empty"))
	if isLong(b.Display) {
		l.Full = folded(b.Display)
	}
	if b.Truncated {
		l.Note = shownPart(b.Size)
	}
}

// copiesWithin is how many events the copy of a set may be after the set.
const copiesWithin = 20

// withoutCopies leaves out a write parameter's new value when its read twin
// took the same one right after it, from the same hand: a set through setter is
// one thing to a person. The script does the same (static/live/events.js).
func withoutCopies(v element.View, events []element.Event) []element.Event {
	var shown []element.Event
	for _, e := range events {
		if b, ok := e.Body.(element.ParameterChanged); ok {
			if i := copied(shown, v.Infos[b.Parameter].WriteID, b); i >= 0 {
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

// firstLine is a text folded into one line of bounded length.
func firstLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 160 {
		return string(r[:159]) + "…"
	}
	return s
}

// maxSaid is how much of a refusal's body stands beside its sentence, in
// characters; the rest is there to unfold.
const maxSaid = 80

// said are the first words of a refusal's body, "" when there are none.
func said(body string) string {
	words := []rune(strings.Join(strings.Fields(withoutTags(body)), " "))
	switch {
	case len(words) == 0:
		return ""
	case len(words) > maxSaid:
		words = append(words[:maxSaid-1], '…')
	}
	return "It said: " + string(words)
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

func paramLabel(v element.View, id element.ParamID) string {
	i := v.Infos[id]
	if i.Description != "" {
		return i.Description
	}
	return fmt.Sprintf("Parameter %d", id)
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
