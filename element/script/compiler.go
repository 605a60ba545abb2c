package script

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/dop251/goja"

	"fieldline/element"
	"fieldline/element/connector"
)

// jscript is the encoding that is run here; notCompiled is the rule of the
// public validator that Check applies.
const (
	jscript     = "jscript"
	notCompiled = "3.4.1"
)

// Compiler compiles QActions, each once, and counts what scripts cost. It may
// be used from any goroutine.
type Compiler struct {
	o        Options
	builtins *goja.Program
	memory   *memory

	mu       sync.Mutex
	programs map[weak.Pointer[connector.QAction]]*program
	counters map[counted]*counter
}

// counted names a QAction in all elements of its connector.
type counted struct {
	connector, version string
	qaction            int
}

type counter struct {
	name            string
	calls, failures atomic.Uint64
	spent           atomic.Int64 // nanoseconds
}

// New returns a compiler.
func New(o Options) *Compiler {
	boundMatches()
	o = o.withDefaults()
	return &Compiler{o: o, memory: newMemory(o), builtins: goja.MustCompile("", builtinsJS, true), programs: map[weak.Pointer[connector.QAction]]*program{}, counters: map[counted]*counter{}}
}

// Count is what one QAction has cost in all elements of its connector since
// the program started. Spent is with what its calls caused, so that a call
// that runs another QAction counts in the time of both.
type Count struct {
	Connector, Version string
	QAction            int
	Name               string
	Calls, Errors      uint64
	Spent              time.Duration
}

// Counts returns the present counts of all QActions that were called, in no
// order.
func (c *Compiler) Counts() []Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Count, 0, len(c.counters))
	for k, n := range c.counters {
		all = append(all, Count{
			Connector: k.connector, Version: k.version, QAction: k.qaction, Name: n.name,
			Calls: n.calls.Load(), Errors: n.failures.Load(), Spent: time.Duration(n.spent.Load()),
		})
	}
	return all
}

// counter is where the calls of a QAction are counted.
func (c *Compiler) counter(def *connector.Definition, q *connector.QAction) *counter {
	k := counted{def.Name, def.Version, q.ID}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counters[k] == nil {
		c.counters[k] = &counter{name: q.Name}
	}
	return c.counters[k]
}

// program returns the compiled QAction. Definitions are never changed, so the
// pointer is its name; when the connector is deleted and nothing runs it any
// more, the compiled code goes too.
func (c *Compiler) program(q *connector.QAction) *program {
	name := weak.Make(q)
	c.mu.Lock()
	p := c.programs[name]
	c.mu.Unlock()
	if p != nil {
		return p
	}
	made := compile(q)
	c.mu.Lock()
	defer c.mu.Unlock()
	if p = c.programs[name]; p == nil {
		p = &made
		c.programs[name] = p
		runtime.AddCleanup(q, c.forget, name)
	}
	return p
}

// forget drops the code of a QAction that is gone.
func (c *Compiler) forget(name weak.Pointer[connector.QAction]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.programs, name)
}

// Check compiles the JScript QActions of a connector and returns a finding for
// each that does not compile, by line.
func Check(def *connector.Definition) []element.Finding {
	var found []element.Finding
	for i := range def.QActions {
		q := &def.QActions[i]
		if q.Encoding != jscript {
			continue
		}
		if t := compile(q).trouble; t != nil {
			found = append(found, element.Finding{
				ID: notCompiled, Severity: element.Critical, Line: t.line, Column: t.column,
				Message: fmt.Sprintf("QAction %d does not compile and is not run: %s", q.ID, sentence(t.message)),
			})
		}
	}
	slices.SortStableFunc(found, func(a, b element.Finding) int { return cmp.Compare(a.Line, b.Line) })
	return found
}
