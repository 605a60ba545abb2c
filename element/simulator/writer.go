package simulator

import (
	"context"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// write sends what is queued, greets a client that has not subscribed and
// watches the health of one that speaks IS-07, until the device stops, a Close
// was sent or reading ended.
func (s *session) write(device, reading context.Context) {
	greet, stop := s.greetings()
	defer func() { stop() }()
	calm := s.calm
	health := time.NewTimer(HealthTimeout)
	health.Stop()
	defer health.Stop()
	if s.device.bare && s.device.health > 0 {
		health.Reset(s.device.health)
	}
	for {
		select {
		case <-reading.Done():
			return
		case <-device.Done():
			s.goAway()
			return
		case it := <-s.out:
			if it.kind == websocket.CloseMessage {
				s.close(it.code, string(it.data), "closed")
				return
			}
			if !s.put(it) {
				return
			}
		case <-greet:
			if !s.put(text(s.greeting())) {
				return
			}
		case <-calm:
			stop()
			calm, greet, stop = nil, nil, func() {}
		case <-s.spoke:
			if s.device.health > 0 {
				health.Reset(s.device.health)
			}
		case <-health.C:
			s.unsubscribe()
			s.expired()
			return
		}
	}
}

// expired closes a session whose health was not heard for too long.
func (s *session) expired() {
	if s.device.bare {
		s.close(websocket.CloseInternalServerErr, "Expired", "closed")
		return
	}
	s.close(websocket.ClosePolicyViolation, fmt.Sprintf("no health command for %.0f s", s.device.health.Seconds()), "closed")
}

// greetings sends the first greeting and returns the channel that calls for
// the others.
func (s *session) greetings() (<-chan time.Time, func()) {
	if s.device.greeting < 0 || s.device.player != nil || !s.put(text(s.greeting())) {
		return nil, func() {}
	}
	ticker := time.NewTicker(s.device.greeting)
	return ticker.C, ticker.Stop
}

// greeting is the state of one source, each one in its turn.
func (s *session) greeting() []byte {
	d := s.device
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sources) == 0 {
		return healthReply("", time.Now())
	}
	src := d.sources[s.greeted%len(d.sources)]
	s.greeted++
	return src.state(time.Now())
}

// put writes one message or ping and reports whether the session goes on.
func (s *session) put(it item) bool {
	deadline := time.Now().Add(WriteTimeout)
	var err error
	if it.kind == websocket.PingMessage {
		err = s.ws.WriteControl(it.kind, it.data, deadline)
	} else {
		_ = s.ws.SetWriteDeadline(deadline) // never fails in this library
		err = s.ws.WriteMessage(it.kind, it.data)
	}
	if err != nil {
		// A Close from the client is answered by the reader, which goes on
		// to record it; any other failure ends the reading too.
		s.expire()
		return false
	}
	return true
}

// goAway ends the session of a device that stops.
func (s *session) goAway() {
	for _, message := range s.unsubscribe() {
		if !s.device.bare && !s.put(text(message)) {
			return
		}
	}
	s.close(websocket.CloseGoingAway, "the simulated device stops", "stopped")
}

// unsubscribe clears the subscription and returns the shutdown messages of
// what was in it.
func (s *session) unsubscribe() [][]byte {
	d := s.device
	d.mu.Lock()
	defer d.mu.Unlock()
	var out [][]byte
	for _, src := range d.sources {
		if s.subscribed[src.ID] {
			out = append(out, src.shutdown(time.Now()))
		}
	}
	s.subscribed = nil
	return out
}

// close sends a Close frame and gives the client CloseTimeout to answer.
func (s *session) close(code int, reason, cause string) {
	s.device.journal.end(s.conn.entry, End{At: time.Now(), By: "device", Cause: cause, Code: code, Reason: reason})
	frame := websocket.FormatCloseMessage(code, reason)
	_ = s.ws.WriteControl(websocket.CloseMessage, frame, time.Now().Add(WriteTimeout)) // a dead client is met by the deadline
	s.expire()
}

// expire ends silence and bounds what the reader still waits for.
func (s *session) expire() {
	s.conn.hear()
	_ = s.ws.SetReadDeadline(time.Now().Add(CloseTimeout)) // fails only when closed, which ends the reader too
}
