package engine

import (
	"slices"

	"fieldline/element"
)

// start brings the element to life in the order of chapter "start-up" of
// documentation page InnerWorkings: values, connections, timers, "after
// startup".
func (e *Engine) start(in Start) {
	switch {
	case e.status.active():
		return
	case e.status.mode == modePaused && e.status.started:
		e.resume()
		return
	}
	e.fill(in.Saved)
	e.status.mode = modeActive
	e.begin()
}

// begin is the part of a start that runs logic.
func (e *Engine) begin() {
	e.status.started = true
	for i := range e.ix.def.Connections {
		if e.ix.def.Connections[i].WebSocket {
			e.connections.connect(connIndex(i))
		}
	}
	e.timers.start()
	e.rounds.run()
	e.logic.fireAll(occasion{on: itemProtocol, when: onStartup})
}

// load fills the parameters of an element that does not run.
func (e *Engine) load(in Load) {
	e.fill(in.Saved)
	e.status.mode = modeStopped
	if in.State == element.Paused {
		e.status.mode = modePaused
	}
}

// fill sets all parameters as they are before any logic: what the element is,
// then what was saved, then defaults for what was never set. Nothing of it is
// a change event; what looks different than before is shown.
func (e *Engine) fill(saved []element.SavedValue) {
	before, rows := e.values.slots, e.tables.list
	e.reset()
	e.values.fillFixed()
	e.values.fillElement()
	e.values.fillSaved(saved)
	e.tables.fill(saved)
	e.values.fillDefaults()
	for i := range e.ix.def.Connections {
		e.values.setSilently(e.ix.def.Connections[i].NotifyParam, element.Number(0))
	}
	e.targets.fillAddresses()
	e.tables.copyAll()
	e.turn.effects = slices.DeleteFunc(e.turn.effects, func(f Effect) bool { _, ok := f.(Refreshed); return ok })
	e.values.showFilled(before)
	e.tables.showFilled(rows)
}
