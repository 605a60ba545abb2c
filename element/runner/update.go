package runner

import (
	"fieldline/element"
	"fieldline/element/engine"
)

// update applies a change of the settings at once: on disk first, then to the
// logic, then to the connections whose target it moved.
func (r *Runner) update(d element.Draft, by string) (element.Element, error) {
	old := r.record.Config
	record := r.record
	cfg, err := changedConfig(r.o.Catalog, old, d)
	if err != nil {
		return element.Element{}, err
	}
	record.Config = cfg
	if err := r.keepRecord(record); err != nil {
		return element.Element{}, err
	}
	r.record.Config = cfg
	if cfg.Version != old.Version || r.machine == nil {
		if cfg.Version != old.Version {
			r.logged("info", "The element uses version "+cfg.Version+" of its connector instead of "+old.Version+".")
		}
		r.changeVersion()
	} else {
		r.configure(old)
	}
	r.touch()
	if d.Start != nil {
		order := element.Stop
		if *d.Start {
			order = element.Start
		}
		return r.do(order, nil, by)
	}
	r.settle()
	return *r.element(), nil
}

// changeVersion runs the same element with another version of its connector.
// Saved values are kept by their parameter's id.
func (r *Runner) changeVersion() {
	state := r.record.State
	if state != element.Stopped {
		r.halt("another version of the connector is used")
		r.follow()
	}
	r.rebuild(state)
}

// configure hands changed settings to the logic, which orders a new connection
// where they lead elsewhere.
func (r *Runner) configure(old element.Config) {
	r.handle(engine.Configure{Config: r.record.Config})
	for _, c := range r.connections {
		now, _ := r.connectionConfig(c.id)
		c.public.SkipVerify = now.SkipVerify
		c.touch()
		c.reconfigure(old.Reconnect)
		c.showTarget()
	}
}

// reconfigure follows a change of the settings: it is the change that a
// refused login waits for, and the mode of reconnecting may be another one.
func (c *connection) reconfigure(old element.ReconnectMode) {
	mode := c.r.record.Config.Reconnect
	switch {
	case !c.want || c.running > 0:
	case c.held:
		c.reach()
	case mode == old:
	case mode == element.Manual:
		c.become(element.ConnClosed)
	default:
		c.reach()
	}
}
