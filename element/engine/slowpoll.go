package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// slowPoll is how an element treats a main connection that does not answer:
// its timers leave that connection alone, and one group pings it now and then
// (documentation page Adding_elements, "slow poll").
type slowPoll struct {
	on       bool
	failures int       // in a row, retries not counted
	ping     time.Time // when the next ping is due
	dialling bool      // our last connection attempt has not ended
}

// pingGroup finds what pings the main connection: the group with id -1, else
// the ping pair, else the pair with a response that has the lowest id; nil
// when there is none.
func (ix *index) pingGroup() *connector.Group {
	if len(ix.def.Connections) == 0 {
		return nil
	}
	main := &ix.def.Connections[0]
	if g := ix.groups[connector.PingGroup]; g != nil && (!g.HasConnection || ix.connection(g.Connection) == main.ID) {
		return g
	}
	if !main.WebSocket {
		return nil
	}
	var found *connector.Pair
	for i := range ix.def.Pairs {
		p := &ix.def.Pairs[i]
		better := found == nil || p.Ping && !found.Ping || p.Ping == found.Ping && p.ID < found.ID
		if (p.Ping || len(p.Responses) > 0) && better && ix.onMain(p) {
			found = p
		}
	}
	if found == nil {
		return nil
	}
	return &connector.Group{
		ID: connector.PingGroup, Type: connector.GroupPoll, Connection: main.ID, HasConnection: true,
		Content: []connector.GroupItem{{Kind: connector.ItemPair, ID: found.ID}},
	}
}

// onMain reports whether a pair is for the main connection: its own option
// says so, or a group that holds it, or nothing says otherwise.
func (ix *index) onMain(p *connector.Pair) bool {
	main := ix.def.Connections[0].ID
	if p.HasConnection {
		return ix.connection(p.Connection) == main
	}
	held := false
	for i := range ix.def.Groups {
		g := &ix.def.Groups[i]
		if !slices.ContainsFunc(g.Content, func(c connector.GroupItem) bool { return c.Kind == connector.ItemPair && c.ID == p.ID }) {
			continue
		}
		if held = true; ix.connection(g.Connection) == main {
			return true
		}
	}
	return !held && ix.connection(0) == main
}

// asksMain reports whether a group sends something on the main connection.
func (e *Engine) asksMain(g *connector.Group) bool {
	main := e.def.Connections[0].ID
	if polls(g) {
		return e.sessionConnection(g) == main
	}
	return slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool {
		return i.Kind == connector.ItemPair && e.groupConnection(g, e.ix.pairs[i.ID]) == main
	})
}

// slowSettings is the slow poll of the element: that of the settings of its
// main connection, else of the connector, the zero SlowPoll when there is nothing to ping with.
func (e *Engine) slowSettings() element.SlowPoll {
	if len(e.def.Connections) == 0 || e.ix.ping == nil && !e.def.Connections[0].WebSocket {
		return element.SlowPoll{}
	}
	main := &e.def.Connections[0]
	return e.connConfig(main.ID).SlowPoll(main.SlowPoll)
}

// unanswered counts one more failure of a connection.
func (e *Engine) unanswered(i int) {
	if i == 0 && e.active() {
		e.s.slow.failures++
	}
}

// answering notes that the device behind a connection responds: its silence
// ends, and slow poll with it.
func (e *Engine) answering(i int) {
	e.s.conns[i].since = time.Time{}
	if i != 0 {
		return
	}
	if e.s.slow.on {
		e.logf(levelInfo, "Slow poll ends: %s answers.", connName(&e.def.Connections[0]))
	}
	e.s.slow = slowPoll{}
}

// runSlowPoll enters slow poll when it is time to, and pings; it reports
// whether it did anything.
func (e *Engine) runSlowPoll() bool {
	s, set := &e.s.slow, e.slowSettings()
	if !s.on {
		if !e.slowPollDue(set) {
			return false
		}
		s.on, s.ping = true, e.now.Add(time.Duration(set.PingMs)*time.Millisecond)
		e.logf(levelWarning, "Slow poll: %s does not answer; until it does it is only pinged, every %s.",
			connName(&e.def.Connections[0]), seconds(time.Duration(set.PingMs)*time.Millisecond))
		e.dropQueued(func(q entry) bool { return q.timer >= 0 && e.asksMain(q.group) })
		for i := range e.s.timers {
			e.roundEnded(i)
		}
		return true
	}
	if set.After == 0 && set.AfterMs == 0 {
		e.logf(levelInfo, "Slow poll ends: the settings have none.")
		e.s.slow = slowPoll{}
		return true
	}
	if e.now.Before(s.ping) {
		return false
	}
	s.ping = e.now.Add(time.Duration(max(set.PingMs, element.MinSlowMs)) * time.Millisecond)
	e.ping()
	return true
}

// showSlowPoll says so when slow poll began, ended or got another interval.
func (e *Engine) showSlowPoll() {
	var every time.Duration
	if e.s.slow.on {
		every = time.Duration(max(e.slowSettings().PingMs, element.MinSlowMs)) * time.Millisecond
	}
	if every != e.s.slowShown {
		e.s.slowShown = every
		e.emit(SlowPolled{Connection: e.def.Connections[0].ID, Every: every})
	}
}

func (e *Engine) slowPollDue(set element.SlowPoll) bool {
	if set.After > 0 && e.s.slow.failures >= set.After {
		return true
	}
	return set.AfterMs > 0 && e.counted(0) && !e.now.Before(e.slowPollAt(set))
}

func (e *Engine) slowPollAt(set element.SlowPoll) time.Time {
	return e.s.conns[0].since.Add(e.elementTimeout() + time.Duration(set.AfterMs)*time.Millisecond)
}

// ping asks the main connection whether it answers again. The command is made
// now, whoever makes the others (RN 45217). For a WebSocket that is not open it
// is a connection attempt, and only where we are to reconnect by ourselves.
func (e *Engine) ping() {
	s, c := &e.s.slow, &e.s.conns[0]
	if e.def.Connections[0].WebSocket && !c.open {
		if e.s.cfg.Reconnect == element.Automatic && c.wanted && !s.dialling {
			s.dialling = true
			e.emit(Reach{Connection: e.def.Connections[0].ID})
		}
		return
	}
	g := e.ix.ping
	if g == nil || e.queued(g.ID) {
		return
	}
	busy := false
	e.s.eachRunning(func(r *run) { busy = busy || r.group.ID == g.ID })
	if busy {
		return
	}
	q := entry{group: g, lane: e.laneOf(g), rank: rankFront, timer: -1, logic: true, requests: e.buildRequests(g)}
	e.s.lanes[q.lane].insert(q)
}

// slowPollNext is when runSlowPoll has something to do.
func (e *Engine) slowPollNext(sooner func(time.Time)) {
	switch set := e.slowSettings(); {
	case e.s.slow.on:
		sooner(e.s.slow.ping)
	case set.AfterMs > 0 && e.counted(0):
		sooner(e.slowPollAt(set))
	}
}
