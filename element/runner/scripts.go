package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

// Scripts runs the QActions of one element and says what they cost. Only the
// element's owner calls it.
type Scripts interface {
	engine.Scripts
	Scripts() []element.Script
	// Revive switches on what was switched off, and reports whether any was.
	Revive() bool
	// Running is the call that runs. It may be called from any goroutine.
	Running() (call element.ScriptCall, ok bool)
}

// newEngine makes the engine of the element, with what runs its scripts.
func (r *Runner) newEngine() {
	e, began := engine.New(r.params.definition, r.id, r.record.Config), time.Now()
	e.UseStopwatch(func() time.Duration { return time.Since(began) })
	r.engine, r.handler, r.scripts.running = e, r.o.handler(e), nil
	if r.o.Scripts != nil && len(r.params.definition.QActions) > 0 {
		r.scripts.running = r.o.Scripts(r.params.definition)
		e.UseScripts(r.scripts.running)
	}
	r.scriptWatch.watches(r.scripts.running)
}
