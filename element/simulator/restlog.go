package simulator

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one request that a REST device was sent.
type Request struct {
	At     time.Time
	Remote string // the address of the client; requests on one connection share it
	Method string
	Path   string // with the query
	Header http.Header
	Body   string // at most MaxData bytes of it
	Status int    // of the answer; 0 before it
}

// requests is the record of a REST device.
type requests struct {
	mu      sync.Mutex
	list    []*Request
	changed chan struct{} // closed and replaced on every change
}

func newRequests() *requests { return &requests{changed: make(chan struct{})} }

func (j *requests) add(r *http.Request, body []byte) *Request {
	entry := &Request{
		At: time.Now(), Remote: r.RemoteAddr, Method: r.Method, Path: r.URL.RequestURI(),
		Header: r.Header.Clone(), Body: string(body[:min(len(body), MaxData)]),
	}
	j.edit(func() {
		if len(j.list) == MaxRequests {
			j.list = slices.Delete(j.list, 0, 1)
		}
		j.list = append(j.list, entry)
	})
	return entry
}

func (j *requests) answered(r *Request, status int) { j.edit(func() { r.Status = status }) }

func (j *requests) edit(change func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change()
	close(j.changed)
	j.changed = make(chan struct{})
}

func (j *requests) snapshot() ([]Request, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Request, len(j.list))
	for i, r := range j.list {
		out[i] = *r
	}
	return out, j.changed
}

// Requests returns the newest requests, oldest first. Their headers are not to
// be changed.
func (d *REST) Requests() []Request {
	list, _ := d.journal.snapshot()
	return list
}

// Wait returns nil as soon as ok is true of the requests, or ctx's error. It
// looks at them now and after each change.
func (d *REST) Wait(ctx context.Context, ok func([]Request) bool) error {
	for {
		list, changed := d.journal.snapshot()
		if ok(list) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
