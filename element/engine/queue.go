package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

// ofPerson reports whether a group runs for people only: no logic wants it too.
func (q *entry) ofPerson() bool { return !q.logic && len(q.causes) > 0 }

// given is when the newest of what it goes back to was given.
func (q *entry) given() time.Time {
	var at time.Time
	for _, c := range q.causes {
		at = later(at, c.at)
	}
	return at
}

func awaits(p *connector.Pair) bool { return len(p.Responses)+len(p.BadResponses) > 0 }

// MaxQueue bounds the groups that wait; more are refused and logged.
const MaxQueue = 1000

// rank is the part of the queue that a group is put into.
type rank uint8

const (
	rankFront  rank = iota // execute next
	rankNormal             // execute
	rankTimer              // timers, add to execute
)

// entry is a group that waits.
type entry struct {
	group    *connector.Group
	lane     laneIndex // place of its lane
	rank     rank
	timer    timerIndex      // place of the timer that queued it, -1 when none did
	causes   []cause         // what people gave that it goes back to; never written in place
	logic    bool            // the logic wants it, whatever people gave
	behind   int             // the connection that its lane waited for when a person queued it, else nowhere
	messages map[int]message // commands by item, made when it was queued; read-only
	requests map[int][]built // of sessions, by item, built when it was queued; read-only
}

func (l *lane) insert(q entry) {
	at := len(l.queue)
	switch q.rank {
	case rankFront:
		at = 0
	case rankNormal:
		if i := slices.IndexFunc(l.queue, func(o entry) bool { return o.rank == rankTimer }); i >= 0 {
			at = i
		}
	case rankTimer:
	}
	l.queue = slices.Insert(l.queue, at, q)
}
