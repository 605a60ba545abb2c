package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// actions runs the connector's actions.
type actions struct {
	*turn
	ix          *index
	budget      *budget
	agenda      *agenda
	status      *status
	connections *connections
	values      *values
	tables      *tables
	commands    *commands
	lanes       *lanes
	timers      *timers
	targets     *targets
	messages    *messages
	scripts     *scripts
}

// Sleep of the protocol action: what is meant without a value, the shortest
// and the longest.
const (
	defaultSleep = 5000 * time.Millisecond
	minSleep     = 15 * time.Millisecond
	maxSleep     = time.Hour
)

// act runs an action on the items it names, or on the item that fired the
// trigger (documentation pages of Protocol.Actions.Action).
func (as *actions) act(a *connector.Action, who subject) {
	if !as.status.active() || !as.budget.enter("action", a.ID) {
		return
	}
	if !as.values.holds(a.Condition, "action", a.ID) {
		return
	}
	if a.On == "protocol" {
		as.onProtocol(a)
		return
	}
	if len(a.OnIDs) == 0 {
		if who.kind != itemOf(a.On) {
			as.logOnce("action:"+itoa(a.ID), levelWarning, "Action %d does nothing: it names no %s, and none fired it.", a.ID, a.On)
			return
		}
		as.on(a, who.id, who)
		return
	}
	for _, id := range a.OnIDs {
		as.agenda.add(task{do: workActOn, action: a, id: id, who: who})
	}
}

func (as *actions) on(a *connector.Action, id int, who subject) {
	switch a.On {
	case "parameter":
		as.onParameter(a, element.ParamID(id), who)
	case "command":
		as.onCommand(a, id)
	case "response":
		as.onResponse(a, id)
	case "pair":
		as.onPair(a, id)
	case "group":
		as.onGroup(a, id)
	case "timer":
		as.onTimer(a, id)
	default:
		as.unsupported(a)
	}
}

func (as *actions) onCommand(a *connector.Action, id int) {
	switch a.Type {
	case "make":
		as.commands.make(id)
	case "replace":
		as.commands.replaceContent(a, id)
	case "replace data":
		if b, ok := as.replaceData(a, as.commands.made[id].bytes); ok {
			as.commands.made[id] = message{bytes: b}
		}
	default:
		as.unsupported(a)
	}
}

func (as *actions) onResponse(a *connector.Action, id int) {
	switch a.Type {
	case "read":
		if as.messages.reading != nil && as.messages.reading.r.ID == id {
			as.messages.read(0)
		}
	case "clear":
		if r := as.ix.responses[id]; r != nil {
			for _, pid := range r.Content {
				if p, i := as.ix.param(pid); p != nil && !p.Interprete.Constant {
					as.values.slots[i].cleared = true
				}
			}
		}
	default:
		as.unsupported(a)
	}
}

func (as *actions) onPair(a *connector.Action, id int) {
	switch a.Type {
	case "timeout":
		if ms, ok := as.operand(a); ok && ms >= 1 && ms <= element.MaxTimeoutMs {
			as.commands.pairTimeout[id] = int(ms)
		}
	case "set next":
		if ms, ok := as.operand(a); ok && ms >= 0 && ms <= float64(maxSleep.Milliseconds()) {
			as.commands.pairNext[id] = int(ms)
		}
	default:
		as.unsupported(a)
	}
}

func (as *actions) onGroup(a *connector.Action, id int) {
	g := as.ix.groups[id]
	if g == nil {
		return
	}
	switch a.Type {
	case "add to execute":
		as.agenda.add(task{do: workQueue, group: g, rank: rankTimer})
	case "execute":
		as.agenda.add(task{do: workQueue, group: g, rank: rankNormal})
	case "execute next":
		as.agenda.add(task{do: workQueue, group: g, rank: rankFront})
	case "execute one":
		as.agenda.add(task{do: workQueueOne, group: g, rank: rankTimer})
	case "execute one now":
		as.agenda.add(task{do: workQueueOne, group: g, rank: rankNormal})
	case "execute one top":
		as.agenda.add(task{do: workQueueOne, group: g, rank: rankFront})
	case "force execute":
		as.agenda.add(task{do: workForce, group: g})
	default:
		as.unsupported(a)
	}
}

func (as *actions) onProtocol(a *connector.Action) {
	switch a.Type {
	case "open", "close":
		n, err := atoi(a.TypeNr)
		if err != nil {
			n = 0
		}
		i, ok := as.ix.conns[as.ix.connection(n)]
		if !ok || !as.ix.def.Connections[i].WebSocket {
			as.unsupported(a)
			return
		}
		if a.Type == "open" {
			as.connections.connect(i)
		} else {
			as.connections.disconnect(i)
		}
	case "sleep":
		d := defaultSleep
		if ms, ok := as.operand(a); ok {
			d = min(max(time.Duration(min(ms, float64(maxSleep.Milliseconds())))*time.Millisecond, minSleep), maxSleep)
		}
		l := &as.lanes.list[as.lane] // other threads go on
		l.pauseUntil = later(l.pauseUntil, as.now.Add(d))
	case "stop current group":
		if r := as.lanes.list[as.lane].running(); r != nil {
			r.dropped = true
		}
	case "lock", "unlock", "priority lock", "priority unlock":
		// One owner runs all logic of the element: there is nothing to lock.
	default:
		as.unsupported(a)
	}
}
