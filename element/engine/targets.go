package engine

import (
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// targets does what follows when a connection leads elsewhere, or is heard no
// more.
type targets struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	values      *values
	tables      *tables
	addresses   *addresses
	lanes       *lanes
}

// retarget asks for a new connection when the parameter is the dynamic IP of
// one. A paused element connects when it is resumed.
func (ts *targets) retarget(id element.ParamID) {
	for i := range ts.ix.def.Connections {
		c := &ts.ix.def.Connections[i]
		if c.DynamicIP != id {
			continue
		}
		if !c.WebSocket {
			ts.fillAddresses() // the next request goes there
			ts.elsewhere(connIndex(i))
			continue
		}
		switch ts.status.mode {
		case modeActive:
			ts.connections.connect(connIndex(i))
		case modePaused:
			ts.connections.list[i].redial = true
		case modeIdle, modeStopped:
		}
		ts.fillAddresses()
	}
}

// elsewhere notes where an HTTP connection leads now. What the device reported
// that was asked before is not true of another one: it is stale, and what that
// device still answers is not read.
func (ts *targets) elsewhere(i connIndex) {
	c, def := &ts.connections.list[i], &ts.ix.def.Connections[i]
	to, err := ts.addresses.httpTarget(def)
	if c.asked == (element.Address{}) || err == nil && to == c.asked {
		return
	}
	c.asked, c.heard = element.Address{}, false
	ts.stale(def.ID)
	ts.lanes.eachRunning(func(r *run) {
		if r.phase == phaseReply && r.conn == def.ID && !r.requests[r.item][r.exchange].own {
			r.readdressed = true
		}
	})
}

// stale marks what came by a connection as no longer heard.
func (ts *targets) stale(conn int) {
	ts.tables.markStale(func(from, _ int) bool { return from == conn })
}

// unread notes that a paused element does not read its messages: what that
// connection reported may be out of date from now on.
func (ts *targets) unread(i connIndex) {
	c := &ts.connections.list[i]
	if c.unread {
		return
	}
	c.unread = true
	ts.stale(ts.ix.def.Connections[i].ID)
	ts.logf(levelInfo, "The element is paused: messages on %s are not read.", connName(&ts.ix.def.Connections[i]))
}

// fillAddresses sets the parameters that hold the addresses of the element's
// connections, in the connector's order and separated by semicolons.
func (ts *targets) fillAddresses() {
	var bus, hosts, ports []string
	for i := range ts.ix.def.Connections {
		cfg := ts.status.connConfig(ts.ix.def.Connections[i].ID)
		bus = append(bus, cfg.BusAddress)
		t, err := ts.ends(&ts.ix.def.Connections[i])
		if err != nil {
			hosts, ports = append(hosts, ""), append(ports, "")
			continue
		}
		hosts = append(hosts, t.Host)
		ports = append(ports, element.Address{Host: t.Host, Port: t.Port}.HostPort())
	}
	for _, p := range ts.ix.params {
		switch p.Type {
		case connector.TypeBus:
			ts.values.setSilently(p.ID, element.Text(strings.Join(bus, ";")))
		case connector.TypeIP:
			ts.values.setSilently(p.ID, element.Text(strings.Join(ports, ";")))
		case connector.TypePollingIP:
			ts.values.setSilently(p.ID, element.Text(strings.Join(hosts, ";")))
		default:
		}
	}
}

// ends is the host and port that a connection leads to.
func (ts *targets) ends(c *connector.Connection) (element.Address, error) {
	if !c.WebSocket {
		return ts.addresses.httpTarget(c)
	}
	t, err := ts.addresses.target(c)
	return t.Address, err
}
