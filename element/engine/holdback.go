package engine

import (
	"slices"

	"fieldline/element/connector"
)

// restraint says that requests of a connection are not sent for now: all of
// them, or one exchange of one session.
type restraint struct {
	conn, session, exchange int
	whole                   bool
	refusal                 string // why what a person asks for is not sent either; "" when it is
}

func (h restraint) is(conn, session, exchange int, whole bool) bool {
	return h.conn == conn && h.whole == whole && (whole || h.session == session && h.exchange == exchange)
}

// holdBack notes that a device is to be left alone.
func (ls *lanes) holdBack(in HoldBack) {
	ls.restraints = slices.DeleteFunc(ls.restraints, func(h restraint) bool { return h.is(in.Connection, in.Session, in.Exchange, in.Whole) })
	ls.restraints = append(ls.restraints, restraint{in.Connection, in.Session, in.Exchange, in.Whole, in.Refusal})
}

// restraint is what holds an exchange back: what keeps a person's from being
// sent rather than what does not; nil when nothing does.
func (ls *lanes) restraint(conn, session, exchange int) *restraint {
	var found *restraint
	for i := range ls.restraints {
		h := &ls.restraints[i]
		if (h.is(conn, session, exchange, false) || h.is(conn, 0, 0, true)) && (found == nil || h.refusal != "") {
			found = h
		}
	}
	return found
}

// allHeldBack reports whether a group has requests and none may be sent by
// itself.
func (ls *lanes) allHeldBack(g *connector.Group) bool {
	if len(ls.restraints) == 0 || !polls(g) {
		return false
	}
	conn := ls.sessionConnection(g)
	for _, item := range g.Content {
		for i := range ls.ix.def.Sessions {
			s := &ls.ix.def.Sessions[i]
			for k := range s.Exchanges {
				x := &s.Exchanges[k]
				asked := item.Kind == connector.ItemSession && s.ID == item.ID && (item.Exchange < 0 || item.Exchange == x.ID)
				if asked && ls.restraint(conn, s.ID, x.ID) == nil {
					return false
				}
			}
		}
	}
	return true
}

// park takes a group that may not send anything out of its lane until it may;
// a person's goes on. It waits once, whatever orders it again.
func (ls *lanes) park(l *lane) {
	q := l.running().entry
	if len(q.causes) > 0 || !ls.allHeldBack(q.group) {
		return
	}
	l.runs = l.runs[:len(l.runs)-1]
	if !ls.isParked(q.group.ID) {
		q.requests, q.messages = nil, nil // made anew when it may go on
		ls.parked = append(ls.parked, q)
	}
}
