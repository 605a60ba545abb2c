package engine

import (
	"math"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// outcome is what has become of a write that nothing has confirmed yet. What
// people are told at its end is the nearest of it to the truth.
type outcome struct {
	conn  int       // that the command was handed to
	since time.Time // when
	lost  bool      // that connection was lost before the device answered
	said  string    // how a message began that the device sent since and that fits no response
	other other     // the value that stands in the place of the one that was set

	notRun string // the language of a QAction that reacts to it and does not run here
	ran    bool   // something did come of it
}

// other is a value that is not the one that was set.
type other struct {
	shown string // "" when there is none
	logic bool   // the connector's logic set it; else the device reported it
	at    time.Time
}

// silence is why a write was not confirmed in time.
func (rs *receipts) silence(r *receipt) string {
	within := " within " + element.FormatSeconds(r.verify) + "."
	c := &r.outcome
	i, known := rs.ix.conns[c.conn]
	switch {
	case rs.status.mode == modePaused:
		return "The element is paused and does not read what the device answers."
	case c.other.shown != "":
		return c.other.sentence()
	case c.lost:
		return "The connection was lost before the device answered. " + mayHaveBeen
	case c.said != "":
		return "The device did not report the value" + within + " It sent: " + c.said
	case known && rs.connections.list[i].heardAt.After(c.since):
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

// overtakenBy notes that logic set what a person has set to something else. Where
// a parameter cannot have the value that was written, that was an order and no
// value to keep.
func (rs *receipts) overtakenBy(p *connector.Param, v element.Value, src source) {
	if src.by != element.ByLogic || src.device && rs.hearing != nowhere || len(rs.list) == 0 {
		return
	}
	for i := range rs.list {
		r := &rs.list[i]
		switch {
		case r.done || r.write.Row != "" || r.twin != p.ID && (r.param != p.ID || r.handed || r.twin == 0):
		case meets(p, v, r.goal):
			r.outcome.other = other{}
		case len(p.Discreets) > 0 && !slices.ContainsFunc(p.Discreets, func(d element.Discreet) bool { return d.Value == r.goal.String() }):
		default:
			r.outcome.other = other{shown: shownAs(p, v), logic: true, at: rs.now}
		}
	}
}

// deviceSaid notes on the receipts of what was sent over a connection how a
// message began that came since.
func (rs *receipts) deviceSaid(conn int, said string) {
	for i := range rs.list {
		if r := &rs.list[i]; !r.done && r.handed && r.outcome.conn == conn && said != "" {
			r.outcome.said = said
		}
	}
}

// meets reports whether a reported value is the one that was set; numbers are
// compared with the decimals that the parameter keeps.
func meets(p *connector.Param, v, goal element.Value) bool {
	if v == goal {
		return true
	}
	a, ok := v.Float()
	b, also := goal.Float()
	if !ok || !also {
		return v.String() == goal.String()
	}
	return math.Abs(a-b) <= p.Deviation+0.5*math.Pow10(-min(max(p.Interprete.Decimals, 0), 15))
}
