package engine

import (
	"cmp"
	"maps"
	"time"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// pairs runs the pairs of groups: a command, and the answer to it.
type pairs struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	receipts    *receipts
	values      *values
	commands    *commands
	lanes       *lanes
	deadlines   *deadlines
	slowPoll    *slowPoll
	logic       *logic
	runs        *runs
	sends       map[uint64]transmission // by token
}

func (ps *pairs) reset() { ps.sends = map[uint64]transmission{} }

func (ps pairs) clone() pairs {
	ps.sends = maps.Clone(ps.sends)
	return ps
}

// brings are the parameters that the responses of a pair bring.
func (ps *pairs) brings(p *connector.Pair) []element.ParamID {
	var ids []element.ParamID
	for _, id := range p.Responses {
		if r := ps.ix.responses[id]; r != nil {
			ids = append(ids, r.Content...)
		}
	}
	return ids
}

// transmission is a Send whose fate is not known yet.
type transmission struct {
	conn   int
	causes []cause
	what   string // for the log: command 3 (Subscribe)
}

// start begins a pair: its condition, its connection, the first send. On a
// closed connection a pair without a response is dropped and one with a
// response waits for the connection as long as for an answer; what a person
// wants waits until their deadline.
func (ps *pairs) start(r *run, p *connector.Pair) {
	if p == nil || !ps.values.holds(p.Condition, "pair", p.ID) {
		ps.runs.advance(r)
		return
	}
	r.conn, r.attempt, r.payload, r.sent = ps.lanes.groupConnection(r.group, p), 1, message{}, false
	i, ok := ps.ix.conns[r.conn]
	if !ok || !ps.ix.def.Connections[i].WebSocket {
		ps.logOnce("pair:"+itoa(p.ID), levelWarning, "Pair %d was not run: connection %d is not a WebSocket connection.", p.ID, r.conn)
		ps.receipts.fail(r.causes, "Not sent: the command belongs to a connection that is not run here.")
		ps.runs.advance(r)
		return
	}
	if !ps.connections.list[i].open && !awaits(p) && !r.ofPerson() {
		ps.logf(levelWarning, "%s was not sent: %s is closed.", capital(ps.commands.name(p.Command)), connName(&ps.ix.def.Connections[i]))
		ps.receipts.fail(r.causes, "Not sent: the connection to the device is closed.")
		ps.runs.advance(r)
		return
	}
	r.phase, r.until = phaseConnecting, ps.until(r, p)
	switch {
	case ps.deadlines.overdue(&r.entry, r.conn):
		ps.runs.refuse(r, ps.commands.name(p.Command))
	case ps.connections.list[i].open:
		ps.transmit(r)
	}
}

// until is how long a pair waits for its connection or its answer: one that
// a person wants and that is not out waits for the connection as long as the
// element's setting says, whatever the connector's patience is.
func (ps *pairs) until(r *run, p *connector.Pair) time.Time {
	if i := ps.ix.conns[r.conn]; r.ofPerson() && !ps.connections.list[i].open {
		return ps.deadlines.refuseAt(&r.entry, r.conn)
	}
	return ps.now.Add(ps.patience(p, r.conn))
}

// transmit hands the command of the running pair to its connection, which
// is open. Without a response to wait for the pair is then done.
func (ps *pairs) transmit(r *run) {
	p := ps.ix.pairs[r.group.Content[r.item].ID]
	c := ps.ix.commands[p.Command]
	if c == nil {
		ps.runs.advance(r)
		return
	}
	if ps.deadlines.overdue(&r.entry, r.conn) {
		ps.runs.refuse(r, ps.commands.name(c.ID))
		return
	}
	if r.phase == phaseConnecting && r.ofPerson() {
		r.until = ps.now.Add(ps.patience(p, r.conn))
	}
	first := !r.sent
	if first {
		ps.compose(r, p)
	}
	if why := unsendable(c, r.payload); why != "" {
		ps.logf(levelWarning, "%s was not sent: %s.", capital(ps.commands.name(c.ID)), why)
		ps.receipts.fail(r.causes, "Not sent: "+why+".")
		ps.runs.advance(r)
		return
	}
	ps.connections.nextToken++
	r.token, r.sent = ps.connections.nextToken, true
	ps.sends[r.token] = transmission{conn: r.conn, causes: r.causes, what: ps.commands.name(c.ID)}
	ps.receipts.handed(r.causes, p, r.conn)
	ps.emit(Send{Connection: r.conn, Text: c.Text, Data: r.payload.bytes, Token: r.token, By: ps.deadlines.sendBy(&r.entry, r.conn)})
	r.phase, r.said = phaseAnswer, ""
	if first {
		ps.logic.fireAll(occasion{itemCommand, onAfter, c.ID})
	}
	if !awaits(p) {
		ps.logic.fireAll(occasion{itemPair, onSucceeded, p.ID})
		ps.runs.advance(r)
	}
}

