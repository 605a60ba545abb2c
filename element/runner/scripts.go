package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
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

// newMachine makes the logic of an element.
type newMachine = func(*connector.Definition, element.ID, element.Config) machine

// engines returns what makes machines: engines, with what runs their scripts.
func engines(scripts func(*connector.Definition) Scripts) newMachine {
	return func(d *connector.Definition, id element.ID, cfg element.Config) machine {
		l, began := logic{Engine: engine.New(d, id, cfg)}, time.Now()
		l.UseStopwatch(func() time.Duration { return time.Since(began) })
		if scripts != nil && len(d.QActions) > 0 {
			l.scripts = scripts(d)
			l.UseScripts(l.scripts)
		}
		return l
	}
}

// runningScripts is what runs the QActions of a machine, nil when nothing does.
func runningScripts(m machine) Scripts {
	if l, ok := m.(logic); ok && l.scripts != nil {
		return l.scripts
	}
	return nil
}
