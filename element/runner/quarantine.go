package runner

import (
	"fieldline/element"
)

// quarantined loads an element that was to run as a stopped one, this time: what is
// stored stays, so that a later start of the program runs it.
func (r *Runner) quarantined(state element.State) element.State {
	if r.o.Quarantine == nil || state == element.Stopped {
		return state
	}
	why := r.o.Quarantine(r.id)
	if why == "" {
		return state
	}
	r.quarantine = why
	r.record.State = element.Stopped
	r.log.Warn("the element is held back", "reason", why)
	r.screen.log("warning", why)
	return element.Stopped
}

// release ends that: a person has decided what the element is to do.
func (r *Runner) release() {
	if r.quarantine == "" {
		return
	}
	r.quarantine = ""
	if r.o.Release != nil {
		r.o.Release(r.id)
	}
	r.screen.touch()
}
