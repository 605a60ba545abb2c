package script

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Why a machine is interrupted.
//
//nolint:gochecknoglobals // sentinels
var (
	errOver   = errors.New("budget")
	errMemory = errors.New("memory")
)

// overError says that a budget of time was exceeded.
type overError struct {
	budget time.Duration
	what   string
}

func (o *overError) Error() string { return fmt.Sprintf("%s %v.", o.what, o.budget) }

// memoryError says that a script held too much.
type memoryError struct{ most int64 }

// crowdError says that all scripts together held too much, and those of this
// element most.
type crowdError struct{ most int64 }

func (c *crowdError) Error() string {
	return fmt.Sprintf("all scripts together hold more memory than the %d MiB that they may hold, and those of this element most of it. What they kept is gone.", c.most>>20)
}

func (m *memoryError) Error() string {
	return fmt.Sprintf("it holds more memory than the %d MiB that the scripts of an element may hold. What they kept is gone.", m.most>>20)
}

// usage is what an outermost call has used so far.
type usage struct {
	began  time.Time
	cpu    func() (time.Duration, bool) // nil where there is no such clock
	from   time.Duration                // what cpu read when it began
	budget time.Duration
	heap   int64 // of the process when it began
	marked bool  // Mark was told; under the clock's lock
}

// begin starts to count. The goroutine stays on its thread until end, which
// returns the time that counts.
func (e *Element) begin(budget time.Duration) (u *usage, end func() time.Duration) {
	runtime.LockOSThread()
	u = &usage{began: time.Now(), cpu: threadClock(), budget: budget, heap: e.c.memory.recent()}
	if u.cpu != nil {
		u.from, _ = u.cpu()
	}
	m := e.m
	e.clock.start(min(tickEvery, budget/4), func() bool { return e.mayGoOn(m, u) })
	return u, func() time.Duration {
		e.clock.stop()
		used := u.used()
		if u.marked {
			e.c.o.Mark(*e.id.Load(), false)
		}
		runtime.UnlockOSThread()
		return used
	}
}

// used is the CPU time of the call where that is known, else the time since it
// began.
func (u *usage) used() time.Duration {
	if u.cpu != nil {
		if now, ok := u.cpu(); ok {
			return now - u.from
		}
	}
	return time.Since(u.began)
}

// mayGoOn interrupts a call that has used up its time or memory. It runs beside
// the machine.
func (e *Element) mayGoOn(m *machine, u *usage) bool {
	defer func() {
		if call := e.running.Load(); call != nil && m.limits.interrupted.Load() {
			over := *call
			over.Over = time.Now()
			e.running.CompareAndSwap(call, &over)
		}
	}()
	switch {
	case u.used() >= u.budget, time.Since(u.began) >= wallFactor*u.budget:
		m.limits.interrupt(errOver)
	case e.c.memory.over(e, u, 0):
		m.limits.interrupt(errMemory)
	default:
		e.mark(u)
		return true
	}
	e.mark(u)
	return false
}

// mark tells of a call that has used half of its time, or has taken much.
func (e *Element) mark(u *usage) {
	if e.c.o.Mark != nil && !u.marked && (u.used() > u.budget/2 || e.c.memory.recent()-u.heap > suspicious) {
		u.marked = true
		e.c.o.Mark(*e.id.Load(), true)
	}
}

// clock looks at a call again and again while it runs. A clock that rings late
// does nothing to the next call.
type clock struct {
	mu    sync.Mutex
	turn  uint64
	on    bool
	timer *time.Timer
}

// start has look called every so often until it returns false.
func (c *clock) start(every time.Duration, look func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	c.on = true
	turn := c.turn
	c.timer = time.AfterFunc(every, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.on && c.turn == turn && look() {
			c.timer.Reset(every)
		}
	})
}

func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = false
	c.timer.Stop()
}
