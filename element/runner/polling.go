package runner

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldline/element/engine"
	"fieldline/element/link"
)

// exchangeID is one request of the connector: a Connection of a Session.
type exchangeID struct{ session, exchange int }

// polling says when an HTTP connection may be asked again after its device
// refused: all of it, or one request where the others are answered. It is told
// what became of each exchange, and what time it is.
type polling struct {
	whole backoff
	each  map[exchangeID]*backoff
	good  time.Time // of the last good answer
}

// backoff is a wait before the next request.
type backoff struct {
	n      int       // refusals in a row, less what good answers took off
	well   int       // good answers since then
	last   time.Time // when the last one came
	until  time.Time // zero when it is over
	noEnd  bool      // there is no end but a person's order
	login  bool      // it is about the login: a changed one ends it
	none   bool      // no login was sent
	asked  bool      // the device named the time
	status int       // of the last refusal
	worked [sha256.Size]byte
	told   *engine.HoldBack // what the logic knows of it; nil for nothing
}

func (h *backoff) active() bool { return h.noEnd || !h.until.IsZero() }

// end ends the wait. A series goes on unless the refusals are forgotten.
func (h *backoff) end(forget bool) {
	h.until, h.noEnd, h.asked = time.Time{}, false, false
	if forget {
		h.n, h.last, h.login = 0, time.Time{}, false
	}
}

// ease takes a good answer. One between two refusals is no proof that the device
// keeps up: two in a row take one refusal off the series.
func (h *backoff) ease() {
	if h.end(h.login); h.n == 0 {
		return
	}
	if h.well++; h.well == 2 {
		h.n, h.well = h.n-1, 0
	}
}

func (h *backoff) wait(now time.Time, d time.Duration, noEnd bool) {
	h.until, h.noEnd = time.Time{}, noEnd
	if !noEnd {
		h.until = now.Add(d)
	}
}

// outcome is what an exchange came to, as far as polling goes.
type outcome struct {
	id           exchangeID
	status       int // 0 when no answer came
	retryAfter   time.Duration
	loginRefused bool
	login        [sha256.Size]byte // who we said that we are
	withLogin    bool              // that was something
}

// outcomeOf reads the end of an exchange.
func outcomeOf(a *reply) outcome {
	o := outcome{
		id: exchangeID{a.request.Session, a.request.Exchange}, status: a.response.Status,
		retryAfter: a.response.RetryAfter, loginRefused: a.response.LoginRefused,
	}
	o.login, o.withLogin = whoWeAre(a.request.Opening)
	return o
}

// whoWeAre is a mark of what of a request may be a login, at which device, and
// whether there is any.
func whoWeAre(o engine.Opening) (mark [sha256.Size]byte, any bool) {
	all := []string{o.Scheme, o.Host, strconv.Itoa(o.Port), o.User, o.Password}
	any = o.HasLogin || len(o.Secrets) > 0
	for _, line := range o.Headers {
		if link.SecretHeader(line.Name) {
			any = true
			all = append(all, line.Value)
		}
	}
	return sha256.Sum256(fmt.Appendf(nil, "%q %q", all, o.Secrets)), any
}

// of is what is known of one request.
func (p *polling) of(id exchangeID) *backoff {
	if p.each == nil {
		p.each = map[exchangeID]*backoff{}
	}
	h := p.each[id]
	if h == nil {
		h = &backoff{}
		p.each[id] = h
	}
	return h
}

// judge takes what became of an exchange.
func (p *polling) judge(o outcome, now time.Time, pc pace) {
	own := p.of(o.id)
	busy := o.status == http.StatusTooManyRequests || o.status == http.StatusServiceUnavailable
	switch {
	case o.loginRefused:
		p.loginRefused(own, o, now)
	case o.status == 0:
	case busy:
		p.busy(own, o.status, now, pc)
	default:
		p.answered(own, o, now)
	}
	if o.retryAfter > 0 {
		p.whole.asked = true
		p.whole.wait(now, max(min(o.retryAfter, longestHold), p.whole.until.Sub(now)), false)
	}
}

// answered is an answer that is none of these refusals: this request may go on
// at the connector's own pace, and when it is a good one so may all, unless the
// device has named a time.
func (p *polling) answered(own *backoff, o outcome, now time.Time) {
	own.end(own.login)
	good := o.status < http.StatusBadRequest
	if good {
		own.ease()
		own.worked, p.good = o.login, now
		for _, h := range p.each {
			if h.login && h.worked == o.login { // it is accepted again
				h.end(true)
			}
		}
	}
	switch {
	case p.whole.asked, !good && p.whole.login:
	case good:
		p.whole.ease()
	default:
		p.whole.end(false)
	}
}

