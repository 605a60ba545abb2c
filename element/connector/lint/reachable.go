package lint

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// reachability works out what of a connector's logic can happen in this program, and
// which parameters get a value by it: what starts by itself, by a person or by
// a device, and what that leads to in turn. It takes more for possible than is
// (conditions hold, devices answer), so what it does not reach cannot happen.
// Scripts are not followed.
type reachability struct {
	l       *linter
	next    map[connector.Item][]connector.Item
	waiting map[connector.Item][]connector.Item // copies that have no source yet, by source
	needs   map[connector.Item]connector.Item   // action: the parameter that it copies
	reached map[connector.Item]bool
	todo    []connector.Item
}

func (l *linter) reach() *reachability {
	h := &reachability{l: l, next: map[connector.Item][]connector.Item{}, waiting: map[connector.Item][]connector.Item{}, needs: map[connector.Item]connector.Item{}, reached: map[connector.Item]bool{}}
	h.triggers()
	h.actions()
	h.traffic()
	h.values()
	for _, t := range l.d.Timers {
		k := itemOf("timer", t.ID)
		for _, id := range t.Groups {
			h.leads(k, itemOf("group", id))
		}
		if t.Initial != "false" {
			h.start(k)
		}
	}
	for len(h.todo) > 0 {
		k := h.todo[len(h.todo)-1]
		h.todo = h.todo[:len(h.todo)-1]
		for _, to := range h.next[k] {
			h.start(to)
		}
		for _, to := range h.waiting[k] {
			h.start(to)
		}
		h.start(itemOf(k.Kind, each))
	}
	return h
}

// each is the id that stands for all items of a kind, for triggers on each of
// them. No item has it.
const each = -2

// leads says that one item sets off another.
func (h *reachability) leads(from, to connector.Item) { h.next[from] = append(h.next[from], to) }

// start reaches an item; a copy waits until what it copies has a value.
func (h *reachability) start(k connector.Item) {
	if h.reached[k] {
		return
	}
	if source, ok := h.needs[k]; ok && !h.reached[source] {
		h.waiting[source] = append(h.waiting[source], k)
		return
	}
	h.reached[k] = true
	h.todo = append(h.todo, k)
}

func (h *reachability) triggers() {
	for _, t := range h.l.d.Triggers {
		k := itemOf("trigger", t.ID)
		for _, item := range t.Content {
			h.leads(k, itemOf(t.Runs(), item.ID))
		}
		switch {
		case t.On == "protocol" && t.RunsHere(), t.On == "communication":
			h.start(k)
		case t.On == "", t.On == "protocol":
		case t.Each:
			h.leads(itemOf(t.On, each), k)
		default:
			h.leads(itemOf(t.On, t.OnID), k)
		}
	}
}

// actions follows what actions set off, and what they give a value.
func (h *reachability) actions() {
	for _, a := range h.l.d.Actions {
		k := itemOf("action", a.ID)
		on := ""
		switch a.On {
		case "timer":
			if a.Type != "stop" {
				on = "timer"
			}
		case "group":
			if a.RunsHere() {
				on = "group"
			}
		case "parameter":
			if fillsParameter(a) {
				on = "parameter"
			}
			if a.HasTypeID && (a.Type == "copy" || a.Type == "copy reverse") {
				h.needs[k] = itemOf("parameter", a.TypeID)
			}
		}
		for _, id := range a.OnIDs {
			if on != "" {
				h.leads(k, itemOf(on, id))
			}
		}
	}
}

// fillsParameter reports whether an action on a parameter gives it a value.
func fillsParameter(a connector.Action) bool {
	switch a.Type {
	case "run actions", "clear", "clear on display", "save", "go":
		return false
	}
	return a.RunsHere()
}

// traffic follows what is sent to devices and what comes from them.
func (h *reachability) traffic() {
	d := h.l.d
	own := map[int]int{} // pair: the connection that it names itself
	for _, p := range d.Pairs {
		if p.HasConnection {
			own[p.ID] = p.Connection
		}
	}
	for _, g := range d.Groups {
		k := itemOf("group", g.ID)
		if g.ID == connector.PingGroup {
			h.start(k)
		}
		for _, item := range g.Content {
			if item.Kind != connector.ItemParam && h.carried(g, item, own) {
				h.leads(k, itemOf(string(item.Kind), item.ID))
			}
		}
	}
	for _, p := range d.Pairs {
		k := itemOf("pair", p.ID)
		h.leads(k, itemOf("command", p.Command))
		for _, id := range slices.Concat(p.Responses, p.BadResponses) {
			h.leads(k, itemOf("response", id))
		}
		if h.l.d.HasWebSocket() { // may be the one that pings
			h.start(k)
		}
	}
	for _, resp := range d.Responses {
		k := itemOf("response", resp.ID)
		for _, id := range resp.Content {
			h.leads(k, itemOf("parameter", int(id)))
		}
		if c, ok := d.Connection(resp.Connection); h.l.d.HasWebSocket() && (!resp.HasConnection || !ok || c.WebSocket) {
			h.start(k)
		}
	}
	for _, s := range d.Sessions {
		k := itemOf("session", s.ID)
		for _, id := range sessionFills(s) {
			h.leads(k, itemOf("parameter", int(id)))
		}
		if h.l.d.IsHandshake(s.ID) {
			h.start(k)
		}
	}
}

// sessionFills lists the parameters that the answers of a session fill.
func sessionFills(s connector.Session) []element.ParamID {
	var list []element.ParamID
	for _, x := range s.Exchanges {
		list = append(list, x.StatusParam, x.ContentParam)
		for _, h := range x.HeaderParams {
			list = append(list, h.Param)
		}
	}
	return slices.DeleteFunc(list, func(id element.ParamID) bool { return id == 0 })
}

// carried reports whether the connection of a group takes what an item sends:
// pairs go over WebSockets, sessions over HTTP.
func (h *reachability) carried(g connector.Group, item connector.GroupItem, own map[int]int) bool {
	if item.Kind != connector.ItemPair && item.Kind != connector.ItemSession || g.ConnectionParam != 0 {
		return true
	}
	nr, given := g.Connection, g.HasConnection
	if at, names := own[item.ID]; item.Kind == connector.ItemPair && names {
		nr, given = at, true
	}
	c, ok := h.l.d.Connection(nr)
	if !ok && !given {
		c, ok = h.l.d.Connections[0], true
	}
	return !ok || c.Kind == "http"
}

// values are those that parameters have without any logic, and what a value
// sets off by itself.
func (h *reachability) values() {
	for _, c := range h.l.d.Connections {
		for _, id := range []element.ParamID{c.NotifyParam, c.DisconnectParam, c.DynamicIP} {
			h.start(itemOf("parameter", int(id)))
		}
	}
	for _, p := range h.l.params {
		k := itemOf("parameter", int(p.ID))
		switch p.Type {
		case connector.TypeRead, connector.TypeArray, connector.TypeDummy, "read bit":
			if p.HasDefault || p.Interprete.Fixed != nil {
				h.start(k)
			}
		default: // a person sets it, or the program
			h.start(k)
		}
		if p.Setter && p.ReadID != 0 {
			h.leads(k, itemOf("parameter", int(p.ReadID)))
		}
		for _, id := range p.DuplicateAs {
			h.leads(k, itemOf("parameter", int(id)))
		}
	}
}
