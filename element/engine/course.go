package engine

import (
	"slices"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// course is what has become of a write that nothing has confirmed yet. What
// people are told at its end is the nearest of it to the truth.
type course struct {
	conn  int       // that the command was handed to
	since time.Time // when
	lost  bool      // that connection was lost before the device answered
	said  string    // how a message began that the device sent since and that fits no response
	other other     // the value that stands in the place of the one that was set

	unrun string // the language of a QAction that reacts to it and does not run here
	ran   bool   // something did come of it
}

// other is a value that is not the one that was set.
type other struct {
	shown string // "" when there is none
	logic bool   // the connector's logic set it; else the device reported it
	at    time.Time
}

// mayHaveBeen is what is said of a command whose bytes are out and that nothing
// is known of.
const mayHaveBeen = "It may have been carried out."

// handTo notes that a command was handed to a connection.
func (r *receipt) handTo(conn int, now time.Time) {
	r.handed, r.refuseAt = true, time.Time{}
	r.course.conn, r.course.since = conn, now
}

// silence is why a write was not confirmed in time.
func (e *Engine) silence(r *receipt) string {
	within := " within " + seconds(r.verify) + "."
	c := &r.course
	i, known := e.ix.conns[c.conn]
	switch {
	case e.s.mode == modePaused:
		return "The element is paused and does not read what the device answers."
	case c.other.shown != "":
		return c.other.sentence()
	case c.lost:
		return "The connection was lost before the device answered. " + mayHaveBeen
	case c.said != "":
		return "The device did not report the value" + within + " It sent: " + c.said
	case known && e.s.conns[i].spoke.After(c.since):
		return "The device did not report the value" + within + " " + mayHaveBeen
	default:
		return "No answer" + within + " " + mayHaveBeen
	}
}

func (o *other) sentence() string {
	if o.logic {
		return "Overtaken by the connector's logic, which set it to " + o.shown + "."
	}
	return "The device reports " + o.shown + "."
}

// shownAs is a value for a sentence, with its unit; "" for what people may not see.
func shownAs(p *connector.Param, v element.Value) string {
	if p.Password {
		return ""
	}
	text, units := p.Shown(v)
	if text == "" {
		text = "an empty text"
	}
	return strings.TrimSpace(beginning(text) + " " + units)
}

// most is how much of a device's text stands in a sentence, in characters.
const most = 200

// beginning is the beginning of a text in one line.
func beginning(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), 4*most)], "\uFFFD")
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// overtook notes that logic set what a person has set to something else. Where
// a parameter cannot have the value that was written, that was an order and no
// value to keep.
func (e *Engine) overtook(p *connector.Param, v element.Value, src source) {
	if src.by != element.ByLogic || src.device && e.hearing != nowhere || len(e.s.receipts) == 0 {
		return
	}
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		switch {
		case r.done || r.write.Row != "" || r.twin != p.ID && (r.param != p.ID || r.handed || r.twin == 0):
		case meets(p, v, r.goal):
			r.course.other = other{}
		case len(p.Discreets) > 0 && !slices.ContainsFunc(p.Discreets, func(d element.Discreet) bool { return d.Value == r.goal.String() }):
		default:
			r.course.other = other{shown: shownAs(p, v), logic: true, at: e.now}
		}
	}
}

// lostWrites notes on the receipts of commands that went out over a connection
// that it was lost; the device may still report what they set.
func (e *Engine) lostWrites(conn int) {
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		if r.done || !r.handed || r.inFlight > 0 || r.course.conn != conn || r.course.lost {
			continue
		}
		r.course.lost = true
		e.move(r, r.write.Status, "The connection was lost before the device answered.")
	}
}

// unmatched notes a message that fits no response: it may be the device's word
// on what was sent.
func (e *Engine) unmatched(in Received) {
	if !in.Text {
		return
	}
	said := beginning(string(in.Data[:min(len(in.Data), 4*most)]))
	for i := range e.s.receipts {
		if r := &e.s.receipts[i]; !r.done && r.handed && r.course.conn == in.Connection && said != "" {
			r.course.said = said
		}
	}
	e.s.eachRunning(func(r *run) {
		if r.phase == phaseAnswer && r.conn == in.Connection {
			r.said = said
		}
	})
}

// unrun notes on receipts that a QAction which reacts to them does not run here.
func (e *Engine) unrun(q *connector.QAction) {
	e.eachReceipt(e.causes, func(r *receipt) { r.course.unrun = languageName(q.Encoding) })
}

// languageName is how people write the encoding of a QAction.
func languageName(encoding string) string {
	switch strings.ToLower(encoding) {
	case "csharp":
		return "C#"
	case "vbscript":
		return "VBScript"
	case "jscript":
		return "JScript"
	case "":
		return "its language"
	default:
		return encoding
	}
}

// end ends a write for which nothing more is to come.
func (e *Engine) end(r *receipt) {
	c := &r.course
	switch {
	case c.other.shown != "" && c.other.logic:
		e.move(r, element.WriteFailed, c.other.sentence())
	case c.unrun != "" && !c.ran && !r.handed && r.write.Status == element.WriteAccepted:
		e.move(r, element.WriteFailed, "Nothing runs it here: "+c.unrun+" does not run.")
	case c.unrun != "" && !r.handed:
		e.move(r, r.write.Status, "A QAction that reacts to it does not run here: it is in "+c.unrun+".")
	}
	r.finish()
}

// cameOf reports whether anything came of a write but its own change: what is
// told here is all that a Set has led to.
func (e *Engine) cameOf(written *connector.Param) bool {
	return len(e.waiting) > 0 || slices.ContainsFunc(e.effects, func(f Effect) bool {
		switch f := f.(type) {
		case Moved, Logged, Refreshed:
			return false
		case Changed:
			return f.Parameter.ID != written.ID
		default:
			return true
		}
	})
}
