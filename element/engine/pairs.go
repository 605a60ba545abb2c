package engine

import (
	"cmp"
	"time"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// transmission is a Send whose fate is not known yet.
type transmission struct {
	conn   int
	causes []cause
	what   string // for the log: command 3 (Subscribe)
}

// makeQueued makes the commands of a group when it is queued, where the
// connection makes commands by the protocol: "before command" triggers fire
// now, and their make actions leave the messages that the entry carries.
func (e *Engine) makeQueued(g *connector.Group) map[int]message {
	if !e.makesByProtocol(g) {
		return nil
	}
	var messages map[int]message
	for i, item := range g.Content {
		p := e.ix.pairs[item.ID]
		if item.Kind != connector.ItemPair || p == nil {
			continue
		}
		e.fireAll(occasion{itemCommand, onBefore, p.Command})
		if messages == nil {
			messages = make(map[int]message, len(g.Content))
		}
		messages[i] = e.s.made[p.Command]
	}
	return messages
}

// startPair begins a pair: its condition, its connection, the first send. On a
// closed connection a pair without a response is dropped and one with a
// response waits for the connection as long as for an answer; what a person
// wants waits until their deadline.
func (e *Engine) startPair(r *run, p *connector.Pair) {
	if p == nil || !e.holds(p.Condition, "pair", p.ID) {
		e.advance(r)
		return
	}
	r.conn, r.attempt, r.payload, r.sent = e.groupConnection(r.group, p), 1, message{}, false
	i, ok := e.ix.conns[r.conn]
	if !ok || !e.def.Connections[i].WebSocket {
		e.logOnce("pair:"+itoa(p.ID), levelWarning, "Pair %d was not run: connection %d is not a WebSocket connection.", p.ID, r.conn)
		e.failCauses(r.causes, "Not sent: the command belongs to a connection that is not run here.")
		e.advance(r)
		return
	}
	if !e.s.conns[i].open && !awaits(p) && !r.ofPerson() {
		e.logf(levelWarning, "%s was not sent: %s is closed.", capital(e.commandName(p.Command)), connName(&e.def.Connections[i]))
		e.failCauses(r.causes, "Not sent: the connection to the device is closed.")
		e.advance(r)
		return
	}
	r.phase, r.until = phaseOpening, e.pairUntil(r, p)
	switch {
	case e.overdue(&r.entry, r.conn):
		e.refuse(r, e.commandName(p.Command))
	case e.s.conns[i].open:
		e.transmitPair(r)
	}
}

// pairUntil is how long a pair waits for its connection or its answer: one that
// a person wants and that is not out waits for the connection as long as the
// element's setting says, whatever the connector's patience is.
func (e *Engine) pairUntil(r *run, p *connector.Pair) time.Time {
	if i := e.ix.conns[r.conn]; r.ofPerson() && !e.s.conns[i].open {
		return e.refuseAt(&r.entry, r.conn)
	}
	return e.now.Add(e.pairPatience(p, r.conn))
}

func awaits(p *connector.Pair) bool { return len(p.Responses)+len(p.BadResponses) > 0 }

// transmitPair hands the command of the running pair to its connection, which
// is open. Without a response to wait for the pair is then done.
func (e *Engine) transmitPair(r *run) {
	p := e.ix.pairs[r.group.Content[r.item].ID]
	c := e.ix.commands[p.Command]
	if c == nil {
		e.advance(r)
		return
	}
	if e.overdue(&r.entry, r.conn) {
		e.refuse(r, e.commandName(c.ID))
		return
	}
	if r.phase == phaseOpening && r.ofPerson() {
		r.until = e.now.Add(e.pairPatience(p, r.conn))
	}
	first := !r.sent
	if first {
		e.compose(r, p)
	}
	if why := unsendable(c, r.payload); why != "" {
		e.logf(levelWarning, "%s was not sent: %s.", capital(e.commandName(c.ID)), why)
		e.failCauses(r.causes, "Not sent: "+why+".")
		e.advance(r)
		return
	}
	e.s.nextToken++
	r.token, r.sent = e.s.nextToken, true
	e.s.sends[r.token] = transmission{conn: r.conn, causes: r.causes, what: e.commandName(c.ID)}
	e.inFlight(r.causes, p, r.conn)
	e.emit(Send{Connection: r.conn, Text: c.Text, Data: r.payload.bytes, Token: r.token, By: e.sendBy(&r.entry, r.conn)})
	r.phase, r.said = phaseAnswer, ""
	if first {
		e.fireAll(occasion{itemCommand, onAfter, c.ID})
	}
	if !awaits(p) {
		e.fireAll(occasion{itemPair, onSucceeded, p.ID})
		e.advance(r)
	}
}

// compose finds the message of the running pair: those that were made when the
// group was queued, else those of the present values.
func (e *Engine) compose(r *run, p *connector.Pair) {
	if r.messages != nil {
		r.payload = r.messages[r.item]
		return
	}
	e.makeCommand(p.Command)
	e.fireAll(occasion{itemCommand, onBefore, p.Command})
	r.payload = e.s.made[p.Command]
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

// pairTimedOut ends one attempt of the running pair: the command is sent again
// while retries are left; then the connection does not respond. What a person
// wants is sent once: nobody knows of a command that it does no harm twice.
func (e *Engine) pairTimedOut(r *run) {
	p := e.ix.pairs[r.group.Content[r.item].ID]
	if r.ofPerson() && !r.sent {
		e.refuse(r, e.commandName(p.Command))
		return
	}
	patience := e.pairPatience(p, r.conn)
	if !r.ofPerson() && r.attempt <= e.pairRetries(p, r.conn) && !r.dropped {
		e.fireAll(occasion{itemPair, onTimeout, p.ID})
		e.missed(onTimeout, e.ofPair(p))
		r.attempt++
		r.until, r.phase = e.now.Add(patience), phaseOpening
		if e.s.conns[e.ix.conns[r.conn]].open {
			e.transmitPair(r)
		}
		return
	}
	why := "Not sent: the connection to the device is closed."
	switch {
	case r.said != "":
		why = "The device did not answer as the connector expects. It sent: " + r.said
	case r.sent && r.attempt > 1:
		why = "No answer within " + seconds(patience) + ", sent " + times(r.attempt) + ". " + mayHaveBeen
	case r.sent:
		why = "No answer within " + seconds(patience) + ". " + mayHaveBeen
	}
	e.pairFailed(r, p, why)
	e.logRarely("pair:"+itoa(p.ID), levelWarning, "Pair %d got no answer in %s, tried %s.", p.ID, seconds(patience), times(r.attempt))
	e.advance(r)
}

// pairFailed says that the running pair has ended without its answer: its
// connection does not respond.
func (e *Engine) pairFailed(r *run, p *connector.Pair, why string) {
	i := e.ix.conns[r.conn]
	e.fireAll(occasion{itemPair, onTimeout, p.ID})
	e.missed(onTimeout, e.ofPair(p))
	e.fireAll(occasion{itemPair, onAfterRetries, p.ID})
	e.missed(onAfterRetries, e.ofPair(p))
	if c := &e.s.conns[i]; !p.IgnoreTimeout && c.wanted {
		if c.since.IsZero() {
			c.since = e.now
		}
		e.unanswered(i)
	}
	e.failCauses(r.causes, why)
}

// lostAnswers deals with the pairs that wait for an answer on a connection that
// was lost, and tells the writes that wait for a report. The logic's pairs are
// sent again over the next connection; a person's are not when they are out.
func (e *Engine) lostAnswers(conn int) {
	e.s.eachRunning(func(r *run) {
		if r.phase != phaseAnswer || r.conn != conn {
			return
		}
		r.phase = phaseOpening
		if _, unknown := e.s.sends[r.token]; r.ofPerson() && !unknown {
			e.within(r, e.lostPair)
		}
	})
	e.tellWaits(conn, waitsForConnection)
	e.lostWrites(conn)
}

// lostPair ends the running pair of a person whose command went out over a
// connection that was lost: it is not sent again.
func (e *Engine) lostPair(r *run) {
	p := e.ix.pairs[r.group.Content[r.item].ID]
	e.pairFailed(r, p, "The connection was lost before the device answered. "+mayHaveBeen)
	e.advance(r)
}

// pairDone ends the running pair: the device answered.
func (e *Engine) pairDone(r *run) {
	p := e.ix.pairs[r.group.Content[r.item].ID]
	e.fireAll(occasion{itemPair, onSucceeded, p.ID})
	e.answeredWrites(r.causes)
	e.advance(r)
}

// pairPatience is how long a pair waits for one answer.
func (e *Engine) pairPatience(p *connector.Pair, conn int) time.Duration {
	ms := e.connConfig(conn).TimeoutMs
	if p.TimeoutMs > 0 {
		ms = p.TimeoutMs
	}
	if set, ok := e.s.pairTimeout[p.ID]; ok {
		ms = set
	}
	if ms <= 0 {
		ms = element.DefaultTimeout
	}
	return time.Duration(ms) * time.Millisecond
}

func (e *Engine) pairRetries(p *connector.Pair, conn int) int {
	if p.HasRetries {
		return p.Retries
	}
	return e.connConfig(conn).Retries
}

// sent: a Send went out, or not. A pair that waits for an answer sends again
// when its connection is open again.
func (e *Engine) sent(in Sent) {
	t, ok := e.s.sends[in.Token]
	if !ok {
		return
	}
	delete(e.s.sends, in.Token)
	if in.Err == "" {
		e.wentOut(t.causes)
		e.lostSince(in.Token, t.conn)
		return
	}
	e.logRarely("send:"+t.what, levelWarning, "%s was not sent: %s", capital(t.what), in.Err)
	again := false
	e.s.eachRunning(func(r *run) {
		if r.token == in.Token && (r.phase == phaseAnswer || r.phase == phaseOpening) { // the loss may be known first
			r.phase, again = phaseOpening, true
		}
	})
	e.returned(t.causes)
	if !again {
		e.failCauses(t.causes, "Not sent: "+in.Err)
		return
	}
	e.eachReceipt(t.causes, func(r *receipt) { r.handed = false })
	e.s.eachRunning(func(r *run) {
		if r.token != in.Token || !r.ofPerson() {
			return
		}
		r.sent = false // nothing of it is out: it may go out until the deadline
		r.until = e.refuseAt(&r.entry, r.conn)
		e.waitFor(&r.entry, r.conn, waitsForConnection)
	})
}

// lostSince: a command went out over a connection that is lost by now.
func (e *Engine) lostSince(token uint64, conn int) {
	if i, ok := e.ix.conns[conn]; !ok || e.s.conns[i].open {
		return
	}
	e.s.eachRunning(func(r *run) {
		if r.token == token && r.phase == phaseOpening && r.sent && r.ofPerson() {
			e.within(r, e.lostPair)
		}
	})
	e.lostWrites(conn)
}

func (e *Engine) commandName(id int) string {
	s := "command " + itoa(id)
	if c := e.ix.commands[id]; c != nil && c.Name != "" {
		s += " (" + c.Name + ")"
	}
	return s
}

func seconds(d time.Duration) string {
	return element.FormatNumber(d.Seconds()) + " s"
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return itoa(n) + " times"
	}
}
