package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Engine is the logic of one element. Only its owner goroutine may call it.
type Engine struct {
	def *connector.Definition
	id  element.ID
	cfg element.Config
}

// Checkpoint is what Restore needs to undo one Handle.
type Checkpoint struct{}

// New returns the engine of an element that was not started yet.
func New(def *connector.Definition, id element.ID, cfg element.Config) *Engine {
	return &Engine{def: def, id: id, cfg: cfg}
}

// Handle takes one input and returns what the owner has to do, in order.
func (e *Engine) Handle(now time.Time, in Input) []Effect { return nil }

// Due returns when a Tick is wanted; ok is false when nothing waits for time.
func (e *Engine) Due() (at time.Time, ok bool) { return time.Time{}, false }

// Opening returns what the opening handshake of a connection says right now.
// The error is an Invalid *element.Error: why no connection can be made.
func (e *Engine) Opening(conn int) (Opening, error) {
	return Opening{}, element.Errorf(element.Invalid, "The element was not started.")
}

// Parameter returns the public state of one parameter.
func (e *Engine) Parameter(id element.ParamID) (element.Parameter, bool) {
	return element.Parameter{}, false
}

// Parameters returns the public state of all parameters, by id.
func (e *Engine) Parameters() []element.Parameter { return nil }

// Receipts returns the newest write of each parameter.
func (e *Engine) Receipts() []element.Write { return nil }

// Checkpoint returns a copy of everything that a Set can change.
func (e *Engine) Checkpoint() Checkpoint { return Checkpoint{} }

// Restore puts back what the checkpoint holds.
func (e *Engine) Restore(c Checkpoint) {}

// TimedOut reports whether the element is in the timeout state.
func (e *Engine) TimedOut() bool { return false }
