package feed

import (
	"errors"
	"sync"

	"fieldline/element"
)

// What ends a Reader.
var (
	// ErrGone: the stream was dropped, its element is deleted.
	ErrGone = errors.New("the stream is gone: its element was deleted")
	// ErrClosed: the hub or the reader was closed.
	ErrClosed = errors.New("the feed is closed: the server stops")
)

// Hub holds the streams of the program. Make one with New.
type Hub struct {
	epoch  string
	limits Limits
	closed chan struct{} // closed by Close
	close  sync.Once

	// mu guards the set of streams. Publish holds it for reading so that no
	// stream leaves the set while something is published to it.
	mu      sync.RWMutex
	streams map[string]*stream
	waiting int // streams that nothing was published to yet

	// floor is above every number of every dropped stream. New streams start
	// there, so that a cursor of a dropped stream fits no later one.
	floor uint64
}

// New returns a hub whose cursors carry the epoch; it must differ at each
// start of the program.
func New(epoch string, limits Limits) *Hub {
	h := &Hub{
		epoch:   epoch,
		limits:  limits.withDefaults(),
		closed:  make(chan struct{}),
		streams: map[string]*stream{},
	}
	h.create(element.FleetStream) // it is there before the first element
	return h
}

// Publish gives the updates their Seq (in the slice and in the events), makes
// them readable and returns the cursor after the last one; with no updates it
// returns the present cursor. It creates the stream when there is none, and
// never blocks on a reader. The hub keeps copies of the events and patches;
// what they point to must not change any more.
func (h *Hub) Publish(name string, updates []element.Update) element.Cursor {
	h.mu.RLock()
	s := h.streams[name]
	if s == nil || !s.published.Load() {
		h.mu.RUnlock()
		h.create(name)
		h.mu.RLock()
		s = h.streams[name]
	}
	defer h.mu.RUnlock()
	if s == nil { // dropped between the two locks
		return element.Cursor{Epoch: h.epoch, Seq: h.floor}
	}
	return element.Cursor{Epoch: h.epoch, Seq: s.publish(updates, h.limits)}
}

// create makes sure that a stream exists and counts as published.
func (h *Hub) create(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[name]
	if s == nil {
		s = newStream(h.floor)
		h.streams[name] = s
		h.waiting++
	}
	if !s.published.Swap(true) {
		h.waiting--
	}
}

// Cursor returns the present end of a stream.
func (h *Hub) Cursor(name string) element.Cursor {
	h.mu.RLock()
	defer h.mu.RUnlock()
	c := element.Cursor{Epoch: h.epoch, Seq: h.floor}
	if s := h.streams[name]; s != nil {
		c.Seq = s.end()
	}
	return c
}

// Events returns the events after a cursor, oldest first, or the newest limit
// of them when after is nil. When more than limit follow the cursor, the
// oldest of those are returned and Cursor is that of the last one, so that the
// next call goes on there; else Cursor is the end of the stream. Gap: events
// after the cursor are lost or the cursor is none of this stream; the page
// then holds the newest. A limit of 0 is DefaultPage; MaxPage is the most. With
// kinds, all of this is about events of these kinds alone.
func (h *Hub) Events(name string, after *element.Cursor, limit int, kinds ...element.EventKind) element.EventPage {
	if limit <= 0 {
		limit = DefaultPage
	}
	limit = min(limit, MaxPage)
	h.mu.RLock()
	defer h.mu.RUnlock()
	s := h.streams[name]
	if s == nil {
		s = newStream(h.floor)
	}
	foreign := after != nil && after.Epoch != h.epoch
	page := s.page(after, foreign, limit, kinds)
	page.Cursor.Epoch = h.epoch
	return page
}

// Drop forgets a stream; Next of its readers returns ErrGone. The owner of a
// stream calls it after its last Publish.
func (h *Hub) Drop(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[name]
	if s == nil {
		return
	}
	delete(h.streams, name)
	if !s.published.Load() {
		h.waiting--
	}
	h.floor = max(h.floor, s.drop()+1)
}

// Close ends all readers with ErrClosed. What is published later can still be
// read with Events.
func (h *Hub) Close() { h.close.Do(func() { close(h.closed) }) }
