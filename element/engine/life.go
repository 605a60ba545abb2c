package engine

import "time"

// pause keeps values, connections and the queue as they are; no logic runs.
func (e *Engine) pause() {
	if e.status.active() {
		e.status.mode, e.status.pausedAt = modePaused, e.turn.now
		e.deadlines.tellWaits(nowhere, waitsForResume)
	}
}

// resume goes on where pause stopped: what waited for a time waits as much
// longer as the pause took. An element that was loaded paused never ran, so
// its connections, timers and "after startup" begin now.
func (e *Engine) resume() {
	if e.status.mode != modePaused {
		return
	}
	e.status.mode, e.status.resumedAt = modeActive, e.turn.now
	if !e.status.started {
		e.begin()
		return
	}
	away := e.turn.now.Sub(e.status.pausedAt)
	for i := range e.timers.list {
		if t := &e.timers.list[i]; !t.next.IsZero() {
			t.next = t.next.Add(away)
		}
	}
	wait := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(away)
		}
	}
	for i := range e.lanes.list {
		l := &e.lanes.list[i]
		for k := range l.runs {
			if r := &l.runs[k]; r.phase != phaseConnecting || !r.ofPerson() { // people's deadlines stand
				wait(&r.until)
			}
		}
		wait(&l.pauseUntil)
	}
	wait(&e.lanes.quietUntil)
	wait(&e.slowPoll.state.ping)
	for i := range e.connections.list {
		c := &e.connections.list[i]
		if c.redial || c.wanted && !c.open {
			e.connections.connect(connIndex(i))
		}
		c.redial, c.unread = false, false
	}
	e.catchUp()
}

// catchUp runs the logic that waits for connections which opened or closed
// while the element was paused: to many a connector an open connection means
// that it has to subscribe.
func (e *Engine) catchUp() {
	for i := range e.connections.list {
		if p, at := e.ix.param(e.ix.def.Connections[i].NotifyParam); p != nil && e.connections.list[i].statusDue {
			mark := e.agenda.mark()
			e.logic.changed(at, byLogic())
			e.logic.drain(mark)
		}
		e.connections.list[i].statusDue = false
		e.pairs.transmitWaiting(e.ix.def.Connections[i].ID)
	}
}

// configure takes over new settings and asks for a new connection where they
// lead elsewhere than before.
func (e *Engine) configure(in Configure) {
	type end struct {
		o  Opening
		ok bool
	}
	ends := func() []end {
		all := make([]end, len(e.ix.def.Connections))
		for i := range e.ix.def.Connections {
			if o, err := e.Opening(e.ix.def.Connections[i].ID); err == nil {
				all[i] = end{o, true}
			}
		}
		return all
	}
	before := ends()
	e.status.cfg = in.Config
	if e.status.mode == modeIdle {
		return
	}
	e.values.fillElement()
	e.targets.fillAddresses()
	for i, after := range ends() {
		if !e.ix.def.Connections[i].WebSocket {
			e.targets.elsewhere(connIndex(i))
			continue
		}
		if before[i].ok == after.ok && sameEnd(before[i].o, after.o) {
			continue
		}
		switch e.status.mode {
		case modeActive:
			e.connections.connect(connIndex(i))
		case modePaused:
			e.connections.list[i].redial = true
		case modeIdle, modeStopped:
		}
	}
}

// sameEnd reports whether two openings lead to the same device the same way
// and keep the connection alive alike.
func sameEnd(a, b Opening) bool {
	return a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port && a.Path == b.Path &&
		a.TLS == b.TLS && a.Ping == b.Ping && a.Proxy == b.Proxy
}

// stop ends all work. Values are kept; those of the device are stale, and what
// waits for it fails.
func (e *Engine) stop() {
	if e.status.mode == modeIdle || e.status.mode == modeStopped {
		return
	}
	e.status.mode = modeStopped
	e.receipts.failAll()
	e.clearWork()
	e.status.started = false
	e.scripts.reset()
	for i := range e.connections.list {
		e.lost(connIndex(i))
		e.connections.list[i] = connState{}
	}
}
