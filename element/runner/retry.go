package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// retry decides when a WebSocket is dialled, closed and dialled again. It has
// no clock, no socket and no goroutine: it is told what happened under which
// facts, and says what to do. docs/retry.md is the drawing that a test makes
// from it.
//
// The address is a desired state: want says that the connection should be open,
// redialPending that what is on its way was overtaken by a change and one more
// try follows it. A new try begins only when nothing of the old one runs any
// more, so no connection ever has two sessions.
type retry struct {
	state         element.ConnectionState
	want          bool
	redialPending bool
	immediate     bool // the present try carries out a change, not a wait that ended
	tryFailed     bool // the present try did not open; its goroutine is about to end
	stable        bool // the open session has ended the series
	closedByUs    bool // we close the session because somebody wants so

	suspended    bool // no try until somebody changes something
	personOnly   bool // suspended until a person reconnects
	loginRefused bool // the device refused who we are: a changed header or login is tried at once
	// A connector may order a connection whenever one fails, which is how
	// DataMiner's reconnect. While the connection is failing such orders are
	// carried out no sooner than next, for another target no sooner than
	// earliest; a person's always are at once.
	failing  bool // since the last person's order a try failed, and no session became stable
	byPerson bool // redialPending is a person's order

	earliest time.Time // of the next try that the logic orders for another target
	next     time.Time // when the end of the last try says to try again; zero when it does not
	giveUpAt time.Time // when an overtaken dial is given up; zero when not
	openedAt time.Time
	series   series
}

// facts are what a decision depends on beside what was decided before.
type facts struct {
	now        time.Time
	idle       bool // nothing of a try runs any more
	person     bool // a person wants it
	retargeted bool // the next handshake would not be the last one again
	manual     bool // nothing is tried again by itself
	pace       pace
}

// action is what a decision comes to.
type action int

const (
	stay         action = iota
	dial                // make a try
	giveUpDial          // end the dial that is under way
	closeSession        // end the open session gracefully
)

func newRetry() retry { return retry{state: element.ConnClosed} }

// order makes a connection to the target as it is now, a new one when there is
// one already. Orders while one is carried out fold into one more try.
func (r *retry) order(f facts) action {
	r.want = true
	if f.person && (!r.personOnly || f.retargeted) { // a Start after a Pause is no wish to reconnect
		r.suspended, r.personOnly, r.failing, r.byPerson = false, false, false, true
	} else if r.suspended && (r.personOnly || !f.retargeted) {
		return stay
	}
	r.suspended = false
	if f.idle {
		r.redialPending = true
		return r.advance(f)
	}
	switch r.state {
	case element.ConnOpen:
		r.redialPending = true
		return r.close(true)
	case element.ConnConnecting:
		if r.byPerson || r.tryFailed || f.retargeted { // else the present dial is what is ordered
			r.overtake(f.now)
		}
	case element.ConnClosing, element.ConnWaiting, element.ConnClosed:
		r.redialPending = true
	}
	return stay
}

// overtake has one more try follow the present dial. A dial that a wait has
// begun is given up at once; one that carries out a change gets a moment, so
// that a burst of changes costs one more try and not one each.
func (r *retry) overtake(now time.Time) {
	if r.redialPending {
		return
	}
	r.redialPending = true
	r.giveUpAt = now
	if r.immediate {
		r.giveUpAt = now.Add(closeWait)
	}
}

// reconnect is a person's "Reconnect now": it wins over a wait; pressed again
// while it is carried out it changes nothing.
func (r *retry) reconnect(f facts) action {
	if r.want && r.state == element.ConnConnecting && !f.retargeted {
		return stay
	}
	r.personOnly = false
	return r.order(f)
}

// disconnect closes the connection and leaves it closed.
func (r *retry) disconnect(f facts) action {
	r.want, r.redialPending, r.byPerson = false, false, false
	if f.person {
		r.suspended, r.personOnly = false, false
	}
	switch {
	case f.idle:
		r.state = element.ConnClosed
	case r.state == element.ConnOpen:
		return r.close(true)
	case r.state == element.ConnConnecting:
		r.state = element.ConnClosing
		return giveUpDial
	}
	return stay
}

// close begins the end of the open session. ordered says that somebody wants
// so, and that nothing failed.
func (r *retry) close(ordered bool) action {
	r.state, r.closedByUs = element.ConnClosing, ordered
	return closeSession
}

// targetChanged is told that the target may be another one: it is what a
// suspended connection waits for.
func (r *retry) targetChanged(f facts) action {
	if r.awaitsChange() && f.idle {
		return r.order(f)
	}
	return stay
}

// awaitsChange reports whether another target would end a wait.
func (r *retry) awaitsChange() bool { return r.want && (r.suspended || r.loginRefused) }

