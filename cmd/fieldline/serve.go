package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/runner"
	"fieldline/web"
)

// stopWithin bounds a stop after requests have ended: devices get Close 1001,
// browsers 1012, writes are flushed. With requestsEndWithin, and what a disk
// that hangs takes more, it is below 5 s.
const stopWithin = 3 * time.Second

// minMaxMessage is the least that --max-message takes: less would refuse what
// any device says.
const minMaxMessage = 1024

// tlsFolder is where below the data folder the PEM files lie that settings name.
const tlsFolder = "tls"

// serving are the flags that serve and demo share.
type serving struct {
	Listen         string `default:"127.0.0.1:8080" help:"Address to listen on; port 0 takes a free one."`
	Data           string `placeholder:"DIR" help:"Folder for the database. Without it: fieldline in the user's data folder."`
	BasePath       string `placeholder:"/x" help:"Path below which everything is served, for a portal's reverse proxy."`
	ExternalURL    string `name:"external-url" placeholder:"URL" help:"Address at which browsers reach the pages, when a proxy stands before them."`
	FrameAncestors string `placeholder:"LIST" help:"Who may show the pages in a frame, as in Content-Security-Policy: \"self https://portal.corp\"."`
	AllowRemote    bool   `help:"Allow to listen on an address that is not loopback. There is no sign-in yet: everybody who reaches it may do everything."`
	MaxMessage     int64  `default:"67108864" placeholder:"BYTES" help:"Largest message that is taken from a device, after inflating; a larger one ends the connection with 1009."`
	scripting
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"Least level of log lines: debug, info, warn or error."`
	crowdFlags
}

// crowdFlags bound what those who ask may take together, and name the proxies
// they come through.
type crowdFlags struct {
	TrustedProxies    []string `placeholder:"CIDR,…" help:"Addresses and networks of proxies whose X-Forwarded-Prefix counts; those on this machine need not be named."`
	MaxSockets        int      `default:"2048" help:"Browser pages that are kept up to date at a time."`
	SocketsPerAddress int      `placeholder:"N" help:"How many of them one address may have. Without it: half."`
	MaxBodies         int64    `default:"67108864" placeholder:"BYTES" help:"Bytes of the bodies of all requests that are held at a time, uploads above all; a request that finds no room is told to try again."`
	MinBodyRate       int64    `default:"4096" placeholder:"BYTES" help:"Bytes of a body that come in a second, on average and after 10 s; a slower one is cut."`
}

// Validate implements kong's check of flags.
func (c *crowdFlags) Validate() error {
	switch {
	case c.MaxSockets < 1:
		return fmt.Errorf("--max-sockets: %d are too few; use at least 1", c.MaxSockets)
	case c.SocketsPerAddress < 0 || c.SocketsPerAddress > c.MaxSockets:
		return fmt.Errorf("--sockets-per-address: %d is not between 1 and --max-sockets", c.SocketsPerAddress)
	case c.MaxBodies < web.MinBodies:
		return fmt.Errorf("--max-bodies: %d bytes are too few; use at least %d", c.MaxBodies, web.MinBodies)
	case c.MinBodyRate < 1:
		return fmt.Errorf("--min-body-rate: %d is not a rate; use at least 1", c.MinBodyRate)
	}
	return nil
}

type serveCmd struct {
	serving
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, std streams) error {
	return c.serve(ctx, std, nil)
}

// Validate implements kong's check of flags.
func (c *serving) Validate() error {
	var err error
	if c.BasePath, err = web.ParseBasePath(c.BasePath); err != nil {
		return fmt.Errorf("--base-path: %s", element.MessageOf(err))
	}
	if c.MaxMessage < minMaxMessage {
		return fmt.Errorf("--max-message: %d bytes are too few; use at least %d", c.MaxMessage, minMaxMessage)
	}
	if err := c.crowdFlags.Validate(); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	host, err := checkAddress("--listen", c.Listen)
	if err != nil {
		return err
	}
	if !c.AllowRemote && !isLoopback(host) {
		return fmt.Errorf("--listen: %s can be reached from other machines, and there is no sign-in yet; add --allow-remote if that is what you want", c.Listen)
	}
	return nil
}

// checkAddress returns the host of an address that a flag gives.
func checkAddress(flag, addr string) (host string, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("%s: %q is not HOST:PORT", flag, addr)
	}
	if _, err := new(net.Resolver).LookupPort(context.Background(), "tcp", port); err != nil {
		return "", fmt.Errorf("%s: the port of %q is not a number from 0 to 65535", flag, addr)
	}
	return host, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// serve wires the rooms, starts them and stops them in reverse order when ctx
// ends. prepare, when not nil, runs once the elements are started and before
// the first request.
func (c *serving) serve(ctx context.Context, std streams, prepare func(context.Context, *runner.Fleet) error) (err error) {
	log := newLogger(std, c.LogLevel)
	dir := c.Data
	if dir == "" {
		if dir, err = dataFolder("fieldline"); err != nil {
			return err
		}
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	var closers lifo
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		err = stopped(ctx, log, err, closers.close(stop))
	}()
	closers.add(func(context.Context) error { return ignoreClosed(listener.Close()) })

	rooms, err := c.open(ctx, log, dir, listener, &closers)
	if err != nil {
		return err
	}
	if err := rooms.fleet.Start(ctx); err != nil {
		return err
	}
	if prepare != nil {
		if err := carriedOn(ctx, log, rooms.db, prepare(ctx, rooms.fleet)); err != nil {
			return err
		}
	}
	site, err := c.site(listener, log, rooms)
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "data folder", "dir", dir)
	if _, err := fmt.Fprintf(std.out, "listening on http://%s%s/\n", listener.Addr(), c.BasePath); err != nil {
		return err
	}
	return serveHTTP(ctx, listener, site)
}

// requestsEndWithin is what a stop gives to requests that are running.
const requestsEndWithin = time.Second

// serveHTTP answers requests until ctx ends, then says goodbye to browsers'
// sockets, lets running requests finish and returns. Its one goroutine is the
// HTTP server's accept loop.
func serveHTTP(ctx context.Context, listener net.Listener, site *web.Server) error {
	server := newServer(site.Handler())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestsEndWithin)
	defer cancel()
	err := errors.Join(site.Close(stop), server.Shutdown(stop))
	if errors.Is(err, context.DeadlineExceeded) {
		// Browsers open connections ahead of time and say nothing on them;
		// Shutdown would wait for those.
		err = server.Close()
	}
	if end := <-ended; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}

// newServer bounds what a slow or stuck other side can hold: the times are long
// enough for a connector of 16 MiB and a message of 64 MiB over a poor line.
// A browser's socket has bounds of its own.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		WriteTimeout:      15 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

func newLogger(std streams, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo // kong's enum lets no other name through
	}
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: l}))
}

// makeTLSFolder makes the folder for certificates, so that a person finds it
// where the form says. Keys lie in it: it is for the owner alone.
func makeTLSFolder(dir string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, tlsFolder))
	if err == nil {
		err = os.MkdirAll(path, 0o700)
	}
	if err != nil {
		return path, &element.Error{
			Code: element.Unavailable, Op: "makeTLSFolder", Err: err,
			Msg: fmt.Sprintf("Cannot make the folder for certificates in %s. Choose another data folder with --data.", dir),
		}
	}
	return path, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &element.Error{
			Code: element.Unavailable, Op: "listen", Err: err,
			Msg: fmt.Sprintf("Cannot listen on %s: the port is taken, or the address is not this machine's. Choose another one with --listen.", addr),
		}
	}
	return listener, nil
}

// addresses are what a listener listens on.
func addresses(listener net.Listener) []netip.AddrPort {
	if a, ok := listener.Addr().(*net.TCPAddr); ok {
		return []netip.AddrPort{a.AddrPort()}
	}
	return nil
}

// dataFolder is where this user's programs keep data: XDG's data home on
// Linux, the configuration folder elsewhere.
func dataFolder(name string) (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, name), nil
	}
	if runtime.GOOS == "linux" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no home folder to keep data in, use --data: %w", err)
		}
		return filepath.Join(home, ".local", "share", name), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep data in, use --data: %w", err)
	}
	return filepath.Join(dir, name), nil
}

// lifo closes what was opened, last first.
type lifo struct {
	list []func(context.Context) error
}

func (l *lifo) add(f func(context.Context) error) { l.list = append(l.list, f) }

func (l *lifo) close(ctx context.Context) error {
	var errs []error
	for _, f := range slices.Backward(l.list) {
		errs = append(errs, f(ctx))
	}
	return errors.Join(errs...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
