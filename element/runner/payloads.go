package runner

import (
	"container/list"
	"sort"
	"sync"

	"fieldline/element"
)

// Bounds of the messages that are kept whole because their event shows only
// the beginning. The oldest go first. The newest one of an element stays
// whatever its size, until the bound of all needs its room; the newest one of
// all always stays.
const (
	keptPayloads = 64 << 20  // bytes, of one element
	allPayloads  = 256 << 20 // bytes, of all elements
)

// payloads are the whole messages of all elements. It may be used from any
// goroutine; owners put and drop.
type payloads struct {
	ofOne, ofAll int // bounds in bytes

	mu     sync.Mutex
	size   int
	oldest *list.List // of kept, over all elements
	byID   map[element.ID]*elementPayloads
}

// elementPayloads is what is kept of one element, oldest first.
type elementPayloads struct {
	size int
	list []*list.Element
}

// kept is a message and whose it is.
type kept struct {
	id      element.ID
	payload element.Payload
}

func newPayloads(ofOne, ofAll int) *payloads {
	return &payloads{ofOne: ofOne, ofAll: ofAll, oldest: list.New(), byID: map[element.ID]*elementPayloads{}}
}

// put keeps a message, whose Seq is above all that the element has kept, and
// lets go of older ones.
func (p *payloads) put(id element.ID, m element.Payload) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.byID[id]
	if s == nil {
		s = &elementPayloads{}
		p.byID[id] = s
	}
	s.list = append(s.list, p.oldest.PushBack(kept{id, m}))
	s.size += len(m.Data)
	p.size += len(m.Data)
	for s.size > p.ofOne && len(s.list) > 1 {
		p.remove(id)
	}
	for p.size > p.ofAll && p.oldest.Len() > 1 {
		p.remove(p.oldest.Front().Value.(kept).id)
	}
}

// remove lets go of the oldest message of an element. The caller holds mu.
func (p *payloads) remove(id element.ID) {
	s := p.byID[id]
	size := len(p.oldest.Remove(s.list[0]).(kept).payload.Data)
	s.list[0] = nil // frees it before the slice moves on
	s.list = s.list[1:]
	s.size -= size
	p.size -= size
	if len(s.list) == 0 {
		delete(p.byID, id)
	}
}

// get finds the message of an event.
func (p *payloads) get(id element.ID, seq uint64) (element.Payload, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.byID[id]
	if s == nil {
		return element.Payload{}, false
	}
	at := func(i int) element.Payload { return s.list[i].Value.(kept).payload }
	i := sort.Search(len(s.list), func(i int) bool { return at(i).Seq >= seq })
	if i == len(s.list) || at(i).Seq != seq {
		return element.Payload{}, false
	}
	return at(i), true
}

// drop lets go of everything of an element.
func (p *payloads) drop(id element.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.byID[id] != nil {
		p.remove(id)
	}
}

// pendingPayload is a message whose event is not published yet, and so has no number.
type pendingPayload struct {
	event *element.Event
	data  []byte
}

// keepWhole keeps the messages whose events were just published.
func (s *screen) keepWhole() {
	for _, c := range s.whole {
		s.payloads.put(s.id, payloadOf(*c.event, s.secrets.maskPayload(c.data)))
	}
	s.whole = nil
}

// payloadOf is the whole of a message event.
func payloadOf(e element.Event, data []byte) element.Payload {
	p := element.Payload{Seq: e.Seq, At: e.At, Data: data}
	m, sent := e.Body.(element.MessageOut)
	if !sent {
		m = element.MessageOut(e.Body.(element.MessageIn))
	}
	p.Connection, p.Sent, p.Text = m.Connection, sent, m.Opcode == "text"
	return p
}

// findMessage finds the whole message of an event: one that was cut among the kept
// ones, any other in the event itself.
func (s *screen) findMessage(at element.Cursor) (element.Payload, error) {
	now := s.cursor()
	if at.Epoch != "" && at.Epoch != now.Epoch {
		return element.Payload{}, element.Errorf(element.NotFound, "The message is of an earlier start of the program; messages are kept in memory only.")
	}
	if m, ok := s.payloads.get(s.id, at.Seq); ok {
		return m, nil
	}
	gone := element.Errorf(element.NotFound, "There is no message %d any more: of each element the newest %d MiB of large messages are kept, and %d MiB of all elements.",
		at.Seq, keptPayloads>>20, allPayloads>>20)
	if at.Seq == 0 || at.Seq > now.Seq {
		return element.Payload{}, gone
	}
	page := s.publisher.Events(string(s.id), &element.Cursor{Epoch: now.Epoch, Seq: at.Seq - 1}, 1)
	if len(page.Events) == 0 || page.Events[0].Seq != at.Seq {
		return element.Payload{}, gone
	}
	e := page.Events[0]
	switch m := e.Body.(type) {
	case element.MessageIn:
		return wholeOf(e, element.Message(m), gone)
	case element.MessageOut:
		return wholeOf(e, element.Message(m), gone)
	default:
		return element.Payload{}, element.Errorf(element.NotFound, "Event %d is not a message.", at.Seq)
	}
}

// wholeOf is a message that its event shows in full.
func wholeOf(e element.Event, m element.Message, gone error) (element.Payload, error) {
	if m.Truncated {
		return element.Payload{}, gone
	}
	data := m.Base64
	if m.Opcode == "text" {
		data = []byte(m.Text)
	}
	return payloadOf(e, data), nil
}
