package runner

import (
	"net/http"
	"reflect"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// pace is how the connection may try again, as its settings are now.
func (c *connection) pace() pace {
	cfg, _ := c.r.connectionConfig(c.id)
	return pace{first: cfg.RetryFirst(), longest: cfg.RetryLongest(), stops: cfg.StopsAfter, jitter: c.r.o.Jitter}
}

// judgeEnd says what follows from the end of the session.
func (c *connection) judgeEnd(end link.End) {
	c.heed(c.series.ended(end, time.Since(c.openedAt), c.ordered, c.ping, c.pace()))
}

// judgeRefusal says what follows from a try that did not open.
func (c *connection) judgeRefusal(f *link.Failure, status int) {
	known := c.accepted != (login{}) && c.accepted == loginOf(c.dialled)
	c.heed(c.series.notOpened(f, status, known, c.pace()))
}

// heed does as a verdict says. What was ordered meanwhile stands.
func (c *connection) heed(v verdict) {
	c.troubled, c.refused, c.words = !v.well, v.refused, v.words
	c.next = time.Time{}
	if v.wait > 0 {
		c.next = time.Now().Add(v.wait)
	}
	if c.want && (v.held || v.refused) && !v.stopped && c.retargeted() {
		c.again = true // what was refused has been changed since it was sent
	}
	c.stopped = v.stopped && !c.person
	c.held = c.stopped || v.held && !v.stopped && !c.person && (!c.again || !c.retargeted())
	if v.log != "" {
		c.r.logged("warning", v.log)
	}
}

// livesWell ends the series of tries: the session has been open for long enough.
func (c *connection) livesWell() {
	c.well, c.troubled = true, false
	c.series.lives()
	c.showNote()
	c.touch()
}

// showNote has people see what stands out: a cut that is known, and while it is
// open, that the connection did not stay open again and again.
func (c *connection) showNote() {
	c.public.Note = c.series.cuts.words()
	if c.public.Note == "" && c.public.Status == element.ConnOpen && !c.well {
		c.public.Note = c.r.scrubText(c.series.note())
	}
}

// login is what of a handshake says who we are.
type login struct{ user, password, authorization string }

func loginOf(o engine.Opening) login {
	l := login{user: o.User, password: o.Password}
	for _, h := range o.Headers {
		if http.CanonicalHeaderKey(h.Name) == "Authorization" {
			l.authorization = h.Value
		}
	}
	return l
}

// retargeted reports whether the next handshake would not be the last one again.
func (c *connection) retargeted() bool {
	o, err := c.opening()
	if err != nil {
		return false
	}
	o.Notes = c.dialled.Notes
	return !reflect.DeepEqual(o, c.dialled)
}

// advance decides what follows when nothing runs: one more try, a wait, or
// nothing.
func (c *connection) advance() {
	switch {
	case !c.want || c.held:
		c.again = false
		c.become(element.ConnClosed)
	case c.again && c.troubled && !c.person:
		c.again = false
		c.order()
	case c.again:
		c.again = false
		c.series.anew()
		c.dial(true)
	case c.r.record.Config.Reconnect == element.Manual:
		c.become(element.ConnClosed)
	default:
		if c.next.IsZero() {
			p := c.pace()
			c.next = time.Now().Add(p.jitter(p.backoff(max(c.series.tries, 1))))
		}
		c.wait()
	}
}

// order carries out the logic's order in trouble: when it is time, and as one
// more try of the series.
func (c *connection) order() {
	at := c.earliest
	if c.next.After(at) && !c.retargeted() {
		at = c.next
	}
	if !at.After(time.Now()) {
		c.dial(true)
		return
	}
	c.next = at
	c.wait()
}

// wait is until the next try.
func (c *connection) wait() {
	c.become(element.ConnWaiting)
	c.public.NextTry, c.public.Attempt = element.At(c.next), c.series.tries
}
