package simulator_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element/simulator"

	"github.com/gorilla/websocket"
)

// pipes is a listener of in-memory connections, for tests of time.
type pipes struct {
	accept chan net.Conn
	over   chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn), over: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.over:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.over) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.accept <- server:
		return client, nil
	case <-p.over:
		return nil, errors.New("nobody listens")
	}
}

// clocked runs a device and one session with it under a fake clock.
func clocked(t *testing.T, o simulator.Options, session func(*testing.T, *simulator.Device, *websocket.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		d := simulator.New(o)
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- d.Serve(ctx, l) }()
		c, _, err := (&websocket.Dialer{NetDialContext: l.dial}).DialContext(ctx, "ws://device"+simulator.DefaultPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		session(t, d, c)
		c.Close()
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

func TestSessionWithoutHealthEndsAfter12Seconds(t *testing.T) {
	clocked(t, quiet(), func(t *testing.T, d *simulator.Device, c *websocket.Conn) {
		began := time.Now()
		write(t, c, `{"command":"subscription","sources":[]}`)
		for range 3 {
			<-time.After(5 * time.Second) // of the fake clock
			write(t, c, `{"command":"health","timestamp":"1:0"}`)
			reading(t, c)
		}
		// Neither a subscription nor anything else stands for health.
		<-time.After(6 * time.Second)
		write(t, c, `{"command":"subscription","sources":[]}`)
		write(t, c, "hello")
		_, _, err := c.ReadMessage()
		if !websocket.IsCloseError(err, websocket.ClosePolicyViolation) || time.Since(began) != 27*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if end := d.Log()[0].End; end == nil || end.By != "device" || end.Code != 1008 {
			t.Errorf("end %+v", end)
		}
	})
}

func TestClientThatNeverSpokeIS07Stays(t *testing.T) {
	clocked(t, simulator.Options{}, func(t *testing.T, d *simulator.Device, c *websocket.Conn) {
		began := time.Now()
		for range 100 {
			reading(t, c)
		}
		if got, want := time.Since(began), 99*simulator.DefaultGreeting; got != want {
			t.Errorf("100 greetings took %v, want %v", got, want)
		}
		if d.Sessions() != 1 {
			t.Error("the session is gone")
		}
		write(t, c, `{"command":"subscription","sources":[]}`)
		if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
			t.Errorf("a greeting after the subscription, or %v", err)
		}
	})
}

func TestReferenceDevice(t *testing.T) {
	o := simulator.Options{Interval: -1, Reference: true, Sources: []simulator.Source{{
		ID: "5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002", Flow: "0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0002", EventType: "number/temperature/C", Scale: 10, Values: []any{201},
	}}}
	clocked(t, o, func(t *testing.T, d *simulator.Device, c *websocket.Conn) {
		began := time.Now()
		<-time.After(5 * time.Second) // of the fake clock
		write(t, c, `{"command":"subscription","sources":["5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002","nobody"]}`)
		_, first, err := c.ReadMessage()
		want := `{"identity":{"source_id":"5c1d7ee0-9f3b-4f0a-8f55-1e1f6a1d0002","flow_id":"0a7e4c52-34be-4d0c-9d0d-6b0c5f1d0002"},` +
			`"event_type":"number/temperature/C","timing":{"creation_timestamp":"946684837:0"},"payload":{"value":201,"scale":10},"message_type":"state"}`
		if err != nil || string(first) != want {
			t.Errorf("the first message is %s %v\nwant %s", first, err, want)
		}
		_, _, err = c.ReadMessage()
		if !websocket.IsCloseError(err, websocket.CloseInternalServerErr) || time.Since(began) != simulator.HealthTimeout {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if end := d.Log()[0].End; end == nil || end.Reason != "Expired" {
			t.Errorf("end %+v", end)
		}
	})
}

func TestHealthMayBeLeftToPeople(t *testing.T) {
	clocked(t, simulator.Options{Interval: -1, Health: -1}, func(t *testing.T, d *simulator.Device, c *websocket.Conn) {
		reading(t, c)
		write(t, c, `{"command":"health","timestamp":"1:0"}`)
		if m := reading(t, c); m["message_type"] != "health" {
			t.Errorf("answer %v", m)
		}
		for range 20 {
			if m := reading(t, c); m["message_type"] != "state" {
				t.Errorf("greeting %v", m)
			}
		}
	})
}

func TestDelayHoldsTheHandshake(t *testing.T) {
	o := quiet()
	o.Delay = 3 * time.Second
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- simulator.New(o).Serve(ctx, l) }()
		began := time.Now()
		c, _, err := (&websocket.Dialer{NetDialContext: l.dial}).DialContext(ctx, "ws://device"+simulator.DefaultPath, nil)
		if err != nil || time.Since(began) != o.Delay {
			t.Fatalf("after %v: %v", time.Since(began), err)
		}
		c.Close()
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

func TestSlowClientIsDropped(t *testing.T) {
	clocked(t, quiet(), func(t *testing.T, d *simulator.Device, c *websocket.Conn) {
		for range simulator.MaxOutbox + 2 { // one more may be under way
			d.Send("x")
		}
		if end := d.Log()[0].End; end == nil || end.Cause != "slow" {
			t.Errorf("end %+v", end)
		}
		c.Close()
	})
}

func TestTheLogIsBounded(t *testing.T) {
	d, addr := start(t, quiet())
	for range simulator.MaxEntries + 3 {
		raw(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	}
	es := d.Log()
	if len(es) != simulator.MaxEntries || es[0].ID != 4 || es[len(es)-1].ID != simulator.MaxEntries+3 {
		t.Errorf("%d entries from %d", len(es), es[0].ID)
	}
	c := open(t, addr, nil)
	for range simulator.MaxMessages + 5 {
		write(t, c, "x")
	}
	es = await(t, d, "the messages", func(es []simulator.Entry) bool { return es[len(es)-1].Received == simulator.MaxMessages+5 })
	if n := len(es[len(es)-1].Messages); n != simulator.MaxMessages {
		t.Errorf("%d messages kept", n)
	}
}

func TestSessionsAreBounded(t *testing.T) {
	o := quiet()
	o.Sessions = 70
	d, addr := start(t, o)
	for range o.Sessions {
		raw(t, addr, plainHandshake+"\r\n")
	}
	if d.Sessions() != o.Sessions {
		t.Errorf("%d sessions", d.Sessions())
	}
	if _, answer := raw(t, addr, plainHandshake+"\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 503 ") {
		t.Errorf("answer %q", answer)
	}
}
