package runner

import (
	"context"

	"fieldline/element"
	"fieldline/element/engine"
)

// do carries out a person's order. What it sets in motion goes on afterwards.
func (r *Runner) do(o element.Order, connection *int, by string) (element.Element, error) {
	var err error
	switch o {
	case element.Start:
		err = r.start(by)
	case element.Stop:
		err = r.stop(by)
	case element.Pause:
		err = r.pause(by)
	case element.Restart:
		err = r.restart(by)
	case element.Reconnect:
		err = r.reconnect(connection)
	default:
		err = element.Errorf(element.Invalid, "There is no order %q; orders are start, stop, pause, restart and reconnect.", o)
	}
	if err != nil {
		return element.Element{}, err
	}
	r.follow()
	r.screen.touch()
	r.settle()
	return *r.element(), nil
}

func (r *Runner) start(by string) error {
	if r.record.State == element.Active {
		return nil
	}
	resume := r.record.State == element.Paused && r.everStarted && r.engine != nil
	if err := r.saver.saveState(element.Active); err != nil {
		return err
	}
	r.release()
	r.enter(element.Active, by)
	if resume {
		r.handle(engine.Resume{})
		return nil
	}
	return r.startLogic()
}

// startLogic starts the logic, built anew when there is none.
func (r *Runner) startLogic() error {
	if r.engine == nil {
		r.rebuild(element.Active)
		return asError(r.trouble)
	}
	saved, err := r.saver.savedValues()
	if err != nil {
		r.enter(element.Stopped, "")
		return err
	}
	r.begin(saved)
	return nil
}

func (r *Runner) stop(by string) error {
	if r.record.State == element.Stopped && r.quarantine == "" {
		return nil
	}
	if err := r.saver.saveState(element.Stopped); err != nil {
		return err
	}
	r.release()
	r.halt("element stopped")
	r.enter(element.Stopped, by)
	return nil
}

// halt ends the logic's work and closes the connections. What was still to be
// told to the logic belongs to the life that ends; the next one hears nothing
// of it.
func (r *Runner) halt(reason string) {
	r.handle(engine.Stop{})
	r.inputs, r.everStarted = nil, false
	r.connections.disconnect(reason)
	r.follow()
}

func (r *Runner) pause(by string) error {
	switch r.record.State {
	case element.Paused:
		return nil
	case element.Stopped:
		return element.Errorf(element.Conflict, "The element is stopped; start it before you pause it.")
	}
	if err := r.saver.saveState(element.Paused); err != nil {
		return err
	}
	r.handle(engine.Pause{})
	r.enter(element.Paused, by)
	return nil
}

// restart is stop and start; what is on disk goes straight to active, so that
// a crash in between leaves no stopped element behind.
func (r *Runner) restart(by string) error {
	if err := r.saver.saveState(element.Active); err != nil {
		return err
	}
	r.release()
	if r.record.State != element.Stopped {
		r.halt("element restarted")
		r.enter(element.Stopped, by)
	}
	r.enter(element.Active, by)
	return r.startLogic()
}

// reconnect closes and opens one connection, or all of them.
func (r *Runner) reconnect(id *int) error {
	if r.record.State == element.Stopped {
		return element.Errorf(element.Conflict, "The element is stopped; start it to connect.")
	}
	r.scripts.revive()
	if id == nil {
		for _, c := range r.connections {
			if !c.retired {
				c.reconnect()
			}
		}
		return nil
	}
	c := r.connections.find(*id)
	switch {
	case c == nil:
		return element.Errorf(element.NotFound, "The element has no connection %d.", *id)
	case !c.isSocket() && !c.polled.polling.active() && c.public.Attempt == 0:
		return element.Errorf(element.Conflict, "Connection %d is polled over HTTP and waits for nothing; there is nothing to reconnect.", *id)
	}
	c.reconnect()
	return nil
}

// enter changes the state in memory and says who did it.
func (r *Runner) enter(s element.State, by string) {
	r.record.State = s
	r.screen.event(element.StateChanged{State: s, By: by})
	r.screen.touch()
}

// remove takes the element out of Storage and has the owner leave.
func (r *Runner) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	r.saver.await()
	if err := r.o.Storage.DeleteElement(ctx, r.id); err != nil {
		return err
	}
	r.deleted, r.done = true, true
	return nil
}

// asError keeps a nil pointer from becoming an error that is not nil.
func asError(e *element.Error) error {
	if e == nil {
		return nil
	}
	return e
}