// busy is a device that wants to be left alone for a while. Where it answers
// other requests well, only this one waits.
func (p *polling) busy(own *backoff, status int, now time.Time, pc pace) {
	othersWork := status == http.StatusServiceUnavailable && !own.last.IsZero() && p.good.After(own.last)
	own.n, own.well, own.last, own.login = own.n+1, 0, now, false
	h := own
	if !othersWork {
		own.end(false)
		h = &p.whole
		h.n, h.well, h.last = h.n+1, 0, now
	}
	// Half of it is sure, so that the pace slows down in any case.
	d := pc.backoff(h.n)
	h.login, h.asked = false, false
	h.wait(now, d/2+pc.jitter(d/2), false)
}

// loginRefused is a login that was not accepted. It is the login's fault and not
// that of one request when the device refuses a second one and answers none well;
// then this one is tried before the others, so that a wait costs one login.
func (p *polling) loginRefused(own *backoff, o outcome, now time.Time) {
	own.n, own.last, own.login, own.none, own.status = own.n+1, now, true, !o.withLogin, o.status
	d, noEnd := own.loginWait(o)
	own.wait(now, d, noEnd)
	others := false
	for id, h := range p.each {
		others = others || id != o.id && h.login && h.last.After(p.good)
	}
	if others && o.status != http.StatusForbidden {
		p.whole.n, p.whole.last, p.whole.login, p.whole.none, p.whole.status = max(p.whole.n, own.n), now, true, own.none, o.status
		p.whole.wait(now, d, noEnd)
		for id, h := range p.each {
			if id != o.id && h.login {
				h.wait(now, d+othersLater, noEnd)
			}
		}
	}
}

// loginWait is how long to wait after the nth refused login. One that worked in
// this run may be refused while the device boots; any other is asked about a few
// times in hours, since accounts get locked.
func (h *backoff) loginWait(o outcome) (wait time.Duration, noEnd bool) {
	n := h.n
	if h.worked == o.login {
		if wait, noEnd = bootWait(n); !noEnd {
			return wait, false
		}
		n -= bootTries
	} else if !o.withLogin || o.status == http.StatusForbidden {
		return pace{first: refusedWait, longest: longestHold}.backoff(n), false
	}
	const hourly = 2
	return longestHold, n > hourly
}

// due is when a wait is over.
func (p *polling) due() time.Time {
	var next time.Time
	p.all(func(_ exchangeID, _ bool, h *backoff) {
		if !h.until.IsZero() && (next.IsZero() || h.until.Before(next)) {
			next = h.until
		}
	})
	return next
}

func (p *polling) all(do func(id exchangeID, whole bool, h *backoff)) {
	do(exchangeID{}, true, &p.whole)
	for _, id := range p.ids() {
		do(id, false, p.each[id])
	}
}

// ids are the requests that something is known of, in order.
func (p *polling) ids() []exchangeID {
	all := make([]exchangeID, 0, len(p.each))
	for id := range p.each {
		all = append(all, id)
	}
	slices.SortFunc(all, func(a, b exchangeID) int {
		if a.session != b.session {
			return a.session - b.session
		}
		return a.exchange - b.exchange
	})
	return all
}

func (p *polling) active() bool {
	active := false
	p.all(func(_ exchangeID, _ bool, h *backoff) { active = active || h.active() })
	return active
}

// refusal is why what a person asks for is not sent meanwhile; "" when it is:
// the wait is ours alone then, for the device's sake.
func (h *backoff) refusal() string {
	at := h.until.UTC().Format("15:04:05") + " UTC"
	switch {
	case !h.active():
		return ""
	case h.asked:
		return "Not sent: the device asks to be left alone until " + at + " (Retry-After). Press Reconnect to ask it sooner."
	case !h.login || h.status == http.StatusForbidden:
		return ""
	}
	return "Not sent: " + lowerFirst(h.words())
}

// words say what a refused login waits for.
func (h *backoff) words() string {
	what := "The device refused the login."
	switch {
	case h.status == http.StatusForbidden:
		what = "The device answered 403 Forbidden."
	case h.none:
		what = "The device wants a login, and none was sent."
	}
	if h.noEnd {
		return what + " It is not asked again until somebody corrects the login or presses Reconnect."
	}
	return what + " It is asked again at " + h.until.UTC().Format("15:04:05") + " UTC, or when somebody corrects the login or presses Reconnect."
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
