package engine

import (
	"time"

	"fieldline/element"
)

// Input is something that happened. Handle takes one at a time.
type Input interface{ input() }

// The inputs.
type (
	// Start brings the element to life: fixed and element-information
	// parameters, saved values, defaults for what was never set, then "after
	// startup". It is the first input, and follows each Stop.
	Start struct {
		Saved []element.SavedValue // in order: a row that is removed stands before its cells that were added again
	}
	// Load fills the parameters as Start does and runs no logic: for an
	// element that is stopped or paused when the program starts.
	Load struct {
		Saved []element.SavedValue
		State element.State
	}
	// Stop ends all work; timers, queue and waiting pairs are dropped and
	// their writes fail.
	Stop struct{}
	// Pause keeps values and connections and runs no logic.
	Pause struct{}
	// Resume goes on where Pause stopped.
	Resume struct{}
	// Set is a person's write of a write parameter; Value went through
	// Param.Decode. In a stopped or paused element it is stored, saved and
	// copied by setter; nothing else runs.
	Set struct {
		WriteID        string
		element.Target                 // its Parameter is a write parameter
		Named          element.ParamID // what the person named: the same, or its read twin
		Value          element.Value
		By             string
	}
	// Opened says that a connection became open.
	Opened struct{ Connection int }
	// Down says that a connection is not open any more, or that an attempt
	// failed. It may repeat; transitions are the engine's to see.
	Down struct {
		Connection int
		Reason     string // for a person
		Cause      string // phase and code of docs/causes.md: "tcp/refused"; "" when none is known
		Ours       bool   // we closed it for reasons of our own: no failure of the device
		NoAnswer   bool   // an attempt to which no HTTP answer came: what an earlier one answered is old
	}
	// Answered says that the device answered the opening handshake, with 101 or not.
	Answered struct {
		Connection int
		StatusLine string
		Headers    []HeaderLine
		Body       string // "" for 101
	}
	// Received is one whole message. Data is used again once Handle has returned.
	Received struct {
		Connection int
		Text       bool
		Data       []byte
	}
	// Sent says what became of a Send; Err is a sentence, "" when it went out.
	Sent struct {
		Token uint64
		Err   string
	}
	// Replied says what became of a Request: an answer, or Err, a sentence.
	Replied struct {
		Token      uint64
		Status     int
		StatusLine string
		Headers    []HeaderLine
		Body       []byte // decoded
		Err        string
		Cause      string // of Err: phase and code of docs/causes.md
		Retry      bool   // the failure is one that another try may mend
		Said       string // what a refusal says of itself, a sentence; "" when nothing
		Sent       bool   // bytes of the request went out
	}
	// HoldBack says that requests are not to be sent by themselves: all of an
	// HTTP connection (Whole), or one exchange of one session. Groups that send
	// nothing else wait for LetGo, single requests are left out. A person's are
	// sent all the same, unless Refusal says in a sentence why not. Stop ends it.
	HoldBack struct {
		Connection        int
		Whole             bool
		Session, Exchange int // when not Whole
		Refusal           string
	}
	// LetGo ends the HoldBack of the same fields.
	LetGo struct {
		Connection        int
		Whole             bool
		Session, Exchange int
	}
	// Tick says that the time that Due named has come.
	Tick struct{}
	// Configure says that a person changed the element's settings.
	Configure struct{ Config element.Config }
)

func (Start) input()     {}
func (Load) input()      {}
func (Stop) input()      {}
func (Pause) input()     {}
func (Resume) input()    {}
func (Set) input()       {}
func (Opened) input()    {}
func (Down) input()      {}
func (Answered) input()  {}
func (Received) input()  {}
func (Sent) input()      {}
func (Replied) input()   {}
func (HoldBack) input()  {}
func (LetGo) input()     {}
func (Tick) input()      {}
func (Configure) input() {}

// HeaderLine is one header field as received.
type HeaderLine struct{ Name, Value string }

// Effect is something the owner has to do. Effects are carried out in order;
// what a Set saves comes first, as one Save: the owner makes them durable
// before anything of the Set is seen, and restores the checkpoint when that
// fails.
type Effect interface{ effect() }

