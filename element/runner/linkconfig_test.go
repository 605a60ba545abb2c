package runner

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// reached returns a draft with settings of connection 1.
func reached(adjust func(*element.ConnectionDraft)) func(*element.Draft) {
	return func(d *element.Draft) { adjust(&d.Connections[0]) }
}

func TestPingsAsTheElementSays(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ms    *int
		pings int // in 31 s
		quiet time.Duration
	}{
		{"nothing said", nil, 1, 45 * time.Second},
		{"never", new(0), 0, 0},
		{"every 5 s", new(5000), 6, 7500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				w.create(reached(func(c *element.ConnectionDraft) { c.PingMs = tt.ms }))
				s := w.device.last()
				pass(31 * time.Second)
				s.mu.Lock()
				defer s.mu.Unlock()
				if got := w.device.try(1).cfg.ReadTimeout; s.pings != tt.pings || got != tt.quiet {
					t.Errorf("%d pings in 31 s, given up after %v of silence; want %d and %v", s.pings, got, tt.pings, tt.quiet)
				}
			})
		})
	}
}

// TestSettingsOfTheWay: what the settings say reaches the link, files in their
// folder; a change connects anew.
func TestSettingsOfTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.TLSFolder = "/data/tls"; o.MaxMessage = 1 << 20 })
		w.start()
		id := w.create(reached(func(c *element.ConnectionDraft) {
			c.Proxy, c.ServerName, c.CAFile, c.CertFile = new("http://ruth:hunter22@proxy:3128"), new("device.lan"), new("ca.pem"), new("us.pem")
		}))
		cfg := w.device.try(1).cfg
		if want := (link.Proxy{URL: "http://proxy:3128", User: "ruth", Password: "hunter22"}); cfg.Proxy != want {
			t.Errorf("the proxy is %+v, want %+v", cfg.Proxy, want)
		}
		want := element.TLS{ServerName: "device.lan", CAFile: "/data/tls/ca.pem", CertFile: "/data/tls/us.pem", KeyFile: "/data/tls/us.pem"}
		if cfg.TLS != want || cfg.MaxMessage != 1<<20 {
			t.Errorf("TLS is %+v with messages up to %d, want %+v", cfg.TLS, cfg.MaxMessage, want)
		}
		v, err := w.fleet.View(t.Context(), id)
		if err != nil || v.Config.Connections[0].Proxy != "http://ruth:•••@proxy:3128" {
			t.Errorf("people see the proxy as %q, %v", v.Config.Connections[0].Proxy, err)
		}

		change := element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Proxy: &v.Config.Connections[0].Proxy, KeyFile: new("us.key")}}}
		if _, err := w.fleet.Update(t.Context(), id, change, "tester"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.wantStatus(id, element.ConnOpen)
		cfg = w.device.try(2).cfg
		if cfg.TLS.KeyFile != "/data/tls/us.key" || cfg.Proxy.Password != "hunter22" {
			t.Errorf("after the change: %+v through %+v", cfg.TLS, cfg.Proxy)
		}
	})
}

func TestWrongSettingsOfTheWayAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		_, err := w.fleet.Create(t.Context(), draft(reached(func(c *element.ConnectionDraft) { c.CAFile = new("../secret.pem") })), "tester")
		if e, ok := errors.AsType[*element.Error](err); !ok || e.Code != element.Invalid || e.Field != "connections[0].caFile" {
			t.Errorf("%v", err)
		}
	})
}

// TestTheFirstMessageIsTimed, once, in the record of the handshake before it.
func TestTheFirstMessageIsTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		record := func() element.Handshake {
			h, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLastSuccess)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		before := record()
		for range 2 {
			pass(250 * time.Millisecond)
			w.device.last().say("hello")
			synctest.Wait()
			if ms := record().PhasesMs[element.PhaseFirstMessage]; ms != 250 {
				t.Errorf("the first message came after %d ms, want 250", ms)
			}
		}
		if _, known := before.PhasesMs[element.PhaseFirstMessage]; known {
			t.Error("a record that was handed out has changed")
		}
		w.do(id, element.Reconnect)
		if _, known := record().PhasesMs[element.PhaseFirstMessage]; known {
			t.Error("the next connection begins with the time of the one before")
		}
	})
}
