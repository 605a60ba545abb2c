package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/examples"
	"fieldline/element/runner"
	"fieldline/element/simulator"
)

// demoName is the element that the demo creates once; a person may change or
// delete it like any other.
const demoName = "Demo event source"

// demoFile is the shipped connector that the demo's element runs.
const demoFile = "generic-websocket.xml"

type demoCmd struct {
	serving
	DeviceListen string `default:"127.0.0.1:8050" help:"Address of the simulated device; port 0 takes a free one."`
}

// Validate implements kong's check of flags.
func (c *demoCmd) Validate() error {
	if _, err := checkAddress("--device-listen", c.DeviceListen); err != nil {
		return err
	}
	return c.serving.Validate()
}

// Run starts the simulated device beside the server and creates an element
// for it. The device's goroutine ends before Run returns.
func (c *demoCmd) Run(ctx context.Context, std streams) error {
	if c.Data == "" {
		dir, err := dataFolder("fieldline-demo")
		if err != nil {
			return err
		}
		c.Data = dir
	}
	listener, err := listen(ctx, c.DeviceListen)
	if err != nil {
		return fmt.Errorf("the simulated device: %s Its flag is --device-listen", sentence(err))
	}
	// A person may send one health command by hand and will not keep sending.
	device := simulator.New(simulator.Options{Logger: newLogger(std, c.LogLevel), Health: -1})
	deviceCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- device.Serve(deviceCtx, listener) }()
	err = c.serve(ctx, std, func(ctx context.Context, fleet *runner.Fleet) error {
		return createDemo(ctx, fleet, listener.Addr(), !c.StartStopped)
	})
	stop() // after serve, so that the device sees Close 1001 of the elements
	return errors.Join(err, <-ended)
}

// createDemo makes the demo's element, or points the one of an earlier run at
// the device of this one.
func createDemo(ctx context.Context, fleet *runner.Fleet, addr net.Addr, start bool) error {
	host, portText, err := net.SplitHostPort(addr.String())
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return err
	}
	connectorName, err := demoConnector()
	if err != nil {
		return err
	}
	elements, _, err := fleet.Elements(ctx)
	if err != nil {
		return err
	}
	draft := element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Host: &host, Port: &port}}}
	for _, e := range elements {
		if e.Name == demoName {
			_, err := fleet.Update(ctx, e.ID, draft, element.ByLogic)
			return err
		}
	}
	if len(elements) > 0 {
		return nil // the person deleted the demo's element and has others
	}
	name := demoName
	draft.Name, draft.Connector, draft.Start = &name, &connectorName, &start
	_, err = fleet.Create(ctx, draft, element.ByLogic)
	return err
}

// demoConnector is the name of the connector that the demo's element runs.
func demoConnector() (string, error) {
	for _, f := range examples.All() {
		if f.Name == demoFile {
			def, err := connector.Parse(f.XML)
			if err != nil {
				return "", err
			}
			return def.Name, nil
		}
	}
	return "", errors.New("the connector of the demo is not in this program")
}
