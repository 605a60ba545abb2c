package runner

import (
	"slices"
	"sync"
	"time"

	"fieldline/element/engine"
)

// logics stands before the engines of a world and remembers their inputs.
type logics struct {
	// extra adds effects to those of the engine, when not nil.
	extra func(l *logic, in engine.Input) []engine.Effect

	forgetful bool // do not remember inputs

	mu     sync.Mutex
	inputs []engine.Input
}

// before returns what hands the inputs of an engine on to it.
func (l *logics) before(e *engine.Engine) handler { return &logic{logics: l, engine: e} }

func (l *logics) seen(match func(engine.Input) bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, in := range l.inputs {
		if match(in) {
			n++
		}
	}
	return n
}

func isOf[T engine.Input](in engine.Input) bool {
	_, ok := in.(T)
	return ok
}

// logic is the engine of one element, with its inputs remembered.
type logic struct {
	logics *logics
	engine *engine.Engine
}

func (l *logic) Handle(now time.Time, in engine.Input) []engine.Effect {
	l.logics.remember(in)
	effects := l.engine.Handle(now, in)
	if extra := l.logics.extra; extra != nil {
		effects = append(effects, extra(l, in)...)
	}
	return effects
}

func (l *logics) remember(in engine.Input) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.forgetful {
		return
	}
	if r, ok := in.(engine.Received); ok {
		r.Data = slices.Clone(r.Data) // it is used again
		in = r
	}
	l.inputs = append(l.inputs, in)
}

// takesAddress has the connector take another address.
func (l *logic) takesAddress(address string) []engine.Effect {
	return l.engine.Handle(time.Now(), engine.Received{Connection: 1, Text: true, Data: []byte("address=" + address)})
}
