package web

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"fieldline/element"
)

// Bounds of the bodies of requests, all of them together.
const (
	// MaxBodies is how many bytes of bodies are held at a time, when Options
	// says nothing. A body counts until its request is answered.
	MaxBodies = 64 << 20
	// MinBodies is the least bound: the largest upload fits beside others.
	MinBodies = 32 << 20
	// MinBodyRate is how fast a body comes at least, in bytes a second on
	// average, when Options says nothing. It counts after bodyGrace.
	MinBodyRate = 4 << 10

	bodyGrace = 10 * time.Second
	// bodyLongest is how long a body of an announced length may take.
	bodyLongest = 5 * time.Minute
	// smallBody is the size up to which a body may have of the last eighth:
	// a form or a write gets in while uploads fill the rest.
	smallBody = 64 << 10
)

// What is taken of a body that is refused, to be thrown away.
const (
	drainMost = 128 << 20
	drainFor  = 5 * time.Second
)

// intake bounds what the bodies of all requests hold and how slowly they come.
type intake struct {
	limit int64
	rate  int64
	grace time.Duration
	drain time.Duration // how long what is refused may take

	mu   sync.Mutex
	held int64
}

func newIntake(limit, rate int64) *intake {
	return &intake{limit: cmp.Or(max(limit, 0), MaxBodies), rate: cmp.Or(max(rate, 0), MinBodyRate), grace: bodyGrace, drain: drainFor}
}

// take reserves n bytes for a body that then has all; false when there is no
// room.
func (i *intake) take(n, all int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	limit := i.limit
	if all > smallBody {
		limit -= limit / 8
	}
	if i.held+n > limit {
		return false
	}
	i.held += n
	return true
}

func (i *intake) give(n int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.held -= n
}

// watch puts the bounds around the body of a request; release gives its room
// back when the request is answered.
func (i *intake) watch(w http.ResponseWriter, r *http.Request) (release func()) {
	if r.Body == nil || r.Body == http.NoBody || isUpgrade(r) {
		return func() {}
	}
	b := &body{
		ReadCloser: r.Body, intake: i, control: http.NewResponseController(w),
		length: r.ContentLength, waits: r.Header.Get("Expect") != "",
	}
	r.Body = b
	b.until(time.Now().Add(i.grace)) // what nobody reads is awaited before the answer goes out, too
	return b.release
}

// body is the body of a request under the bounds of an intake.
type body struct {
	io.ReadCloser
	intake  *intake
	control *http.ResponseController
	length  int64     // -1 when it comes in chunks
	waits   bool      // the sender waits to be told to go on
	began   time.Time // zero until the first read
	came    int64
	room    int64 // what it has of the intake
	full    bool  // there was no room for all of it
	err     error // what ended it
}

// Read reads more when there is room for it and it comes fast enough. What
// begins can end: a body has room for all of it from the start, one in chunks
// for the largest that is taken as soon as it is no small one.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if b.began.IsZero() {
		b.began = time.Now()
		b.reserve(b.length)
	}
	if b.length < 0 {
		all := b.came + int64(len(p))
		if all > smallBody {
			all = max(all, maxUpload)
		}
		b.reserve(all)
	}
	if b.err != nil {
		return 0, b.err
	}
	b.until(b.began.Add(b.intake.grace + time.Duration(float64(b.came)/b.rate()*float64(time.Second))))
	n, err := b.ReadCloser.Read(p)
	b.came += int64(n)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = &refusal{
			status: http.StatusRequestTimeout,
			err:    element.Errorf(element.Invalid, "The body arrived too slowly: less than %.0f bytes per second. Nothing was done.", b.rate()),
		}
	case err != nil:
		b.until(time.Time{}) // what comes on the connection next has times of its own
	}
	if err != nil || b.length < 0 && b.came <= smallBody {
		b.intake.give(b.room - b.came)
		b.room = b.came
	}
	b.err = err
	return n, err
}

// reserve takes room for all bytes together, or ends the body.
func (b *body) reserve(all int64) {
	if all <= b.room || b.err != nil {
		return
	}
	if !b.intake.take(all-b.room, all) {
		b.full = true
		b.err = element.Errorf(element.Unavailable, "Other uploads are using all the room for request bodies. Nothing was done; try again in a few seconds.")
		return
	}
	b.room = all
}

// rate is how many bytes a second have to come, on average: of a large body,
// which keeps room from others, more than of a small one.
func (b *body) rate() float64 {
	return max(float64(b.intake.rate), float64(b.length)/bodyLongest.Seconds())
}

func (b *body) until(t time.Time) {
	// Where there is no connection to put a deadline on there is none to wait for.
	_ = b.control.SetReadDeadline(t)
}

// release gives back the room. Nothing of the body is held any more.
func (b *body) release() {
	b.intake.give(b.room)
	b.room = 0
	if b.full {
		b.discard()
	}
}

// discard throws away what is left of the body, without room for it: most
// programs send all before they read, and would see a broken connection in the
// place of the answer. Who waits to be told to go on is answered at once.
func (b *body) discard() {
	if b.waits {
		return
	}
	b.until(time.Now().Add(b.intake.drain))
	// An end before the end is the sender's: the answer is the same.
	_, _ = io.CopyN(io.Discard, b.ReadCloser, drainMost)
}