// compose finds the message of the running pair: those that were made when the
// group was queued, else those of the present values.
func (ps *pairs) compose(r *run, p *connector.Pair) {
	if r.messages != nil {
		r.payload = r.messages[r.item]
		return
	}
	ps.commands.make(p.Command)
	ps.logic.fireAll(occasion{itemCommand, onBefore, p.Command})
	r.payload = ps.commands.made[p.Command]
}

// unsendable says why a command cannot be sent, "" when it can.
func unsendable(c *command, m message) string {
	switch {
	case len(m.bytes) == 0:
		return cmp.Or(m.overflow, "it is empty")
	case len(m.bytes) > MaxText:
		return "it is longer than 16 MiB"
	case c.Text && !utf8.Valid(m.bytes):
		return "it is a text message and its bytes are not UTF-8 (RFC 6455 section 5.6)"
	default:
		return ""
	}
}

// timedOut ends one attempt of the running pair: the command is sent again
// while retries are left; then the connection does not respond. What a person
// wants is sent once: nobody knows of a command that it does no harm twice.
func (ps *pairs) timedOut(r *run) {
	p := ps.ix.pairs[r.group.Content[r.item].ID]
	if r.ofPerson() && !r.sent {
		ps.runs.refuse(r, ps.commands.name(p.Command))
		return
	}
	patience := ps.patience(p, r.conn)
	if !r.ofPerson() && r.attempt <= ps.retries(p, r.conn) && !r.dropped {
		ps.logic.fireAll(occasion{itemPair, onTimeout, p.ID})
		ps.logic.fireTimeouts(onTimeout, ps.brings(p))
		r.attempt++
		r.until, r.phase = ps.now.Add(patience), phaseConnecting
		if ps.connections.list[ps.ix.conns[r.conn]].open {
			ps.transmit(r)
		}
		return
	}
	why := "Not sent: the connection to the device is closed."
	switch {
	case r.said != "":
		why = "The device did not answer as the connector expects. It sent: " + r.said
	case r.sent && r.attempt > 1:
		why = "No answer within " + element.FormatSeconds(patience) + ", sent " + times(r.attempt) + ". " + mayHaveBeen
	case r.sent:
		why = "No answer within " + element.FormatSeconds(patience) + ". " + mayHaveBeen
	}
	ps.fail(r, p, why)
	ps.logRarely("pair:"+itoa(p.ID), levelWarning, "Pair %d got no answer in %s, tried %s.", p.ID, element.FormatSeconds(patience), times(r.attempt))
	ps.runs.advance(r)
}

// fail says that the running pair has ended without its answer: its
// connection does not respond.
func (ps *pairs) fail(r *run, p *connector.Pair, why string) {
	i := ps.ix.conns[r.conn]
	ps.logic.fireAll(occasion{itemPair, onTimeout, p.ID})
	ps.logic.fireTimeouts(onTimeout, ps.brings(p))
	ps.logic.fireAll(occasion{itemPair, onAfterRetries, p.ID})
	ps.logic.fireTimeouts(onAfterRetries, ps.brings(p))
	if c := &ps.connections.list[i]; !p.IgnoreTimeout && c.wanted {
		if c.silentSince.IsZero() {
			c.silentSince = ps.now
		}
		ps.slowPoll.unanswered(i)
	}
	ps.receipts.fail(r.causes, why)
}

