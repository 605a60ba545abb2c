package simulator

import (
	"encoding/json"
	"fmt"
	"time"
)

// taiOffset is TAI minus UTC in seconds, as it has been since 2017.
const taiOffset = 37

// timestamp writes t as NMOS does: seconds, a colon, and the nanoseconds as a
// number (not as a decimal fraction).
func timestamp(t time.Time) string {
	return fmt.Sprintf("%d:%d", t.Unix()+taiOffset, t.Nanosecond())
}

// command is what an IS-07 client sends.
type command struct {
	Command   string   `json:"command"`
	Sources   []string `json:"sources"`
	Timestamp string   `json:"timestamp"`
}

// message is what an IS-07 device sends.
type message struct {
	Identity  *identity `json:"identity,omitempty"`
	EventType string    `json:"event_type,omitempty"`
	Timing    timing    `json:"timing"`
	Payload   *payload  `json:"payload,omitempty"`
	Type      string    `json:"message_type"`
}

type identity struct {
	Source string `json:"source_id"`
	Flow   string `json:"flow_id"`
}

type timing struct {
	Origin   string `json:"origin_timestamp,omitempty"`
	Creation string `json:"creation_timestamp"`
}

type payload struct {
	Value any   `json:"value"`
	Scale int64 `json:"scale,omitempty"`
}

// source is a Source with its present value.
type source struct {
	Source
	value any
	next  int // index into Values of the next change
	since time.Time
	bare  bool // only the creation timestamp is told, that of the last change
}

// newSource starts src at its first value.
func newSource(src Source, now time.Time) *source {
	s := &source{Source: src, since: now}
	s.step(now)
	return s
}

// step moves s on to its next value.
func (s *source) step(now time.Time) {
	if len(s.Values) == 0 {
		return
	}
	s.value, s.since = s.Values[s.next], now
	s.next = (s.next + 1) % len(s.Values)
}

// state is the state message of s. Its creation timestamp is now, its origin
// timestamp the moment of the last change.
func (s *source) state(now time.Time) []byte {
	times := timing{Origin: timestamp(s.since), Creation: timestamp(now)}
	if s.bare {
		times = timing{Creation: timestamp(s.since)}
	}
	return encode(message{
		Identity: &identity{s.ID, s.Flow}, EventType: s.EventType, Type: "state",
		Timing: times, Payload: &payload{Value: s.value, Scale: s.Scale},
	})
}

// shutdown is the message that says s will not be heard any more.
func (s *source) shutdown(now time.Time) []byte {
	return encode(message{Identity: &identity{s.ID, s.Flow}, Type: "shutdown", Timing: timing{Creation: timestamp(now)}})
}

// healthReply answers a health command of a client.
func healthReply(origin string, now time.Time) []byte {
	return encode(message{Type: "health", Timing: timing{Origin: origin, Creation: timestamp(now)}})
}

// encode writes m; a value that JSON does not know (a caller's mistake in
// Source.Values) becomes null.
func encode(m message) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		m.Payload = &payload{}
		b, _ = json.Marshal(m) //nolint:errcheck // nothing is left that can fail
	}
	return b
}
