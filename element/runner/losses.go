package runner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fieldline/element"
)

// How losses of history are told.
const (
	lossesEvery = 5 * time.Second // between two lines about one run of losses
	lossesQuiet = time.Minute     // without a loss, after which the next one is another run
)

// losses is what history could not take, as the list of events tells it: one
// line for each run of losses, with its count.
type losses struct {
	count  map[element.EventKind]uint64 // of the present run
	untold bool
	lostAt time.Time // the last loss
	next   time.Time // not to be told before
}

// add takes a loss; first says that it begins a run.
func (l *losses) add(now time.Time, lost map[element.EventKind]uint64) (first bool) {
	if len(lost) == 0 {
		return false
	}
	if l.count == nil || now.Sub(l.lostAt) >= lossesQuiet {
		l.count, l.next, first = map[element.EventKind]uint64{}, now, true
	}
	for kind, n := range lost {
		l.count[kind] += n
	}
	l.untold, l.lostAt = true, now
	return first
}

// due is when a loss is to be told, zero when none is.
func (l *losses) due() time.Time {
	if !l.untold {
		return time.Time{}
	}
	return l.next
}

// tellLosses lists what history could not take.
func (s *screen) tellLosses(now time.Time) {
	m := &s.losses
	if !m.untold || now.Before(m.next) {
		return
	}
	var parts []string
	total := uint64(0)
	for _, kind := range slices.Sorted(maps.Keys(m.count)) {
		parts = append(parts, fmt.Sprintf("%d events of kind %s", m.count[kind], kind))
		total += m.count[kind]
	}
	verb := "are"
	if total == 1 {
		parts[0], verb = strings.Replace(parts[0], "events", "event", 1), "is"
	}
	s.fold("losses", now, element.Log{Level: "warning", Message: strings.Join(parts, " and ") + " " + verb + " missing from history: more came than could be written."})
	m.untold, m.next = false, now.Add(lossesEvery)
}
