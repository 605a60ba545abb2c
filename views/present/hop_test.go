package present

import (
	"testing"
	"time"

	"fieldline/element"
)

func TestHopOf(t *testing.T) {
	at := element.At(time.Unix(1_000_000, 0))
	later := element.At(at.Add(time.Second))
	cause := &element.Cause{Message: "refused"}
	for _, tt := range []struct {
		name  string
		conn  element.Connection
		state element.State
		want  Hop
	}{
		{"open, nothing came yet", element.Connection{Status: element.ConnOpen, Since: at}, element.Active, Hop{Shape: "open", Word: "Open", Since: at}},
		{"open", element.Connection{Status: element.ConnOpen, Since: at, LastMessageAt: later}, element.Active, Hop{Shape: "open", Word: "Open", Since: at, Message: later}},
		{"first try", element.Connection{Status: element.ConnConnecting, Attempt: 1}, element.Active, Hop{Shape: "trying", Word: "Connecting", Attempt: 1}},
		{"next try", element.Connection{Status: element.ConnConnecting, Attempt: 2, LastCause: cause}, element.Active, Hop{Shape: "trying", Word: "Connecting", Attempt: 2, Cause: "refused", Last: true}},
		{"open, and silent since", element.Connection{Status: element.ConnOpen, Since: later, LastMessageAt: at}, element.Active, Hop{Shape: "open", Word: "Open", Since: later}},
		{"HTTP, which opens with an answer", element.Connection{Type: "http", Status: element.ConnOpen, Since: later, LastMessageAt: at}, element.Active, Hop{Shape: "open", Word: "Open", Since: later, Message: at}},
		{"waiting", element.Connection{Status: element.ConnWaiting, Attempt: 7, NextTry: at, LastCause: cause}, element.Active, Hop{Shape: "trying", Word: "Not connected", Attempt: 7, Next: at, Cause: "refused", Last: true}},
		{"closing", element.Connection{Status: element.ConnClosing, Attempt: 1, LastCause: cause}, element.Active, Hop{Shape: "trying", Word: "Closing"}},
		{"down", element.Connection{Status: element.ConnClosed, Since: at, LastCause: cause}, element.Active, Hop{Shape: "down", Word: "Closed", Since: at, Cause: "refused"}},
		{"HTTP, not asked yet", element.Connection{Type: "http", Status: element.ConnClosed, Since: at}, element.Active, Hop{Shape: "off", Word: "Not asked yet"}},
		{"HTTP, asked in vain", element.Connection{Type: "http", Status: element.ConnClosed, Since: at, LastCause: cause}, element.Active, Hop{Shape: "down", Word: "Closed", Since: at, Cause: "refused"}},
		{"HTTP, asked before", element.Connection{Type: "http", Status: element.ConnClosed, Since: at, LastMessageAt: at}, element.Active, Hop{Shape: "down", Word: "Closed", Since: at}},
		{"HTTP, waiting", element.Connection{Type: "http", Status: element.ConnWaiting, Attempt: 3, NextTry: at, LastCause: cause}, element.Active, Hop{Shape: "trying", Word: "Not connected", Attempt: 3, Next: at, Cause: "refused", Last: true}},
		{"stopped", element.Connection{Status: element.ConnClosed, Since: at, LastCause: cause}, element.Stopped, Hop{Shape: "off", Word: "Stopped"}},
		{"open, slow poll", element.Connection{Status: element.ConnOpen, SlowPollMs: 30_000}, element.Active, Hop{Shape: "open", Word: "Open", Slow: "slow poll: pings every 30 s until it answers"}},
		{"polled, slow poll", element.Connection{Type: "http", Status: element.ConnWaiting, SlowPollMs: 1500}, element.Active, Hop{Shape: "trying", Word: "Not connected", Slow: "slow poll: pings every 1.5 s until it answers"}},
		{"closed, slow poll", element.Connection{Type: "websocket", Status: element.ConnWaiting, SlowPollMs: 30_000}, element.Active, Hop{Shape: "trying", Word: "Not connected", Slow: "slow poll until it answers"}},
		{"paused in slow poll", element.Connection{Status: element.ConnOpen, SlowPollMs: 30_000}, element.Paused, Hop{Shape: "open", Word: "Open"}},
		{"a cause that hides something", element.Connection{Status: element.ConnClosed, LastCause: &element.Cause{Message: "no\u202eon"}}, element.Active, Hop{Shape: "down", Word: "Closed", Cause: "no[U+202E]on"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := HopOf(tt.conn, tt.state); got != tt.want {
				t.Errorf("HopOf = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// What is polled over HTTP can be reconnected while it waits.
func TestReconnect(t *testing.T) {
	for _, tt := range []struct {
		c    element.Connection
		want string
	}{
		{element.Connection{Type: "websocket", Status: element.ConnOpen}, "Reconnect"},
		{element.Connection{Type: "websocket", Status: element.ConnWaiting}, "Reconnect now"},
		{element.Connection{Type: "http", Status: element.ConnOpen}, ""},
		{element.Connection{Type: "http", Status: element.ConnClosed}, ""},
		{element.Connection{Type: "http", Status: element.ConnWaiting}, "Reconnect now"},
		{element.Connection{Type: "http", Status: element.ConnClosed, Attempt: 3}, "Reconnect"},
	} {
		if got := ConnectionOf(tt.c, element.Active).Reconnect; got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.c, got, tt.want)
		}
	}
}

func TestAddress(t *testing.T) {
	for url, want := range map[string]string{
		"ws://10.4.2.8:8050/x-nmos": "10.4.2.8:8050", "http://h?x=1": "h", "10.4.2.8": "10.4.2.8", "": "no address", "ws:///x": "no address",
	} {
		if got := ConnectionOf(element.Connection{URL: url}, element.Active).Address; got != want {
			t.Errorf("the address of %q is %q, want %q", url, got, want)
		}
	}
}
