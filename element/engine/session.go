package engine

import (
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// opened: the connection is open, by our order or a person's. The status
// parameter becomes 1 and the clock of the element timeout stops.
func (e *Engine) opened(in Opened) {
	i, ok := e.ix.conns[in.Connection]
	if !ok || e.s.mode == modeIdle || e.s.mode == modeStopped {
		return
	}
	c := &e.s.conns[i]
	c.open, c.wanted, c.back = true, true, e.now
	c.missed = e.s.mode == modePaused
	e.answering(i)
	if p, at := e.param(e.def.Connections[i].NotifyParam); p != nil && e.s.slots[at].value != element.Number(1) {
		e.constructAll(p, at, element.Number(1), byLogic())
	}
	e.transmitWaiting(in.Connection)
}

// transmitWaiting sends what waits for a connection, where that is open.
func (e *Engine) transmitWaiting(conn int) {
	e.s.eachRunning(func(r *run) {
		if r.phase != phaseOpening || r.conn != conn || !e.active() || !e.s.conns[e.ix.conns[conn]].open {
			return
		}
		if r.ofPerson() && r.sent { // it is not known to have stayed here
			e.within(r, e.lostPair)
			return
		}
		e.within(r, e.transmitPair)
	})
}

// down: the connection is not open, or an attempt failed. Only a transition
// changes the status parameter (RN 41167).
func (e *Engine) down(in Down) {
	i, ok := e.ix.conns[in.Connection]
	if !ok || e.s.mode == modeIdle {
		return
	}
	def, c, f := &e.def.Connections[i], &e.s.conns[i], failure{text: in.Reason, cause: in.Cause}
	if p, at := e.param(def.DisconnectParam); p != nil && e.s.slots[at].value != element.Text(in.Reason) {
		e.constructAll(p, at, element.Text(in.Reason), byLogic())
	}
	if in.NoAnswer {
		e.staleAnswer(*def)
	}
	switch {
	case e.excused(f):
		c.since = time.Time{}
	case c.wanted && e.s.mode != modeStopped:
		if c.since.IsZero() {
			c.since = e.now
		}
		if !in.Ours {
			e.unanswered(i)
		}
	}
	e.s.slow.dialling = e.s.slow.dialling && i != 0
	if c.open {
		e.lost(i)
		e.lostAnswers(in.Connection)
	}
	e.report(f)
}

// answered fills the response parameters of the handshake's session: status
// line, headers, body, in this order, so that whatever reacts to the body can
// read the others.
func (e *Engine) answered(in Answered) {
	c, ok := e.def.Connection(in.Connection)
	if !ok || e.s.mode == modeIdle || e.s.mode == modeStopped {
		return
	}
	_, x := e.def.Handshake(c)
	if x == nil {
		return
	}
	e.fillAnswer(x, in.StatusLine, in.Headers, []byte(in.Body), source{by: element.ByDevice, from: nowhere})
}

// staleAnswer marks what an earlier handshake filled: the last one got no answer.
func (e *Engine) staleAnswer(c connector.Connection) {
	_, x := e.def.Handshake(c)
	if x == nil {
		return
	}
	e.staleParam(x.StatusParam)
	for _, h := range x.HeaderParams {
		e.staleParam(h.Param)
	}
	e.staleParam(x.ContentParam)
}

func (e *Engine) staleParam(id element.ParamID) {
	p, i := e.param(id)
	if p == nil {
		return
	}
	if s := &e.s.slots[i]; s.value.IsSet() && !s.stale {
		s.stale = true
		e.refresh(i)
	}
}

// fillAnswer fills the response parameters of an exchange: status line,
// headers, body.
func (e *Engine) fillAnswer(x *connector.Exchange, statusLine string, headers []HeaderLine, body []byte, src source) {
	e.fillBytes(x.StatusParam, []byte(statusLine), src)
	for _, h := range x.HeaderParams {
		var lines []string
		for _, line := range headers {
			if strings.EqualFold(line.Name, h.Key) {
				lines = append(lines, line.Value)
			}
		}
		if lines == nil && !e.value(h.Param).IsSet() {
			continue
		}
		e.fillBytes(h.Param, []byte(strings.Join(lines, "\r\n")), src)
	}
	e.fillBytes(x.ContentParam, body, src)
}

// fillBytes sets a parameter from bytes of a device, where there is one.
func (e *Engine) fillBytes(id element.ParamID, b []byte, src source) {
	p, i := e.param(id)
	if p == nil {
		return
	}
	d, ok := p.Interprete.Decode(b, e.value)
	if !ok {
		e.logRarely("fill:"+named(p), levelInfo, "%s keeps its value: what the device sent does not fit it.", capital(named(p)))
		return
	}
	src.original = d.Original
	e.constructAll(p, i, d.Value, src)
}

// elementTimeout is how long a connection may be silent: the setting of the
// main connection counts for all.
func (e *Engine) elementTimeout() time.Duration {
	ms := defaultElementTimeout
	if c, ok := e.def.Connection(0); ok {
		ms = c.ElementTimeoutMs
	} else if len(e.def.Connections) > 0 {
		ms = e.def.Connections[0].ElementTimeoutMs
	}
	return time.Duration(ms) * time.Millisecond
}

// defaultElementTimeout is TimeoutTimeElement when there is no connection.
const defaultElementTimeout = 30_000

// counted reports whether the connection's silence counts for the element's
// timeout state.
func (e *Engine) counted(i int) bool {
	c, def := &e.s.conns[i], &e.def.Connections[i]
	if !def.WebSocket {
		return !c.since.IsZero()
	}
	// What is open and yet silent left a pair without its answer; only failed
	// handshakes are the session's to ignore.
	return !c.since.IsZero() && (c.open || c.wanted && !ignoresTimeout(e.def, def))
}

// ignoresTimeout reports whether the handshake's session or exchange says that
// its failures do not put the element in timeout.
func ignoresTimeout(def *connector.Definition, c *connector.Connection) bool {
	s, x := def.Handshake(*c)
	return s != nil && (s.IgnoreTimeout || x.IgnoreTimeout)
}

// checkTimeout moves the timeout state: on once when a connection has been
// silent for long enough, off when none is.
func (e *Engine) checkTimeout() {
	on := false
	for i := range e.s.conns {
		on = on || e.counted(i) && !e.now.Before(e.s.conns[i].since.Add(e.elementTimeout()))
	}
	if on != e.s.timedOut {
		e.s.timedOut = on
		e.emit(TimedOut{On: on})
	}
}

func (e *Engine) timeoutDue(sooner func(time.Time)) {
	if e.s.timedOut {
		return
	}
	for i := range e.s.conns {
		if e.counted(i) {
			sooner(e.s.conns[i].since.Add(e.elementTimeout()))
		}
	}
}
