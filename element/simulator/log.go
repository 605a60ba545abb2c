package simulator

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds of the record. Older connections and messages make room for newer
// ones; the ids of entries tell how many there were.
const (
	MaxEntries  = 100     // connections
	MaxMessages = 100     // messages of a connection, the newest ones
	MaxData     = 2 << 10 // bytes of a message or of a response head
)

// Entry is one TCP connection, from its first byte to how it ended.
type Entry struct {
	ID     int // 1 for the first connection of the device
	At     time.Time
	Remote string

	Head   string // the request line and headers as received, with the empty line; "" until complete
	Answer string // the status line and headers of the first response as sent
	Status int    // of Answer; 0 before it

	Messages []Message // received, oldest first
	Received int       // how many there were
	End      *End      // nil while the connection is open

	gone bool // it made room for newer ones
}

// Line returns the first header line of Head whose name is name in any
// casing, as received and without CRLF, or "".
func (e Entry) Line(name string) string {
	lines := strings.Split(e.Head, "\r\n")
	for _, line := range lines[1:] {
		if n, _, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return line
		}
	}
	return ""
}

// RequestLine returns the first line of Head, without CRLF.
func (e Entry) RequestLine() string {
	line, _, _ := strings.Cut(e.Head, "\r\n")
	return line
}

// Open reports whether e is an open WebSocket session.
func (e Entry) Open() bool { return e.Status == 101 && e.End == nil }

// Message is one message or one ping or pong from the client.
type Message struct {
	At   time.Time
	Kind string // "text", "binary", "ping", "pong"
	Size int    // in bytes, after inflating
	Data string // at most MaxData bytes of it
}

// End is how a connection ended.
type End struct {
	At time.Time
	By string // "client" or "device"
	// Cause is "refused" (an HTTP answer and no session), "closed" (a Close
	// frame), "eof" (TCP closed without one), "reset", "dropped" (Drop,
	// Reset, or not answered at all), "slow" (the client did not take its
	// messages), "stopped" (the device ended) or "protocol" (the client broke
	// RFC 6455).
	Cause  string
	Code   int    // of the Close frame; 1005 when it had none, 1006 when there was no frame
	Reason string // of the Close frame
}

// journal keeps the entries and tells waiters of every change.
type journal struct {
	mu      sync.Mutex
	entries []*Entry
	last    int           // id of the newest entry
	changed chan struct{} // closed and replaced on every change
}

func newJournal() *journal { return &journal{changed: make(chan struct{})} }

// add makes a new entry.
func (j *journal) add(remote string, now time.Time) *Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e := &Entry{ID: j.last, At: now, Remote: remote}
	if len(j.entries) == MaxEntries {
		// Its connection may live on: ten thousand of them keep no messages.
		j.entries[0].gone, j.entries[0].Messages = true, nil
		j.entries = slices.Delete(j.entries, 0, 1)
	}
	j.entries = append(j.entries, e)
	j.tell()
	return e
}

// edit changes an entry.
func (j *journal) edit(change func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change()
	j.tell()
}

// tell wakes the waiters; j.mu is held.
func (j *journal) tell() {
	close(j.changed)
	j.changed = make(chan struct{})
}

// end records how e ended; the first to say so is right.
func (j *journal) end(e *Entry, end End) {
	j.edit(func() {
		if e.End == nil {
			e.End = &end
		}
	})
}

// message records what the client sent.
func (j *journal) message(e *Entry, kind string, data []byte, now time.Time) {
	m := Message{At: now, Kind: kind, Size: len(data), Data: string(data[:min(len(data), MaxData)])}
	j.edit(func() {
		e.Received++
		if e.gone {
			return
		}
		if len(e.Messages) == MaxMessages {
			e.Messages = slices.Delete(e.Messages, 0, 1)
		}
		e.Messages = append(e.Messages, m)
	})
}

// answer records the head of the first response; any but a 101 is also the
// end.
func (j *journal) answer(e *Entry, head []byte, now time.Time) {
	j.edit(func() {
		e.Answer = string(head[:min(len(head), MaxData)])
		if fields := strings.SplitN(e.Answer, " ", 3); len(fields) > 1 {
			e.Status, _ = strconv.Atoi(strings.TrimSpace(fields[1])) //nolint:errcheck // 0 when it is no number
		}
		if e.Status != 101 && e.End == nil {
			e.End = &End{At: now, By: "device", Cause: "refused"}
		}
	})
}

// snapshot copies the entries and returns the channel that tells of the next
// change.
func (j *journal) snapshot() ([]Entry, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Entry, len(j.entries))
	for i, e := range j.entries {
		out[i] = *e
		out[i].Messages = slices.Clone(e.Messages)
		if e.End != nil {
			end := *e.End
			out[i].End = &end
		}
	}
	return out, j.changed
}

// Log returns the newest connections, oldest first. The copy is the caller's.
func (d *Device) Log() []Entry {
	entries, _ := d.journal.snapshot()
	return entries
}

// Wait returns nil as soon as ok is true of the log, or ctx's error. It looks
// at the log now and after each change of it.
func (d *Device) Wait(ctx context.Context, ok func([]Entry) bool) error {
	for {
		entries, changed := d.journal.snapshot()
		if ok(entries) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
