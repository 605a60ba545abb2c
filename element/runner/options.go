package runner

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// Limits of the fleet and of one element. Those that Options name can be
// changed there.
const (
	DefaultMaxElements  = 5000
	DefaultDials        = 64    // opening handshakes at the same time, over all elements
	DefaultTLSFolder    = "tls" // below the working directory
	DefaultPingInterval = element.DefaultPingMs * time.Millisecond

	loadsAtOnce   = 8                // elements that read their values from Storage at the same time
	closeWait     = time.Second      // for the device's answer to our Close frame
	outboxLength  = 256              // messages that wait for the socket; more mean a dead connection
	outboxBytes   = 64 << 20         // payload bytes that wait for the socket
	reportsLength = 16               // reports of goroutines that wait for the owner
	inboxLength   = 16               // requests that wait for the owner
	reportsAtOnce = 64               // reports and messages handled before they are published
	inputsAtOnce  = 1000             // inputs that follow from inputs, before others get their turn
	keptWrites    = 256              // receipts that Service.Write finds, for each element
	keptTalk      = 200              // parameter events of earlier runs that a stream starts with
	keptEvents    = 1000             // of each other class of events
	saveTimeout   = 10 * time.Second // of one call to Storage
	stateTimeout  = 2 * time.Second  // of keeping a state, before it is carried out without
	saveRetry     = 10 * time.Second // after which values that could not be saved are tried again
	summaryEvery  = time.Second      // at most so often lastMessageAt moves on screens
)

// Options are what a Fleet needs. Storage, Recorder, Publisher and Catalog are
// required.
type Options struct {
	Storage   Storage
	Recorder  Recorder
	Publisher Publisher
	Catalog   Catalog
	Logger    *slog.Logger // nothing is logged when nil

	// Dial opens a session; link.Dial when nil. It is called from reader
	// goroutines and has to return soon after ctx ends.
	Dial func(ctx context.Context, cfg link.Config) (session, link.Attempt)
	// Jitter picks a wait between 0 and its argument; random when nil. It is
	// called from owner goroutines.
	Jitter func(time.Duration) time.Duration

	PingInterval time.Duration    // where an element's settings say nothing; DefaultPingInterval when 0
	MaxElements  int              // DefaultMaxElements when 0
	Dials        int              // DefaultDials when 0
	MaxMessage   int64            // of one message from a device; link.DefaultMaxMessage when 0
	WriteTimeout time.Duration    // of one message to a device; link.DefaultWriteTimeout when 0
	Listeners    []netip.AddrPort // of this program; no device can send requests there
	TLSFolder    string           // where the PEM files are that settings name; DefaultTLSFolder when ""

	// Scripts returns what runs the QActions of one element; when nil none is
	// run. It is called from owner goroutines.
	Scripts func(*connector.Definition) Scripts

	// Quarantine returns why an element that was to run is loaded stopped this time,
	// "" when it is not; Release hears when a person has decided otherwise. Nobody
	// is held back when nil. They are called from owner goroutines.
	Quarantine func(element.ID) string
	Release    func(element.ID)

	// Exchanger makes what carries out the HTTP exchanges of a connection; a new
	// link.HTTPConn when nil. It is called from owner goroutines.
	Exchanger func() exchanger

	handler   func(*engine.Engine) handler // takes what an engine is to handle; the engine itself when nil
	leastPing time.Duration                // that idle connections which are cut are kept open with; leastPing when 0
}

// session is an open connection to a device, as *link.Session is one. ReadMany is
// called by the reader alone, Write and Ping by the writer alone, the others by
// anybody. Once Close has returned, ReadMany fails.
type session interface {
	// ReadMany waits for a message and takes with it what else has arrived, as
	// far as to has room, into memory of that size; the error is a *link.End.
	ReadMany(to []link.Message, memory func(size int) []byte) ([]link.Message, error)
	Write(text bool, data []byte) error
	Ping() error
	Close(code int, reason string, wait time.Duration) *link.End
	Opened() time.Time
	FirstMessage() time.Time // zero before there was one
}

// handler takes what an element's engine is to handle: the engine, or what tests
// put before it. Only the element's owner calls it.
type handler interface {
	Handle(now time.Time, in engine.Input) []engine.Effect
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Dial == nil {
		o.Dial = dialLink
	}
	if o.Exchanger == nil {
		o.Exchanger = func() exchanger { return &link.HTTPConn{} }
	}
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return rand.N(d + 1) }
	}
	if o.PingInterval <= 0 {
		o.PingInterval = DefaultPingInterval
	}
	if o.MaxElements <= 0 {
		o.MaxElements = DefaultMaxElements
	}
	if o.TLSFolder == "" {
		o.TLSFolder = DefaultTLSFolder
	}
	if o.Dials <= 0 {
		o.Dials = DefaultDials
	}
	if o.handler == nil {
		o.handler = func(e *engine.Engine) handler { return e }
	}
	return o
}
