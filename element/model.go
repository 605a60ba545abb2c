package element

// State is what a person wants of an element.
type State string

// The states. A paused element keeps its connections and runs no logic; a
// stopped one has no connection.
const (
	Active  State = "active"
	Paused  State = "paused"
	Stopped State = "stopped"
)

// ConnectionState is what one connection is doing.
type ConnectionState string

// The states of a connection. Waiting has a next try; Closed has none: it is
// stopped, or waits for a person in manual mode.
const (
	ConnOpen       ConnectionState = "open"
	ConnConnecting ConnectionState = "connecting"
	ConnClosing    ConnectionState = "closing"
	ConnWaiting    ConnectionState = "waiting"
	ConnClosed     ConnectionState = "closed"
)

// Element is the public summary of an element.
type Element struct {
	ID          ID            `json:"id"`
	Name        string        `json:"name"`
	Connector   string        `json:"connector"`
	Version     string        `json:"version"`
	State       State         `json:"state"`
	Timeout     bool          `json:"timeout"` // a connection has not responded for longer than the element timeout
	Severity    *string       `json:"severity"`
	Reconnect   ReconnectMode `json:"reconnect"`
	Connections []Connection  `json:"connections"`
	CreatedAt   Time          `json:"createdAt"`

	PreviousVersion string `json:"previousVersion,omitempty"` // of the connector, that one can go back to
	// Faults say what of the element does not do what it is for, beside its
	// connections: "qaction" (switched off), "script-stuck", "held-back".
	Faults []Fault `json:"faults,omitempty"`
}

// Connection is the public state of one connection. URL is masked.
type Connection struct {
	ID        int             `json:"id"`
	Name      string          `json:"name"`
	Type      string          `json:"type"` // "websocket" or "http"
	Status    ConnectionState `json:"status"`
	URL       string          `json:"url"`
	Since     Time            `json:"since"`
	Attempt   int             `json:"attempt"` // of the present series of tries; 0 when open or never tried
	NextTry   Time            `json:"nextTry"`
	LastCause *Cause          `json:"lastCause"` // why it last ended or was refused; nil when never

	LastMessageAt Time `json:"lastMessageAt"` // last message in, of any session
	SkipVerify    bool `json:"skipVerify"`    // TLS certificates are not checked

	// Weakened are the settings by which TLS is less safe than it would be, in
	// words: "certificate not checked", "TLS 1.0 allowed".
	Weakened []string `json:"weakened,omitempty"`

	SlowPollMs int    `json:"slowPollMs,omitempty"` // in slow poll: between pings; 0 when it is polled as ever
	Note       string `json:"note,omitempty"`       // what stands out about how the connection lives, open or not; a sentence
}

// Cause says why a connection ended or did not open.
type Cause struct {
	Phase   string `json:"phase"`   // "address", "dns", "tcp", "proxy", "tls", "http", "session"
	Code    string `json:"code"`    // stable: "refused", "timeout", "http-status", "closed" …; docs/causes.md
	Message string `json:"message"` // a sentence for a person, no secrets
}

// Parameter is the public state of one parameter.
type Parameter struct {
	ID          ParamID  `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Value       Value    `json:"value"` // raw; null when never set or masked
	Display     string   `json:"display"`
	Units       string   `json:"units"` // of Display; Value is in those that the connector names
	Initialized bool     `json:"initialized"`
	Stale       bool     `json:"stale"` // came from a device that we no longer hear, or was saved and not confirmed since
	Saved       bool     `json:"saved"`
	Masked      bool     `json:"masked,omitempty"`
	ChangedAt   Time     `json:"changedAt"`
	ReceivedAt  Time     `json:"receivedAt"` // last time the value came in, changed or not
	WriteID     *ParamID `json:"writeId"`
	Truncated   bool     `json:"truncated,omitempty"` // Value and Display are an Excerpt
	Size        int      `json:"size,omitempty"`      // of the whole text in bytes, when it is cut
}

// WriteStatus is how far a write has come.
type WriteStatus string

// The statuses, in the order a write can pass them; Failed ends it at any
// step.
const (
	WriteAccepted  WriteStatus = "accepted"
	WriteSaved     WriteStatus = "saved"
	WriteSent      WriteStatus = "sent"
	WriteConfirmed WriteStatus = "confirmed"
	WriteFailed    WriteStatus = "failed"
)

// Write is the receipt of one write of a parameter.
type Write struct {
	ID        string      `json:"id"`
	Parameter ParamID     `json:"parameter"`     // the written parameter, or the read parameter whose write twin was written
	Row       string      `json:"row,omitempty"` // key of the row, of a write of a cell
	Value     Value       `json:"value"`         // null when the parameter is masked
	Status    WriteStatus `json:"status"`
	Detail    string      `json:"detail,omitempty"` // why it failed, what it waits for
	By        string      `json:"by"`
	At        Time        `json:"at"`
	Truncated bool        `json:"truncated,omitempty"` // Value is an Excerpt
	Size      int         `json:"size,omitempty"`      // of the whole value in bytes, when it is cut
}

// Handshake is the record of one opening handshake, secrets masked.
type Handshake struct {
	At       Time             `json:"at"`
	Request  string           `json:"request"`  // head as sent, CRLF and all
	Response string           `json:"response"` // head as received; "" when none came
	Body     string           `json:"body"`     // of a refusal, bounded
	Status   int              `json:"status"`   // 0 when no answer came
	Error    *Cause           `json:"error,omitempty"`
	PhasesMs map[string]int64 `json:"phasesMs"`          // "dns", "tcp", "proxy", "tls", "http", PhaseFirstMessage
	Earlier  bool             `json:"earlier,omitempty"` // it was made before the program was started last
	Before   []Handshake      `json:"before,omitempty"`  // requests that led to it: a login that was asked for, redirections
}

// KeptHandshake is a Handshake that outlives the program: the last of its kind
// of a connection, WhichLastSuccess or WhichLastFailure.
type KeptHandshake struct {
	Connection int
	Which      Which
	Handshake  Handshake
}

// PhaseFirstMessage is the time from the opening to the first message, in the
// record of a connection that got one.
const PhaseFirstMessage = "first-message"

// Which selects a Handshake of a connection.
type Which string

// The handshakes that are kept of each connection.
const (
	WhichLast        Which = "last"
	WhichLastSuccess Which = "lastSuccess"
	WhichLastFailure Which = "lastFailure"
)

// Whiches returns all of them.
func Whiches() []Which { return []Which{WhichLast, WhichLastSuccess, WhichLastFailure} }
