package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/examples"
	"fieldline/element/feed"
	"fieldline/element/library"
	"fieldline/element/runner"
	"fieldline/element/script"
	"fieldline/element/store"
	"fieldline/web"
)

// rooms are what is behind the site, in the order in which they are opened.
type rooms struct {
	db           *store.Store
	certificates string // the folder of the PEM files that settings name
	connectors   *library.Library
	hub          *feed.Hub
	scripts      *script.Compiler
	fleet        *runner.Fleet
}

// open opens the rooms over a data folder and leaves closing them to closers.
// The fleet is not started.
func (c *serving) open(ctx context.Context, log *slog.Logger, dir string, listener net.Listener, closers *lifo) (r rooms, err error) {
	if r.db, err = openStore(ctx, dir, log); err != nil {
		return r, err
	}
	closers.add(r.db.Shutdown)
	r.certificates, err = makeTLSFolder(dir)
	if err := carriedOn(ctx, log, r.db, err); err != nil {
		return r, err
	}
	if r.connectors, err = library.New(ctx, r.db, shipped(), script.Check); err != nil {
		return r, err
	}
	epoch := rand.Text()[:12]
	r.hub = feed.New(epoch, feed.Limits{})
	closers.add(func(context.Context) error { r.hub.Close(); return nil })
	crashes := store.OpenCrashes(dir, log)
	closers.add(func(context.Context) error { crashes.Close(requestsEndWithin); return nil })
	r.scripts = script.New(c.limits(crashes))
	options := runner.Options{
		Storage: r.db, Recorder: r.db, Publisher: r.hub, Catalog: r.connectors, Logger: log,
		MaxMessage: c.MaxMessage, TLSFolder: r.certificates, Listeners: addresses(listener),
		Scripts: func(d *connector.Definition) runner.Scripts { return r.scripts.Element(d) },
	}
	c.quarantine(&options, crashes)
	r.fleet = runner.NewFleet(options)
	closers.add(r.fleet.Close)
	return r, nil
}

// site is the web server over the rooms. What it refuses of the flags is a
// usageError.
func (c *serving) site(listener net.Listener, log *slog.Logger, r rooms) (*web.Server, error) {
	o := web.Options{
		Services: web.Services{
			Connectors: r.fleet, Reports: r.connectors, Elements: r.fleet, Settings: r.fleet,
			Values: r.fleet, Versions: r.fleet, Diagnosis: r.fleet, News: r.hub,
		},
		BasePath: c.BasePath, ExternalURL: c.ExternalURL, FrameAncestors: c.FrameAncestors,
		ListenAddr: listener.Addr().String(), AllowRemote: c.AllowRemote, TrustedProxies: c.TrustedProxies,
		MaxSockets: c.MaxSockets, PerAddress: c.SocketsPerAddress, MaxBodies: c.MaxBodies, MinBodyRate: c.MinBodyRate,
		Version: version, HostName: hostName(), TLSFolder: r.certificates, Logger: log,
		Faults: func() []element.Fault { return faults(r.fleet, r.db) },
	}
	o.Gauges = append(gauges(r.fleet, r.db, r.scripts, o.Faults), memoryGauges(r.scripts)...)
	site, err := web.New(o)
	if e, ok := errors.AsType[*element.Error](err); ok && e.Code == element.Invalid {
		return nil, usageError{fmt.Errorf("--%s: %s", e.Field, e.Msg)}
	}
	return site, err
}

func shipped() []library.Shipped {
	var list []library.Shipped
	for _, f := range examples.All() {
		list = append(list, library.Shipped{Name: f.Name, XML: f.XML})
	}
	return list
}
