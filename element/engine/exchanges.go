package engine

import (
	"cmp"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// exchanges runs the HTTP sessions of groups.
type exchanges struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	receipts    *receipts
	values      *values
	addresses   *addresses
	lanes       *lanes
	deadlines   *deadlines
	targets     *targets
	slowPoll    *slowPoll
	logic       *logic
	runs        *runs
}

// start runs the next exchange of the session at hand, or goes on to
// the next item when there is none left.
func (xs *exchanges) start(r *run) {
	list := r.requests[r.item]
	if r.exchange >= len(list) {
		r.exchange = 0
		xs.runs.advance(r)
		return
	}
	r.conn, r.attempt, r.sent, r.out = xs.lanes.sessionConnection(r.group), 1, false, false
	b := &list[r.exchange]
	i, ok := xs.ix.conns[r.conn]
	switch {
	case !ok || xs.ix.def.Connections[i].WebSocket || xs.ix.def.Connections[i].Kind != "http":
		xs.logOnce("session:"+itoa(b.session.ID), levelWarning, "Session %d was not run: connection %d is not an HTTP connection.", b.session.ID, r.conn)
		xs.receipts.fail(r.causes, "Not sent: the request belongs to a connection that is not run here.")
		xs.next(r)
	case b.err != "":
		xs.logRarely("request:"+requestName(b), levelError, "%s was not sent: %s", capital(requestName(b)), b.err)
		xs.receipts.fail(r.causes, "Not sent: "+b.err)
		xs.emit(Unsent{Connection: r.conn, Reason: b.err})
		xs.next(r)
	case xs.leftOut(r, b):
		xs.next(r)
	default:
		xs.send(r)
	}
}

// next goes on to the next exchange; the last one ends the item.
func (xs *exchanges) next(r *run) {
	r.exchange++
	r.phase = phaseReady
	if r.exchange >= len(r.requests[r.item]) {
		r.exchange = 0
		xs.runs.advance(r)
	}
}

// send hands the request at hand to its connection.
func (xs *exchanges) send(r *run) {
	list := r.requests[r.item]
	b := &list[r.exchange]
	if xs.deadlines.overdue(&r.entry, r.conn) {
		xs.runs.refuse(r, requestName(b))
		return
	}
	c := &xs.ix.def.Connections[xs.ix.conns[r.conn]]
	o, err := xs.addresses.complete(b, c)
	if err != nil {
		xs.fail(r, failure{text: element.MessageOf(err), cause: "address/address"})
		return
	}
	xs.connections.nextToken++
	r.token, r.phase, r.sent, r.readdressed = xs.connections.nextToken, phaseReply, true, false
	if !b.own {
		xs.connections.list[xs.ix.conns[r.conn]].asked, _ = xs.addresses.httpTarget(c)
	}
	xs.receipts.each(r.causes, func(x *receipt) {
		x.inFlight++
		x.outcome.conn, x.outcome.since = r.conn, xs.now
		if x.confirms != 0 || x.column != 0 {
			x.deadline = xs.now.Add(x.verify)
		}
	})
	xs.emit(Request{
		Connection: r.conn, Session: b.session.ID, Exchange: b.x.ID, Token: r.token, Opening: o, Verb: b.x.Verb, Body: b.body,
		CustomRedirect: c.CustomRedirect, Socket: socketOf(r.lane, b.session), Close: !b.session.KeepAlive && last(list, r.exchange),
		ConnectBy: xs.deadlines.sendBy(&r.entry, r.conn),
	})
}

// replied: an exchange has ended. In a paused element its answer is not read: it
// is asked again when the element goes on, unless that would do something at
// the device a second time.
func (xs *exchanges) replied(in Replied) {
	if xs.status.mode == modeIdle || xs.status.mode == modeStopped {
		return
	}
	var asked *run
	xs.lanes.eachRunning(func(r *run) {
		if r.phase == phaseReply && r.token == in.Token {
			asked = r
		}
	})
	if asked == nil {
		return
	}
	xs.receipts.returned(asked.causes)
	asked.out = asked.out || in.Sent || in.Err == ""
	if asked.out {
		xs.receipts.each(asked.causes, func(x *receipt) { x.handTo(asked.conn, x.outcome.since) })
	}
	xs.hear(xs.ix.conns[asked.conn], in)
	if xs.status.active() {
		xs.runs.withRun(asked, func(r *run) { xs.reply(r, in) })
		return
	}
	asked.phase = phaseReady
	xs.targets.unread(xs.ix.conns[asked.conn])
	verb := asked.requests[asked.item][asked.exchange].x.Verb
	if in.Err == "" && !element.ReadsOnly(verb) || in.Err != "" && in.Sent && !element.Repeatable(verb) {
		xs.done(asked, in)
	}
}

// hear notes whether the device behind a connection answers requests.
func (xs *exchanges) hear(i connIndex, in Replied) {
	c := &xs.connections.list[i]
	if in.Err != "" {
		c.silent = true
		xs.deadlines.tellWaits(xs.ix.def.Connections[i].ID, waitsForConnection)
		return
	}
	if c.silent {
		c.backAt = xs.now
	}
	c.silent, c.heardAt = false, xs.now
}

