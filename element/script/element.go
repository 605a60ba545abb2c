package script

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

var _ engine.Scripts = (*Element)(nil)

// Element runs the QActions of one element. Only the element's owner calls it.
type Element struct {
	// Set by Compiler.Element.
	c   *Compiler
	def *connector.Definition

	// mu is held while a call runs: between calls the machine can be taken away
	// when all scripts together hold too much.
	mu      sync.Mutex
	m       *machine // nil until a script runs
	evicted bool     // it was taken away

	weighing weighing

	id      atomic.Pointer[string] // of the element; nil until a script runs
	running atomic.Pointer[element.ScriptCall]

	costs map[int]*cost

	// Of the present input of the engine.
	turn  time.Time
	spent time.Duration
	// struck says that a call used up the budget of the present outermost
	// call: those around it are not to blame.
	struck bool

	clock clock
}

// cost is what one QAction has cost, and whether it is switched off.
type cost struct {
	calls, failures uint64
	total, longest  time.Duration
	last            string
	all             *counter // with the other elements
	breaker
}

// Element returns what runs the QActions of one element of a connector.
func (c *Compiler) Element(def *connector.Definition) *Element {
	return &Element{c: c, def: def, costs: map[int]*cost{}}
}

// Runs implements engine.Scripts.
func (e *Element) Runs(q *connector.QAction) bool { return q.Encoding == jscript }

// Reset implements engine.Scripts: the machine goes, with all that scripts
// keep in it, and QActions that were switched off are on again.
func (e *Element) Reset() {
	e.mu.Lock()
	e.m, e.evicted = nil, false
	e.mu.Unlock()
	e.c.memory.freed(e)
	for _, c := range e.costs {
		c.broken = false
	}
	e.Revive()
}

// Run implements engine.Scripts. The error names the line of the connector's
// file; it is an *engine.SwitchedOff when the QAction does not run any more.
func (e *Element) Run(q *connector.QAction, trigger element.ParamID, host engine.ScriptHost) error {
	cost, now := e.cost(q), host.Context().Now
	if !cost.mayRun(now) {
		return nil
	}
	p := e.c.program(q)
	if p.trouble != nil {
		cost.failures++
		cost.last = p.trouble.Error()
		cost.broken = true // it cannot get better: one line in the log is enough
		return p.trouble
	}
	began := time.Now()
	err := e.runLocked(q, p, trigger, host)
	e.count(cost, time.Since(began), err)
	return cost.judge(q, now, err, host)
}

// runLocked runs a call while nobody can take the machine away.
func (e *Element) runLocked(q *connector.QAction, p *program, trigger element.ParamID, host engine.ScriptHost) error {
	if e.m != nil && e.m.call() != nil { // inside another call, which holds mu
		return e.run(q, p, trigger, host)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.evicted {
		e.evicted = false
		host.Log("warning", "What the scripts kept in variables is gone: "+(&crowdError{e.c.memory.all}).Error())
	}
	if e.m == nil {
		e.m = newMachine(e.def, e.c.o, e.c.builtins)
		e.weighing = weighing{}
		id := string(host.Context().Element)
		e.id.Store(&id)
	}
	err := e.run(q, p, trigger, host)
	if heavy := e.weighed(); heavy != nil && !isHeavy(err) {
		err = fmt.Errorf("line %d: %w", q.CodeLine, heavy)
	}
	if isHeavy(err) {
		e.dropMachine()
	}
	return err
}

// isHeavy reports whether a call ended because of its memory.
func isHeavy(err error) bool {
	_, heavy := errors.AsType[*memoryError](err)
	_, crowd := errors.AsType[*crowdError](err)
	return heavy || crowd
}

// run runs one call. The outermost call sets the clock; calls that it causes
// run on its time.
func (e *Element) run(q *connector.QAction, p *program, trigger element.ParamID, host engine.ScriptHost) error {
	m := e.m
	outer := m.call()
	defer m.enter(newCall(q, trigger, host))()
	if outer != nil {
		return m.run(p)
	}
	now := m.call().context.Now
	if now != e.turn {
		e.turn, e.spent = now, 0
	}
	budget := min(e.c.o.Budget, e.c.o.TurnBudget-e.spent)
	if budget <= 0 {
		return fmt.Errorf("line %d: %w", q.CodeLine, &overError{e.c.o.TurnBudget, "what happened here led to scripts that together ran longer than"})
	}
	e.struck = false
	e.running.Store(&element.ScriptCall{QAction: q.ID, Name: q.Name, Since: time.Now()})
	u, end := e.begin(budget)
	m.limits.exceeds = func(bytes int64) bool { return e.c.memory.over(e, u, bytes) }
	defer func() {
		e.spent += end()
		e.running.Store(nil)
		e.c.memory.ended(e)
		m.limits.resume()
	}()
	return m.run(p)
}

// Running returns the call that runs. It may be called from any goroutine.
func (e *Element) Running() (call element.ScriptCall, ok bool) {
	if c := e.running.Load(); c != nil {
		return *c, true
	}
	return call, false
}

func (e *Element) cost(q *connector.QAction) *cost {
	c := e.costs[q.ID]
	if c == nil {
		c = &cost{all: e.c.counter(e.def, q)}
		e.costs[q.ID] = c
	}
	return c
}

func (e *Element) count(c *cost, took time.Duration, err error) {
	c.calls++
	c.total += took
	c.longest = max(c.longest, took)
	c.all.calls.Add(1)
	c.all.spent.Add(int64(took))
	if err == nil {
		c.inARow = 0
		return
	}
	c.failures++
	c.last = err.Error()
	c.all.failures.Add(1)
	_, over := errors.AsType[*overError](err)
	switch {
	case !over && !isHeavy(err):
		c.inARow = 0
	case !e.struck:
		e.struck = true
		c.inARow++
		if isHeavy(err) {
			c.inARow = strikes
		}
	}
}

// Scripts lists the connector's QActions, in document order.
func (e *Element) Scripts() []element.Script {
	list := make([]element.Script, 0, len(e.def.QActions))
	for i := range e.def.QActions {
		q := &e.def.QActions[i]
		s := element.Script{ID: q.ID, Name: q.Name, Language: q.Encoding, Runs: e.Runs(q)}
		if c := e.costs[q.ID]; c != nil {
			s.Runs = s.Runs && !c.off && !c.broken
			s.Off, s.OffUntil = c.reason, element.Time{}
			if c.off {
				s.OffUntil = element.At(c.retryAt)
			}
			s.Calls, s.Errors, s.LastError = c.calls, c.failures, c.last
			s.TotalMs, s.LongestMs = milliseconds(c.total), milliseconds(c.longest)
		}
		list = append(list, s)
	}
	return list
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// call is one run of a QAction.
type call struct {
	q       *connector.QAction
	trigger int
	host    engine.ScriptHost
	context engine.ScriptContext
	inputs  []element.Value
	lines   int // written to the log
}

func newCall(q *connector.QAction, trigger element.ParamID, host engine.ScriptHost) *call {
	c := &call{q: q, trigger: int(trigger), host: host, context: host.Context()}
	c.inputs = slices.Grow(c.inputs, len(q.Inputs))
	for _, id := range q.Inputs {
		c.inputs = append(c.inputs, host.Value(id))
	}
	return c
}
