package simulator

import (
	"log/slog"
	"net/http"
	"time"
)

// Options describe a Device. The zero value is a well-behaved IS-07 device
// with the sources of DefaultSources.
type Options struct {
	Path    string   // answered path; DefaultPath when ""
	Sources []Source // DefaultSources() when nil
	Player  *Player  // makes the device a music server with JSON-RPC instead of an IS-07 device; Path is then DefaultPlayerPath when ""
	Logger  *slog.Logger

	Sessions int           // open at once, more are refused with 503; MaxSessions when 0
	Interval time.Duration // between changes of the sources; DefaultInterval when 0, never when negative
	Greeting time.Duration // between state messages to a client that has not subscribed; DefaultGreeting when 0, none at all when negative

	// Health is how long a session that spoke IS-07 may stay without a health
	// command; HealthTimeout when 0, for ever when negative (for people who
	// try single commands by hand).
	Health time.Duration

	// Reference makes an IS-07 device do what nmos-cpp's node does where IS-07
	// leaves room: it says nothing before a subscription, counts the time
	// without health from the opening, ends it with 1011 "Expired", tells of a
	// state only when it came to be (no origin timestamp), and stops without
	// shutdown messages.
	Reference bool

	Manners
}

// Manners are how a device treats an opening handshake. They can be changed
// while it runs; a change counts for the handshakes that follow.
type Manners struct {
	Delay time.Duration // before a handshake is answered

	RefuseStatus int         // answer every handshake with this HTTP status; 0 opens
	RefuseHeader http.Header // of a refusal
	RefuseBody   string      // of a refusal

	RequireHeader string // a handshake without this header is refused with 403 (401 for Authorization)
	RequireValue  string // and without this value of it, unless ""

	Subprotocol string // answered whether it was offered or not; "" none
	// Extensions is the answered Sec-WebSocket-Extensions: "" negotiates
	// permessage-deflate without context takeover when it is offered, "none"
	// answers none, anything else is sent as it is. Messages are compressed,
	// without takeover, when the answer names permessage-deflate.
	Extensions string

	NoHealth bool // health commands are heard and not answered; everything else goes on

	Silent bool // do not read from open sessions: no pong, no answer, TCP fills up
}

// Defaults of Options.
const (
	DefaultPath     = "/x-nmos/events/ws"
	DefaultInterval = time.Second
	DefaultGreeting = 2 * time.Second
)

// Limits of a device.
const (
	MaxSessions      = 10_000           // open at once, when Options says nothing
	MaxMessage       = 1 << 20          // bytes of a message from a client, after inflating; more ends the session with 1009
	MaxSubscriptions = 1000             // sources in one subscription command; more are ignored
	MaxHead          = 64 << 10         // bytes of a request's head
	MaxOutbox        = 256              // messages waiting for one session; a client this slow is dropped
	HealthTimeout    = 12 * time.Second // of a session that spoke IS-07 (IS-07 v1.0, "WebSocket heartbeats")
	CloseTimeout     = 2 * time.Second  // for the client's answer to a Close
	WriteTimeout     = 5 * time.Second  // of one message
)

// Source is something the device reports on: an IS-07 event source.
type Source struct {
	ID, Flow  string // UUIDs
	Name      string // for people; not on the wire
	EventType string // "boolean", "string", "number", "number/temperature/C", "string/enum/Name", …
	Scale     int64  // of a number: its value is Values divided by Scale; 0 leaves it out
	Values    []any  // bool, string or int, one after the other, then from the start
	Every     int    // changes on every n-th Interval; 1 when 0
}

// DefaultSources returns a believable studio: a tally, a temperature, what is
// on air and the studio's condition.
func DefaultSources() []Source {
	return []Source{
		{
			ID: "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0001", Flow: "0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0001",
			Name: "Tally camera 1", EventType: "boolean", Values: []any{false, true}, Every: 3,
		},
		{
			ID: "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002", Flow: "0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0002",
			Name: "Rack temperature", EventType: "number/temperature/C", Scale: 10,
			Values: []any{201, 203, 206, 208, 211, 209, 207, 204},
		},
		{
			ID: "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0003", Flow: "0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0003",
			Name: "On air", EventType: "string", Values: []any{"Morning news", "Weather", "Sport"}, Every: 5,
		},
		{
			ID: "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0004", Flow: "0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0004",
			Name: "Studio condition", EventType: "number/enum/StudioCondition", Values: []any{1, 2, 3}, Every: 7,
		},
	}
}
