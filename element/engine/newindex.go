package engine

import (
	"cmp"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

func newIndex(def *connector.Definition) *index {
	ix := &index{
		def: def, params: slices.Clone(def.Params),
		place:    make(map[element.ParamID]paramIndex, len(def.Params)),
		commands: map[int]*command{}, responses: map[int]*response{},
		pairs: map[int]*connector.Pair{}, groups: map[int]*connector.Group{}, timers: map[int]timerIndex{},
		triggers: map[int]*connector.Trigger{}, actions: map[int]*connector.Action{},
		fires: map[occasion][]*connector.Trigger{}, each: map[occasion][]*connector.Trigger{},
		conns: map[int]connIndex{}, listens: map[int][]*response{},
		scripted: map[element.ParamID][]*connector.QAction{}, afterGroup: map[int][]*connector.QAction{},
	}
	slices.SortFunc(ix.params, func(a, b *connector.Param) int { return cmp.Compare(a.ID, b.ID) })
	for i, p := range ix.params {
		ix.place[p.ID] = paramIndex(i)
	}
	for i := range def.Commands {
		c := newCommand(ix, &def.Commands[i])
		ix.commands[c.ID] = c
	}
	byID(ix.pairs, def.Pairs, func(x *connector.Pair) int { return x.ID })
	byID(ix.groups, def.Groups, func(x *connector.Group) int { return x.ID })
	byID(ix.triggers, def.Triggers, func(x *connector.Trigger) int { return x.ID })
	byID(ix.actions, def.Actions, func(x *connector.Action) int { return x.ID })
	for i := range def.Timers {
		ix.timers[def.Timers[i].ID] = timerIndex(i)
	}
	ix.saved = map[element.ParamID]bool{}
	for i := range def.Actions {
		if a := &def.Actions[i]; a.On == "parameter" && a.Type == "save" {
			for _, id := range a.OnIDs {
				ix.saved[element.ParamID(id)] = true
			}
		}
	}
	ix.indexTables()
	ix.indexCopies()
	ix.indexTriggers()
	ix.indexConnections()
	ix.indexResponses()
	ix.ping = ix.pingGroup()
	for i := range def.QActions {
		q := &def.QActions[i]
		for _, id := range q.Triggers {
			if q.OnGroups {
				ix.afterGroup[id] = append(ix.afterGroup[id], q)
			} else {
				ix.scripted[element.ParamID(id)] = append(ix.scripted[element.ParamID(id)], q)
			}
		}
	}
	ix.findFollowed()
	return ix
}

// findFollowed finds the parameters from whose change anything follows: a
// trigger, a new target, saving, the setter copy or a QAction.
func (ix *index) findFollowed() {
	ix.followed = make([]bool, len(ix.params))
	for i, p := range ix.params {
		target := slices.ContainsFunc(ix.def.Connections, func(c connector.Connection) bool { return c.DynamicIP == p.ID })
		ix.followed[i] = p.Saved || p.Setter || target || len(ix.scripted[p.ID]) > 0 ||
			len(ix.triggersFor(occasion{itemParameter, onChange, int(p.ID)})) > 0
	}
}

func byID[T any](m map[int]*T, list []T, id func(*T) int) {
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
}

func (ix *index) indexTriggers() {
	for i := range ix.def.Triggers {
		t := &ix.def.Triggers[i]
		at := occasion{on: itemOf(t.On)}
		at.when = momentOf(at.on, t.Time)
		switch {
		case at.on == itemNone || at.when == never:
		case t.Each:
			ix.each[at] = append(ix.each[at], t)
		case at.on == itemCommunication || at.on == itemProtocol:
			ix.fires[at] = append(ix.fires[at], t)
		default:
			at.id = t.OnID
			ix.fires[at] = append(ix.fires[at], t)
		}
	}
}

func (ix *index) indexConnections() {
	sockets := 0
	for i, c := range ix.def.Connections {
		ix.conns[c.ID] = connIndex(i)
		if c.WebSocket {
			sockets++
			ix.only = c.ID
		}
	}
	ix.hasOnly = sockets == 1
	switch {
	case ix.hasOnly:
		ix.unbound = ix.only
	case len(ix.def.Connections) > 0:
		ix.unbound = ix.def.Connections[0].ID
		if _, ok := ix.conns[0]; ok {
			ix.unbound = 0
		}
	}
}

func (ix *index) indexResponses() {
	for i := range ix.def.Responses {
		r := newResponse(ix, &ix.def.Responses[i])
		ix.responses[r.ID] = r
	}
	bind := func(bound bool) {
		for i := range ix.def.Responses {
			r := ix.responses[ix.def.Responses[i].ID]
			if r.HasConnection != bound {
				continue
			}
			at := ix.unbound
			if bound {
				at = ix.connection(r.Connection)
			}
			ix.listens[at] = append(ix.listens[at], r)
		}
	}
	bind(true) // those with a connection are tried before those without
	bind(false)
}
