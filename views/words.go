package views

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
)

// hop is how the stretch between the server and a device is drawn: its shape
// and the words under it. The script draws the same from the same fields
// (static/live/line.js); words and shapes are to be changed in both.
type hop struct {
	Shape   string // "open", "trying", "down" or "off"
	Word    string
	Since   bool   // how long it is so
	Message bool   // the age of the last message
	Attempt bool   // number of the attempt
	Next    bool   // when the next try is
	Cause   bool   // why it ended or did not open
	Last    bool   // Cause is that of the try before this one
	Slow    string // of slow poll: what is sent now; "" when all is
}

func hopOf(c element.Connection, s element.State) hop {
	h := bareHop(c, s)
	h.Slow = slowWords(c, s)
	return h
}

// slowWords say that a device which does not answer is only pinged. A WebSocket
// that is not open has its tries beside them.
func slowWords(c element.Connection, s element.State) string {
	switch {
	case c.SlowPollMs == 0 || s != element.Active:
		return ""
	case c.Type != "http" && c.Status != element.ConnOpen:
		return "slow poll until it answers"
	}
	return "slow poll: pings every " + element.FormatNumber(float64(c.SlowPollMs)/1000) + " s until it answers"
}

func bareHop(c element.Connection, s element.State) hop {
	switch c.Status {
	case element.ConnOpen:
		return hop{Shape: "open", Word: "Open", Since: true, Message: heardOf(c)}
	case element.ConnConnecting:
		return hop{Shape: "trying", Word: "Connecting", Attempt: c.Attempt > 0, Cause: c.LastCause != nil, Last: c.LastCause != nil}
	case element.ConnClosing:
		return hop{Shape: "trying", Word: "Closing"}
	case element.ConnWaiting:
		return hop{
			Shape: "trying", Word: "Not connected", Attempt: c.Attempt > 0,
			Next: !c.NextTry.IsZero(), Cause: c.LastCause != nil, Last: c.LastCause != nil,
		}
	default:
		if s == element.Stopped {
			return hop{Shape: "off", Word: "Stopped"}
		}
		if unasked(c) {
			return hop{Shape: "off", Word: "Not asked yet"}
		}
		return hop{Shape: "down", Word: "Closed", Since: !c.Since.IsZero(), Cause: c.LastCause != nil}
	}
}

// unasked reports whether nothing was asked over an HTTP connection yet: it is
// neither open nor broken.
func unasked(c element.Connection) bool {
	return c.Type == "http" && c.LastCause == nil && c.LastMessageAt.IsZero()
}

// heardOf reports whether the open connection has had a message: the last one may
// be of the connection before it. An HTTP connection opens with an answer.
func heardOf(c element.Connection) bool {
	return !c.LastMessageAt.IsZero() && (c.Type == "http" || !c.LastMessageAt.Before(c.Since.Time))
}

// stateWord is the state of an element in one or two words, and the mark that
// repeats it as a shape.
func stateWord(e element.Element) (word, mark string) {
	switch {
	case e.State == element.Stopped:
		return "Stopped", "off"
	case e.State == element.Paused:
		return "Paused", "paused"
	case e.Timeout:
		return "Timeout", "timeout"
	}
	word, mark = "Active", "open"
	for _, c := range e.Connections {
		switch hopOf(c, e.State).Shape {
		case "down":
			return "Disconnected", "down"
		case "trying":
			word, mark = "Connecting", "trying"
		}
	}
	return word, mark
}

// address is what of a connection's URL a row has room for: host and port.
func address(c element.Connection) string {
	_, rest, ok := strings.Cut(c.URL, "://")
	if !ok {
		rest = c.URL
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		rest = rest[:i]
	}
	if rest == "" {
		return "no address"
	}
	return rest
}

// span is a length of time as clock.js writes it.
func span(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
	}
}

// moment is a time as the script rewrites it: show is "age", "span", "until",
// "clock" or "plain".
func moment(t element.Time, now time.Time, show string) string {
	if t.IsZero() {
		return ""
	}
	switch d := now.Sub(t.Time); show {
	case "span":
		return span(d)
	case "until":
		if -d < 950*time.Millisecond {
			return "now"
		}
		return fmt.Sprintf("in %.0f s", (-d).Seconds())
	case "clock":
		return t.UTC().Format("15:04:05.000")
	case "age":
		if d < 0 {
			return "now"
		}
		if d < time.Hour {
			return span(d) + " ago"
		}
	}
	if y, m, d := now.UTC().Date(); t.UTC().Truncate(24*time.Hour) != time.Date(y, m, d, 0, 0, 0, 0, time.UTC) {
		return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
	}
	return t.UTC().Format("15:04:05") + " UTC"
}

// stamp is the machine form of a time, "" for none.
func stamp(t element.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// rangeHint says in words which values a parameter takes, "" when any.
func rangeHint(i element.ParamInfo) string {
	noun := ""
	if !i.IsNumber {
		noun = " characters"
	}
	number := func(f float64) string {
		if text := i.Clock.Text(f); i.Clock != "" && text != "" {
			return text
		}
		if i.Hex && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return fmt.Sprintf("0x%X", int64(f))
		}
		return element.FormatNumber(f)
	}
	var s string
	switch {
	case i.Low != nil && i.High != nil:
		s = number(*i.Low) + " to " + number(*i.High) + noun
	case i.Low != nil:
		s = "at least " + number(*i.Low) + noun
	case i.High != nil:
		s = "at most " + number(*i.High) + noun
	}
	if i.Units != "" && i.IsNumber && s != "" && i.Clock == "" {
		s += " " + i.Units
	}
	if i.Step != nil && *i.Step > 0 {
		if s != "" {
			s += ", "
		}
		s += "in steps of " + number(*i.Step)
	}
	return s
}

// capital writes a sentence's first letter large.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// widthClass is the style of a button with the width that its connector wants;
// the style sheet has steps of 20 pixels.
func widthClass(pixels int) string {
	const step, least, most = 20, 100, 400
	if pixels < least {
		return ""
	}
	return "wide-" + strconv.Itoa(min(pixels, most)/step*step)
}

// typingHint says how a value is typed that is not a plain number or text.
func typingHint(i element.ParamInfo) string {
	switch {
	case i.Clock == "" && i.Hex:
		return "hexadecimal digits after 0x, or a decimal number"
	case i.Clock != "" && !i.Clock.IsDate() && i.Clock != element.ClockTimeOfDay && i.Clock != element.ClockMinuteOfDay:
		return "hours:minutes:seconds, days before them as in 2 d 01:30:00"
	}
	return ""
}

// idleWords say of the connections of a connector that none of them runs
// here. Some kinds have nothing to connect to.
func idleWords(kinds []string) string {
	reach := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == "virtual" || k == "service" || k == "sla" })
	if len(reach) == 0 {
		return "This connector connects to no device."
	}
	return "This connector reaches its device over " + idleClause(reach) + "."
}

// idleClause names kinds of connections and says that they do not run here.
func idleClause(kinds []string) string {
	does := " do"
	if len(kinds) == 1 {
		does = " does"
	}
	return listWords(kinds) + ", which" + does + " not run here"
}

// listWords writes "a", "a and b", "a, b and c".
func listWords(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