// configured is told of changed settings: they are what a suspended connection
// waits for, and the mode of reconnecting may be another one.
func (r *retry) configured(f facts, modeChanged bool) action {
	switch {
	case !r.want || !f.idle:
	case r.suspended:
		return r.order(f)
	case !modeChanged:
	case f.manual:
		r.state = element.ConnClosed
	default:
		return r.order(f)
	}
	return stay
}

// due is when tick has something to do; zero for never.
func (r *retry) due(p pace) time.Time {
	switch r.state {
	case element.ConnWaiting:
		return r.next
	case element.ConnConnecting:
		return r.giveUpAt
	case element.ConnOpen:
		if !r.stable {
			return r.openedAt.Add(p.stableAfter())
		}
	}
	return time.Time{}
}

// tick does what is due.
func (r *retry) tick(f facts) action {
	due := r.due(f.pace)
	if due.IsZero() || due.After(f.now) {
		return stay
	}
	switch r.state {
	case element.ConnWaiting:
		return r.dial(f, false)
	case element.ConnConnecting:
		r.giveUpAt = time.Time{}
		return giveUpDial
	case element.ConnOpen:
		r.stable, r.failing = true, false
		r.series.becameStable()
	}
	return stay
}

// dial begins a try.
func (r *retry) dial(f facts, immediate bool) action {
	r.immediate, r.stable, r.loginRefused, r.byPerson, r.tryFailed = immediate, false, false, false, false
	r.series.begin()
	r.next = time.Time{}
	r.earliest = f.now.Add(f.pace.jitter(f.pace.backoff(min(r.series.tries, orderedTries))))
	r.state = element.ConnConnecting
	return dial
}

// noTarget is the end of a try that had nowhere to go.
func (r *retry) noTarget(f facts) action {
	r.failing = true
	return r.advance(f)
}

// opened is told that the handshake was accepted.
func (r *retry) opened(f facts) action {
	r.openedAt, r.giveUpAt = f.now, time.Time{}
	if !r.want || r.redialPending {
		return r.close(true)
	}
	r.state = element.ConnOpen
	return stay
}

// refused is told why a try opened no session. known says that the same login
// was accepted in this run.
func (r *retry) refused(why *link.Failure, status int, known bool, f facts) verdict {
	v := r.series.notOpened(why, status, known, f.pace)
	r.apply(v, f)
	return v
}

// ended is told why the session ended, which was pinged so often, 0 for never.
// lost says that nobody had asked for it.
func (r *retry) ended(end link.End, every time.Duration, f facts) (v verdict, lost bool) {
	v = r.series.ended(end, f.now.Sub(r.openedAt), r.closedByUs, every, f.pace)
	r.apply(v, f)
	if lost = r.state == element.ConnOpen; lost {
		r.state = element.ConnClosing
	}
	return v, lost
}

// apply does as a verdict says. What was ordered meanwhile stands.
func (r *retry) apply(v verdict, f facts) {
	r.failing, r.loginRefused = !v.stable, v.loginRefused
	r.next = time.Time{}
	if v.wait > 0 {
		r.next = f.now.Add(v.wait)
	}
	if r.want && (v.suspended || v.loginRefused) && !v.personOnly && f.retargeted {
		r.redialPending = true // what was refused has been changed since it was sent
	}
	r.personOnly = v.personOnly && !r.byPerson
	r.suspended = r.personOnly || v.suspended && !v.personOnly && !r.byPerson && (!r.redialPending || !f.retargeted)
}

// advance decides what follows when nothing runs any more: one more try, a
// wait, or nothing.
func (r *retry) advance(f facts) action {
	r.giveUpAt, r.closedByUs = time.Time{}, false
	switch {
	case !r.want || r.suspended:
		r.redialPending = false
		r.state = element.ConnClosed
	case r.redialPending && r.failing && !r.byPerson:
		r.redialPending = false
		return r.orderWhileFailing(f)
	case r.redialPending:
		r.redialPending = false
		r.series.anew()
		return r.dial(f, true)
	case f.manual:
		r.state = element.ConnClosed
	default:
		if r.next.IsZero() {
			r.next = f.now.Add(f.pace.jitter(f.pace.backoff(max(r.series.tries, 1))))
		}
		r.state = element.ConnWaiting
	}
	return stay
}

// orderWhileFailing carries out the logic's order when it is time, as one more
// try of the series.
func (r *retry) orderWhileFailing(f facts) action {
	at := r.earliest
	if r.next.After(at) && !f.retargeted {
		at = r.next
	}
	if !at.After(f.now) {
		return r.dial(f, true)
	}
	r.next = at
	r.state = element.ConnWaiting
	return stay
}

// note is what stands out: a cut that is known, and while it is open, that the
// connection did not stay open again and again.
func (r *retry) note() string {
	if known := r.series.cuts.words(); known != "" {
		return known
	}
	if r.state == element.ConnOpen && !r.stable {
		return r.series.note()
	}
	return ""
}

// dialFailed is told that the dial opened nothing, whoever ended it.
func (r *retry) dialFailed() { r.tryFailed = true }
