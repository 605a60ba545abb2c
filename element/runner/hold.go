package runner

import (
	"fieldline/element"
)

// hold loads an element that was to run as a stopped one, this time: what is
// stored stays, so that a later start of the program runs it.
func (r *Runner) hold(state element.State) element.State {
	if r.o.Hold == nil || state == element.Stopped {
		return state
	}
	why := r.o.Hold(r.id)
	if why == "" {
		return state
	}
	r.heldBack = why
	r.record.State = element.Stopped
	r.log.Warn("the element is held back", "reason", why)
	r.logged("warning", why)
	return element.Stopped
}

// letGo ends that: a person has decided what the element is to do.
func (r *Runner) letGo() {
	if r.heldBack == "" {
		return
	}
	r.heldBack = ""
	if r.o.LetGo != nil {
		r.o.LetGo(r.id)
	}
	r.touch()
}