// done ends an exchange whose answer is not read: what the device made of it
// is known all the same, or nothing is and asking again could do harm.
func (xs *exchanges) done(r *run, in Replied) {
	if in.Err != "" {
		xs.receipts.fail(r.causes, in.Err+" "+mayHaveBeen)
	}
	if in.Status >= 400 {
		xs.receipts.fail(r.causes, refusedWith(in).told)
	}
	xs.receipts.each(r.causes, func(x *receipt) {
		xs.receipts.advance(x, element.WriteSent, "The device answered while the element was paused.")
	})
	xs.next(r)
}

// reply handles the end of the exchange at hand (documentation page
// ConnectionsHttpImplementing): what could not be transported is tried again
// where that helps; an answer of 400 or more fills the parameters and counts
// as not responding.
func (xs *exchanges) reply(r *run, in Replied) {
	b := &r.requests[r.item][r.exchange]
	if r.readdressed {
		xs.receipts.fail(r.causes, r.orDone("The address was changed before the device answered."))
		xs.next(r)
		return
	}
	if in.Err != "" {
		f := failure{text: in.Err, cause: in.Cause, told: r.orDone(in.Err)}
		xs.logic.fireAll(occasion{itemSession, onTimeout, b.session.ID})
		xs.logic.fireTimeouts(onTimeout, ofExchange(b.x))
		if xs.asksAgain(r, in) {
			xs.logic.report(f)
			r.attempt++
			if !r.out {
				xs.deadlines.tellWait(&r.entry)
			}
			xs.send(r)
			return
		}
		xs.logic.fireTimeouts(onAfterRetries, ofExchange(b.x))
		xs.targets.stale(r.conn)
		xs.fail(r, f)
		return
	}
	xs.hearing = r.conn
	src := source{by: element.ByDevice, from: r.conn, device: true}
	xs.fillAnswer(b.x, in.StatusLine, in.Headers, in.Body, src)
	xs.hearing = nowhere
	if in.Status >= 400 {
		xs.logic.fireAll(occasion{itemSession, onTimeout, b.session.ID})
		xs.fail(r, refusedWith(in))
		return
	}
	xs.slowPoll.answering(xs.ix.conns[r.conn])
	c := &xs.connections.list[xs.ix.conns[r.conn]]
	c.unread, c.heard = false, true
	xs.receipts.each(r.causes, func(x *receipt) { xs.receipts.advance(x, element.WriteSent, "") })
	if r.exchange == len(r.requests[r.item])-1 {
		xs.receipts.answered(r.causes, xs.lanes.morePairs())
	}
	xs.next(r)
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
func (xs *exchanges) asksAgain(r *run, in Replied) bool {
	b := &r.requests[r.item][r.exchange]
	verb := b.x.Verb
	if h := xs.lanes.restraint(r.conn, b.session.ID, b.x.ID); h != nil && (len(r.causes) == 0 || h.refusal != "") {
		return false
	}
	return in.Retry && r.attempt <= xs.status.connConfig(r.conn).Retries && !r.dropped &&
		(!in.Sent || element.Repeatable(verb)) && !xs.deadlines.overdue(&r.entry, r.conn)
}

// fail ends the exchange at hand: its connection does not respond.
func (xs *exchanges) fail(r *run, f failure) {
	b := &r.requests[r.item][r.exchange]
	xs.receipts.fail(r.causes, cmp.Or(f.told, f.text))
	xs.logRarely("request:"+requestName(b), levelWarning, "%s failed: %s", capital(requestName(b)), f.text)
	xs.logic.report(f)
	if !b.session.IgnoreTimeout && !b.x.IgnoreTimeout && !xs.logic.excused(f) {
		i := xs.ix.conns[r.conn]
		if c := &xs.connections.list[i]; c.silentSince.IsZero() {
			c.silentSince = xs.now
		}
		xs.slowPoll.unanswered(i)
	}
	xs.next(r)
}

// ofExchange are the parameters that the answer to a request fills.
func ofExchange(x *connector.Exchange) []element.ParamID {
	ids := []element.ParamID{x.StatusParam}
	for _, h := range x.HeaderParams {
		ids = append(ids, h.Param)
	}
	return append(ids, x.ContentParam)
}

// leftOut reports whether the exchange at hand is not sent because its
// connection is held back. What a person asked for is, unless the device said
// when it wants to be asked, or refused the login.
func (xs *exchanges) leftOut(r *run, b *built) bool {
	h := xs.lanes.restraint(r.conn, b.session.ID, b.x.ID)
	switch {
	case h == nil, len(r.causes) > 0 && h.refusal == "":
		return false
	case len(r.causes) > 0:
		xs.receipts.fail(r.causes, h.refusal)
	default:
		xs.logRarely("left out:"+requestName(b), levelInfo, "%s was left out: its connection waits before it asks the device again.", capital(requestName(b)))
	}
	return true
}
