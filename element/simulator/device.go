package simulator

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Device is a simulated IS-07 device, or a Player. All methods may be called
// from any goroutine.
type Device struct {
	// Set by New.
	interval time.Duration
	greeting time.Duration
	health   time.Duration
	most     int     // sessions open at once
	player   *Player // nil for an IS-07 device
	bare     bool    // Options.Reference
	log      *slog.Logger
	journal  *journal
	gate     *gate

	mu       sync.Mutex // guards what follows
	path     string
	manners  Manners
	sources  []*source
	sessions map[*session]struct{}
	ticks    int
}

// New returns a device that is not yet served.
func New(o Options) *Device {
	if o.Path == "" {
		o.Path = DefaultPath
		if o.Player != nil {
			o.Path = DefaultPlayerPath
		}
	}
	if o.Path[0] != '/' {
		o.Path = "/" + o.Path
	}
	if o.Sources == nil {
		o.Sources = DefaultSources()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Interval == 0 {
		o.Interval = DefaultInterval
	}
	if o.Greeting == 0 {
		o.Greeting = DefaultGreeting
	}
	if o.Health == 0 {
		o.Health = HealthTimeout
	}
	if o.Sessions == 0 {
		o.Sessions = MaxSessions
	}
	if o.Reference {
		o.Greeting = -1
	}
	d := &Device{
		bare: o.Reference, most: o.Sessions, interval: o.Interval, greeting: o.Greeting, health: o.Health, log: o.Logger,
		journal: newJournal(), gate: newGate(o.Silent),
		path: o.Path, manners: o.Manners, sessions: map[*session]struct{}{},
	}
	if o.Player != nil {
		d.player, o.Player.device = o.Player, d
		return d
	}
	now := time.Now()
	for _, src := range o.Sources {
		made := newSource(src, now)
		made.bare = o.Reference
		d.sources = append(d.sources, made)
	}
	return d
}

// connKey is the context key of a request's *conn.
type connKey struct{}

// shutdownTimeout bounds the wait for clients that are in the middle of a
// request when the device stops.
const shutdownTimeout = time.Second

// Serve answers on l until ctx ends or l fails. It then tells subscribers of
// the shutdown, closes each session with 1001 and returns nil, or l's error,
// when all its goroutines have ended. It closes l. A device may be served
// again, and on several listeners at once.
func (d *Device) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	handlers := &group{}
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !handlers.enter() {
				panic(http.ErrAbortHandler) // net/http's way to give no answer
			}
			defer handlers.leave()
			d.serve(ctx, w, r)
		}),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    MaxHead,
		ErrorLog:          slog.NewLogLogger(d.log.Handler(), slog.LevelDebug),
	}
	// One request a connection: the record has one entry for each.
	srv.SetKeepAlivesEnabled(false)

	failed := make(chan error, 1)
	go func() {
		failed <- srv.Serve(listener{l, d})
		cancel()
	}()
	changing := make(chan struct{})
	go func() {
		defer close(changing)
		d.change(ctx)
	}()
	<-ctx.Done()
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer done()
	if srv.Shutdown(stop) != nil {
		_ = srv.Close() // a client that sends half a request is not waited for
	}
	handlers.wait()
	<-changing
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// change lets the sources move until ctx ends. It runs in a goroutine of
// Serve.
func (d *Device) change(ctx context.Context) {
	if d.interval < 0 {
		return
	}
	ticker := time.NewTicker(d.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if d.player != nil {
				d.player.tick(time.Now())
				continue
			}
			d.tick(time.Now())
		}
	}
}

// tick moves the sources whose turn it is and tells their subscribers.
// Nothing moves while nobody is connected.
func (d *Device) tick(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sessions) == 0 {
		return
	}
	d.ticks++
	for _, src := range d.sources {
		if len(src.Values) > 1 && d.ticks%max(src.Every, 1) == 0 {
			src.step(now)
			d.publish(src, now)
		}
	}
}

// publish sends the state of src to its subscribers; d.mu is held.
func (d *Device) publish(src *source, now time.Time) {
	var state []byte
	for s := range d.sessions {
		if s.subscribed[src.ID] {
			if state == nil {
				state = src.state(now)
			}
			s.send(text(state))
		}
	}
}

// group counts handlers and refuses new ones once somebody waits for the end.
type group struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// enter counts a handler, or reports false when the end has come.
func (g *group) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.wg.Add(1)
	}
	return !g.closed
}

func (g *group) leave() { g.wg.Done() }

// wait returns when all handlers have left.
func (g *group) wait() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.wg.Wait()
}
