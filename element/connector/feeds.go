package connector

import (
	"slices"

	"fieldline/element"
)

// feeder works out which parameters feed connections and requests.
type feeder struct{ *draft }

// feeds works out what every parameter is used for in reaching a device, and
// checks the handshakes (WS-01 to WS-08, WS-10).
func (r feeder) feeds() {
	for i := range r.def.Sessions {
		r.sessionRefs(&r.def.Sessions[i])
	}
	r.dynamicIPs()
	r.valueRefs()
	newCopier(r.draft).copies()
	for i := range r.def.Connections {
		c := &r.def.Connections[i]
		c.NotifyParam = r.existing(c.NotifyParam, "WS-08", c.Pos, "NotifyConnectionPIDs")
		c.DisconnectParam = r.existing(c.DisconnectParam, "WS-08", c.Pos, "NotifyConnectionPIDs")
		if c.HasHandshake {
			r.handshake(c)
		}
	}
	for _, p := range r.def.Params {
		if w := r.def.params[p.WriteID]; w != nil {
			merge(&w.Feeds, p.Feeds)
			merge(&w.asks, p.asks)
		}
	}
	r.copiedFeeds()
}

func (r feeder) dynamicIPs() {
	claimed := map[int]element.ParamID{}
	for _, p := range r.def.Params {
		if p.DynamicIP == nil {
			continue
		}
		nr := *p.DynamicIP
		if _, ok := r.def.Connection(nr); !ok {
			only, one := r.def.OnlyWebSocket()
			if !one {
				r.Note("WS-10", p.Pos, "Parameter %d has the option dynamic ip %d, but there is no such connection; it is ignored.", p.ID, nr)
				p.DynamicIP = nil
				continue
			}
			r.Note("WS-10", p.Pos, "Parameter %d has the option dynamic ip %d, but there is no such connection; connection %d is used.", p.ID, nr, only)
			nr = only
			p.DynamicIP = &nr
		}
		if first, twice := claimed[nr]; twice {
			r.NoteAs("WS-10", element.Major, p.Pos, "Parameters %d and %d are both the dynamic ip of connection %d; %d is ignored.", first, p.ID, nr, p.ID)
			p.DynamicIP = nil
			continue
		}
		if p.IsNumber {
			r.Note("WS-11", p.Pos, "Parameter %d is a dynamic ip but holds a number; it has to be a string. It is ignored.", p.ID)
			p.DynamicIP = nil
			continue
		}
		claimed[nr] = p.ID
		for i := range r.def.Connections {
			if c := &r.def.Connections[i]; c.ID == nr {
				c.DynamicIP = p.ID
			}
		}
		p.Feeds.Address = true
		p.Feeds.Connections = append(p.Feeds.Connections, nr)
	}
}

// valueRefs drops references of parameters to parameters that do not exist.
func (r feeder) valueRefs() {
	for _, p := range r.def.Params {
		in := &p.Interprete
		in.LengthID = r.existing(in.LengthID, "2.69.4", p.Pos, "LengthType@id")
		if p.Table != nil {
			for i := range p.Table.Columns {
				c := &p.Table.Columns[i]
				c.ForeignKey = r.existing(c.ForeignKey, "FL-13", p.Pos, "A foreignKey")
			}
		}
		in.OffSet.Param = r.existing(in.OffSet.Param, "FL-13", p.Pos, "OffSet@id")
		whole := true
		for _, s := range in.Sequence {
			whole = r.existing(s.Param, "FL-13", p.Pos, "A sequence") == s.Param && whole
		}
		if !whole {
			in.Sequence = nil
		}
	}
}

// copiedFeeds follows copy actions: a write parameter whose value is copied to
// one that feeds a connection is checked like it. The source of a copy is
// Type@id, or the parameter whose trigger runs the action.
func (r feeder) copiedFeeds() {
	starters := map[int][]element.ParamID{}
	for _, t := range r.def.Triggers {
		if t.On != "parameter" || t.Each || t.RunsTriggers {
			continue
		}
		for _, item := range t.Content {
			starters[item.ID] = append(starters[item.ID], element.ParamID(t.OnID))
		}
	}
	for _, a := range r.def.Actions {
		if a.On != "parameter" || a.Type != "copy" {
			continue
		}
		sources := starters[a.ID]
		if a.HasTypeID {
			sources = []element.ParamID{element.ParamID(a.TypeID)}
		}
		for _, to := range a.OnIDs {
			target := r.def.params[element.ParamID(to)]
			if target == nil || !target.sent().Any() {
				continue
			}
			for _, id := range sources {
				if source := r.def.params[id]; source != nil && source.Type.IsWrite() && !source.IsNumber {
					merge(&source.Feeds, target.Feeds)
					merge(&source.asks, target.asks)
				}
			}
		}
	}
}

func feed(p *Param, mark func(*element.Feeds), connection int) {
	mark(&p.Feeds)
	if !slices.Contains(p.Feeds.Connections, connection) {
		p.Feeds.Connections = append(p.Feeds.Connections, connection)
	}
}

func merge(into *element.Feeds, f element.Feeds) bool {
	before := *into
	into.Address = into.Address || f.Address
	into.Path = into.Path || f.Path
	into.Header = into.Header || f.Header
	into.Login = into.Login || f.Login
	grown := false
	for _, c := range f.Connections {
		if !slices.Contains(into.Connections, c) {
			into.Connections = append(slices.Clone(into.Connections), c)
			grown = true
		}
	}
	return grown || before.Address != into.Address || before.Path != into.Path || before.Header != into.Header || before.Login != into.Login
}
