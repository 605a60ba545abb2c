package web

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"fieldline/element"
)

func TestHelloHasToComeInTime(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *site, d websocket.Dialer) {
		b := dial(t, d, pipeURL, nil)
		start := time.Now()
		if code := b.closed(); code != websocket.ClosePolicyViolation || time.Since(start) != HelloIn {
			t.Errorf("closed with %d after %s", code, time.Since(start))
		}
	})
}

func TestSilentPageIsClosed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site, d websocket.Dialer) {
		b := dial(t, d, pipeURL, nil)
		b.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), true))
		b.hear("welcome")
		for i := range 10 { // beats keep it open for longer than SilentFor
			<-time.After(SilentFor - time.Second)
			if err := b.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			b.say(`{"type":"beat","at":%d}`, i)
			b.hear("beat")
		}
		start := time.Now()
		if code := b.closed(); code != websocket.ClosePolicyViolation || time.Since(start) != SilentFor {
			t.Errorf("closed with %d after %s", code, time.Since(start))
		}
	})
}

// TestNewsIsPaced: a page gets the newest of many changes, not each of them.
func TestNewsIsPaced(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site, d websocket.Dialer) {
		b := dial(t, d, pipeURL, nil)
		b.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), false))
		b.hear("welcome")
		synctest.Wait()
		const changes, apart = 1000, time.Millisecond
		go func() {
			for i := range changes {
				s.service.hub.Publish("e1", []element.Update{{Patch: &element.Patch{Parameter: &element.Parameter{ID: 50, Value: element.Number(float64(i + 1))}}}})
				<-time.After(apart)
			}
		}()
		last, messages, at := element.Value{}, 0, time.Time{}
		for last != element.Number(changes) {
			n := b.hear("news")
			if len(n.Patches) != 1 {
				t.Errorf("%d patches of one parameter", len(n.Patches))
			}
			if !at.IsZero() && time.Since(at) < NewsEvery {
				t.Errorf("news after %s", time.Since(at))
			}
			last, at = n.Patches[0].Parameter.Value, time.Now()
			messages++
		}
		if messages > int(changes*apart/NewsEvery)+1 {
			t.Errorf("%d messages", messages)
		}
	})
}

// TestStuckPageIsDropped: a page that does not read loses its socket, not the
// server a goroutine.
func TestStuckPageIsDropped(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site, d websocket.Dialer) {
		b := dial(t, d, pipeURL, nil)
		b.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), true)) // the welcome is never read
		start := time.Now()
		synctest.Wait()
		<-time.After(WriteIn + closeIn)
		synctest.Wait()
		if n := s.openSockets(); n != 0 {
			t.Errorf("%d sockets after %s", n, time.Since(start))
		}
	})
}
