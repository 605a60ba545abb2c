// Command fieldline runs DataMiner connectors for devices that speak
// WebSocket and shows their parameters, live and editable, in a browser.
//
// Each subcommand has its file. serve.go wires the rooms: store, library,
// fleet, feed and web; it starts them in that order and stops them in
// reverse. The goroutines of this package are the HTTP server's (serve.go) and
// the simulated device's (demo.go); both end before their command returns.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"fieldline/element"

	"github.com/alecthomas/kong"
)

// version is the version of the program; the build may set it.
var version = "0.1.0" //nolint:gochecknoglobals // set by -ldflags "-X main.version=…"

// The exit statuses of the outer contract.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

type commands struct {
	Serve    serveCmd    `cmd:"" help:"Run elements and serve their pages."`
	Demo     demoCmd     `cmd:"" help:"Serve, with a simulated device and an element for it."`
	Simulate simulateCmd `cmd:"" help:"Run a simulated device alone."`
	Check    checkCmd    `cmd:"" help:"Check connectors and print what was found."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// streams are the outputs of a command, so that tests can read them.
type streams struct {
	out, err io.Writer
}

func main() {
	os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// run parses the arguments, runs the command until it ends or ctx does, and
// returns the exit status. A failure is named on stderr.
func run(ctx context.Context, args []string, std streams) int {
	var cli commands
	exited, status := false, exitOK
	// Signals are caught for commands that take a context and tidy up; others
	// end at once.
	stop := func() {}
	defer func() { stop() }()
	untilSignal := func() (c context.Context, err error) {
		c, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		return c, nil
	}
	parser, err := kong.New(&cli,
		kong.Name("fieldline"),
		kong.Description("Runs DataMiner connectors for WebSocket devices and shows them live in a browser."),
		kong.DefaultEnvars("FIELDLINE"),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited, status = true, code }),
		kong.BindSingletonProvider(untilSignal),
		kong.Bind(std),
	)
	if err != nil {
		_, _ = fmt.Fprintln(std.err, "fieldline:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited { // --help was asked for and printed
		return status
	}
	if err != nil {
		_, _ = fmt.Fprintf(std.err, "fieldline: %v\nRun \"fieldline --help\" for the commands and flags.\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		if !errors.Is(err, errNamed) {
			_, _ = fmt.Fprintln(std.err, "fieldline:", sentence(err))
		}
		if _, ok := errors.AsType[usageError](err); ok {
			return exitUsage
		}
		return exitFailed
	}
	return exitOK
}

// errNamed says that the failure has been printed already.
var errNamed = errors.New("named") //nolint:gochecknoglobals // sentinel

// usageError is a fault of the command line that shows only once a command runs.
type usageError struct{ error }

// sentence is the text of err for the person at the terminal: the sentence of
// an element.Error with its cause, since a terminal belongs to whoever may
// read the cause.
func sentence(err error) string {
	if e, ok := errors.AsType[*element.Error](err); ok {
		if e.Err != nil {
			return e.Msg + " (" + e.Err.Error() + ")"
		}
		return e.Msg
	}
	return err.Error()
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(std streams) error {
	_, err := fmt.Fprintln(std.out, "fieldline", version)
	return err
}
