package engine

import (
	"time"

	"fieldline/element"
)

// lost marks what follows when a connection that was open is not any more.
// The status parameter is ours to know, so it is set and not stale.
func (e *Engine) lost(i connIndex) {
	c := &e.ix.def.Connections[i]
	e.connections.list[i].open = false
	e.connections.list[i].statusDue = e.status.mode == modePaused
	e.targets.stale(c.ID)
	if p, at := e.ix.param(c.NotifyParam); p != nil && e.values.slots[at].value != element.Number(0) {
		e.logic.setIfChanged(p, at, element.Number(0), byLogic())
	}
}

// opened: the connection is open, by our order or a person's. The status
// parameter becomes 1 and the clock of the element timeout stops.
func (e *Engine) opened(in Opened) {
	i, ok := e.ix.conns[in.Connection]
	if !ok || e.status.mode == modeIdle || e.status.mode == modeStopped {
		return
	}
	c := &e.connections.list[i]
	c.open, c.wanted, c.backAt = true, true, e.turn.now
	c.statusDue = e.status.mode == modePaused
	e.slowPoll.answering(i)
	if p, at := e.ix.param(e.ix.def.Connections[i].NotifyParam); p != nil && e.values.slots[at].value != element.Number(1) {
		e.logic.setIfChanged(p, at, element.Number(1), byLogic())
	}
	e.pairs.transmitWaiting(in.Connection)
}

// down: the connection is not open, or an attempt failed. Only a transition
// changes the status parameter (RN 41167).
func (e *Engine) down(in Down) {
	i, ok := e.ix.conns[in.Connection]
	if !ok || e.status.mode == modeIdle {
		return
	}
	def, c, f := &e.ix.def.Connections[i], &e.connections.list[i], failure{text: in.Reason, cause: in.Cause}
	if p, at := e.ix.param(def.DisconnectParam); p != nil && e.values.slots[at].value != element.Text(in.Reason) {
		e.logic.setIfChanged(p, at, element.Text(in.Reason), byLogic())
	}
	if in.NoAnswer {
		e.exchanges.staleAnswer(*def)
	}
	switch {
	case e.logic.excused(f):
		c.silentSince = time.Time{}
	case c.wanted && e.status.mode != modeStopped:
		if c.silentSince.IsZero() {
			c.silentSince = e.turn.now
		}
		if !in.Ours {
			e.slowPoll.unanswered(i)
		}
	}
	e.slowPoll.state.dialling = e.slowPoll.state.dialling && i != 0
	if c.open {
		e.lost(i)
		e.pairs.lostAnswers(in.Connection)
	}
	e.logic.report(f)
}

// answered fills the response parameters of the handshake's session: status
// line, headers, body, in this order, so that whatever reacts to the body can
// read the others.
func (e *Engine) answered(in Answered) {
	c, ok := e.ix.def.Connection(in.Connection)
	if !ok || e.status.mode == modeIdle || e.status.mode == modeStopped {
		return
	}
	_, x := e.ix.def.Handshake(c)
	if x == nil {
		return
	}
	e.exchanges.fillAnswer(x, in.StatusLine, in.Headers, []byte(in.Body), source{by: element.ByDevice, from: nowhere})
}
