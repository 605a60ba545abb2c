package runner

import (
	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// logic is an engine as a machine.
type logic struct{ *engine.Engine }

func newEngine(d *connector.Definition, id element.ID, cfg element.Config) machine {
	return logic{engine.New(d, id, cfg)}
}

func (l logic) checkpoint() (restore func()) {
	c := l.Checkpoint()
	return func() { l.Restore(c) }
}
