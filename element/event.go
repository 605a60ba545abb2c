package element

import (
	"encoding/json"
	"fmt"
)

// EventKind names what happened.
type EventKind string

// The kinds of events.
const (
	KindConnecting EventKind = "connecting"
	KindOpen       EventKind = "open"
	KindRefused    EventKind = "refused"
	KindClosed     EventKind = "closed"
	KindMessageIn  EventKind = "message-in"
	KindMessageOut EventKind = "message-out"
	KindParameter  EventKind = "parameter"
	KindWrite      EventKind = "write"
	KindState      EventKind = "state"
	KindLog        EventKind = "log"
	KindVersion    EventKind = "version"
)

// EventClass groups kinds of events that share their room, in memory and in
// history: what fills the room of one class takes nothing from another.
type EventClass int

// The classes.
const (
	ClassTalk       EventClass = iota // what the device says and what follows from it: messages, parameters
	ClassConnection                   // connecting, open, refused, closed
	ClassLog                          // log lines
	ClassPerson                       // what people did: write, state, version
	EventClasses                      // how many there are
)

// EventKinds are all kinds of events.
func EventKinds() []EventKind {
	return []EventKind{
		KindConnecting, KindOpen, KindRefused, KindClosed, KindMessageIn, KindMessageOut, KindParameter,
		KindWrite, KindState, KindLog, KindVersion,
	}
}

// Class is the class of a kind.
func (k EventKind) Class() EventClass {
	switch k {
	case KindConnecting, KindOpen, KindRefused, KindClosed:
		return ClassConnection
	case KindLog:
		return ClassLog
	case KindWrite, KindState, KindVersion:
		return ClassPerson
	case KindMessageIn, KindMessageOut, KindParameter:
	}
	return ClassTalk
}

// Event is one thing that happened to an element, as the API and the pages
// list it. Its JSON form is flat: seq, at and kind beside the fields of Body.
type Event struct {
	Seq  uint64 // place in the element's stream; given by the feed when published
	At   Time
	Body EventBody
	// Replaces is the Seq of the older event that this one folds into itself
	// (the tenth refusal of one cause replaces the ninth), 0 when none.
	Replaces uint64
	// Line is the Seq of the first event that was folded so, 0 when Replaces
	// is: a reader that missed those in between finds its line by it.
	Line uint64
}

// EventBody holds the fields of one kind of event.
type EventBody interface{ Kind() EventKind }

// The bodies, one for each kind.
type (
	// Connecting says that an attempt begins. Attempts of one series are folded.
	Connecting struct {
		Connection int    `json:"connection"`
		Attempt    int    `json:"attempt"`
		URL        string `json:"url"`
	}
	// Open says that the opening handshake succeeded.
	Open struct {
		Connection  int    `json:"connection"`
		URL         string `json:"url"`
		Subprotocol string `json:"subprotocol"`
		Extensions  string `json:"extensions"`
	}
	// Refused says that an attempt did not open. Repeats of one cause are folded.
	Refused struct {
		Connection int    `json:"connection"`
		Phase      string `json:"phase"`
		Code       string `json:"code"`
		Message    string `json:"message"`
		Status     int    `json:"status,omitempty"`
		Body       string `json:"body,omitempty"`
		Count      int    `json:"count"`
		LastAt     Time   `json:"lastAt"`
	}
	// Closed says that an open connection ended. Code is the close code as received
	// or sent (RFC 6455 §7.4), 1006 when no Close frame was seen.
	Closed struct {
		Connection int    `json:"connection"`
		Code       int    `json:"code"`
		Reason     string `json:"reason"`
		By         string `json:"by"` // "device" or "us"
		Message    string `json:"message,omitempty"`
	}
	// MessageIn is a message that arrived.
	MessageIn Message
	// MessageOut is a message that was handed to the socket.
	MessageOut Message
	// Message is an excerpt of a message: Text, or Base64 for binary, cut at
	// MaxExcerpt bytes of payload. Size is that of the whole payload.
	Message struct {
		Connection int    `json:"connection"`
		Opcode     string `json:"opcode"` // "text" or "binary"
		Size       int    `json:"size"`
		Text       string `json:"text,omitempty"`
		Base64     []byte `json:"base64,omitempty"`
		Truncated  bool   `json:"truncated"`
	}
	// ParameterChanged says that a parameter took a value. Value and Display
	// are cut at MaxExcerpt; Size is then that of the whole text in bytes.
	ParameterChanged struct {
		Parameter ParamID `json:"parameter"`
		Value     Value   `json:"value"`
		Display   string  `json:"display"`
		By        string  `json:"by"` // "device", "logic" or a person's name
		Masked    bool    `json:"masked,omitempty"`
		Truncated bool    `json:"truncated,omitempty"`
		Size      int     `json:"size,omitempty"`
	}
	// WriteMoved says that a write came a step further; the time of the step is that of
	// the event. Steps of one write are folded.
	WriteMoved struct {
		ID        string      `json:"id"`
		Parameter ParamID     `json:"parameter"`
		Row       string      `json:"row,omitempty"` // key of the row, of a write of a cell
		Value     Value       `json:"value"`
		Status    WriteStatus `json:"status"`
		Detail    string      `json:"detail,omitempty"`
		By        string      `json:"by"`
		Truncated bool        `json:"truncated,omitempty"` // Value is cut at MaxExcerpt
		Size      int         `json:"size,omitempty"`      // of the whole value in bytes, when it is cut
	}
	// StateChanged says that somebody started, stopped or paused the element.
	StateChanged struct {
		State State  `json:"state"`
		By    string `json:"by,omitempty"`
	}
	// VersionChanged says that somebody had the element use another version of
	// its connector; Back, that its saved values are those that were kept with it.
	VersionChanged struct {
		From string `json:"from"`
		To   string `json:"to"`
		Back bool   `json:"back,omitempty"`
		By   string `json:"by"`
	}
	// Log is a line for the element's log.
	Log struct {
		Level   string `json:"level"` // "info", "warning" or "error"
		Message string `json:"message"`
	}
)

