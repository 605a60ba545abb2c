package runner

import (
	"fieldline/element"
)

// element is the public summary as it is now.
func (r *Runner) element() *element.Element {
	e := &element.Element{
		ID: r.id, Name: r.record.Config.Name, Connector: r.record.Config.Connector, Version: r.record.Config.Version,
		State: r.record.State, Reconnect: r.record.Config.Reconnect, CreatedAt: element.At(r.record.CreatedAt),
		Connections: []element.Connection{},
	}
	if r.engine != nil {
		e.Timeout = r.engine.TimedOut()
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
