package engine

import (
	"slices"

	"fieldline/element/connector"
)

// heldBack says that requests of a connection are not sent for now: all of
// them, or one exchange of one session.
type heldBack struct {
	conn, session, exchange int
	whole                   bool
	refusal                 string // why what a person asks for is not sent either; "" when it is
}

func (h heldBack) is(conn, session, exchange int, whole bool) bool {
	return h.conn == conn && h.whole == whole && (whole || h.session == session && h.exchange == exchange)
}

// holdBack notes that a device is to be left alone.
func (e *Engine) holdBack(in HoldBack) {
	e.s.held = slices.DeleteFunc(e.s.held, func(h heldBack) bool { return h.is(in.Connection, in.Session, in.Exchange, in.Whole) })
	e.s.held = append(e.s.held, heldBack{in.Connection, in.Session, in.Exchange, in.Whole, in.Refusal})
}

// letGo ends what HoldBack began: groups that waited are queued, with requests
// as they are now.
func (e *Engine) letGo(in LetGo) {
	e.s.held = slices.DeleteFunc(e.s.held, func(h heldBack) bool { return h.is(in.Connection, in.Session, in.Exchange, in.Whole) })
	waiting := e.s.parked
	e.s.parked = nil
	for _, q := range waiting {
		if e.allHeldBack(q.group) {
			e.s.parked = append(e.s.parked, q)
		} else if !e.queued(q.group.ID) {
			e.enqueue(q.group, q.rank, q.timer)
		}
	}
}

// restraint is what holds an exchange back: what keeps a person's from being
// sent rather than what does not; nil when nothing does.
func (e *Engine) restraint(conn, session, exchange int) *heldBack {
	var found *heldBack
	for i := range e.s.held {
		h := &e.s.held[i]
		if (h.is(conn, session, exchange, false) || h.is(conn, 0, 0, true)) && (found == nil || h.refusal != "") {
			found = h
		}
	}
	return found
}

// allHeldBack reports whether a group has requests and none may be sent by
// itself.
func (e *Engine) allHeldBack(g *connector.Group) bool {
	if len(e.s.held) == 0 || !polls(g) {
		return false
	}
	conn := e.sessionConnection(g)
	for _, item := range g.Content {
		for i := range e.def.Sessions {
			s := &e.def.Sessions[i]
			for k := range s.Exchanges {
				x := &s.Exchanges[k]
				asked := item.Kind == connector.ItemSession && s.ID == item.ID && (item.Exchange < 0 || item.Exchange == x.ID)
				if asked && e.restraint(conn, s.ID, x.ID) == nil {
					return false
				}
			}
		}
	}
	return true
}

// park takes a group that may not send anything out of its lane until it may;
// a person's goes on. It waits once, whatever orders it again.
func (e *Engine) park(l *lane) {
	q := l.running().entry
	if len(q.causes) > 0 || !e.allHeldBack(q.group) {
		return
	}
	l.runs = l.runs[:len(l.runs)-1]
	if !e.parked(q.group.ID) {
		q.requests, q.messages = nil, nil // made anew when it may go on
		e.s.parked = append(e.s.parked, q)
	}
}

func (e *Engine) parked(id int) bool {
	return slices.ContainsFunc(e.s.parked, func(q entry) bool { return q.group.ID == id })
}

// leftOut reports whether the exchange at hand is not sent because its
// connection is held back. What a person asked for is, unless the device said
// when it wants to be asked, or refused the login.
func (e *Engine) leftOut(r *run, b *built) bool {
	h := e.restraint(r.conn, b.session.ID, b.x.ID)
	switch {
	case h == nil, len(r.causes) > 0 && h.refusal == "":
		return false
	case len(r.causes) > 0:
		e.failCauses(r.causes, h.refusal)
	default:
		e.logRarely("held:"+requestName(b), levelInfo, "%s was left out: its connection waits before it asks the device again.", capital(requestName(b)))
	}
	return true
}
