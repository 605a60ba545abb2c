package engine

import (
	"slices"

	"fieldline/element/connector"
)

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
	grouped := false
	for i := range ix.def.Groups {
		g := &ix.def.Groups[i]
		if !slices.ContainsFunc(g.Content, func(c connector.GroupItem) bool { return c.Kind == connector.ItemPair && c.ID == p.ID }) {
			continue
		}
		if grouped = true; ix.connection(g.Connection) == main {
			return true
		}
	}
	return !grouped && ix.connection(0) == main
}
