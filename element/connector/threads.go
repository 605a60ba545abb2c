package connector

import (
	"slices"
	"strconv"
	"strings"
)

// threadReader reads Threads.
type threadReader struct{ *draft }

// threads reads the queues beside the protocol's own.
func (r threadReader) threads(n *node) {
	list := n.children("Thread")
	ids := 0
	for _, x := range list {
		if x.attr("id") != "" {
			ids++
		}
	}
	for _, x := range list {
		t := Thread{Name: x.attr("name"), Pos: x.at()}
		if text := x.attr("id"); text != "" {
			id, err := strconv.Atoi(text)
			taken := slices.ContainsFunc(r.def.Threads, func(o Thread) bool { return o.HasID && o.ID == id })
			if err != nil || id < 0 || taken {
				r.Note("FL-40", x.at(), "The id %q of this thread is not a number of its own; the thread is not made, its groups run in the main queue.", Shorten(text))
				continue
			}
			t.ID, t.HasID = id, true
		} else if ids > 0 {
			r.Note("FL-40", x.at(), "This thread has no id and others have; it is not made, its groups run in the main queue.")
			continue
		}
		if r.threadConnections(x, &t) {
			r.def.Threads = append(r.def.Threads, t)
		}
	}
}

// threadConnections reads Thread@connection, and reports whether the thread
// can be made: several for one connection are possible over HTTP only.
func (r threadReader) threadConnections(x *node, t *Thread) bool {
	for part := range strings.SplitSeq(x.attr("connection"), ",") {
		if nr, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && nr >= 0 && len(t.Connections) < maxConnections {
			t.Connections = append(t.Connections, nr)
		}
	}
	if len(t.Connections) == 0 {
		r.Note("FL-40", x.at(), "The connection %q of this thread is not a list of numbers; the thread is not made.", Shorten(x.attr("connection")))
		return false
	}
	if len(r.def.Threads) >= maxConnections {
		r.Note("FL-09", x.at(), "Only the first %d threads are made.", maxConnections)
		return false
	}
	for _, nr := range t.Connections {
		c, real := r.def.Connection(nr)
		taken := slices.ContainsFunc(r.def.Threads, func(o Thread) bool { return slices.Contains(o.Connections, nr) })
		if taken && (!real || c.WebSocket || c.Kind != "http") {
			r.Note("FL-40", x.at(), "Connection %d has a thread already; several are possible for HTTP connections only. This one is not made.", nr)
			return false
		}
	}
	return true
}