// The names of those who change a parameter when no person does.
const (
	ByDevice = "device"
	ByLogic  = "logic"
)

// Kind implements EventBody.
func (Connecting) Kind() EventKind { return KindConnecting }

// Kind implements EventBody.
func (Open) Kind() EventKind { return KindOpen }

// Kind implements EventBody.
func (Refused) Kind() EventKind { return KindRefused }

// Kind implements EventBody.
func (Closed) Kind() EventKind { return KindClosed }

// Kind implements EventBody.
func (MessageIn) Kind() EventKind { return KindMessageIn }

// Kind implements EventBody.
func (MessageOut) Kind() EventKind { return KindMessageOut }

// Kind implements EventBody.
func (ParameterChanged) Kind() EventKind { return KindParameter }

// Kind implements EventBody.
func (WriteMoved) Kind() EventKind { return KindWrite }

// Kind implements EventBody.
func (StateChanged) Kind() EventKind { return KindState }

// Kind implements EventBody.
func (Log) Kind() EventKind { return KindLog }

// Kind implements EventBody.
func (VersionChanged) Kind() EventKind { return KindVersion }

// IsMessage reports whether the event is a message in or out: those live in
// memory; all others are kept.
func (e Event) IsMessage() bool {
	k := e.Body.Kind()
	return k == KindMessageIn || k == KindMessageOut
}

// MarshalJSON writes the flat form.
func (e Event) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		Seq      uint64    `json:"seq"`
		At       Time      `json:"at"`
		Kind     EventKind `json:"kind"`
		Replaces uint64    `json:"replaces,omitempty"`
		Line     uint64    `json:"line,omitempty"`
	}{e.Seq, e.At, e.Body.Kind(), e.Replaces, e.Line})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(e.Body)
	if err != nil {
		return nil, err
	}
	head[len(head)-1] = ','
	return append(head, body[1:]...), nil
}

// DecodeBody reads the body of an event of the given kind from the JSON form
// of its body alone, as a store keeps it.
func DecodeBody(kind EventKind, b []byte) (EventBody, error) {
	switch kind {
	case KindConnecting:
		return decode[Connecting](b)
	case KindOpen:
		return decode[Open](b)
	case KindRefused:
		return decode[Refused](b)
	case KindClosed:
		return decode[Closed](b)
	case KindMessageIn:
		return decode[MessageIn](b)
	case KindMessageOut:
		return decode[MessageOut](b)
	case KindParameter:
		return decode[ParameterChanged](b)
	case KindWrite:
		return decode[WriteMoved](b)
	case KindState:
		return decode[StateChanged](b)
	case KindLog:
		return decode[Log](b)
	case KindVersion:
		return decode[VersionChanged](b)
	default:
		return nil, fmt.Errorf("unknown kind of event %q", kind)
	}
}

func decode[T EventBody](b []byte) (EventBody, error) {
	var body T
	err := json.Unmarshal(b, &body)
	return body, err
}
