package engine

import (
	"cmp"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// startExchange runs the next exchange of the session at hand, or goes on to
// the next item when there is none left.
func (e *Engine) startExchange(r *run) {
	list := r.requests[r.item]
	if r.exchange >= len(list) {
		r.exchange = 0
		e.advance(r)
		return
	}
	r.conn, r.attempt, r.sent, r.out = e.sessionConnection(r.group), 1, false, false
	b := &list[r.exchange]
	i, ok := e.ix.conns[r.conn]
	switch {
	case !ok || e.def.Connections[i].WebSocket || e.def.Connections[i].Kind != "http":
		e.logOnce("session:"+itoa(b.session.ID), levelWarning, "Session %d was not run: connection %d is not an HTTP connection.", b.session.ID, r.conn)
		e.failCauses(r.causes, "Not sent: the request belongs to a connection that is not run here.")
		e.nextExchange(r)
	case b.err != "":
		e.logRarely("request:"+requestName(b), levelError, "%s was not sent: %s", capital(requestName(b)), b.err)
		e.failCauses(r.causes, "Not sent: "+b.err)
		e.emit(Unsent{Connection: r.conn, Reason: b.err})
		e.nextExchange(r)
	case e.leftOut(r, b):
		e.nextExchange(r)
	default:
		e.sendRequest(r)
	}
}

// sessionConnection is the connection of a group of sessions. A group that
// names none, or one that does not exist, uses the only HTTP connection.
func (e *Engine) sessionConnection(g *connector.Group) int {
	n := g.Connection
	if g.ConnectionParam != 0 {
		f, _ := e.value(g.ConnectionParam).Float()
		n = int(f)
	}
	at, exists := e.ix.conns[n]
	named := g.HasConnection || g.ConnectionParam != 0
	if exists && (named || !e.def.Connections[at].WebSocket) {
		return n
	}
	only, count := n, 0
	for i := range e.def.Connections {
		if c := &e.def.Connections[i]; !c.WebSocket && c.Kind == "http" {
			only = c.ID
			count++
		}
	}
	if count == 1 {
		return only
	}
	return n
}

// nextExchange goes on to the next exchange; the last one ends the item.
func (e *Engine) nextExchange(r *run) {
	r.exchange++
	r.phase = phaseReady
	if r.exchange >= len(r.requests[r.item]) {
		r.exchange = 0
		e.advance(r)
	}
}

// sendRequest hands the request at hand to its connection.
func (e *Engine) sendRequest(r *run) {
	list := r.requests[r.item]
	b := &list[r.exchange]
	if e.overdue(&r.entry, r.conn) {
		e.refuse(r, requestName(b))
		return
	}
	c := &e.def.Connections[e.ix.conns[r.conn]]
	o, err := e.address(b, c)
	if err != nil {
		e.exchangeFailed(r, failure{text: element.MessageOf(err), cause: "address/address"})
		return
	}
	e.s.nextToken++
	r.token, r.phase, r.sent, r.moved = e.s.nextToken, phaseReply, true, false
	if !b.own {
		e.s.conns[e.ix.conns[r.conn]].asked, _ = e.httpTarget(c)
	}
	e.eachReceipt(r.causes, func(x *receipt) {
		x.inFlight++
		x.course.conn, x.course.since = r.conn, e.now
		if x.confirms != 0 || x.column != 0 {
			x.deadline = e.now.Add(x.verify)
		}
	})
	e.emit(Request{
		Connection: r.conn, Session: b.session.ID, Exchange: b.x.ID, Token: r.token, Opening: o, Verb: b.x.Verb, Body: b.body,
		CustomRedirect: c.CustomRedirect, Wire: wire(r.lane, b.session), Close: !b.session.KeepAlive && last(list, r.exchange),
		ConnectBy: e.sendBy(&r.entry, r.conn),
	})
}

// replied: an exchange has ended. In a paused element its answer is not read: it
// is asked again when the element goes on, unless that would do something at
// the device a second time.
func (e *Engine) replied(in Replied) {
	if e.s.mode == modeIdle || e.s.mode == modeStopped {
		return
	}
	var asked *run
	e.s.eachRunning(func(r *run) {
		if r.phase == phaseReply && r.token == in.Token {
			asked = r
		}
	})
	if asked == nil {
		return
	}
	e.returned(asked.causes)
	asked.out = asked.out || in.Sent || in.Err == ""
	if asked.out {
		e.eachReceipt(asked.causes, func(x *receipt) { x.handTo(asked.conn, x.course.since) })
	}
	e.hear(e.ix.conns[asked.conn], in)
	if e.active() {
		e.within(asked, func(r *run) { e.reply(r, in) })
		return
	}
	asked.phase = phaseReady
	e.unread(e.ix.conns[asked.conn])
	verb := asked.requests[asked.item][asked.exchange].x.Verb
	if in.Err == "" && !element.ReadsOnly(verb) || in.Err != "" && in.Sent && !element.Repeatable(verb) {
		e.done(asked, in)
	}
}

// hear notes whether the device behind a connection answers requests.
func (e *Engine) hear(i int, in Replied) {
	c := &e.s.conns[i]
	if in.Err != "" {
		c.silent = true
		e.tellWaits(e.def.Connections[i].ID, waitsForConnection)
		return
	}
	if c.silent {
		c.back = e.now
	}
	c.silent, c.spoke = false, e.now
}

// done ends an exchange whose answer is not read: what the device made of it
// is known all the same, or nothing is and asking again could do harm.
func (e *Engine) done(r *run, in Replied) {
	if in.Err != "" {
		e.failCauses(r.causes, in.Err+" "+mayHaveBeen)
	}
	if in.Status >= 400 {
		e.failCauses(r.causes, refusedWith(in).told)
	}
	e.eachReceipt(r.causes, func(x *receipt) {
		e.move(x, element.WriteSent, "The device answered while the element was paused.")
	})
	e.nextExchange(r)
}

// reply handles the end of the exchange at hand (documentation page
// ConnectionsHttpImplementing): what could not be transported is tried again
// where that helps; an answer of 400 or more fills the parameters and counts
// as not responding.
func (e *Engine) reply(r *run, in Replied) {
	b := &r.requests[r.item][r.exchange]
	if r.moved {
		e.failCauses(r.causes, r.orDone("The address was changed before the device answered."))
		e.nextExchange(r)
		return
	}
	if in.Err != "" {
		f := failure{text: in.Err, cause: in.Cause, told: r.orDone(in.Err)}
		e.fireAll(occasion{itemSession, onTimeout, b.session.ID})
		e.missed(onTimeout, ofExchange(b.x))
		if e.asksAgain(r, in) {
			e.report(f)
			r.attempt++
			if !r.out {
				e.tellWait(&r.entry)
			}
			e.sendRequest(r)
			return
		}
		e.missed(onAfterRetries, ofExchange(b.x))
		e.stale(r.conn)
		e.exchangeFailed(r, f)
		return
	}
	e.hearing = r.conn
	src := source{by: element.ByDevice, from: r.conn, device: true}
	e.fillAnswer(b.x, in.StatusLine, in.Headers, in.Body, src)
	e.hearing = nowhere
	if in.Status >= 400 {
		e.fireAll(occasion{itemSession, onTimeout, b.session.ID})
		e.exchangeFailed(r, refusedWith(in))
		return
	}
	e.answering(e.ix.conns[r.conn])
	c := &e.s.conns[e.ix.conns[r.conn]]
	c.unread, c.heard = false, true
	e.eachReceipt(r.causes, func(x *receipt) { e.move(x, element.WriteSent, "") })
	if r.exchange == len(r.requests[r.item])-1 {
		e.answeredWrites(r.causes)
	}
	e.nextExchange(r)
}

// refusedWith is an answer of 400 or more. What connectors know it by is the
// same each time; people read what the device says of it too.
func refusedWith(in Replied) failure {
	_, status, _ := strings.Cut(in.StatusLine, " ")
	text := "The device answered " + status + "."
	return failure{text: text, told: strings.TrimSpace(text + " " + in.Said), cause: "http/http-status", status: in.StatusLine}
}

// asksAgain reports whether a request that failed is sent again: one that may
// be sent twice, or of which nothing went out, until the deadline of the person
// who wants it.
func (e *Engine) asksAgain(r *run, in Replied) bool {
	b := &r.requests[r.item][r.exchange]
	verb := b.x.Verb
	if h := e.restraint(r.conn, b.session.ID, b.x.ID); h != nil && (len(r.causes) == 0 || h.refusal != "") {
		return false
	}
	return in.Retry && r.attempt <= e.connConfig(r.conn).Retries && !r.dropped &&
		(!in.Sent || element.Repeatable(verb)) && !e.overdue(&r.entry, r.conn)
}

// orDone adds to why the answer to a request is missing that it may have been
// carried out, where its bytes are out.
func (r *run) orDone(why string) string {
	if r.out {
		return why + " " + mayHaveBeen
	}
	return why
}

// exchangeFailed ends the exchange at hand: its connection does not respond.
func (e *Engine) exchangeFailed(r *run, f failure) {
	b := &r.requests[r.item][r.exchange]
	e.failCauses(r.causes, cmp.Or(f.told, f.text))
	e.logRarely("request:"+requestName(b), levelWarning, "%s failed: %s", capital(requestName(b)), f.text)
	e.report(f)
	if !b.session.IgnoreTimeout && !b.x.IgnoreTimeout && !e.excused(f) {
		i := e.ix.conns[r.conn]
		if c := &e.s.conns[i]; c.since.IsZero() {
			c.since = e.now
		}
		e.unanswered(i)
	}
	e.nextExchange(r)
}

// elsewhere notes where an HTTP connection leads now. What the device reported
// that was asked before is not true of another one: it is stale, and what that
// device still answers is not read.
func (e *Engine) elsewhere(i int) {
	c, def := &e.s.conns[i], &e.def.Connections[i]
	to, err := e.httpTarget(def)
	if c.asked == (element.Address{}) || err == nil && to == c.asked {
		return
	}
	c.asked, c.heard = element.Address{}, false
	e.stale(def.ID)
	e.s.eachRunning(func(r *run) {
		if r.phase == phaseReply && r.conn == def.ID && !r.requests[r.item][r.exchange].own {
			r.moved = true
		}
	})
}
