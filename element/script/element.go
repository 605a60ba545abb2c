package script

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dop251/goja"

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

	m     *machine // nil until a script runs
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
	inARow          int // budgets exceeded
	off             bool
	all             *counter // with the other elements
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
	e.m = nil
	for _, c := range e.costs {
		c.inARow, c.off = 0, false
	}
}

// errOver is what the machine is interrupted with.
var errOver = errors.New("budget") //nolint:gochecknoglobals // sentinel

// Run implements engine.Scripts. The error names the line of the connector's
// file.
func (e *Element) Run(q *connector.QAction, trigger element.ParamID, host engine.ScriptHost) error {
	cost := e.cost(q)
	if cost.off {
		return nil
	}
	p := e.c.program(q)
	if p.trouble != nil {
		cost.off = true // it cannot get better: one line in the log is enough
		cost.failures++
		cost.last = p.trouble.Error()
		return p.trouble
	}
	if e.m == nil {
		e.m = newMachine(e.def, e.c.o, e.c.bounds)
	}
	began := time.Now()
	err := e.run(q, p, trigger, host)
	took := time.Since(began)
	e.count(cost, took, err)
	if cost.inARow == strikes {
		cost.off = true
		return fmt.Errorf("%w %s", err, fmt.Sprintf("It did so %d times in a row and is switched off until the element is started again.", strikes))
	}
	return err
}

// run runs one call. The outermost call sets the clock; calls that it causes
// run on its time.
func (e *Element) run(q *connector.QAction, p *program, trigger element.ParamID, host engine.ScriptHost) error {
	m := e.m
	outer := m.call
	m.call = newCall(q, trigger, host)
	defer func() { m.call = outer }()
	if outer != nil {
		return m.run(p)
	}
	now := m.call.context.Now
	if now != e.turn {
		e.turn, e.spent = now, 0
	}
	budget := min(e.c.o.Budget, e.c.o.TurnBudget-e.spent)
	if budget <= 0 {
		return fmt.Errorf("line %d: %w", q.CodeLine, &overError{e.c.o.TurnBudget, "what happened here led to scripts that together ran longer than"})
	}
	began := time.Now()
	e.struck = false
	e.clock.start(budget, func() { m.vm.Interrupt(errOver) })
	defer func() {
		e.clock.stop()
		m.vm.ClearInterrupt()
		e.spent += time.Since(began)
	}()
	return m.run(p)
}

// overError says that a budget was exceeded.
type overError struct {
	budget time.Duration
	what   string
}

func (o *overError) Error() string { return fmt.Sprintf("%s %v.", o.what, o.budget) }

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
	case !over:
		c.inARow = 0
	case !e.struck:
		e.struck = true
		c.inARow++
	}
}

// Scripts lists the connector's QActions, in document order.
func (e *Element) Scripts() []element.Script {
	list := make([]element.Script, 0, len(e.def.QActions))
	for i := range e.def.QActions {
		q := &e.def.QActions[i]
		s := element.Script{ID: q.ID, Name: q.Name, Language: q.Encoding, Runs: e.Runs(q)}
		if c := e.costs[q.ID]; c != nil {
			s.Runs = s.Runs && !c.off
			s.Calls, s.Errors, s.LastError = c.calls, c.failures, c.last
			s.TotalMs, s.LongestMs = milliseconds(c.total), milliseconds(c.longest)
		}
		list = append(list, s)
	}
	return list
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// clock interrupts a call whose budget is used up. A clock that rings late
// does nothing to the next call.
type clock struct {
	mu    sync.Mutex
	turn  uint64
	on    bool
	timer *time.Timer
}

func (c *clock) start(budget time.Duration, ring func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	c.on = true
	turn := c.turn
	c.timer = time.AfterFunc(budget, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.on && c.turn == turn {
			ring()
		}
	})
}

func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = false
	c.timer.Stop()
}

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

// message is the text of a thrown value, without running longer than the
// budget.
func (m *machine) message(v goja.Value) string {
	text, err := m.toString(goja.Undefined(), v)
	if err != nil {
		return "a value was thrown that has no text"
	}
	return text.String()
}
