package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fieldline/element/simulator"
)

type simulateCmd struct {
	Listen       string        `default:"127.0.0.1:8050" help:"Address to listen on; port 0 takes a free one."`
	Device       string        `default:"is-07" enum:"is-07,json-rpc,rest" help:"What to simulate: an IS-07 event source, a music server with JSON-RPC, or a mixer with a REST API."`
	Path         string        `placeholder:"PATH" help:"Path of the device. Without it: /x-nmos/events/ws, /mopidy/ws or /api/channels, as the device is."`
	Refuse       int           `placeholder:"STATUS" help:"Refuse every handshake or request with this HTTP status."`
	Delay        time.Duration `help:"Wait this long before answering a handshake or request."`
	DemandHeader string        `placeholder:"NAME:VALUE" help:"Refuse handshakes that lack this header."`
	Sessions     int           `default:"10000" placeholder:"N" help:"WebSocket sessions that are open at a time; more are refused with 503."`
	LogLevel     string        `default:"info" enum:"debug,info,warn,error" help:"Least level of log lines."`
}

// Validate implements kong's check of flags.
func (c *simulateCmd) Validate() error {
	if _, err := checkAddress("--listen", c.Listen); err != nil {
		return err
	}
	name, _, header := strings.Cut(c.DemandHeader, ":")
	switch {
	case c.Refuse != 0 && (c.Refuse < 200 || c.Refuse > 599):
		return fmt.Errorf("--refuse: %d is not an HTTP status from 200 to 599", c.Refuse)
	case c.Sessions < 1:
		return fmt.Errorf("--sessions: %d are too few; use at least 1", c.Sessions)
	case c.Delay < 0:
		return fmt.Errorf("--delay: %v is over already", c.Delay)
	case c.DemandHeader != "" && c.Device == "rest":
		return errors.New("--demand-header is about handshakes; a REST device has none")
	case c.DemandHeader != "" && (!header || strings.TrimSpace(name) == ""):
		return errors.New("--demand-header: write NAME:VALUE")
	case strings.ContainsFunc(c.Path, func(r rune) bool { return r <= ' ' || r == '?' || r == '#' }):
		return fmt.Errorf("--path: %q has a space, ? or #; it is a path", c.Path)
	}
	return nil
}

// Run serves the simulated device until ctx ends.
func (c *simulateCmd) Run(ctx context.Context, std streams) error {
	if c.Device == "rest" {
		return c.rest(ctx, std)
	}
	o := simulator.Options{Path: c.path(simulator.DefaultPath), Sessions: c.Sessions, Logger: newLogger(std, c.LogLevel)}
	if c.Device == "json-rpc" {
		o.Player, o.Path = simulator.NewPlayer(), c.path(simulator.DefaultPlayerPath)
	}
	device := simulator.New(o)
	if c.Refuse != 0 {
		device.Refuse(c.Refuse, nil, c.refusal())
	}
	if c.Delay > 0 {
		device.Delay(c.Delay)
	}
	if c.DemandHeader != "" {
		name, value, _ := strings.Cut(c.DemandHeader, ":")
		device.DemandHeader(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(std.out, "listening on ws://%s%s\n", listener.Addr(), o.Path); err != nil {
		return err
	}
	return device.Serve(ctx, listener)
}

// rest serves the REST device.
func (c *simulateCmd) rest(ctx context.Context, std streams) error {
	path := c.path(simulator.DefaultRESTPath)
	device := simulator.NewREST(simulator.RESTOptions{Path: path, Logger: newLogger(std, c.LogLevel)})
	if c.Refuse != 0 {
		device.Refuse(c.Refuse, nil, c.refusal())
	}
	device.Delay(c.Delay)
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(std.out, "listening on http://%s%s\n", listener.Addr(), path); err != nil {
		return err
	}
	return device.Serve(ctx, listener)
}

// path is the path that was asked for, or the device's own.
func (c *simulateCmd) path(own string) string {
	if c.Path == "" {
		return own
	}
	return "/" + strings.TrimPrefix(c.Path, "/")
}

func (c *simulateCmd) refusal() string { return http.StatusText(c.Refuse) + ": told to by --refuse\n" }
