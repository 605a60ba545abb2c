package engine

import (
	"cmp"
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// index finds the parts of a definition by id and by what they react to. It
// is made once and never changes.
type index struct {
	def    *connector.Definition
	params []*connector.Param // by id
	place  map[element.ParamID]int

	commands  map[int]*command
	responses map[int]*response
	pairs     map[int]*connector.Pair
	groups    map[int]*connector.Group
	timers    map[int]int // place in Definition.Timers
	triggers  map[int]*connector.Trigger
	actions   map[int]*connector.Action

	fires map[occasion][]*connector.Trigger
	each  map[occasion][]*connector.Trigger // occasion without id

	tables  map[element.ParamID]*tableIndex
	columns map[element.ParamID]columnOf // by the column's read parameter

	copies    map[int][]int                  // places of what repeats a value, by place
	rowCopies map[element.ParamID][]*rowCopy // by table; nil when none

	linkCopies map[element.ParamID][]*rowCopy // by the table that foreign keys lead to; nil when none

	conns    map[int]int // place in Definition.Connections
	only     int         // id of the only WebSocket connection
	hasOnly  bool
	unbound  int                 // id of the connection that responses without one belong to
	listens  map[int][]*response // by connection id, in order of trial
	scripted map[element.ParamID][]*connector.QAction

	afterGroup map[int][]*connector.QAction // QActions with option "group"
	ping       *connector.Group             // of slow poll; nil when there is none

	saved map[element.ParamID]bool // that an action saves
}

func newIndex(def *connector.Definition) *index {
	ix := &index{
		def: def, params: slices.Clone(def.Params),
		place:    make(map[element.ParamID]int, len(def.Params)),
		commands: map[int]*command{}, responses: map[int]*response{},
		pairs: map[int]*connector.Pair{}, groups: map[int]*connector.Group{}, timers: map[int]int{},
		triggers: map[int]*connector.Trigger{}, actions: map[int]*connector.Action{},
		fires: map[occasion][]*connector.Trigger{}, each: map[occasion][]*connector.Trigger{},
		conns: map[int]int{}, listens: map[int][]*response{},
		scripted: map[element.ParamID][]*connector.QAction{}, afterGroup: map[int][]*connector.QAction{},
	}
	slices.SortFunc(ix.params, func(a, b *connector.Param) int { return cmp.Compare(a.ID, b.ID) })
	for i, p := range ix.params {
		ix.place[p.ID] = i
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
		ix.timers[def.Timers[i].ID] = i
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
	return ix
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

// triggersFor returns the triggers of an occasion: its own, else those for
// each item of the kind (schema documentation, Trigger/On@id).
func (ix *index) triggersFor(at occasion) []*connector.Trigger {
	if own := ix.fires[at]; len(own) > 0 {
		return own
	}
	at.id = 0
	return ix.each[at]
}

func (ix *index) indexConnections() {
	sockets := 0
	for i, c := range ix.def.Connections {
		ix.conns[c.ID] = i
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

// connection resolves a connection number that the connector wrote: one that
// does not exist is the only WebSocket connection, when there is just one.
func (ix *index) connection(n int) int {
	if _, ok := ix.conns[n]; !ok && ix.hasOnly {
		return ix.only
	}
	return n
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

// reads reports whether one of the triggers, or one that they run, has an
// action that reads a response. seen holds the triggers already looked at.
func (ix *index) reads(triggers []*connector.Trigger, seen map[int]bool) bool {
	for _, t := range triggers {
		if seen[t.ID] {
			continue
		}
		seen[t.ID] = true
		for _, item := range t.Content {
			if t.RunsTriggers {
				if sub := ix.triggers[item.ID]; sub != nil && ix.reads([]*connector.Trigger{sub}, seen) {
					return true
				}
				continue
			}
			if a := ix.actions[item.ID]; a != nil && a.Type == "read" && (a.On == "response" || a.On == "parameter") {
				return true
			}
		}
	}
	return false
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
