package engine

import (
	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// inContent is a parameter in the content of a message.
func (ix *index) inContent(id element.ParamID) codec.Param {
	p := codec.Param{ID: id}
	if i, ok := ix.place[id]; ok {
		p.Interprete = &ix.params[i].Interprete
	}
	return p
}

// Places of what has one.
type (
	paramIndex  int // in index.params, by id
	connIndex   int // in Definition.Connections
	timerIndex  int // in Definition.Timers
	laneIndex   int // in lanes.list
	columnIndex int // in Table.Columns
)

// noTimer is the timer of what no timer has queued.
const noTimer timerIndex = -1

// index finds the parts of a definition by id and by what they react to. It
// is made once and never changes.
type index struct {
	def    *connector.Definition
	params []*connector.Param // by id
	place  map[element.ParamID]paramIndex

	commands  map[int]*command
	responses map[int]*response
	pairs     map[int]*connector.Pair
	groups    map[int]*connector.Group
	timers    map[int]timerIndex // place in Definition.Timers
	triggers  map[int]*connector.Trigger
	actions   map[int]*connector.Action

	fires map[occasion][]*connector.Trigger
	each  map[occasion][]*connector.Trigger // occasion without id

	tables  map[element.ParamID]*tableIndex
	columns map[element.ParamID]columnOf // by the column's read parameter

	copies    map[paramIndex][]paramIndex    // places of what repeats a value, by place
	rowCopies map[element.ParamID][]*rowCopy // by table; nil when none

	linkCopies map[element.ParamID][]*rowCopy // by the table that foreign keys lead to; nil when none

	conns    map[int]connIndex // place in Definition.Connections
	only     int               // id of the only WebSocket connection
	hasOnly  bool
	unbound  int                 // id of the connection that responses without one belong to
	listens  map[int][]*response // by connection id, in order of trial
	scripted map[element.ParamID][]*connector.QAction

	afterGroup map[int][]*connector.QAction // QActions with option "group"
	ping       *connector.Group             // of slow poll; nil when there is none

	saved    map[element.ParamID]bool // that an action saves
	followed []bool                   // parameters from whose change anything follows
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

// connection resolves a connection number that the connector wrote: one that
// does not exist is the only WebSocket connection, when there is just one.
func (ix *index) connection(n int) int {
	if _, ok := ix.conns[n]; !ok && ix.hasOnly {
		return ix.only
	}
	return n
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

// param returns the parameter with that id and its place, or nil.
func (ix *index) param(id element.ParamID) (*connector.Param, paramIndex) {
	i, ok := ix.place[id]
	if !ok {
		return nil, 0
	}
	return ix.params[i], i
}
