package runner

import (
	"fieldline/element/engine"
)

// logic is an engine as a machine.
type logic struct {
	*engine.Engine
	scripts Scripts // nil when the connector has no QActions
}

func (l logic) checkpoint() (restore func()) {
	c := l.Checkpoint()
	return func() { l.Restore(c) }
}
