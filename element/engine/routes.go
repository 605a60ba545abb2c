package engine

import (
	"slices"

	"fieldline/element/connector"
)

// sessionConnection is the connection of a group of sessions. A group that
// names none, or one that does not exist, uses the only HTTP connection.
func (ls *lanes) sessionConnection(g *connector.Group) int {
	n := g.Connection
	if g.ConnectionParam != 0 {
		f, _ := ls.values.value(g.ConnectionParam).Float()
		n = int(f)
	}
	at, exists := ls.ix.conns[n]
	named := g.HasConnection || g.ConnectionParam != 0
	if exists && (named || !ls.ix.def.Connections[at].WebSocket) {
		return n
	}
	only, count := n, 0
	for i := range ls.ix.def.Connections {
		if c := &ls.ix.def.Connections[i]; !c.WebSocket && c.Kind == "http" {
			only = c.ID
			count++
		}
	}
	if count == 1 {
		return only
	}
	return n
}

// sendsOver are the connections that a group sends on.
func (ls *lanes) sendsOver(g *connector.Group) []int {
	var all []int
	for _, item := range g.Content {
		var conn int
		switch item.Kind {
		case connector.ItemPair:
			conn = ls.groupConnection(g, ls.ix.pairs[item.ID])
		case connector.ItemSession:
			conn = ls.sessionConnection(g)
		default:
			continue
		}
		if _, ok := ls.ix.conns[conn]; ok && !slices.Contains(all, conn) {
			all = append(all, conn)
		}
	}
	return all
}

// groupConnection returns the connection of a pair inside a group: the pair's
// own, else the group's, else 0.
func (ls *lanes) groupConnection(g *connector.Group, p *connector.Pair) int {
	switch {
	case p != nil && p.HasConnection:
		return ls.ix.connection(p.Connection)
	case g.ConnectionParam != 0:
		f, _ := ls.values.value(g.ConnectionParam).Float()
		return ls.ix.connection(int(f))
	case g.HasConnection:
		return ls.ix.connection(g.Connection)
	default:
		return ls.ix.connection(0)
	}
}

func (ls *lanes) makesByProtocol(g *connector.Group) bool {
	c, ok := ls.ix.def.Connection(ls.groupConnection(g, nil))
	for _, item := range g.Content {
		if p := ls.ix.pairs[item.ID]; item.Kind == connector.ItemPair && p != nil && p.HasConnection {
			c, ok = ls.ix.def.Connection(ls.ix.connection(p.Connection))
		}
	}
	return ok && c.MakeByProtocol
}

// asksMain reports whether a group sends something on the main connection.
func (ls *lanes) asksMain(g *connector.Group) bool {
	main := ls.ix.def.Connections[0].ID
	if polls(g) {
		return ls.sessionConnection(g) == main
	}
	return slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool {
		return i.Kind == connector.ItemPair && ls.groupConnection(g, ls.ix.pairs[i.ID]) == main
	})
}
