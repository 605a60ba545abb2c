package runner

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		s := w.device.last()
		pass(95 * time.Second)
		s.mu.Lock()
		pings := s.pings
		s.mu.Unlock()
		if pings != 3 {
			t.Errorf("%d pings in 95 s, want 3", pings)
		}
		if got := w.device.try(1).cfg.ReadTimeout; got != 45*time.Second {
			t.Errorf("the link gives up after %v of silence, want 45 s", got)
		}
		w.wantStatus(id, element.ConnOpen)
	})
}

// hangsUp closes the connection when the command is set.
const hangsUp = `
trigger 1 on parameter 80 change action 1
action 1 on protocol close Type@nr=1
`

func TestTheConnectorHangsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{testConnector(t, "1.0.0.1", hangsUp)} })
		w.start()
		id := w.create()
		w.set(id, 80, "bye")
		w.wantStatus(id, element.ConnClosed)
		if got := w.device.last().sentCloses(); !slices.Equal(got, []int{1000}) {
			t.Errorf("closes sent: %v, want 1000", got)
		}
		w.do(id, element.Pause)
		w.do(id, element.Start)
		w.wantStatus(id, element.ConnClosed)
		w.do(id, element.Reconnect)
		w.wantStatus(id, element.ConnOpen)
	})
}

func TestSecretsInTheAddressAreMasked(t *testing.T) {
	o := engine.Opening{
		Destination: element.Destination{
			Scheme: "wss", Host: "fe80::1", Port: 443, Path: "/x/hunter2/a%20b%2Fc/a%20b/c?access_token=abc&Sid=1&n=2",
			Secrets: []string{"hunter2", "a b/c", ""},
		},
	}
	if got, want := openingURL(o.Destination), "wss://[fe80::1]/x/•••/•••/•••?access_token=•••&Sid=•••&n=2"; got != want {
		t.Errorf("shown as %s, want %s", got, want)
	}
}
