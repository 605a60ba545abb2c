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

// costed is a machine that knows what its QActions cost.
type costed interface{ costs() []element.Script }

func (l logic) costs() []element.Script {
	if l.scripts == nil {
		return nil
	}
	return l.scripts.Scripts()
}

// runningScripts is what runs the QActions of the element, nil when nothing does.
func (r *Runner) runningScripts() Scripts {
	if l, ok := r.machine.(logic); ok && l.scripts != nil {
		return l.scripts
	}
	return nil
}

// reviveScripts gives QActions that were switched off another chance at once.
func (r *Runner) reviveScripts() {
	if s := r.runningScripts(); s != nil && s.Revive() {
		r.logged("info", "The QActions that were switched off run again.")
		r.scriptNews.stale, r.scriptNews.at = true, time.Time{}
		r.touch()
	}
}

// scripts lists the QActions of the element with what they cost, secrets
// masked: a script may throw whatever it read.
func (r *Runner) scripts() []element.Script {
	m, ok := r.machine.(costed)
	if !ok {
		return nil
	}
	list := m.costs()
	for i := range list {
		list[i].LastError, list[i].Off = r.scrubText(list[i].LastError), r.scrubText(list[i].Off)
	}
	return list
}
