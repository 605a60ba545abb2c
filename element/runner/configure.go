package runner

import (
	"reflect"
	"slices"

	"fieldline/element"
	"fieldline/element/engine"
)

// update applies a change of the settings at once: on disk first, then to the
// logic, then to the connections whose target it moved. Another version of the
// connector is more than that: changeVersion.
func (r *Runner) update(d element.Draft, by string) (element.Element, error) {
	if err := r.record.readable(); err != nil {
		return element.Element{}, err
	}
	old := r.record.Config
	record := r.record.Record
	cfg, err := valid(changedConfig(r.o.Catalog, old, d))
	if err != nil {
		return element.Element{}, err
	}
	if cfg.Version != old.Version {
		return r.changeVersion(versionChange{config: cfg, start: d.Start, onlyStopped: d.OnlyStopped, by: by})
	}
	record.Config = cfg
	if err := r.saver.saveRecord(record); err != nil {
		return element.Element{}, err
	}
	r.record.Config = cfg
	if r.engine == nil {
		r.rebuild(r.record.State)
	} else {
		r.configure(old)
	}
	r.screen.touch()
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

// configure hands changed settings to the logic, which orders a new connection
// where they lead elsewhere.
func (r *Runner) configure(old element.Config) {
	r.handle(engine.Configure{Config: r.record.Config})
	if !slices.ContainsFunc(r.record.Config.Connections, func(c element.ConnectionConfig) bool { return c.KeepCookies }) {
		r.cookies.Forget()
	}
	for _, c := range r.connections {
		now, _ := c.settings()
		before, _ := connectionOf(old, c.id)
		c.public.SkipVerify, c.public.Weakened = now.SkipVerify, now.Weakened()
		c.touch()
		c.transport.configured(connectionChange{
			mode: r.record.Config.Reconnect != old.Reconnect, settings: !reflect.DeepEqual(before, now),
		})
		c.transport.showTarget()
	}
}
