package engine

import (
	"time"

	"fieldline/element"
)

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
	// Refreshed says that a parameter's age or staleness changed and its value
	// did not; show it, list nothing. A start shows what it fills in so, too.
	Refreshed struct{ Parameter element.Parameter }
	// Connect asks to connect, with the target as it is when dialling; an open
	// connection is closed gracefully first.
	Connect struct{ Connection int }
	// Disconnect asks to close gracefully and to stay closed until Connect.
	Disconnect struct{ Connection int }
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
		Socket         uint64 // exchanges of one Wire share a socket and never overlap; those of others may
		Close          bool
		ConnectBy      time.Time // no connection is made for it after that; zero when there is no such time
	}
	// Unsent says that a request could not be put together, and why; show it as
	// what is wrong with the connection.
	Unsent struct {
		Connection int
		Reason     string // a sentence
	}
	// WriteAdvanced says that a write came a step further, or failed.
	WriteAdvanced struct{ Write element.Write }
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

func (Save) effect() {}

func (RowShown) effect() {}

func (RowGone) effect() {}

func (Changed) effect() {}

func (Refreshed) effect() {}

func (Connect) effect() {}

func (Disconnect) effect() {}

func (Send) effect() {}

func (Request) effect() {}

func (Unsent) effect() {}

func (WriteAdvanced) effect() {}

func (Logged) effect() {}

func (TimedOut) effect() {}

func (SlowPolled) effect() {}
