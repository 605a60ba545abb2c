package script

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync"
	"time"
	"weak"
)

// memory knows what the scripts of all elements hold. Go does not say whose a
// piece of memory is, so it is found out in two ways: while a call runs by how
// much the heap of the process grows, and between calls by weighing what a
// machine holds.
type memory struct {
	each, all int64

	mu        sync.Mutex
	held      map[weak.Pointer[Element]]int64
	running   map[*Element]*usage
	collected time.Time // when the heap was last cleared of what nobody holds
	stopped   time.Time // when a call was last stopped for its memory

	sample sync.Mutex
	heap   []metrics.Sample
	at     time.Time
	value  int64
}

const (
	tickEvery   = 10 * time.Millisecond  // how often a call is looked at
	wallFactor  = 10                     // a budget of CPU time may take so much longer on the clock
	sampleEvery = time.Millisecond       // how old a number of the heap may be
	sweepEvery  = 100 * time.Millisecond // between two looks for what nobody holds any more
	weighEvery  = 10 * time.Second       // an element whose scripts run
	weighAfter  = 32 << 20               // bytes by which the heap grew since the last weighing
	weighPart   = 20                     // of the time, one part goes into weighing
)

func newMemory(o Options) *memory {
	return &memory{
		each: o.Memory, all: o.TotalMemory,
		held: map[weak.Pointer[Element]]int64{}, running: map[*Element]*usage{},
		heap: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}},
	}
}

// recent is about what the heap of the process takes, with what nobody holds
// any more.
func (m *memory) recent() int64 {
	m.sample.Lock()
	defer m.sample.Unlock()
	if now := time.Now(); now.Sub(m.at) >= sampleEvery || now.Before(m.at) {
		m.read(now)
	}
	return m.value
}

func (m *memory) now() int64 {
	m.sample.Lock()
	defer m.sample.Unlock()
	m.read(time.Now())
	return m.value
}

func (m *memory) read(now time.Time) {
	metrics.Read(m.heap)
	m.value, m.at = int64(m.heap[0].Value.Uint64()), now //nolint:gosec // no heap has 2^63 bytes
}

// over reports whether a running call of e is to end, because with more bytes
// the scripts of e or all scripts would hold more than they may.
func (m *memory) over(e *Element, u *usage, more int64) bool {
	stop, who := m.blame(e, u, more)
	if who != nil {
		who.evict()
	}
	return stop
}

// blame says whether the call of e is to stop, or who else has to give up what
// it holds.
func (m *memory) blame(e *Element, u *usage, more int64) (stop bool, who *Element) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running[e] = u
	if !m.exceeds(e, u, more) {
		return false, nil
	}
	// Much of that may be what nobody holds any more.
	if time.Since(m.collected) < sweepEvery && m.grown(e, u)+more < 2*m.each {
		return false, nil
	}
	runtime.GC()
	m.collected = time.Now()
	if !m.exceeds(e, u, more) {
		return false, nil
	}
	if mine := m.grown(e, u) + more; mine <= m.each {
		if who := m.most(); who != nil && who != e && m.held[weak.Make(who)] > mine {
			return false, who
		}
	}
	// Calls that run at the same time all see the heap grow: the one that began
	// first is stopped, then it is seen whether that was enough.
	for _, its := range m.running {
		if its.began.Before(u.began) && time.Since(m.stopped) < 2*sweepEvery {
			return false, nil
		}
	}
	m.stopped = time.Now()
	return true, nil
}

// most is the element that holds most.
func (m *memory) most() *Element {
	var who *Element
	var most int64
	for p, n := range m.held {
		if x := p.Value(); x != nil && n > most {
			who, most = x, n
		}
	}
	return who
}

func (m *memory) exceeds(e *Element, u *usage, more int64) bool {
	mine := m.grown(e, u) + more
	return mine > m.each || mine-m.held[weak.Make(e)]+m.total() > m.all
}

// grown is what e holds and what the process has come to hold since its call
// began.
func (m *memory) grown(e *Element, u *usage) int64 {
	return m.held[weak.Make(e)] + max(0, m.now()-u.heap)
}

func (m *memory) total() int64 {
	var all int64
	for _, n := range m.held {
		all += n
	}
	return all
}

// ended says that a call of e has ended.
func (m *memory) ended(e *Element) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.running, e)
}

// note keeps what e holds, and returns the element that has to give up its
// machine so that all hold no more than they may; nil when none has to.
func (m *memory) note(e *Element, holds int64) *Element {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.held[weak.Make(e)]; !known {
		runtime.AddCleanup(e, m.forget, weak.Make(e))
	}
	m.held[weak.Make(e)] = holds
	if holds > m.each {
		return e
	}
	if m.total() <= m.all {
		return nil
	}
	return m.most()
}

func (m *memory) forget(e weak.Pointer[Element]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held, e)
}

// freed says that e holds nothing any more.
func (m *memory) freed(e *Element) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.held[weak.Make(e)]; known {
		m.held[weak.Make(e)] = 0
	}
}

// Held is what the scripts of one element hold, as last weighed.
type Held struct {
	Element string
	Bytes   int64
}

// Held returns what the scripts of each element hold, by element.
func (c *Compiler) Held() []Held {
	m := c.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Held
	for p, n := range m.held {
		if e := p.Value(); e != nil {
			if id := e.id.Load(); id != nil {
				all = append(all, Held{*id, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b Held) int {
		if a.Element < b.Element {
			return -1
		}
		return 1
	})
	return all
}

// dropMachine takes the machine of an element away, with all that its scripts
// keep. The caller holds e.mu.
func (e *Element) dropMachine() {
	e.m = nil
	e.c.memory.freed(e)
	debug.FreeOSMemory()
}

// weighing is the last weighing of a machine.
type weighing struct {
	at    time.Time
	took  time.Duration
	holds int64
	heap  int64 // of the process, then
}

// due reports whether the machine is to be weighed again: as often as a
// collector of garbage would look at it, so that it costs a small part of what
// the scripts cost.
func (w weighing) due(heap, most int64) bool {
	since, grew := time.Since(w.at), heap-w.heap
	switch {
	case w.at.IsZero(), grew >= most:
		return true
	case since < weighPart*w.took:
		return false
	}
	return since >= weighEvery || grew >= max(weighAfter, w.holds)
}

// weighed looks at what the machine holds after a call, when it is time for
// that, and returns an error when it is too much. The caller holds e.mu.
func (e *Element) weighed() error {
	mem := e.c.memory
	heap := mem.recent()
	if !e.weighing.due(heap, mem.each) {
		return nil
	}
	began := time.Now()
	holds := weigh(e.m.vm, mem.each)
	e.weighing = weighing{at: time.Now(), took: time.Since(began), holds: holds, heap: heap}
	switch who := mem.note(e, holds); {
	case who == nil:
		return nil
	case who != e:
		who.evict()
		return nil
	case holds > mem.each:
		return &memoryError{mem.each}
	}
	return &crowdError{mem.all}
}

// evict takes the machine of an element that another one's owner found to hold
// most. One whose call runs ends that call.
func (e *Element) evict() {
	if !e.mu.TryLock() {
		return // it runs: its own next weighing finds the same
	}
	defer e.mu.Unlock()
	if e.m != nil {
		e.evicted = true
		e.dropMachine()
	}
}
