package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

// orDone adds to why the answer to a request is missing that it may have been
// carried out, where its bytes are out.
func (r *run) orDone(why string) string {
	if r.out {
		return why + " " + mayHaveBeen
	}
	return why
}

// phase is what a running group waits for.
type phase uint8

const (
	phaseReady      phase = iota // for nothing
	phasePause                   // for a time: next, Interval
	phaseConnecting              // for its connection to open
	phaseAnswer                  // for the device
	phaseReply                   // for the end of an HTTP exchange, which its connection bounds
)

// run is a group that runs.
type run struct {
	entry
	item    int
	phase   phase
	until   time.Time // when the wait ends
	begun   bool      // "before group" was fired
	dropped bool      // stop current group

	// Of the pair that runs.
	conn    int
	attempt int // sends tried, from 1
	payload message
	token   uint64
	sent    bool   // the command was handed over at least once
	said    string // how a message began that came instead of the answer

	exchange    int  // of the session that runs
	readdressed bool // the address changed after the request was sent
	out         bool // bytes of the request went out, in whatever attempt
}

// next takes the next group out of the queue and makes it the running one.
func (l *lane) next() bool {
	from := &l.forced
	if len(*from) == 0 {
		from = &l.queue
	}
	if len(*from) == 0 {
		return false
	}
	q := (*from)[0]
	*from = slices.Delete(*from, 0, 1)
	l.runs = append(l.runs, run{entry: q})
	return true
}

// immediate reports whether a timer runs the group at once: it is of type
// action or trigger and waits between no items.
func immediate(g *connector.Group) bool {
	if g.Type != connector.GroupAction && g.Type != connector.GroupTrigger {
		return false
	}
	return !slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool {
		return i.NextMs > 0 || i.Kind == connector.ItemPair || i.Kind == connector.ItemSession
	})
}
