package script

import (
	"errors"
	"math"
	"sync/atomic"
)

// limits are what the calls of one machine may take. Who would take much asks
// first; what is refused is thrown.
type limits struct {
	js     *values
	memory int64 // bytes that the scripts of the element may hold
	// exceeds reports whether so many bytes more are too many; nil when nobody
	// knows.
	exceeds     func(bytes int64) bool
	interrupted atomic.Bool // the present call is to end
	outOfMemory atomic.Bool // because of its memory
}

// interrupt ends the present call, also one that is in a function in Go which
// asks.
func (l *limits) interrupt(why error) {
	l.outOfMemory.Store(errors.Is(why, errMemory))
	l.interrupted.Store(true)
	l.js.vm.Interrupt(why)
}

// resume makes an interrupted machine fit for the next call.
func (l *limits) resume() {
	l.interrupted.Store(false)
	l.js.vm.ClearInterrupt()
}

// checkEntries is asked before so many entries of a list are gone through.
func (l *limits) checkEntries(name string, n float64) {
	if n > maxWalk {
		l.js.throw("%s: the array has %.0f entries; at most %d are gone through.", name, n, maxWalk)
	}
}

// checkText is asked before a text of so many characters is made.
func (l *limits) checkText(name string, n float64) {
	if n > maxMade {
		l.throwTooLong(name, "the text")
	}
	if n > aLot {
		l.checkMemory(name, int64(2*n))
	}
}

// checkBytes is asked before memory is taken. What is no size the function itself
// refuses.
func (l *limits) checkBytes(name string, n float64) {
	if n > maxBuffer {
		l.js.throw("%s: it would take %.0f bytes; at most %d are allowed.", name, n, maxBuffer)
	}
	if n > aLot {
		l.checkMemory(name, int64(math.Ceil(n)))
	}
}

func (l *limits) throwTooLong(name, what string) {
	l.js.throw("%s: %s becomes longer than the %d characters that are allowed.", name, what, maxMade)
}

// checkMemory is asked before a function takes so many bytes at once.
func (l *limits) checkMemory(what string, bytes int64) {
	full := bytes > aLot && l.exceeds != nil && l.exceeds(bytes)
	if full {
		l.interrupt(errMemory) // who catches what is thrown does not go on
	}
	if full || bytes > l.memory {
		l.js.throw("%s: it would take about %d MiB; the scripts of an element may hold %d MiB.", what, bytes>>20, l.memory>>20)
	}
}

// checkInterrupt ends a function in Go whose time or memory is used up: the machine then
// sees that it is interrupted.
func (l *limits) checkInterrupt() {
	if l.interrupted.Load() {
		l.js.throw("the time is over")
	}
}
