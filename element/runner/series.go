package runner

import (
	"fmt"
	"net/http"
	"time"

	"fieldline/element/link"
)

// Waits between tries that no setting changes.
const (
	refusedWait = 5 * time.Minute // after a refused login: asking again soon can lock an account
	longestHold = time.Hour       // the longest Retry-After that is obeyed

	firstBootWait = 5 * time.Second // after a refused login that worked in this run: the device may be booting
	bootTries     = 5               // so many of them, each three times as long up to refusedWait: 8 minutes

	othersLater = 5 * time.Second // the other requests of a refused login wait so much longer than the first

	orderedTries = 5 // after so many tries an order for another target waits no longer each time: 16 s
)

// How long a session has to last.
const (
	shortLife   = 10 * time.Second // one that ends sooner is a failed try, whatever it said
	mostToLive  = 10 * time.Minute // bounds pace.stableAfter
	forgetAfter = time.Hour        // open for so long, a refusal by close code begins a series and does not go on with one

	manyShortLived = 3 // so many sessions in a row that did not live well are said in words
)

// bootWait is the wait after the nth time that a login was refused which worked
// in this run; often says that it has been refused too often to be that.
func bootWait(n int) (wait time.Duration, often bool) {
	wait = firstBootWait
	for range n - 1 {
		wait = min(3*wait, refusedWait)
	}
	return wait, n > bootTries
}

// pace is how a connection may try again.
type pace struct {
	first, longest time.Duration
	stops          func(code int) bool // after this close code only a person reconnects
	jitter         func(time.Duration) time.Duration
}

// backoff is the longest wait before the next try after n failed ones (n ≥ 1);
// the wait itself is anything from 0 to it (full jitter), so that many elements
// of one device do not return together.
func (p pace) backoff(n int) time.Duration {
	wait := min(p.first, p.longest)
	for range n - 1 {
		if wait *= 2; wait >= p.longest {
			return p.longest
		}
	}
	return wait
}

// stableAfter is how long a session has to last to end a series. It is more than
// the longest wait: of two clients that throw each other out, each is open for
// as long as the other one waits.
func (p pace) stableAfter() time.Duration {
	return max(shortLife, min(2*p.longest, mostToLive))
}

// series is what a connection remembers of its tries, to say when the next one
// may be made. It is told what became of each; it knows no clock.
type series struct {
	tries         int // since a session lived well, the present one included
	shortLived    int // sessions in a row that opened and did not live well
	loginCloses   int // of those, in a row, ended by a code that may refuse a login
	loginRefusals int // tries in a row whose login was refused
	last          link.End
	cuts          cuts
}

// verdict is what follows from the end of a try.
type verdict struct {
	wait         time.Duration
	suspended    bool   // no try by itself
	personOnly   bool   // suspended until a person reconnects
	loginRefused bool   // the device refused who we are
	stable       bool   // nothing failed: an order is carried out at once
	words        string // why the session ended, where more is to be said than its own sentence
	log          string // for the element's list; "" nothing
}

// begin counts a try.
func (s *series) begin() { s.tries++ }

// anew forgets the tries, not what is known of the way to the device.
func (s *series) anew() { s.tries, s.shortLived, s.loginCloses, s.loginRefusals = 0, 0, 0, 0 }

// anotherWay forgets what is known of the way to the device: it is at another
// address.
func (s *series) anotherWay() { s.cuts = cuts{least: s.cuts.least} }

// notOpened is the end of a try that opened no session. known says that the
// same login was accepted in this run.
func (s *series) notOpened(f *link.Failure, status int, known bool, p pace) verdict {
	login := status == http.StatusUnauthorized || status == http.StatusForbidden
	v := verdict{wait: p.jitter(p.backoff(s.tries)), loginRefused: login}
	switch {
	case f.LoginRefused:
		s.loginRefusals++
		boot, often := bootWait(s.loginRefusals)
		if v.wait = max(boot, min(f.RetryAfter, longestHold)); known && !often {
			break
		}
		v.suspended, v.wait = true, 0
		v.log = "The login was refused. It is not tried again until a person reconnects or something of the connection changes."
	case f.RetryAfter > 0:
		v.wait = max(v.wait, min(f.RetryAfter, longestHold))
	case login:
		v.wait = max(refusedWait, p.longest)
	}
	return v
}

