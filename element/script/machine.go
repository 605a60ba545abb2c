package script

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"

	"fieldline/element/connector"
)

// machine is the virtual machine of one element.
type machine struct {
	def      *connector.Definition
	o        Options
	vm       *goja.Runtime
	protocol *goja.Object
	toString goja.Callable
	bytes    *goja.Object // Uint8Array
	bigInts  *goja.Object // BigInt.prototype
	// Of JavaScript, as it was before a script could change it.
	parseJSON, plainJSON, revive, plainLength, toPrimitive, power goja.Callable
	interrupted                                                   atomic.Bool // the present call is to end
	hungry                                                        atomic.Bool // because of its memory
	// full reports whether so many bytes more are too many; nil when nobody knows.
	full func(bytes int64) bool

	entries map[*connector.QAction][]goja.Callable
	call    *call // the innermost one; nil when none runs
	// rejected are promises that nobody handles, with the call they are of.
	rejected map[*goja.Promise]*call
}

func newMachine(def *connector.Definition, o Options, bounds *goja.Program) *machine {
	m := &machine{
		def: def, o: o, vm: goja.New(),
		entries: map[*connector.QAction][]goja.Callable{}, rejected: map[*goja.Promise]*call{},
	}
	m.vm.SetMaxCallStackSize(maxCalls)
	m.vm.SetTimeSource(m.now)
	m.vm.SetPromiseRejectionTracker(m.track)
	m.toString, _ = goja.AssertFunction(m.vm.Get("String"))
	m.bytes = m.vm.Get("Uint8Array").ToObject(m.vm)
	m.bigInts = m.prototype("BigInt")
	m.fence()
	m.bound(bounds)
	m.defineJSON()
	m.defineProtocol()
	return m
}

// now is the time of JavaScript's Date: that of the input that is handled.
func (m *machine) now() time.Time {
	if m.call == nil {
		return time.Time{}
	}
	return m.call.context.Now
}

func (m *machine) track(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		m.rejected[p] = m.call
	} else {
		delete(m.rejected, p)
	}
}

// run runs the present call. The error is a sentence.
func (m *machine) run(p *program) error {
	defer m.forgive()
	f, err := m.function(p)
	if err != nil {
		return m.explain(err)
	}
	args := make([]goja.Value, 1, 1+len(m.call.inputs))
	args[0] = m.protocol
	for i := range m.call.inputs {
		args = append(args, m.input(i))
	}
	if _, err = f(m.protocol, args...); err != nil {
		return m.explain(err)
	}
	return m.unhandled()
}

// function returns what a trigger calls: the function of its entry point, or
// the whole code.
func (m *machine) function(p *program) (goja.Callable, error) {
	q := m.call.q
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
		if id == m.call.trigger {
			n = min(i, len(entries)-1)
		}
	}
	return entries[n], nil
}

// entryPoints runs the code once, which hands out its functions.
func (m *machine) entryPoints(q *connector.QAction, whole goja.Callable) ([]goja.Callable, error) {
	list, err := whole(m.protocol, m.protocol)
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
			return nil, fmt.Errorf("line %d: entryPoint %s is no function of the script", q.Pos.Line, name)
		}
	}
	return entries, nil
}

// unhandled is the error of a promise that the present call rejected and that
// nobody handles.
func (m *machine) unhandled() error {
	for p, of := range m.rejected {
		if of == m.call {
			return fmt.Errorf("line %d: a promise was rejected: %s", m.call.q.CodeLine, sentence(m.message(p.Result())))
		}
	}
	return nil
}

// forgive forgets the rejected promises of a call that has ended: they are not
// the next one's.
func (m *machine) forgive() {
	for p, of := range m.rejected {
		if of == m.call {
			delete(m.rejected, p)
		}
	}
}

// explain turns an error of the machine into a sentence with the line of the
// connector's file.
func (m *machine) explain(err error) error {
	q := m.call.q
	if over, ok := errors.AsType[*goja.InterruptedError](err); ok {
		return fmt.Errorf("line %d: %w", m.line(over.Stack()), m.used(over.Value()))
	}
	if deep, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		return errors.New(sentence(fmt.Sprintf("line %d: functions call one another more than %d deep", m.line(deep.Stack()), maxCalls)))
	}
	if thrown, ok := errors.AsType[*goja.Exception](err); ok && m.interrupted.Load() {
		return fmt.Errorf("line %d: %w", m.line(thrown.Stack()), m.used(nil))
	} else if ok {
		return fmt.Errorf("line %d: %s", m.line(thrown.Stack()), sentence(m.message(thrown.Value())))
	}
	return fmt.Errorf("%s", sentence(fmt.Sprintf("line %d: %v", q.CodeLine, err)))
}

// used is the budget that the present call has used up.
func (m *machine) used(why any) error {
	if e, ok := why.(error); ok && errors.Is(e, errMemory) || why == nil && m.hungry.Load() {
		return &memoryError{m.o.Memory}
	}
	return &overError{m.o.Budget, "it ran longer than"}
}

// line is the line of the file at the innermost frame of the present script.
func (m *machine) line(stack []goja.StackFrame) int {
	q := m.call.q
	for _, f := range stack {
		if f.SrcName() == programName(q) && f.Position().Line > 0 {
			return at(q, f.Position(), "").line
		}
	}
	return q.CodeLine
}
