package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fieldline/element/simulator"
)

type simulateCmd struct {
	Listen       string        `default:"127.0.0.1:8050" help:"Address to listen on; port 0 takes a free one."`
	Path         string        `default:"/x-nmos/events/ws" help:"Path of the event source."`
	Refuse       int           `placeholder:"STATUS" help:"Refuse every handshake with this HTTP status."`
	Delay        time.Duration `help:"Wait so long before answering a handshake."`
	DemandHeader string        `placeholder:"NAME:VALUE" help:"Refuse handshakes that lack this header."`
	LogLevel     string        `default:"info" enum:"debug,info,warn,error" help:"Least level of log lines."`
}

// Run serves the simulated device until ctx ends.
func (c *simulateCmd) Run(ctx context.Context, std streams) error {
	o := simulator.Options{Path: c.Path, Logger: newLogger(std, c.LogLevel)}
	device := simulator.New(o)
	if c.Refuse != 0 {
		if c.Refuse < 200 || c.Refuse > 599 {
			return fmt.Errorf("--refuse: %d is no HTTP status from 200 to 599 (%w)", c.Refuse, errUsage)
		}
		device.Refuse(c.Refuse, nil, http.StatusText(c.Refuse)+": told to by --refuse\n")
	}
	if c.Delay > 0 {
		device.Delay(c.Delay)
	}
	if c.DemandHeader != "" {
		name, value, ok := strings.Cut(c.DemandHeader, ":")
		if !ok {
			return fmt.Errorf("--demand-header: write NAME:VALUE (%w)", errUsage)
		}
		device.DemandHeader(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(std.out, "listening on ws://%s%s\n", listener.Addr(), c.Path); err != nil {
		return err
	}
	return device.Serve(ctx, listener)
}
