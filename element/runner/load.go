package runner

import (
	"context"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// load is the first thing the owner does: the history for the pages, the
// values, and, for an element that was active, its start.
func (r *Runner) load() {
	// The time a call to Storage may take begins when it is this element's turn.
	r.loadSlots <- struct{}{}
	defer func() { <-r.loadSlots }()
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	events, err := r.o.Storage.RecentEvents(ctx, r.id, [element.EventClasses]int{
		element.ClassTalk: keptTalk, element.ClassConnection: keptEvents, element.ClassLog: keptEvents, element.ClassPerson: keptEvents,
	})
	if err != nil {
		r.log.Warn("the history of the element cannot be read", "error", err)
	}
	r.replay(events)
	r.tellDamaged()
	r.rebuild(r.quarantine(r.record.State))
	r.recall(ctx)
	r.touch()
	r.follow()
	r.flush(time.Now())
}

// rebuild makes the logic from the connector and the saved values, and starts
// it when state is Active. When that is not possible the element is shown
// stopped, with the reason; the stored state stays, so that a new start of the
// program tries again.
func (r *Runner) rebuild(state element.State) {
	r.machine, r.trouble, r.everStarted = nil, nil, false
	err := r.define()
	if err == nil {
		err = r.revive(state)
	}
	if err == nil {
		return
	}
	r.machine = nil
	r.record.State = element.Stopped
	r.trouble = element.Errorf(element.Unavailable, "The element cannot run: %s", element.MessageOf(err))
	r.log.Error("the element cannot run", "error", err)
	r.logged("error", r.trouble.Msg)
	r.touch()
}

// define takes over what the connector says.
func (r *Runner) define() error {
	if err := r.readable(); err != nil {
		return err
	}
	d, err := r.o.Catalog.Definition(r.record.Config.Connector, r.record.Config.Version)
	if err != nil {
		return err
	}
	r.definition = d
	r.params = make(map[element.ParamID]*connector.Param, len(d.Params))
	r.infos = make(map[element.ParamID]element.ParamInfo, len(d.Params))
	r.tables = map[element.ParamID]bool{connector.CommunicationInfo: true}
	r.general = general{}
	r.passwords = nil
	for _, p := range d.Params {
		r.params[p.ID], r.infos[p.ID] = p, p.ParamInfo
		if p.Password {
			r.passwords = append(r.passwords, p.ID)
		}
		if p.Table != nil {
			r.tables[p.ID] = true
		}
	}
	r.defineConnections(d)
	return nil
}

// readable returns why the settings on disk could not be read.
func (r *Runner) readable() error {
	if r.record.Unreadable != "" {
		return element.Errorf(element.Conflict, "%s", r.record.Unreadable)
	}
	return nil
}

// tellDamaged says which of the settings that are kept with other versions
// cannot be read.
func (r *Runner) tellDamaged() {
	for _, k := range r.record.Kept {
		if k.Unreadable != "" {
			r.log.Warn("kept settings cannot be read", "version", k.Version, "error", k.Unreadable)
			r.logged("warning", k.Unreadable+" The values are there: going back takes the settings of today, and the connector's defaults for connections that are not there today.")
		}
	}
}

// defineConnections brings the list of connections in line with the connector.
// One that the connector does not have any more stays until it is closed.
func (r *Runner) defineConnections(d *connector.Definition) {
	old := r.connections
	r.connections = nil
	for _, dc := range d.Connections {
		if !dc.RunsHere() {
			continue
		}
		at := slices.IndexFunc(old, func(c *connection) bool { return c.id == dc.ID })
		if at < 0 {
			r.connections = append(r.connections, newConnection(r, dc))
			continue
		}
		old[at].define(dc)
		r.connections = append(r.connections, old[at])
		old = slices.Delete(old, at, at+1)
	}
	for _, c := range old {
		c.retired = true
		c.transport.disconnect(closeGoingAway, "the connection is not used any more")
		r.connections = append(r.connections, c)
	}
}

// forgetRetired lets go of connections that were retired and are closed by now.
func (r *Runner) forgetRetired() {
	r.connections = slices.DeleteFunc(r.connections, func(c *connection) bool { return c.retired && c.running() == 0 })
}

// revive makes the logic and gives it its values.
func (r *Runner) revive(state element.State) error {
	saved, err := r.savedValues()
	if err != nil {
		return err
	}
	r.machine = r.o.newMachine(r.definition, r.id, r.record.Config)
	r.scriptWatch.watches(r.runningScripts())
	for _, c := range r.connections {
		cc, _ := c.settings()
		c.public.SkipVerify, c.public.Weakened, c.public.SlowPollMs = cc.SkipVerify, cc.Weakened(), 0
	}
	if state == element.Active {
		r.begin(saved)
	} else {
		r.handle(engine.Load{Saved: saved, State: state})
	}
	for _, c := range r.connections {
		c.transport.showTarget()
	}
	return nil
}

// savedValues reads what is on disk, after what waits has got there; what
// could not get there is laid over it.
func (r *Runner) savedValues() ([]element.SavedValue, error) {
	r.saveRest()
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	saved, err := r.o.Storage.SavedValues(ctx, r.id)
	if err != nil {
		return nil, err
	}
	newer := r.saver.pending[element.RowKey{}]
	saved = slices.DeleteFunc(saved, func(v element.SavedValue) bool {
		return newer != nil && !v.IsCell() && newer.has(v.Parameter)
	})
	return append(saved, r.saver.pending.flat(0)...), nil
}

// begin starts the logic, which orders its connections.
func (r *Runner) begin(saved []element.SavedValue) {
	r.everStarted = true
	r.cookies.Forget()
	for _, c := range r.connections {
		c.transport.begin()
	}
	r.handle(engine.Start{Saved: saved})
}

func (r *Runner) connectionConfig(id int) (element.ConnectionConfig, bool) {
	return configOfConnection(r.record.Config, id)
}

func configOfConnection(cfg element.Config, id int) (element.ConnectionConfig, bool) {
	for _, cc := range cfg.Connections {
		if cc.ID == id {
			return cc, true
		}
	}
	return element.ConnectionConfig{}, false
}
