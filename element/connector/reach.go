package connector

import (
	"slices"

	"fieldline/element"
)

// reach works out what of a connector's logic can happen in this program, and
// which parameters get a value by it: what starts by itself, by a person or by
// a device, and what that leads to in turn. It takes more for possible than is
// (conditions hold, devices answer), so what it does not reach cannot happen.
// Scripts are not followed.
type reach struct {
	r       *reader
	next    map[Item][]Item
	waiting map[Item][]Item // copies that have no source yet, by source
	needs   map[Item]Item   // action: the parameter that it copies
	reached map[Item]bool
	todo    []Item
}

func (r *reader) reach() *reach {
	h := &reach{r: r, next: map[Item][]Item{}, waiting: map[Item][]Item{}, needs: map[Item]Item{}, reached: map[Item]bool{}}
	h.triggers()
	h.actions()
	h.traffic()
	h.values()
	for _, t := range r.def.Timers {
		k := Item{"timer", t.ID}
		for _, id := range t.Groups {
			h.leads(k, Item{"group", id})
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
		h.start(Item{k.Kind, each})
	}
	return h
}

// each is the id that stands for all items of a kind, for triggers on each of
// them. No item has it.
const each = -2

// leads says that one item sets off another.
func (h *reach) leads(from, to Item) { h.next[from] = append(h.next[from], to) }

// start reaches an item; a copy waits until what it copies has a value.
func (h *reach) start(k Item) {
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

func (h *reach) triggers() {
	for _, t := range h.r.def.Triggers {
		k := Item{"trigger", t.ID}
		for _, item := range t.Content {
			h.leads(k, Item{pick(t.RunsTriggers, "trigger", "action"), item.ID})
		}
		switch {
		case t.On == "protocol" && !slices.Contains(idleOccasions(), t.Time), t.On == "communication":
			h.start(k)
		case t.On == "", t.On == "protocol":
		case t.Each:
			h.leads(Item{t.On, each}, k)
		default:
			h.leads(Item{t.On, t.OnID}, k)
		}
	}
}

// actions follows what actions set off, and what they give a value.
func (h *reach) actions() {
	for _, a := range h.r.def.Actions {
		k := Item{"action", a.ID}
		on := ""
		switch a.On {
		case "timer":
			if a.Type != "stop" {
				on = "timer"
			}
		case "group":
			if !slices.Contains(idleTypes()["group"], a.Type) {
				on = "group"
			}
		case "parameter":
			if fillsParameter(a.Type) {
				on = "parameter"
			}
			if a.HasTypeID && (a.Type == "copy" || a.Type == "copy reverse") {
				h.needs[k] = Item{"parameter", a.TypeID}
			}
		}
		for _, id := range a.OnIDs {
			if on != "" {
				h.leads(k, Item{on, id})
			}
		}
	}
}

// fillsParameter reports whether an action on a parameter gives it a value.
func fillsParameter(action string) bool {
	switch action {
	case "run actions", "clear", "clear on display", "save", "go":
		return false
	}
	return !slices.Contains(idleTypes()["parameter"], action)
}

// traffic follows what is sent to devices and what comes from them.
func (h *reach) traffic() {
	d := h.r.def
	own := map[int]int{} // pair: the connection that it names itself
	for _, p := range d.Pairs {
		if p.HasConnection {
			own[p.ID] = p.Connection
		}
	}
	for _, g := range d.Groups {
		k := Item{"group", g.ID}
		if g.ID == PingGroup {
			h.start(k)
		}
		for _, item := range g.Content {
			if item.Kind != ItemParam && h.carried(g, item, own) {
				h.leads(k, Item{string(item.Kind), item.ID})
			}
		}
	}
	for _, p := range d.Pairs {
		k := Item{"pair", p.ID}
		h.leads(k, Item{"command", p.Command})
		for _, id := range slices.Concat(p.Responses, p.BadResponses) {
			h.leads(k, Item{"response", id})
		}
		if h.r.webSocket() { // may be the one that pings
			h.start(k)
		}
	}
	for _, resp := range d.Responses {
		k := Item{"response", resp.ID}
		for _, id := range resp.Content {
			h.leads(k, Item{"parameter", int(id)})
		}
		if c, ok := d.Connection(resp.Connection); h.r.webSocket() && (!resp.HasConnection || !ok || c.WebSocket) {
			h.start(k)
		}
	}
	for _, s := range d.Sessions {
		k := Item{"session", s.ID}
		for _, id := range sessionFills(s) {
			h.leads(k, Item{"parameter", int(id)})
		}
		if h.r.handshakeOf(s.ID) {
			h.start(k)
		}
	}
}

// sessionFills lists the parameters that the answers of a session fill.
func sessionFills(s Session) []element.ParamID {
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
func (h *reach) carried(g Group, item GroupItem, own map[int]int) bool {
	if item.Kind != ItemPair && item.Kind != ItemSession || g.ConnectionParam != 0 {
		return true
	}
	nr, given := g.Connection, g.HasConnection
	if at, names := own[item.ID]; item.Kind == ItemPair && names {
		nr, given = at, true
	}
	c, ok := h.r.def.Connection(nr)
	if !ok && !given {
		c, ok = h.r.def.Connections[0], true
	}
	return !ok || c.Kind == "http"
}

// values are those that parameters have without any logic, and what a value
// sets off by itself.
func (h *reach) values() {
	for _, c := range h.r.def.Connections {
		for _, id := range []element.ParamID{c.NotifyParam, c.DisconnectParam, c.DynamicIP} {
			h.start(Item{"parameter", int(id)})
		}
	}
	for _, p := range h.r.def.Params {
		k := Item{"parameter", int(p.ID)}
		switch p.Type {
		case TypeRead, TypeArray, TypeDummy, "read bit":
			if p.HasDefault || p.Interprete.Fixed != nil {
				h.start(k)
			}
		default: // a person sets it, or the program
			h.start(k)
		}
		if p.Setter && p.ReadID != 0 {
			h.leads(k, Item{"parameter", int(p.ReadID)})
		}
		for _, id := range p.DuplicateAs {
			h.leads(k, Item{"parameter", int(id)})
		}
	}
}