// lostAnswers deals with the pairs that wait for an answer on a connection that
// was lost, and tells the writes that wait for a report. The logic's pairs are
// sent again over the next connection; a person's are not when they are out.
func (ps *pairs) lostAnswers(conn int) {
	ps.lanes.eachRunning(func(r *run) {
		if r.phase != phaseAnswer || r.conn != conn {
			return
		}
		r.phase = phaseConnecting
		if _, unknown := ps.sends[r.token]; r.ofPerson() && !unknown {
			ps.runs.withRun(r, ps.lost)
		}
	})
	ps.deadlines.tellWaits(conn, waitsForConnection)
	ps.receipts.lost(conn)
}

// lost ends the running pair of a person whose command went out over a
// connection that was lost: it is not sent again.
func (ps *pairs) lost(r *run) {
	p := ps.ix.pairs[r.group.Content[r.item].ID]
	ps.fail(r, p, "The connection was lost before the device answered. "+mayHaveBeen)
	ps.runs.advance(r)
}

// done ends the running pair: the device answered.
func (ps *pairs) done(r *run) {
	p := ps.ix.pairs[r.group.Content[r.item].ID]
	ps.logic.fireAll(occasion{itemPair, onSucceeded, p.ID})
	ps.receipts.answered(r.causes, ps.lanes.morePairs())
	ps.runs.advance(r)
}

// patience is how long a pair waits for one answer.
func (ps *pairs) patience(p *connector.Pair, conn int) time.Duration {
	ms := ps.status.connConfig(conn).TimeoutMs
	if p.TimeoutMs > 0 {
		ms = p.TimeoutMs
	}
	if set, ok := ps.commands.pairTimeout[p.ID]; ok {
		ms = set
	}
	if ms <= 0 {
		ms = element.DefaultTimeout
	}
	return time.Duration(ms) * time.Millisecond
}

func (ps *pairs) retries(p *connector.Pair, conn int) int {
	if p.HasRetries {
		return p.Retries
	}
	return ps.status.connConfig(conn).Retries
}

// sent: a Send went out, or not. A pair that waits for an answer sends again
// when its connection is open again.
func (ps *pairs) sent(in Sent) {
	t, ok := ps.sends[in.Token]
	if !ok {
		return
	}
	delete(ps.sends, in.Token)
	if in.Err == "" {
		ps.receipts.wentOut(t.causes)
		ps.lostSince(in.Token, t.conn)
		return
	}
	ps.logRarely("send:"+t.what, levelWarning, "%s was not sent: %s", capital(t.what), in.Err)
	again := false
	ps.lanes.eachRunning(func(r *run) {
		if r.token == in.Token && (r.phase == phaseAnswer || r.phase == phaseConnecting) { // the loss may be known first
			r.phase, again = phaseConnecting, true
		}
	})
	ps.receipts.returned(t.causes)
	if !again {
		ps.receipts.fail(t.causes, "Not sent: "+in.Err)
		return
	}
	ps.receipts.each(t.causes, func(r *receipt) { r.handed = false })
	ps.lanes.eachRunning(func(r *run) {
		if r.token != in.Token || !r.ofPerson() {
			return
		}
		r.sent = false // nothing of it is out: it may go out until the deadline
		r.until = ps.deadlines.refuseAt(&r.entry, r.conn)
		ps.deadlines.waitFor(&r.entry, r.conn, waitsForConnection)
	})
}

// lostSince: a command went out over a connection that is lost by now.
func (ps *pairs) lostSince(token uint64, conn int) {
	if i, ok := ps.ix.conns[conn]; !ok || ps.connections.list[i].open {
		return
	}
	ps.lanes.eachRunning(func(r *run) {
		if r.token == token && r.phase == phaseConnecting && r.sent && r.ofPerson() {
			ps.runs.withRun(r, ps.lost)
		}
	})
	ps.receipts.lost(conn)
}

// transmitWaiting sends what waits for a connection, where that is open.
func (ps *pairs) transmitWaiting(conn int) {
	ps.lanes.eachRunning(func(r *run) {
		if r.phase != phaseConnecting || r.conn != conn || !ps.status.active() || !ps.connections.list[ps.ix.conns[conn]].open {
			return
		}
		if r.ofPerson() && r.sent { // it is not known to have stayed here
			ps.runs.withRun(r, ps.lost)
			return
		}
		ps.runs.withRun(r, ps.transmit)
	})
}
