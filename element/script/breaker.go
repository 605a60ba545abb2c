package script

import (
	"fmt"
	"time"

	"fieldline/element/connector"
	"fieldline/element/engine"
)

// The wait before a QAction that was switched off is tried again.
const (
	firstRetry   = 30 * time.Second
	longestRetry = 30 * time.Minute
)

// breaker switches a QAction off that uses too much, and gives it another
// chance later: one call is let through, and how that ends decides.
type breaker struct {
	inARow  int  // budgets exceeded
	broken  bool // it does not compile
	off     bool
	reason  string // why, a sentence; "" when it is on
	retryAt time.Time
	wait    time.Duration
}

// mayRun reports whether a call may run now.
func (b *breaker) mayRun(now time.Time) bool {
	return !b.broken && (!b.off || !now.Before(b.retryAt))
}

// judge decides after a call whether the QAction is off from now on.
func (b *breaker) judge(q *connector.QAction, now time.Time, err error, host engine.ScriptHost) error {
	switch {
	case b.inARow >= strikes || b.off && b.inARow > 0:
		b.wait = min(max(2*b.wait, firstRetry), longestRetry)
		b.off, b.retryAt = true, now.Add(b.wait)
		b.reason = err.Error()
		return &engine.SwitchedOff{Err: err, Wait: b.wait}
	case b.off:
		host.Log("info", fmt.Sprintf("QAction %d was tried again and runs again.", q.ID))
		b.on()
	}
	return err
}

func (b *breaker) on() { b.off, b.inARow, b.reason, b.wait, b.retryAt = false, 0, "", 0, time.Time{} }

// Revive switches on again what was switched off: a person wants to see whether
// it works by now. It reports whether anything was off.
func (e *Element) Revive() bool {
	some := false
	for _, c := range e.costs {
		some = some || c.off
		c.on()
	}
	return some
}
