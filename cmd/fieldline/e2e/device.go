package e2e

import (
	"context"
	"net"
	"net/http"
	"testing"

	"fieldline/element/simulator"
)

// Device is a simulated device that listens on loopback.
type Device struct {
	*simulator.Device
	t    *testing.T
	Host string
	Port int
}

// StartDevice runs a device until the end of the test.
func StartDevice(t *testing.T, o simulator.Options) *Device {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatalf("a TCP listener has the address %v", listener.Addr())
	}
	d := &Device{Device: simulator.New(o), t: t, Host: addr.IP.String(), Port: addr.Port}
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it outlives the test's own context
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the device: %v", err)
		}
	})
	return d
}

// Saw waits until the device's log satisfies ok, and returns the log.
func (d *Device) Saw(what string, ok func([]simulator.Entry) bool) []simulator.Entry {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), Patience)
	defer cancel()
	if err := d.Wait(ctx, ok); err != nil {
		d.t.Fatalf("the device never saw %s: %v\n%+v", what, err, d.Log())
	}
	return d.Log()
}

// SawOpen waits for the n-th session and returns its entry.
func (d *Device) SawOpen(n int) simulator.Entry {
	d.t.Helper()
	log := d.Saw("an opened session", func(log []simulator.Entry) bool { return len(Opened(log)) >= n })
	return Opened(log)[n-1]
}

// Opened are the connections whose handshake was accepted.
func Opened(log []simulator.Entry) []simulator.Entry {
	var out []simulator.Entry
	for _, e := range log {
		if e.Status == http.StatusSwitchingProtocols {
			out = append(out, e)
		}
	}
	return out
}
