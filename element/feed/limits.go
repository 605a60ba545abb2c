package feed

import "fieldline/element"

// Limits bounds what a Hub keeps. A field that is 0 takes its default.
type Limits struct {
	Events     int // events of one stream and class; DefaultEvents
	EventBytes int // their approximate size in bytes; DefaultEventBytes
	Tombstones int // removed elements that a stream remembers; DefaultTombstones
	// Waiting is the number of streams that readers may open before anything
	// was published to them; DefaultWaiting.
	Waiting int
}

// The defaults of Limits.
const (
	DefaultEvents     = 2000
	DefaultEventBytes = 8 << 20
	DefaultTombstones = 1000
	DefaultWaiting    = 1000
)

// The number of events in an EventPage.
const (
	DefaultPage = 200  // when the caller names none
	MaxPage     = 1000 // at most
)

// maxRuns bounds the record of evicted events in one stream. Missed is exact
// for a cursor that is younger than the oldest of these runs and an upper
// bound for an older one.
const maxRuns = 4096

func (l Limits) withDefaults() Limits {
	orDefault(&l.Events, DefaultEvents)
	orDefault(&l.EventBytes, DefaultEventBytes)
	orDefault(&l.Tombstones, DefaultTombstones)
	orDefault(&l.Waiting, DefaultWaiting)
	return l
}

func orDefault(n *int, d int) {
	if *n <= 0 {
		*n = d
	}
}

// eventOverhead is what an event costs beside its texts, in bytes.
const eventOverhead = 160

// sizeOf estimates the memory of an event: its texts and a fixed part.
func sizeOf(e element.Event) int {
	n := eventOverhead
	switch b := e.Body.(type) {
	case element.MessageIn:
		n += len(b.Text) + len(b.Base64)
	case element.MessageOut:
		n += len(b.Text) + len(b.Base64)
	case element.ParameterChanged:
		n += len(b.Display) + len(b.By) + sizeOfValue(b.Value)
	case element.WriteMoved:
		n += len(b.ID) + len(b.Detail) + len(b.By) + sizeOfValue(b.Value)
	case element.Refused:
		n += len(b.Message) + len(b.Body)
	case element.Log:
		n += len(b.Message)
	case element.Connecting:
		n += len(b.URL)
	case element.Open:
		n += len(b.URL) + len(b.Subprotocol) + len(b.Extensions)
	case element.Closed:
		n += len(b.Reason) + len(b.Message)
	}
	return n
}

// sizeOfValue counts the bytes of a text; a number is part of the overhead.
func sizeOfValue(v element.Value) int {
	if v.Kind() != element.KindText {
		return 0
	}
	return len(v.String())
}