// ended is the end of a session that was open for so long. ordered says that we
// closed it because somebody wanted so; every is the time between its pings.
func (s *series) ended(end link.End, open time.Duration, ordered bool, every time.Duration, p pace) verdict {
	if ordered {
		return verdict{stable: open >= shortLife}
	}
	s.last, s.loginRefusals = end, 0
	v := verdict{personOnly: p.stops(end.Code) && end.By != "us"}
	v.suspended = v.personOnly
	if v.log = s.cuts.add(end, open, every); s.cuts.explains(end) {
		s.anew()
		v.wait = p.jitter(p.backoff(1))
		return v
	}
	s.count(end, open, p)
	v.stable = s.shortLived == 0
	v.wait = p.jitter(s.longest(end, open, p))
	switch {
	case v.personOnly:
		v.words = end.Message + " After this code it is not opened again until a person presses Reconnect, as the settings of the connection say."
		v.log = v.words
	case s.loginRefused(end, open):
		v.loginRefused = true
		v.wait = max(refusedWait, p.longest)
	}
	if v.words == "" && s.shortLived >= manyShortLived {
		v.words = s.shortLivedWords()
		if s.shortLived == manyShortLived && v.log == "" {
			v.log = v.words + " The waits between tries grow."
		}
	}
	return v
}

// count adds the end of a session to the series, or begins one.
func (s *series) count(end link.End, open time.Duration, p pace) {
	refusal := refuses(end)
	switch {
	case refusal && open >= forgetAfter:
		s.anew()
		s.tries, s.shortLived = 1, 1
	case refusal || open < p.stableAfter():
		s.tries = max(s.tries, 1)
		s.shortLived++
	default:
		s.anew()
	}
	if refusesLogin(end.Code) && end.By != "us" {
		s.loginCloses++
	} else {
		s.loginCloses = 0
	}
}

// longest is the longest wait after a session. One that opened, lived for more
// than seconds and was not refused is not waited for longer than it lived.
func (s *series) longest(end link.End, open time.Duration, p pace) time.Duration {
	wait := p.backoff(max(s.tries, 1))
	if open >= shortLife && !refuses(end) && end.Code != internalError {
		wait = min(wait, max(open, p.first))
	}
	return wait
}

// becameStable ends the series: the session has been open for long enough. Only a
// device that refuses us again afterwards goes on with it.
func (s *series) becameStable() {
	if !refuses(s.last) {
		s.anew()
	}
	s.cuts.becameStable()
}

// Close codes of RFC 6455 §7.4.1 and the IANA registry that a device refuses
// us with.
const (
	internalError = 1011
	unauthorized  = 3000
	forbidden     = 3003
	// As HTTP's 401 and 403, which many servers use.
	privateUnauthorized = 4401
	privateForbidden    = 4403
)

// refuses reports whether a close code says that one side will not have the
// other: trying again soon would come to the same.
func refuses(end link.End) bool {
	switch end.Code {
	case 1002, 1007, closePolicy, 1009:
		return true
	case 1003, 1010, 1013:
		return end.By != "us"
	}
	return end.Code >= 3000 && end.By != "us"
}

// refusesLogin reports whether a code is used for a login that is not accepted.
func refusesLogin(code int) bool {
	switch code {
	case closePolicy, unauthorized, forbidden, privateUnauthorized, privateForbidden:
		return true
	}
	return false
}

// loginRefused reports whether the device refuses who we are: it said so soon
// after it let us in. 1008 has other meanings too; it counts when it comes again
// and again.
func (s *series) loginRefused(end link.End, open time.Duration) bool {
	return end.By != "us" && refusesLogin(end.Code) && open < shortLife && (end.Code != closePolicy || s.loginCloses >= manyShortLived)
}

// shortLivedWords say that the connection opens and does not stay.
func (s *series) shortLivedWords() string {
	what := "is closed again by the device"
	switch {
	case s.last.Cause == "timeout":
		return fmt.Sprintf("%s This has happened %d times in a row.", s.last.Message, s.shortLived)
	case s.last.By == "us":
		what = "is closed again by us"
	case s.last.Cause == "eof":
		what = "is ended again by the device without a Close frame"
	case s.last.Cause == "reset":
		what = "is reset again by the device"
	case s.last.Cause == "write":
		what = "breaks again"
	}
	words := fmt.Sprintf("The connection opens and %s%s, %d times in a row.", what, link.CodeAndReason(s.last.Code, s.last.Reason), s.shortLived)
	if s.last.Hint != "" {
		words += " " + s.last.Hint
	}
	return words
}

// note is what stands out while the connection is open.
func (s *series) note() string {
	if s.shortLived >= manyShortLived {
		return s.shortLivedWords()
	}
	return s.cuts.words()
}
