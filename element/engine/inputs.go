package engine

import "fieldline/element"

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
		Headers    []element.Header
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
		Headers    []element.Header
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

func (Start) input() {}

func (Load) input() {}

func (Stop) input() {}

func (Pause) input() {}

func (Resume) input() {}

func (Set) input() {}

func (Opened) input() {}

func (Down) input() {}

func (Answered) input() {}

func (Received) input() {}

func (Sent) input() {}

func (Replied) input() {}

func (HoldBack) input() {}

func (LetGo) input() {}

func (Tick) input() {}

func (Configure) input() {}
