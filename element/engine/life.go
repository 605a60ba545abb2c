package engine

import (
	"time"

	"fieldline/element"
)

// stop ends all work. Values are kept; those of the device are stale, and what
// waits for it fails.
func (e *Engine) stop() {
	if e.s.mode == modeIdle || e.s.mode == modeStopped {
		return
	}
	e.s.mode = modeStopped
	e.failAll()
	e.s.clearWork()
	e.s.started = false
	if e.scripts != nil {
		e.scripts.Reset()
	}
	for i := range e.s.conns {
		e.lost(i)
		e.s.conns[i] = connState{}
	}
}

// pause keeps values, connections and the queue as they are; no logic runs.
func (e *Engine) pause() {
	if e.active() {
		e.s.mode, e.s.pausedAt = modePaused, e.now
		e.tellWaits(nowhere, waitsForResume)
	}
}

// resume goes on where pause stopped: what waited for a time waits as much
// longer as the pause took. An element that was loaded paused never ran, so
// its connections, timers and "after startup" begin now.
func (e *Engine) resume() {
	if e.s.mode != modePaused {
		return
	}
	e.s.mode, e.s.resumedAt = modeActive, e.now
	if !e.s.started {
		e.begin()
		return
	}
	away := e.now.Sub(e.s.pausedAt)
	for i := range e.s.timers {
		if t := &e.s.timers[i]; !t.next.IsZero() {
			t.next = t.next.Add(away)
		}
	}
	wait := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(away)
		}
	}
	for i := range e.s.lanes {
		l := &e.s.lanes[i]
		for k := range l.runs {
			if r := &l.runs[k]; r.phase != phaseOpening || !r.ofPerson() { // people's deadlines stand
				wait(&r.until)
			}
		}
		wait(&l.pauseUntil)
	}
	wait(&e.s.quietUntil)
	wait(&e.s.slow.ping)
	for i := range e.s.conns {
		c := &e.s.conns[i]
		if c.redial || c.wanted && !c.open {
			e.reach(i)
		}
		c.redial, c.unread = false, false
	}
	e.catchUp()
}

// catchUp runs the logic that waits for connections which opened or closed
// while the element was paused: to many a connector an open connection means
// that it has to subscribe.
func (e *Engine) catchUp() {
	for i := range e.s.conns {
		if p, at := e.param(e.def.Connections[i].NotifyParam); p != nil && e.s.conns[i].missed {
			mark := e.agenda.mark()
			e.changed(at, byLogic())
			e.drain(mark)
		}
		e.s.conns[i].missed = false
		e.transmitWaiting(e.def.Connections[i].ID)
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
		all := make([]end, len(e.def.Connections))
		for i := range e.def.Connections {
			if o, err := e.Opening(e.def.Connections[i].ID); err == nil {
				all[i] = end{o, true}
			}
		}
		return all
	}
	before := ends()
	e.s.cfg = in.Config
	if e.s.mode == modeIdle {
		return
	}
	e.fillElement()
	e.fillAddresses()
	for i, after := range ends() {
		if !e.def.Connections[i].WebSocket {
			e.elsewhere(i)
			continue
		}
		if before[i].ok == after.ok && sameEnd(before[i].o, after.o) {
			continue
		}
		switch e.s.mode {
		case modeActive:
			e.reach(i)
		case modePaused:
			e.s.conns[i].redial = true
		case modeIdle, modeStopped:
		}
	}
}

// sameEnd reports whether two openings lead to the same device the same way
// and keep the connection alive alike.
func sameEnd(a, b Opening) bool {
	return a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port && a.Path == b.Path &&
		a.SkipVerify == b.SkipVerify && a.TLS == b.TLS && a.Ping == b.Ping &&
		a.BypassProxy == b.BypassProxy && a.Proxy == b.Proxy && a.ProxyUser == b.ProxyUser && a.ProxyPassword == b.ProxyPassword
}

// reach asks for a connection, with the target as it is when dialling.
func (e *Engine) reach(i int) {
	c := &e.s.conns[i]
	c.wanted = true
	if !c.open && c.since.IsZero() {
		c.since = e.now
	}
	e.emit(Reach{Connection: e.def.Connections[i].ID})
}

// hangup asks for a connection to be closed and to stay closed. A connection
// that is not wanted is not missed either.
func (e *Engine) hangup(i int) {
	c := &e.s.conns[i]
	c.wanted, c.since = false, time.Time{}
	e.emit(Hangup{Connection: e.def.Connections[i].ID})
}

// lost marks what follows when a connection that was open is not any more.
// The status parameter is ours to know, so it is set and not stale.
func (e *Engine) lost(i int) {
	c := &e.def.Connections[i]
	e.s.conns[i].open = false
	e.s.conns[i].missed = e.s.mode == modePaused
	e.stale(c.ID)
	if p, at := e.param(c.NotifyParam); p != nil && e.s.slots[at].value != element.Number(0) {
		e.constructAll(p, at, element.Number(0), byLogic())
	}
}

// stale marks what came by a connection as no longer heard.
func (e *Engine) stale(conn int) {
	e.wither(func(from, _ int) bool { return from == conn })
}

// wither marks what came from somewhere as no longer live.
func (e *Engine) wither(is func(from, script int) bool) {
	e.staleRows(is)
	for i := range e.s.slots {
		if s := &e.s.slots[i]; is(s.from, s.script) && !s.stale && s.value.IsSet() {
			s.stale = true
			e.refresh(i)
		}
	}
}