// The effects.
type (
	// Save asks to keep these values. All Saves of one Handle belong into one
	// transaction.
	Save struct{ Values []element.SavedValue }
	// RowShown says that a row is new or looks different; show it, list
	// nothing. A row appears once in the effects of one Handle.
	RowShown struct{ Row element.TableRow }
	// RowGone says that a row is not there any more.
	RowGone struct{ element.RowKey }
	// Changed says that a parameter took a value; list it and show it.
	Changed struct {
		Parameter element.Parameter
		By        string // element.ByDevice, element.ByLogic or a person
		Equal     bool   // the value was this one before; the set counts all the same
	}
	// Refreshed says that a parameter's age or staleness moved and its value
	// did not; show it, list nothing. A start shows what it fills in so, too.
	Refreshed struct{ Parameter element.Parameter }
	// Reach asks to connect, with the target as it is when dialling; an open
	// connection is closed gracefully first.
	Reach struct{ Connection int }
	// Hangup asks to close gracefully and to stay closed until Reach.
	Hangup struct{ Connection int }
	// Send hands one message to the connection; answer with Sent{Token}.
	Send struct {
		Connection int
		Text       bool
		Data       []byte
		Token      uint64
		By         time.Time // not to be sent after it, a person was told that it was not; zero when there is no such time
	}
	// Request asks for one HTTP exchange; answer with Replied{Token}. Opening
	// says where and how, its Scheme is "http" or "https". Without Close the
	// connection may be kept for the next exchange.
	Request struct {
		Connection        int
		Session, Exchange int // which of the connector's it is
		Token             uint64
		Opening
		Verb           string
		Body           []byte
		CustomRedirect bool   // a redirection is not followed
		Wire           uint64 // exchanges of one Wire share a socket and never overlap; those of others may
		Close          bool
		ConnectBy      time.Time // no connection is made for it after that; zero when there is no such time
	}
	// Unsent says that a request could not be put together, and why; show it as
	// what is wrong with the connection.
	Unsent struct {
		Connection int
		Reason     string // a sentence
	}
	// Moved says that a write came a step further, or failed.
	Moved struct{ Write element.Write }
	// Logged is a line for the element's log.
	Logged struct{ Level, Message string }
	// TimedOut says that the element entered or left the timeout state.
	TimedOut struct{ On bool }
	// SlowPolled says that a connection is only pinged from now on, with so
	// long between pings; 0 says that it is polled as ever again.
	SlowPolled struct {
		Connection int
		Every      time.Duration
	}
)

func (Save) effect()       {}
func (RowShown) effect()   {}
func (RowGone) effect()    {}
func (Changed) effect()    {}
func (Refreshed) effect()  {}
func (Reach) effect()      {}
func (Hangup) effect()     {}
func (Send) effect()       {}
func (Request) effect()    {}
func (Unsent) effect()     {}
func (Moved) effect()      {}
func (Logged) effect()     {}
func (TimedOut) effect()   {}
func (SlowPolled) effect() {}

// Opening is what the opening handshake of a connection says right now.
type Opening struct {
	Scheme  string // "ws" or "wss"
	Host    string // without brackets
	Port    int
	Path    string // request target with query, starts with "/"
	Headers []HeaderLine
	// User and Password are those of loginMethod="credentials"; HasLogin is
	// false when there is none or both are empty.
	HasLogin       bool
	User, Password string
	Proxy          string // of the session, else of the element's settings; "" when none is named
	ProxyUser      string
	ProxyPassword  string
	BypassProxy    bool
	SkipVerify     bool
	TLS            TLSSettings
	Ping           time.Duration // between pings once it is open, 0 for none
	Timeout        time.Duration
	IgnoreTimeout  bool     // a failure does not put the element in timeout
	Secrets        []string // values to mask wherever the handshake is shown
	Notes          []string // for the log: which path was used, which header was left out
}

// TLSSettings are those of the element's settings for wss and https; each may
// be "".
type TLSSettings struct {
	ServerName, Fingerprint   string
	CAFile, CertFile, KeyFile string // names inside the folder for certificates
	MinVersion                string // "1.0", "1.1", "1.2" or "1.3"
	OldCiphers, CommonName    bool
}
