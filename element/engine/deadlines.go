package engine

import (
	"time"

	"fieldline/element"
)

// deadlines says how long commands of people wait for their connection, and
// what is told of that on their receipts.
type deadlines struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	receipts    *receipts
	lanes       *lanes
}

// refuseAt is when a command of people is sent no more if its connection was
// not open for it.
func (ds *deadlines) refuseAt(q *entry, conn int) time.Time {
	return q.given().Add(ds.status.commandWait(conn))
}

// overdue reports whether a command of people may not be sent any more: the
// device was away, or the element paused, and the person has been told that it
// was not sent. Their deadline wins over the language's own waiting and holds
// although the connection is open again.
func (ds *deadlines) overdue(q *entry, conn int) bool {
	if !q.ofPerson() || ds.now.Before(ds.refuseAt(q, conn)) {
		return false
	}
	i, at := ds.ix.conns[conn], q.given()
	return ds.connections.away(i) || ds.connections.list[i].backAt.After(at) || ds.status.resumedAt.After(at)
}

// sendBy is when a command of people is given up that still waits on its way
// out; the zero time for what the logic sends.
func (ds *deadlines) sendBy(q *entry, conn int) time.Time {
	if !q.ofPerson() {
		return time.Time{}
	}
	if wait := ds.status.commandWait(conn); wait > 0 {
		return q.given().Add(wait)
	}
	return q.given().Add(element.DefaultCommandWaitMs * time.Millisecond)
}

// tellWait says on the receipts of a group that its commands wait for their
// connection, and until when.
func (ds *deadlines) tellWait(q *entry) {
	if !q.ofPerson() {
		return
	}
	over := ds.lanes.sendsOver(q.group)
	if r := ds.lanes.list[q.lane].running(); len(over) == 0 && r != nil && (r.phase == phaseConnecting || r.phase == phaseReply) {
		q.behind = r.conn
		over = []int{r.conn}
	}
	for _, conn := range over {
		if i := ds.ix.conns[conn]; ds.connections.away(i) {
			ds.waitFor(q, conn, waitsForConnection)
		}
	}
}

// What a command of people waits for, on its receipt.
const (
	waitsForConnection = "Waits for the connection"
	waitsForResume     = "Waits for the element to go on"
)

// waitFor gives receipts of a group that was not sent yet their deadline.
func (ds *deadlines) waitFor(q *entry, conn int, why string) {
	wait := ds.status.commandWait(conn)
	ds.receipts.each(q.causes, func(r *receipt) {
		if r.handed || r.inFlight > 0 {
			return
		}
		r.refuseAt = r.cause.at.Add(wait)
		r.refusal = notOpen(wait)
		if why == waitsForResume {
			r.refusal = wasPaused
		}
		if ds.now.Before(r.refuseAt) {
			ds.receipts.advance(r, r.write.Status, why+", "+element.FormatSeconds(wait)+" at most.")
		}
	})
}

// tellWaits says so on the receipts of all that waits to be sent on a
// connection, or on any when conn is nowhere.
func (ds *deadlines) tellWaits(conn int, why string) {
	tell := func(q *entry) {
		if !q.ofPerson() {
			return
		}
		for _, over := range ds.lanes.sendsOver(q.group) {
			if conn == nowhere || over == conn {
				ds.waitFor(q, over, why)
			}
		}
	}
	for i := range ds.lanes.list {
		l := &ds.lanes.list[i]
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
	return "Not sent: the connection to the device was not open within " + element.FormatSeconds(wait) + "."
}
