package link

import (
	"time"

	"fieldline/element"
)

type (
	// Header is that of a Destination.
	Header = element.Header
	// Proxy is that of a Destination.
	Proxy = element.Proxy
)

// Config is one opening handshake or exchange and the limits of the session it
// opens.
type Config struct {
	element.Destination

	Verb    string   // of an exchange, "" for GET; handshakes are always GET
	Cookies *Cookies // of earlier answers; nil keeps them for this handshake or exchange only
	Logins  *Logins  // what hosts asked for before; nothing is remembered when nil

	MaxMessage   int64         // bytes of a message after inflating; DefaultMaxMessage when 0
	ReadTimeout  time.Duration // a session that is pinged and on which nothing arrives for so long is dead; 0 never
	WriteTimeout time.Duration // of one message; DefaultWriteTimeout when 0
}

// Limits and defaults.
const (
	DefaultMaxMessage   = 64 << 20
	DefaultWriteTimeout = 10 * time.Second
	MaxResponseHead     = 64 << 10 // bytes of status line and headers of an answer
	MaxRefusalBody      = 1 << 20  // bytes of the body of a refusal that are read
)

// Attempt is what became of a Dial, opened or not.
type Attempt struct {
	Record     element.Handshake // masked, for people
	Answered   bool              // an HTTP answer came
	StatusLine string            // "HTTP/1.1 101 Switching Protocols"
	Headers    []Header          // as received, for the connector
	Body       string            // of a refusal; "" for 101
	Note       string            // what is wrong with the text of Body; "" when nothing is

	Subprotocol string
	Extensions  string // as answered

	Failure *Failure // nil when the session is open
}

// Failure is why a connection could not be opened.
type Failure struct {
	element.Cause               // Phase, Code and a sentence with the HTTP status number if there is one
	RetryAfter    time.Duration // of a refusal, 0 when not told
	LoginRefused  bool          // 401 to a login that was sent: do not try again by itself
	Location      string        // of a redirect, masked
	Err           error         // for the log
}

// Error returns the sentence.
func (f *Failure) Error() string { return f.Message }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Message is one whole message from the device. Data is the receiver's.
type Message struct {
	Text bool
	Data []byte
}

// End is why a session ended.
type End struct {
	Code    int    // close code received or sent; 1005 when the frame had none, 1006 when no Close frame was seen
	Reason  string // of the Close frame
	By      string // element "device" or "us"
	Message string // a sentence for a person: "The device closed the connection (1011: overload)."
	Cause   string // stable: "closed", "reset", "eof", "timeout", "protocol", "too-large", "bad-data", "write", "local"
	Err     error  // for the log

	// Hint is the part of Message that guesses, as a sentence; "" where the device
	// said why.
	Hint string
	// Idle is how long nothing had gone either way, pings and pongs included,
	// when the session ended without a Close frame.
	Idle time.Duration
}

// Error returns the sentence.
func (e *End) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *End) Unwrap() error { return e.Err }
