package runner

import (
	"time"

	"fieldline/element"
)

// flush publishes what waits. The summary is readable before its patch is, so
// that a list taken at a cursor holds everything up to it.
func (r *Runner) flush(now time.Time) {
	r.screen.tellLosses(now)
	r.scripts.show(now)
	r.general.show(r.machine, &r.screen)
	var summary *element.Element
	if r.screen.summaryDue(now) {
		summary = r.element()
		r.summary.Store(summary)
	}
	r.screen.publish(now, summary)
}

// element is the public summary as it is now.
func (r *Runner) element() *element.Element {
	e := &element.Element{
		ID: r.id, Name: r.record.Config.Name, Connector: r.record.Config.Connector, Version: r.record.Config.Version,
		State: r.record.State, Reconnect: r.record.Config.Reconnect, CreatedAt: element.At(r.record.CreatedAt),
		Connections: []element.Connection{},
	}
	if r.machine != nil {
		e.Timeout = r.machine.TimedOut()
	}
	if k := r.record.previous(); k != nil {
		e.PreviousVersion = k.Version
	}
	e.Faults = r.faults()
	for _, c := range r.connections {
		if c.retired {
			continue
		}
		e.Connections = append(e.Connections, c.public)
	}
	return e
}
