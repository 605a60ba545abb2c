package web

import (
	"slices"
	"sync"
	"testing"
	"time"

	"fieldline/element"

	"github.com/gorilla/websocket"
)

// TestCrowdHasNoHole: fifty pages follow one element while it changes a
// thousand times; some break off again and again, with a message on its way,
// and go on from the cursor they had. Each sees every event once and in order,
// values that only ever get newer, and the last one.
func TestCrowdHasNoHole(t *testing.T) {
	const pages, changes = 50, 1000
	s := newSite(t).withElement(t)
	url := s.listen(t)
	from := s.service.hub.Cursor("e1")
	tabs := make([]*crowdTab, pages)
	for i := range tabs {
		tabs[i] = &crowdTab{browser: dial(t, websocket.Dialer{}, url, nil), url: url, cursor: from}
		tabs[i].say("%s", helloOf("e1", from, true))
		tabs[i].hear("welcome")
	}
	var all sync.WaitGroup
	all.Go(func() {
		for n := range changes {
			p := element.Parameter{ID: 60, Value: element.Number(float64(n + 1)), Initialized: true}
			s.service.hub.Publish("e1", []element.Update{
				{Patch: &element.Patch{Parameter: &p}},
				{Event: &element.Event{Body: element.ParameterChanged{Parameter: 60, Value: p.Value, By: element.ByDevice}}},
			})
		}
	})
	for i, tab := range tabs {
		all.Go(func() { tab.follow(t, changes, i%5 == 0) })
	}
	all.Wait()
	for i, tab := range tabs {
		if len(tab.events) != changes || !slices.IsSorted(tab.events) || len(slices.Compact(tab.events)) != changes {
			t.Errorf("page %d: %d events, or not in their order, or one twice", i, len(tab.events))
		}
		if tab.value != changes || tab.stale > 0 || tab.missed > 0 {
			t.Errorf("page %d: value %v at the end, %d times an older one, %d missed", i, tab.value, tab.stale, tab.missed)
		}
	}
}

// crowdTab is a page that remembers what it saw.
type crowdTab struct {
	*browser
	url    string
	cursor element.Cursor
	events []uint64
	value  float64
	stale  int
	missed uint64
}

// follow reads until the last value and the last event have come. A page that
// breaks off drops every second message unread.
func (c *crowdTab) follow(t *testing.T, changes int, breaks bool) {
	for n := 0; len(c.events) < changes || c.value < float64(changes); {
		var m heard
		if err := c.ReadJSON(&m); err != nil {
			t.Errorf("after %d events: %v", len(c.events), err)
			return
		}
		if m.Type != "news" {
			continue
		}
		if n++; breaks && n%2 == 0 {
			_ = c.Close()
			conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), c.url, nil)
			if err != nil {
				t.Errorf("resuming: %v", err)
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			c.Conn = conn
			if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Errorf("resuming: %v", err)
			}
			if err := conn.WriteMessage(websocket.TextMessage, []byte(helloOf("e1", c.cursor, true))); err != nil {
				t.Errorf("resuming: %v", err)
				return
			}
			continue
		}
		c.take(m)
	}
}

func (c *crowdTab) take(m heard) {
	c.cursor = m.Cursor
	c.missed += m.Missed
	for _, e := range m.Events {
		c.events = append(c.events, e.Seq)
	}
	for _, p := range m.Patches {
		if p.Parameter == nil {
			continue
		}
		f, _ := p.Parameter.Value.Float()
		if f <= c.value {
			c.stale++
		}
		c.value = f
	}
}
