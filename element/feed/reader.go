package feed

import (
	"context"

	"fieldline/element"
)

// Reader reads one stream from a cursor on. It holds its cursor and nothing
// else; it belongs to one goroutine and must be closed.
type Reader struct {
	hub    *Hub
	name   string
	stream *stream // nil when err is set
	cursor element.Cursor
	err    error // what Next returns from now on
}

// Open returns a reader of what comes after the cursor. A stream that nothing
// was published to yet may be opened: its reader waits. A cursor of this epoch
// that belongs to a dropped stream gives a reader that returns ErrGone.
func (h *Hub) Open(name string, from element.Cursor) *Reader {
	r := &Reader{hub: h, name: name, cursor: from}
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[name]
	switch {
	case s != nil:
	case from.Epoch == h.epoch && from.Seq < h.floor:
		r.err = ErrGone
		return r
	case h.waiting >= h.limits.Waiting:
		r.err = element.Errorf(element.TooMany, "%d streams are open that belong to no element; close some pages and try again.", h.waiting)
		return r
	default:
		s = newStream(h.floor)
		h.streams[name] = s
		h.waiting++
	}
	s.readers++
	r.stream = s
	return r
}

// Next waits until there is something after the reader's cursor and returns
// all of it: the newest patch of each key and the events, both in order. It
// returns the error of ctx when that ends first (the reader can go on),
// ErrGone when the stream was dropped and ErrClosed after Close.
func (r *Reader) Next(ctx context.Context) (element.Batch, error) {
	for r.err == nil {
		select {
		case <-r.hub.closed:
			return element.Batch{}, ErrClosed
		default:
		}
		b, wake, err := r.stream.next(r.cursor, r.hub.epoch)
		if err != nil {
			return element.Batch{}, err
		}
		if wake == nil {
			r.cursor = b.Cursor
			return b, nil
		}
		select {
		case <-wake:
		case <-r.hub.closed:
		case <-ctx.Done():
			return element.Batch{}, ctx.Err()
		}
	}
	return element.Batch{}, r.err
}

// Close gives up what the hub holds for the reader. Next returns ErrClosed
// from then on. Closing twice does nothing.
func (r *Reader) Close() {
	s := r.stream
	if r.err == nil {
		r.err = ErrClosed
	}
	if s == nil {
		return
	}
	r.stream = nil
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	s.readers--
	if s.readers == 0 && !s.published.Load() && r.hub.streams[r.name] == s {
		delete(r.hub.streams, r.name)
		r.hub.waiting--
	}
}
