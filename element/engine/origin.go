package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// cause is something that a person gave: a write, a press. What the logic does
// because of it, through triggers, actions, groups and QActions, goes back to it.
type cause struct {
	id uint64    // of its receipt
	at time.Time // when it was given
}

// spentAfter is how long after it was given a cause counts at most: what logic
// does so much later, in a round that a button has begun, is its own.
const spentAfter = time.Minute

// presentCauses are the causes of what is queued now.
func (e *Engine) presentCauses() []cause {
	if !slices.ContainsFunc(e.causes, e.spent) {
		return e.causes
	}
	var live []cause
	for _, c := range e.causes {
		if !e.spent(c) {
			live = append(live, c)
		}
	}
	return live
}

// spent reports whether what follows from a cause is the logic's own by now:
// its command is out, and longer ago than a command may wait.
func (e *Engine) spent(c cause) bool {
	age := e.now.Sub(c.at)
	if age <= e.longestWait() {
		return false
	}
	i := slices.IndexFunc(e.s.receipts, func(r receipt) bool { return r.cause.id == c.id })
	return age > spentAfter || i >= 0 && e.s.receipts[i].handed
}

// longestWait is the longest that a command may wait for any connection.
func (e *Engine) longestWait() time.Duration {
	longest := time.Duration(element.DefaultCommandWaitMs) * time.Millisecond
	for i := range e.s.cfg.Connections {
		longest = max(longest, e.s.cfg.Connections[i].CommandWait())
	}
	return longest
}

// shortestTry is how long a command of people has over HTTP whatever the
// setting says: trying it is how the connection is made.
const shortestTry = time.Second

// commandWait is how long a command of people waits for a connection.
func (e *Engine) commandWait(conn int) time.Duration {
	wait := e.connConfig(conn).CommandWait()
	if i, ok := e.ix.conns[conn]; ok && !e.def.Connections[i].WebSocket {
		wait = max(wait, shortestTry)
	}
	return wait
}

// ofPerson reports whether a group runs for people only: no logic wants it too.
func (q *entry) ofPerson() bool { return !q.logic && len(q.causes) > 0 }

// given is when the newest of what it goes back to was given.
func (q *entry) given() time.Time {
	var at time.Time
	for _, c := range q.causes {
		at = later(at, c.at)
	}
	return at
}

// refuseAt is when a command of people is sent no more if its connection was
// not open for it.
func (e *Engine) refuseAt(q *entry, conn int) time.Time {
	return q.given().Add(e.commandWait(conn))
}

// away reports whether the device behind a connection cannot be reached, as
// far as is known.
func (e *Engine) away(i int) bool {
	if e.def.Connections[i].WebSocket {
		return !e.s.conns[i].open
	}
	return e.s.conns[i].silent
}

// overdue reports whether a command of people may not be sent any more: the
// device was away, or the element paused, and the person has been told that it
// was not sent. Their deadline wins over the language's own waiting and holds
// although the connection is open again.
func (e *Engine) overdue(q *entry, conn int) bool {
	if !q.ofPerson() || e.now.Before(e.refuseAt(q, conn)) {
		return false
	}
	i, at := e.ix.conns[conn], q.given()
	return e.away(i) || e.s.conns[i].back.After(at) || e.s.resumedAt.After(at)
}

// sendBy is when a command of people is given up that still waits on its way
// out; the zero time for what the logic sends.
func (e *Engine) sendBy(q *entry, conn int) time.Time {
	if !q.ofPerson() {
		return time.Time{}
	}
	if wait := e.commandWait(conn); wait > 0 {
		return q.given().Add(wait)
	}
	return q.given().Add(element.DefaultCommandWaitMs * time.Millisecond)
}

// sendsOver are the connections that a group sends on.
func (e *Engine) sendsOver(g *connector.Group) []int {
	var all []int
	for _, item := range g.Content {
		var conn int
		switch item.Kind {
		case connector.ItemPair:
			conn = e.groupConnection(g, e.ix.pairs[item.ID])
		case connector.ItemSession:
			conn = e.sessionConnection(g)
		default:
			continue
		}
		if _, ok := e.ix.conns[conn]; ok && !slices.Contains(all, conn) {
			all = append(all, conn)
		}
	}
	return all
}

// tellWait says on the receipts of a group that its commands wait for their
// connection, and until when.
func (e *Engine) tellWait(q *entry) {
	if !q.ofPerson() {
		return
	}
	over := e.sendsOver(q.group)
	if r := e.s.lanes[q.lane].running(); len(over) == 0 && r != nil && (r.phase == phaseOpening || r.phase == phaseReply) {
		q.behind = r.conn
		over = []int{r.conn}
	}
	for _, conn := range over {
		if i := e.ix.conns[conn]; e.away(i) {
			e.waitFor(q, conn, waitsForConnection)
		}
	}
}

// What a command of people waits for, on its receipt.
const (
	waitsForConnection = "Waits for the connection"
	waitsForResume     = "Waits for the element to go on"
)

// waitFor gives receipts of a group that was not sent yet their deadline.
func (e *Engine) waitFor(q *entry, conn int, why string) {
	wait := e.commandWait(conn)
	e.eachReceipt(q.causes, func(r *receipt) {
		if r.handed || r.inFlight > 0 {
			return
		}
		r.refuseAt = r.cause.at.Add(wait)
		r.refusal = notOpen(wait)
		if why == waitsForResume {
			r.refusal = wasPaused
		}
		if e.now.Before(r.refuseAt) {
			e.move(r, r.write.Status, why+", "+seconds(wait)+" at most.")
		}
	})
}

// tellWaits says so on the receipts of all that waits to be sent on a
// connection, or on any when conn is nowhere.
func (e *Engine) tellWaits(conn int, why string) {
	tell := func(q *entry) {
		if !q.ofPerson() {
			return
		}
		for _, over := range e.sendsOver(q.group) {
			if conn == nowhere || over == conn {
				e.waitFor(q, over, why)
			}
		}
	}
	for i := range e.s.lanes {
		l := &e.s.lanes[i]
		for k := range l.queue {
			tell(&l.queue[k])
		}
		for k := range l.forced {
			tell(&l.forced[k])
		}
		for k := range l.runs {
			if l.runs[k].phase != phaseReply { // of its own request the next try tells
				tell(&l.runs[k].entry)
			}
		}
	}
}

// wasPaused is why a command was refused that a pause came before.
const wasPaused = "Not sent: the element was paused."

// notOpen is why a command was refused that waited for its connection.
func notOpen(wait time.Duration) string {
	if wait <= 0 {
		return "Not sent: the connection to the device is closed."
	}
	return "Not sent: the connection to the device was not open within " + seconds(wait) + "."
}

// refuse ends the running group because its command may not be sent any more.
// Nothing follows from what was refused; a group that has sent something for
// the same person before goes on as after a timeout.
func (e *Engine) refuse(r *run, what string) {
	why, i, at := notOpen(e.commandWait(r.conn)), e.ix.conns[r.conn], r.given()
	if !e.away(i) && !e.s.conns[i].back.After(at) {
		why = wasPaused
	}
	sentBefore := slices.ContainsFunc(e.s.receipts, func(x receipt) bool {
		return x.handed && slices.Contains(r.causes, x.cause)
	})
	e.failCauses(r.causes, why)
	e.logf(levelWarning, "%s was refused. %s", capital(what), why)
	if !sentBefore {
		r.dropped, r.phase = true, phaseReady
		return
	}
	e.advance(r)
}
