package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// Flow is what a connector says of queues and of time beside its items.
type Flow struct {
	Threads []Thread // beside the protocol's own queue, in document order

	// RelativeTimers says that the parameter "Timer base" scales the timers
	// (attribute relativeTimers of Type): the next interval, or, with
	// TimersReset, the timers run at once when it changes.
	RelativeTimers bool
	TimersReset    bool
}

// TimerBase is the general parameter that relative timers are multiplied by:
// MinTimerBase to MaxTimerBase, 0 and 1 change nothing (documentation page
// Changing_the_polling_speed_of_an_element).
const (
	TimerBase    = 65017
	MinTimerBase = 0.01
	MaxTimerBase = 10
)

// Thread is a queue of its own for the groups of some connections, or for
// those that name its id (schema documentation, Threads/Thread).
type Thread struct {
	ID          int
	HasID       bool
	Name        string
	Connections []int // numbers of connections; those without a connection are only for groups to name
	Pos         Pos
}

// slowPoll reads SlowPoll, SlowPollBase and PingInterval. Without a base a
// small number counts timeouts.
func (r *reader) slowPoll(c *Connection, n *node) {
	value, base := n.child("SlowPoll"), n.child("SlowPollBase")
	if ping := n.child("PingInterval"); ping != nil {
		if ms := r.number(ping, "PingInterval", ping.value("DefaultValue"), element.MinSlowMs, element.MaxSlowMs); ms > 0 {
			c.SlowPoll.PingMs = ms
		}
	}
	if off := func(x *node) bool { return strings.EqualFold(x.value("Disabled"), "true") }; off(value) || off(base) {
		c.Locked = append(c.Locked, "slowAfter", "slowAfterMs")
	}
	if strings.EqualFold(n.child("PingInterval").value("Disabled"), "true") {
		c.Locked = append(c.Locked, "slowPingMs")
	}
	by, amount := strings.ToLower(base.value("DefaultValue")), value.value("DefaultValue")
	if amount == "" {
		return
	}
	if ms, err := strconv.Atoi(amount); by == "" && err == nil && ms >= element.MinSlowMs {
		by = "time"
	}
	switch by {
	case "number", "":
		c.SlowPoll.After = r.number(value, "SlowPoll", amount, 1, element.MaxSlowAfter)
	case "time":
		c.SlowPoll.AfterMs = r.number(value, "SlowPoll", amount, element.MinSlowMs, element.MaxSlowMs)
	default:
		r.Note("FL-07", base.at(), "SlowPollBase is %q; it is number or time. There is no slow poll.", Shorten(by))
	}
}

// relativeTimers reads the attribute of Type, which counts beside Connections
// too: there is no other place for it.
func (r *reader) relativeTimers(old *node) {
	switch text := strings.ToLower(old.attr("relativeTimers")); text {
	case "true", "true with reset":
		r.def.RelativeTimers, r.def.TimersReset = true, text != "true"
	case "", "false":
	default:
		r.Note("FL-08", old.at(), "relativeTimers is %q; it is true or true with reset. Timers are not relative.", Shorten(text))
	}
}

// threads reads the queues beside the protocol's own.
func (r *reader) threads(n *node) {
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
				r.Note("FL-40", x.at(), "The id %q of this thread is no number of its own; the thread is not made, its groups run in the main queue.", Shorten(text))
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
func (r *reader) threadConnections(x *node, t *Thread) bool {
	for part := range strings.SplitSeq(x.attr("connection"), ",") {
		if nr, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && nr >= 0 && len(t.Connections) < maxConnections {
			t.Connections = append(t.Connections, nr)
		}
	}
	if len(t.Connections) == 0 {
		r.Note("FL-40", x.at(), "The connection %q of this thread is no list of numbers; the thread is not made.", Shorten(x.attr("connection")))
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

// groupThread says which queue a group waits in: that of its threadId, or that
// of a number that only threads have. It reports whether the number was such.
func (r *reader) groupThread(x *node, g *Group) bool {
	if text, ok := x.lookup("threadId"); ok && text != "" {
		g.ThreadID, g.HasThreadID = r.number(x, "Group@threadId", text, 0, 1_000_000), true
		if !slices.ContainsFunc(r.def.Threads, func(t Thread) bool { return t.HasID && t.ID == g.ThreadID }) {
			r.Note("FL-40", x.at(), "Group %d names thread %d, which does not exist; it runs in the main queue.", g.ID, g.ThreadID)
		}
	}
	nr, err := strconv.Atoi(x.attr("connection"))
	if err != nil {
		return false
	}
	_, real := r.def.Connection(nr)
	for i, t := range r.def.Threads {
		if !real && slices.Contains(t.Connections, nr) {
			g.Virtual = i + 1
			return true
		}
	}
	return false
}

// pingGroup reads the group that slow poll pings with (id -1): a group of
// pairs or sessions of the main connection.
func (r *reader) pingGroup(x *node) {
	k := Item{"group", PingGroup}
	if first, twice := r.have[k]; twice {
		r.refuse("4.8.5", x.at(), "The id -1 is used by two groups; the first is on line %d.", first.Line)
		return
	}
	r.have[k] = x.at()
	r.group(x, PingGroup)
	g := r.def.Groups[len(r.def.Groups)-1]
	talks := slices.ContainsFunc(g.Content, func(i GroupItem) bool { return i.Kind == ItemPair || i.Kind == ItemSession })
	if !talks && !r.off[k] {
		r.disable(k, "FL-19", x.at(), "The group with id -1, which slow poll pings with, has no pair and no session; it is disabled.")
	}
}

// PingGroup is the id of the group that slow poll pings with.
const PingGroup = -1
