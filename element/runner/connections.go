package runner

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// connections are those of an element, one for each id. Retired ones stay until
// they are closed.
type connections []*connection

// find returns a connection, nil when there is none.
func (cs connections) find(id int) *connection {
	for _, c := range cs {
		if c.id == id {
			return c
		}
	}
	return nil
}

// define brings the list in line with the connector.
func (cs *connections) define(r *Runner, d *connector.Definition) {
	old := *cs
	*cs = nil
	for _, dc := range d.Connections {
		if !dc.RunsHere() {
			continue
		}
		at := slices.IndexFunc(old, func(c *connection) bool { return c.id == dc.ID })
		if at < 0 {
			*cs = append(*cs, newConnection(r, dc))
			continue
		}
		old[at].define(dc)
		*cs = append(*cs, old[at])
		old = slices.Delete(old, at, at+1)
	}
	for _, c := range old {
		c.retired = true
		c.transport.disconnect(closeGoingAway, "the connection is not used any more")
		*cs = append(*cs, c)
	}
}

// forgetRetired lets go of retired connections that are closed by now.
func (cs *connections) forgetRetired() {
	*cs = slices.DeleteFunc(*cs, func(c *connection) bool {
		gone := c.retired && c.running() == 0
		if gone {
			c.r.secrets.forget(c.id)
		}
		return gone
	})
}

// due is when tick has something to do; zero for never.
func (cs connections) due() time.Time {
	var next time.Time
	for _, c := range cs {
		if t := c.transport.due(); !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// tick does what is due.
func (cs connections) tick(now time.Time) {
	for _, c := range cs {
		c.transport.tick(now)
	}
}

// disconnect closes all for a while or for good.
func (cs connections) disconnect(reason string) {
	for _, c := range cs {
		c.transport.disconnect(closeGoingAway, reason)
	}
}

// showTargets has people see where the next tries go.
func (cs connections) showTargets() {
	for _, c := range cs {
		c.transport.showTarget()
	}
}

// running reports whether a goroutine of one is left.
func (cs connections) running() bool {
	return slices.ContainsFunc(cs, func(c *connection) bool { return c.running() > 0 })
}

// socket finds a connection that has opening handshakes.
func (cs connections) socket(id int) (*connection, error) {
	c := cs.find(id)
	switch {
	case c == nil || c.retired:
		return nil, element.Errorf(element.NotFound, "The element has no connection %d.", id)
	case !c.isSocket():
		return nil, element.Errorf(element.Conflict, "Connection %d is not a WebSocket; it has no opening handshake.", id)
	}
	return c, nil
}

// handshake returns a record of a connection.
func (cs connections) handshake(id int, which element.Which) (element.Handshake, error) {
	c := cs.find(id)
	if c == nil {
		return element.Handshake{}, element.Errorf(element.NotFound, "The element has no connection %d.", id)
	}
	return c.handshakes.find(which)
}
