package runner

import (
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

func TestIdleConnectionsThatAreCutAreRecognised(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	for _, tt := range []struct {
		name  string
		idle  []time.Duration // at the end of each session
		cause string
		usual time.Duration
		ping  time.Duration
		words string
	}{
		{"like times", []time.Duration{5 * s, 5100 * ms, 4950 * ms}, "eof", 30 * s, 2500 * ms, "Something in between cuts idle connections after 5 s; pinging every 2.5 s."},
		{"exactly alike", []time.Duration{5 * s, 5 * s, 5 * s}, "reset", 30 * s, 3 * s, "Something in between cuts idle connections after 5 s; pinging every 3 s."},
		{"after others", []time.Duration{0, 20 * s, 10 * s, 10 * s, 10 * s}, "eof", 30 * s, 6 * s, "Something in between cuts idle connections after 10 s; pinging every 6 s."},
		{"a fifth apart", []time.Duration{8 * s, 10 * s, 12 * s}, "eof", 30 * s, 4500 * ms, "Something in between cuts idle connections after 8 s; pinging every 4.5 s."},
		{"more than a fifth apart", []time.Duration{7 * s, 10 * s, 12 * s}, "eof", 30 * s, 30 * s, ""},
		{"two only", []time.Duration{5 * s, 5 * s}, "eof", 30 * s, 30 * s, ""},
		{"a device that crashes at once", []time.Duration{0, 0, 0, 0}, "eof", 30 * s, 30 * s, ""},
		{"sooner than may be pinged", []time.Duration{s, s, s, s}, "eof", 30 * s, 30 * s, ""},
		{"as soon as may be pinged", []time.Duration{1500 * ms, 1500 * ms, 1500 * ms}, "eof", 30 * s, s, "Something in between cuts idle connections after 1.5 s; pinging every 1 s."},
		{"the device says why", []time.Duration{5 * s, 5 * s, 5 * s}, "closed", 30 * s, 30 * s, ""},
		{"pings are switched off", []time.Duration{5 * s, 5 * s, 5 * s}, "eof", 0, 0, "Something in between cuts idle connections after 5 s, and pings are switched off for this connection."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c cuts
			for _, idle := range tt.idle {
				c.add(wordless(tt.cause, idle), idle, tt.usual)
			}
			if got := c.ping(tt.usual); got != tt.ping {
				t.Errorf("pings come every %v, want %v", got, tt.ping)
			}
			if got := c.words(); got != tt.words {
				t.Errorf("%q, want %q", got, tt.words)
			}
		})
	}
}

// idler is a device behind something that cuts what is idle for so long; pings
// keep it open when they help.
func (d *device) cutsIdle(after time.Duration, pingsHelp bool) {
	d.answer = func(int, link.Config) plan {
		s := newScripted()
		go func() {
			seen := 0
			for {
				select {
				case <-s.closed:
					return
				case <-time.After(after):
				}
				s.mu.Lock()
				pinged := s.pings > seen
				seen = s.pings
				s.mu.Unlock()
				if !pinged || !pingsHelp {
					idle := after
					if pinged {
						idle = after / 3
					}
					s.finish(wordless("eof", idle))
					return
				}
			}
		}()
		return plan{session: s}
	}
}

func TestAQuietDeviceBehindAProxyThatCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.cutsIdle(5*time.Second, true)
		w.start()
		id := w.create()
		pass(133 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if n := w.device.count(); n != 4 {
			t.Errorf("%d tries, want 4: three are cut, the fourth stays", n)
		}
		c := w.connection(id)
		if want := "Something in between cuts idle connections after 5 s; pinging every 3 s."; c.Note != want {
			t.Errorf("the note is %q, want %q", c.Note, want)
		}
		if got := w.device.try(4).at.Sub(w.device.try(1).at); got > 20*time.Second {
			t.Errorf("the session that stays began after %v", got)
		}
		if got := w.device.try(4).cfg.ReadTimeout; got != 45*time.Second {
			t.Errorf("the device has %v to answer, want as long as ever", got)
		}
		logs := 0
		for _, e := range w.events(id, element.KindLog) {
			if strings.Contains(e.Body.(element.Log).Message, "cuts idle connections") {
				logs++
			}
		}
		if logs != 1 {
			t.Errorf("it is listed %d times, want once", logs)
		}
	})
}

// TestPingsThatDoNotHelpAreNoExcuse: what crashes after like times is no cut.
func TestPingsThatDoNotHelpAreNoExcuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.cutsIdle(5*time.Second, false)
		w.start()
		id := w.create()
		pass(10 * time.Minute)
		if n := w.device.count(); n > 20 {
			t.Errorf("%d tries in ten minutes: the waits do not grow", n)
		}
		if c := w.connection(id); strings.Contains(c.Note, "idle") || c.LastCause == nil || !strings.Contains(c.LastCause.Message, "ended again by the device without a Close frame") {
			t.Errorf("note %q, cause %+v", c.Note, c.LastCause)
		}
	})
}

func TestAnotherWayIsNotThatOfTheCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.cutsIdle(5*time.Second, true)
		w.start()
		id := w.create()
		pass(30 * time.Second)
		if w.connection(id).Note == "" {
			t.Fatal("the cuts are not recognised")
		}
		w.set(id, 61, "10.0.0.2")
		pass(time.Second)
		if n := w.connection(id).Note; n != "" {
			t.Errorf("the note is still %q", n)
		}
	})
}

// cutter is a TCP proxy that lets go of connections on which nothing went
// either way for so long.
func cutter(t *testing.T, to string, after time.Duration) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	pipe := func(to, from net.Conn, both [2]net.Conn) {
		defer func() { _, _ = both[0].Close(), both[1].Close() }()
		buf := make([]byte, 4096)
		for {
			n, err := from.Read(buf)
			for _, c := range both {
				_ = c.SetReadDeadline(time.Now().Add(after))
			}
			if err != nil {
				return
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
	}
	open.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			open.Go(func() { pipe(far, near, [2]net.Conn{near, far}) })
			open.Go(func() { pipe(near, far, [2]net.Conn{near, far}) })
		}
	})
	return splitAddress(t, "http://"+l.Addr().String())
}

// TestARealProxyThatCuts has a quiet device behind one, on real sockets.
func TestARealProxyThatCuts(t *testing.T) {
	const after = 600 * time.Millisecond
	device, port := mannered(t, func(c net.Conn, _ <-chan struct{}) {
		for {
			opcode, payload, ok := readFrame(c)
			if opcode == 9 {
				opcode = 10
			}
			if !ok || !writeFrame(c, opcode, payload) {
				return
			}
		}
	})
	host, port := cutter(t, element.Address{Host: device, Port: port}.HostPort(), after)
	w := realWorld(t, func(o *Options) { o.leastPing = 50 * time.Millisecond })
	e, err := w.fleet.Create(t.Context(), draft(func(d *element.Draft) {
		d.Connections[0].Host, d.Connections[0].Port = &host, &port
	}), "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "open and pinged", func(e element.Element) bool {
		c := e.Connections[0]
		return c.Status == element.ConnOpen && time.Since(c.Since.Time) > 2*after &&
			strings.HasPrefix(c.Note, "Something in between cuts idle connections after 0.6 s; pinging every 0.4 s.")
	})
}
