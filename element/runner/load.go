package runner

import (
	"context"
	"time"

	"fieldline/element"
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
	r.screen.replay(events)
	for _, damage := range r.record.damaged() {
		r.log.Warn("kept settings cannot be read", "error", damage)
		r.screen.log("warning", damage+" The values are there: going back takes the settings of today, and the connector's defaults for connections that are not there today.")
	}
	r.rebuild(r.quarantined(r.record.State))
	r.recall(ctx)
	r.screen.touch()
	r.follow()
	r.flush(time.Now())
}

// rebuild makes the logic from the connector and the saved values, and starts
// it when state is Active. When that is not possible the element is shown
// stopped, with the reason; the stored state stays, so that a new start of the
// program tries again.
func (r *Runner) rebuild(state element.State) {
	r.engine, r.scripts.running, r.trouble, r.everStarted = nil, nil, nil, false
	err := r.define()
	if err == nil {
		err = r.revive(state)
	}
	if err == nil {
		return
	}
	r.engine = nil
	r.record.State = element.Stopped
	r.trouble = element.Errorf(element.Unavailable, "The element cannot run: %s", element.MessageOf(err))
	r.log.Error("the element cannot run", "error", err)
	r.screen.log("error", r.trouble.Msg)
	r.screen.touch()
}

// define takes over what the connector says.
func (r *Runner) define() error {
	if err := r.record.readable(); err != nil {
		return err
	}
	d, err := r.o.Catalog.Definition(r.record.Config.Connector, r.record.Config.Version)
	if err != nil {
		return err
	}
	r.params, r.general = parametersOf(d), general{}
	r.connections.define(r, d)
	return nil
}

// revive makes the logic and gives it its values.
func (r *Runner) revive(state element.State) error {
	saved, err := r.saver.savedValues()
	if err != nil {
		return err
	}
	r.newEngine()
	for _, c := range r.connections {
		cc, _ := c.settings()
		c.public.SkipVerify, c.public.Weakened, c.public.SlowPollMs = cc.SkipVerify, cc.Weakened(), 0
	}
	if state == element.Active {
		r.begin(saved)
	} else {
		r.handle(engine.Load{Saved: saved, State: state})
	}
	r.connections.showTargets()
	return nil
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

// passwordValues are the present values of the password parameters.
func (r *Runner) passwordValues() []string {
	var all []string
	if r.engine != nil {
		for _, id := range r.params.passwords {
			if v := r.engine.RawValue(id).String(); v != "" {
				all = append(all, v)
			}
		}
	}
	return all
}
