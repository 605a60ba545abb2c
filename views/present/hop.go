package present

import (
	"strings"

	"fieldline/element"
)

// The shapes of a hop and of the mark of an element.
const (
	ShapeOpen    = "open"
	ShapeTrying  = "trying"
	ShapeDown    = "down"
	ShapeOff     = "off"
	ShapePaused  = "paused"  // of an element
	ShapeTimeout = "timeout" // of an element
)

// Hop is the stretch between the server and a device: its shape and the words
// under it. What is zero is not told.
type Hop struct {
	Shape   string       `json:"shape"` // ShapeOpen, ShapeTrying, ShapeDown or ShapeOff
	Word    string       `json:"word"`
	Since   element.Time `json:"since,omitzero"`   // since when it is so
	Message element.Time `json:"message,omitzero"` // of the last message
	Attempt int          `json:"attempt,omitempty"`
	Next    element.Time `json:"next,omitzero"`   // of the next try
	Cause   string       `json:"cause,omitempty"` // why it ended or did not open
	Last    bool         `json:"last,omitempty"`  // Cause is that of the try before this one
	Slow    string       `json:"slow,omitempty"`  // of slow poll: what is sent now; "" when all is
}

// HopOf is the hop of a connection of an element in a state.
func HopOf(c element.Connection, s element.State) Hop {
	h := hopOf(c, s)
	h.Slow = slowPoll(c, s)
	return h
}

func hopOf(c element.Connection, s element.State) Hop {
	cause := ""
	if c.LastCause != nil {
		cause = Visible(c.LastCause.Message)
	}
	switch c.Status {
	case element.ConnOpen:
		return Hop{Shape: ShapeOpen, Word: "Open", Since: c.Since, Message: sessionMessage(c)}
	case element.ConnConnecting:
		return Hop{Shape: ShapeTrying, Word: "Connecting", Attempt: c.Attempt, Cause: cause, Last: cause != ""}
	case element.ConnClosing:
		return Hop{Shape: ShapeTrying, Word: "Closing"}
	case element.ConnWaiting:
		return Hop{Shape: ShapeTrying, Word: "Not connected", Attempt: c.Attempt, Next: c.NextTry, Cause: cause, Last: cause != ""}
	default:
		switch {
		case s == element.Stopped:
			return Hop{Shape: ShapeOff, Word: "Stopped"}
		case neverAsked(c):
			return Hop{Shape: ShapeOff, Word: "Not asked yet"}
		}
		return Hop{Shape: ShapeDown, Word: "Closed", Since: c.Since, Cause: cause}
	}
}

// neverAsked reports whether nothing was asked over an HTTP connection yet: it
// is neither open nor broken.
func neverAsked(c element.Connection) bool {
	return c.Type == "http" && c.LastCause == nil && c.LastMessageAt.IsZero()
}

// sessionMessage is when the open connection had its last message, zero when it
// had none: the last one may be of the connection before it. An HTTP connection
// opens with an answer.
func sessionMessage(c element.Connection) element.Time {
	if c.Type != "http" && c.LastMessageAt.Before(c.Since.Time) {
		return element.Time{}
	}
	return c.LastMessageAt
}

// slowPoll says that a device which does not answer is only pinged. A WebSocket
// that is not open has its tries beside it.
func slowPoll(c element.Connection, s element.State) string {
	switch {
	case c.SlowPollMs == 0 || s != element.Active:
		return ""
	case c.Type != "http" && c.Status != element.ConnOpen:
		return "slow poll until it answers"
	}
	return "slow poll: pings every " + element.FormatNumber(float64(c.SlowPollMs)/1000) + " s until it answers"
}

// Connection is a connection on the page of its element.
type Connection struct {
	ID     int                     `json:"id"`
	Status element.ConnectionState `json:"status"`
	Hop
	Address   string `json:"address"`             // host and port
	URL       string `json:"url"`                 // all of it, masked
	Weakened  string `json:"weakened,omitempty"`  // what makes TLS less safe; "" when nothing
	Note      string `json:"note,omitempty"`      // what stands out, a sentence
	Reconnect string `json:"reconnect,omitempty"` // the word of the button; "" when it would do nothing
}

// ConnectionOf is a connection of an element in a state.
func ConnectionOf(c element.Connection, s element.State) Connection {
	return Connection{
		ID: c.ID, Status: c.Status, Hop: HopOf(c, s),
		Address: address(c), URL: Visible(c.URL), Weakened: weakened(c), Note: Visible(c.Note), Reconnect: reconnect(c),
	}
}

// address is what of a connection's URL a line has room for: host and port.
func address(c element.Connection) string {
	_, rest, ok := strings.Cut(c.URL, "://")
	if !ok {
		rest = c.URL
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		rest = rest[:i]
	}
	if rest == "" {
		return "no address"
	}
	return Visible(rest)
}

func weakened(c element.Connection) string {
	if len(c.Weakened) == 0 {
		return ""
	}
	return "· " + strings.Join(c.Weakened, " · ")
}

// reconnect is the word of the button. What is polled over HTTP has a wait to
// end, or nothing.
func reconnect(c element.Connection) string {
	switch {
	case c.Status == element.ConnWaiting:
		return "Reconnect now"
	case c.Type != "http" || c.Status == element.ConnClosed && c.Attempt > 0:
		return "Reconnect"
	}
	return ""
}
