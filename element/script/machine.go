package script

import (
	"errors"
	"fmt"
	"time"

	"github.com/dop251/goja"

	"fieldline/element/connector"
)

// machine is the virtual machine of one element: it runs calls, one inside the
// other, and says why one ended.
type machine struct {
	vm       *goja.Runtime
	js       *values
	limits   *limits
	budget   time.Duration // of one call
	protocol *protocol
	entries  map[*connector.QAction][]goja.Callable
	// rejected are promises that nobody handles, with the call they are of.
	rejected map[*goja.Promise]*call
}

func newMachine(def *connector.Definition, o Options, builtinsProgram *goja.Program) *machine {
	vm := goja.New()
	js := newValues(vm)
	m := &machine{
		vm: vm, js: js, limits: &limits{js: js, memory: o.Memory}, budget: o.Budget,
		protocol: newProtocol(js, def, o.LogLevel),
		entries:  map[*connector.QAction][]goja.Callable{}, rejected: map[*goja.Promise]*call{},
	}
	vm.SetMaxCallStackSize(maxCalls)
	vm.SetTimeSource(m.now)
	vm.SetPromiseRejectionTracker(m.track)
	(&builtins{js: js, limits: m.limits}).install(builtinsProgram)
	m.protocol.install()
	return m
}

// call is the innermost call that runs; nil when none does.
func (m *machine) call() *call { return m.protocol.call }

// enter makes c the present call until leave.
func (m *machine) enter(c *call) (leave func()) {
	outer := m.protocol.call
	m.protocol.call = c
	return func() { m.protocol.call = outer }
}

// now is the time of JavaScript's Date: that of the input that is handled.
func (m *machine) now() time.Time {
	if m.call() == nil {
		return time.Time{}
	}
	return m.call().context.Now
}

func (m *machine) track(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		m.rejected[p] = m.call()
	} else {
		delete(m.rejected, p)
	}
}

// run runs the present call. The error is a sentence.
func (m *machine) run(p *program) error {
	defer m.forgetRejections()
	f, err := m.function(p)
	if err != nil {
		return m.explain(err)
	}
	args := make([]goja.Value, 1, 1+len(m.call().inputs))
	args[0] = m.protocol.object
	for i := range m.call().inputs {
		args = append(args, m.protocol.input(i))
	}
	if _, err = f(m.protocol.object, args...); err != nil {
		return m.explain(err)
	}
	return m.unhandled()
}

// function returns what a trigger calls: the function of its entry point, or
// the whole code.
func (m *machine) function(p *program) (goja.Callable, error) {
	q := m.call().q
	entries, known := m.entries[q]
	if !known {
		body, err := m.vm.RunProgram(p.code)
		if err != nil {
			return nil, err
		}
		whole, _ := goja.AssertFunction(body)
		entries = []goja.Callable{whole}
		if len(q.EntryPoints) > 0 {
			if entries, err = m.entryPoints(q, whole); err != nil {
				return nil, err
			}
		}
		m.entries[q] = entries
	}
	n := 0
	for i, id := range q.Triggers {
		if id == m.call().trigger {
			n = min(i, len(entries)-1)
		}
	}
	return entries[n], nil
}

// entryPoints runs the code once, which hands out its functions.
func (m *machine) entryPoints(q *connector.QAction, whole goja.Callable) ([]goja.Callable, error) {
	list, err := whole(m.protocol.object, m.protocol.object)
	if err != nil {
		return nil, err
	}
	object, ok := list.(*goja.Object)
	if !ok {
		return nil, fmt.Errorf("line %d: the code ends before its functions are known; with entryPoint it has no return of its own", q.CodeLine)
	}
	entries := make([]goja.Callable, len(q.EntryPoints))
	for i, name := range q.EntryPoints {
		if entries[i], ok = goja.AssertFunction(object.Get(fmt.Sprint(i))); !ok {
			return nil, fmt.Errorf("line %d: entryPoint %s is not a function of the script", q.Pos.Line, name)
		}
	}
	return entries, nil
}

// unhandled is the error of a promise that the present call rejected and that
// nobody handles.
func (m *machine) unhandled() error {
	for p, of := range m.rejected {
		if of == m.call() {
			return fmt.Errorf("line %d: a promise was rejected: %s", m.call().q.CodeLine, sentence(m.js.message(p.Result())))
		}
	}
	return nil
}

// forgetRejections forgets the rejected promises of a call that has ended: they are not
// the next one's.
func (m *machine) forgetRejections() {
	for p, of := range m.rejected {
		if of == m.call() {
			delete(m.rejected, p)
		}
	}
}

// explain turns an error of the machine into a sentence with the line of the
// connector's file.
func (m *machine) explain(err error) error {
	q := m.call().q
	if over, ok := errors.AsType[*goja.InterruptedError](err); ok {
		return fmt.Errorf("line %d: %w", m.line(over.Stack()), m.used(over.Value()))
	}
	if deep, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		return errors.New(sentence(fmt.Sprintf("line %d: functions call one another more than %d deep", m.line(deep.Stack()), maxCalls)))
	}
	if thrown, ok := errors.AsType[*goja.Exception](err); ok && m.limits.interrupted.Load() {
		return fmt.Errorf("line %d: %w", m.line(thrown.Stack()), m.used(nil))
	} else if ok {
		return fmt.Errorf("line %d: %s", m.line(thrown.Stack()), sentence(m.js.message(thrown.Value())))
	}
	return fmt.Errorf("%s", sentence(fmt.Sprintf("line %d: %v", q.CodeLine, err)))
}

// used is the budget that the present call has used up.
func (m *machine) used(why any) error {
	if e, ok := why.(error); ok && errors.Is(e, errMemory) || why == nil && m.limits.outOfMemory.Load() {
		return &memoryError{m.limits.memory}
	}
	return &overError{m.budget, "it ran longer than"}
}

// line is the line of the file at the innermost frame of the present script.
func (m *machine) line(stack []goja.StackFrame) int {
	q := m.call().q
	for _, f := range stack {
		if f.SrcName() == programName(q) && f.Position().Line > 0 {
			return at(q, f.Position(), "").line
		}
	}
	return q.CodeLine
}
