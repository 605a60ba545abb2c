package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Sleep of the protocol action: what is meant without a value, the shortest
// and the longest.
const (
	defaultSleep = 5000 * time.Millisecond
	minSleep     = 15 * time.Millisecond
	maxSleep     = time.Hour
)

// act runs an action on the items it names, or on the item that fired the
// trigger (documentation pages of Protocol.Actions.Action).
func (e *Engine) act(a *connector.Action, who subject) {
	if !e.active() || !e.enter("action", a.ID) {
		return
	}
	if !e.holds(a.Condition, "action", a.ID) {
		return
	}
	if a.On == "protocol" {
		e.actProtocol(a)
		return
	}
	if len(a.OnIDs) == 0 {
		if who.kind != itemOf(a.On) {
			e.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d does nothing: it names no %s, and none fired it.", a.ID, a.On)
			return
		}
		e.actOn(a, who.id, who)
		return
	}
	for _, id := range a.OnIDs {
		e.add(task{do: workActOn, action: a, id: id, who: who})
	}
}

func (e *Engine) actOn(a *connector.Action, id int, who subject) {
	switch a.On {
	case "parameter":
		e.actParameter(a, element.ParamID(id), who)
	case "command":
		e.actCommand(a, id)
	case "response":
		e.actResponse(a, id)
	case "pair":
		e.actPair(a, id)
	case "group":
		e.actGroup(a, id)
	case "timer":
		e.timerAction(a, id)
	default:
		e.unsupported(a)
	}
}

// unsupported names an action that this program does not run, once.
func (e *Engine) unsupported(a *connector.Action) {
	e.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d (%s on %s) is not run here.", a.ID, a.Type, a.On)
}

func (e *Engine) actCommand(a *connector.Action, id int) {
	switch a.Type {
	case "make":
		e.makeCommand(id)
	case "replace":
		e.replaceContent(a, id)
	case "replace data":
		if b, ok := e.replaceData(a, e.s.made[id].bytes); ok {
			e.s.made[id] = message{bytes: b}
		}
	default:
		e.unsupported(a)
	}
}

func (e *Engine) actResponse(a *connector.Action, id int) {
	switch a.Type {
	case "read":
		if e.reading != nil && e.reading.r.ID == id {
			e.readResponse(0)
		}
	case "clear":
		if r := e.ix.responses[id]; r != nil {
			for _, pid := range r.Content {
				if p, i := e.param(pid); p != nil && !p.Interprete.Constant {
					e.s.slots[i].cleared = true
				}
			}
		}
	default:
		e.unsupported(a)
	}
}

func (e *Engine) actPair(a *connector.Action, id int) {
	switch a.Type {
	case "timeout":
		if ms, ok := e.operand(a); ok && ms >= 1 && ms <= element.MaxTimeoutMs {
			e.s.pairTimeout[id] = int(ms)
		}
	case "set next":
		if ms, ok := e.operand(a); ok && ms >= 0 && ms <= float64(maxSleep.Milliseconds()) {
			e.s.pairNext[id] = int(ms)
		}
	default:
		e.unsupported(a)
	}
}

// operand is the number an action works with: the value of parameter Type@id,
// else Type@value.
func (e *Engine) operand(a *connector.Action) (float64, bool) {
	if a.HasTypeID {
		return e.value(element.ParamID(a.TypeID)).Float()
	}
	return element.Text(a.TypeValue).Float()
}

func (e *Engine) actGroup(a *connector.Action, id int) {
	g := e.ix.groups[id]
	if g == nil {
		return
	}
	switch a.Type {
	case "add to execute":
		e.add(task{do: workQueue, group: g, rank: rankTimer})
	case "execute":
		e.add(task{do: workQueue, group: g, rank: rankNormal})
	case "execute next":
		e.add(task{do: workQueue, group: g, rank: rankFront})
	case "execute one":
		e.add(task{do: workQueueOne, group: g, rank: rankTimer})
	case "execute one now":
		e.add(task{do: workQueueOne, group: g, rank: rankNormal})
	case "execute one top":
		e.add(task{do: workQueueOne, group: g, rank: rankFront})
	case "force execute":
		e.add(task{do: workForce, group: g})
	default:
		e.unsupported(a)
	}
}

// enqueueOne queues a group that is not queued yet. One that is serves the
// present write too.
func (e *Engine) enqueueOne(g *connector.Group, at rank) {
	if l, i := e.place(g.ID); l != nil {
		e.requeue(l, i, l.queue[i].rank)
		return
	}
	e.enqueue(g, at, -1)
}

func (e *Engine) actProtocol(a *connector.Action) {
	switch a.Type {
	case "open", "close":
		n, err := atoi(a.TypeNr)
		if err != nil {
			n = 0
		}
		i, ok := e.ix.conns[e.ix.connection(n)]
		if !ok || !e.def.Connections[i].WebSocket {
			e.unsupported(a)
			return
		}
		if a.Type == "open" {
			e.reach(i)
		} else {
			e.hangup(i)
		}
	case "sleep":
		d := defaultSleep
		if ms, ok := e.operand(a); ok {
			d = min(max(time.Duration(min(ms, float64(maxSleep.Milliseconds())))*time.Millisecond, minSleep), maxSleep)
		}
		l := &e.s.lanes[e.at] // other threads go on
		l.pauseUntil = later(l.pauseUntil, e.now.Add(d))
	case "stop current group":
		if r := e.s.lanes[e.at].running(); r != nil {
			r.dropped = true
		}
	case "lock", "unlock", "priority lock", "priority unlock":
		// One owner runs all logic of the element: there is nothing to lock.
	default:
		e.unsupported(a)
	}
}
