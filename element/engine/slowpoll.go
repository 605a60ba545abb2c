package engine

import (
	"time"

	"fieldline/element"
)

// slowPoll decides when a main connection that does not answer is only pinged.
type slowPoll struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	addresses   *addresses
	lanes       *lanes
	timers      *timers
	state       slowState
	shown       time.Duration // what SlowPolled said last
}

// slowState is how an element treats a main connection that does not answer:
// its timers leave that connection alone, and one group pings it now and then
// (documentation page Adding_elements, "slow poll").
type slowState struct {
	on       bool
	failures int       // in a row, retries not counted
	ping     time.Time // when the next ping is due
	dialling bool      // our last connection attempt has not ended
}

// settings is the slow poll of the element: that of the settings of its
// main connection, else of the connector, the zero SlowPoll when there is nothing to ping with.
func (sp *slowPoll) settings() element.SlowPoll {
	if len(sp.ix.def.Connections) == 0 || sp.ix.ping == nil && !sp.ix.def.Connections[0].WebSocket {
		return element.SlowPoll{}
	}
	main := &sp.ix.def.Connections[0]
	return sp.status.connConfig(main.ID).SlowPoll(main.SlowPoll)
}

// unanswered counts one more failure of a connection.
func (sp *slowPoll) unanswered(i connIndex) {
	if i == 0 && sp.status.active() {
		sp.state.failures++
	}
}

// answering notes that the device behind a connection responds: its silence
// ends, and slow poll with it.
func (sp *slowPoll) answering(i connIndex) {
	sp.connections.list[i].silentSince = time.Time{}
	if i != 0 {
		return
	}
	if sp.state.on {
		sp.logf(levelInfo, "Slow poll ends: %s answers.", connName(&sp.ix.def.Connections[0]))
	}
	sp.state = slowState{}
}

// run enters slow poll when it is time to, and pings; it reports
// whether it did anything.
func (sp *slowPoll) run() bool {
	s, set := &sp.state, sp.settings()
	if !s.on {
		if !sp.due(set) {
			return false
		}
		s.on, s.ping = true, sp.now.Add(time.Duration(set.PingMs)*time.Millisecond)
		sp.logf(levelWarning, "Slow poll: %s does not answer; until it does it is only pinged, every %s.",
			connName(&sp.ix.def.Connections[0]), element.FormatSeconds(time.Duration(set.PingMs)*time.Millisecond))
		sp.lanes.drop(func(q entry) bool { return q.timer != noTimer && sp.lanes.asksMain(q.group) })
		for i := range sp.timers.list {
			sp.timers.roundEnded(timerIndex(i))
		}
		return true
	}
	if set.After == 0 && set.AfterMs == 0 {
		sp.logf(levelInfo, "Slow poll ends: the settings have none.")
		sp.state = slowState{}
		return true
	}
	if sp.now.Before(s.ping) {
		return false
	}
	s.ping = sp.now.Add(time.Duration(max(set.PingMs, element.MinSlowMs)) * time.Millisecond)
	sp.ping()
	return true
}

// show says so when slow poll began, ended or got another interval.
func (sp *slowPoll) show() {
	var every time.Duration
	if sp.state.on {
		every = time.Duration(max(sp.settings().PingMs, element.MinSlowMs)) * time.Millisecond
	}
	if every != sp.shown {
		sp.shown = every
		sp.emit(SlowPolled{Connection: sp.ix.def.Connections[0].ID, Every: every})
	}
}

func (sp *slowPoll) due(set element.SlowPoll) bool {
	if set.After > 0 && sp.state.failures >= set.After {
		return true
	}
	return set.AfterMs > 0 && sp.connections.counted(0) && !sp.now.Before(sp.at(set))
}

func (sp *slowPoll) at(set element.SlowPoll) time.Time {
	return sp.connections.list[0].silentSince.Add(sp.connections.elementTimeout() + time.Duration(set.AfterMs)*time.Millisecond)
}

// ping asks the main connection whether it answers again. The command is made
// now, whoever makes the others (RN 45217). For a WebSocket that is not open it
// is a connection attempt, and only where we are to reconnect by ourselves.
func (sp *slowPoll) ping() {
	s, c := &sp.state, &sp.connections.list[0]
	if sp.ix.def.Connections[0].WebSocket && !c.open {
		if sp.status.cfg.Reconnect == element.Automatic && c.wanted && !s.dialling {
			s.dialling = true
			sp.emit(Connect{Connection: sp.ix.def.Connections[0].ID})
		}
		return
	}
	g := sp.ix.ping
	if g == nil || sp.lanes.queued(g.ID) {
		return
	}
	busy := false
	sp.lanes.eachRunning(func(r *run) { busy = busy || r.group.ID == g.ID })
	if busy {
		return
	}
	q := entry{group: g, lane: sp.lanes.of(g), rank: rankFront, timer: noTimer, logic: true, requests: sp.addresses.buildRequests(g)}
	sp.lanes.list[q.lane].insert(q)
}

// next is when runSlowPoll has something to do.
func (sp *slowPoll) next(sooner func(time.Time)) {
	switch set := sp.settings(); {
	case sp.state.on:
		sooner(sp.state.ping)
	case set.AfterMs > 0 && sp.connections.counted(0):
		sooner(sp.at(set))
	}
}
