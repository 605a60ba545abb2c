package element_test

import (
	"testing"

	"fieldline/element"
)

// The slow poll of settings: what they may say, and what counts where they do
// not.
func TestSlowPoll(t *testing.T) {
	good := func(c element.ConnectionConfig, id int) element.ConnectionConfig {
		c.ID, c.Host, c.TimeoutMs = id, "10.0.0.1", 1000
		return c
	}
	tests := []struct {
		name  string
		c     element.ConnectionConfig
		field string
	}{
		{"nothing", element.ConnectionConfig{}, ""},
		{"off", element.ConnectionConfig{SlowAfter: new(0), SlowAfterMs: new(0)}, ""},
		{"all", element.ConnectionConfig{SlowAfter: new(500), SlowAfterMs: new(300_000), SlowPingMs: new(1000)}, ""},
		{"too many", element.ConnectionConfig{SlowAfter: new(501)}, "connections[0].slowAfter"},
		{"negative", element.ConnectionConfig{SlowAfter: new(-1)}, "connections[0].slowAfter"},
		{"too soon", element.ConnectionConfig{SlowAfterMs: new(999)}, "connections[0].slowAfterMs"},
		{"never pinged", element.ConnectionConfig{SlowPingMs: new(0)}, "connections[0].slowPingMs"},
	}
	for _, test := range tests {
		cfg := element.Config{Name: "x", Connector: "y", Reconnect: element.Automatic, Connections: []element.ConnectionConfig{good(test.c, 0)}}
		field := ""
		if p := cfg.Problems(); len(p) > 0 {
			field = p[0].Field
		}
		if field != test.field {
			t.Errorf("%s: the problem is %q, want %q", test.name, field, test.field)
		}
		second := cfg
		second.Connections = []element.ConnectionConfig{good(element.ConnectionConfig{}, 0), good(test.c, 1)}
		if p := second.Problems(); (len(p) > 0) != (test.name != "nothing") {
			t.Errorf("%s on a second connection: %v", test.name, p)
		}
	}
	base := element.SlowPoll{After: 3, PingMs: 5000}
	if got := (element.ConnectionConfig{}).SlowPoll(base); got != base {
		t.Errorf("without settings it is %+v", got)
	}
	if got := (element.ConnectionConfig{SlowAfter: new(0)}).SlowPoll(base); got.After != 0 || got.PingMs != 5000 {
		t.Errorf("switched off it is %+v", got)
	}
	if got := (element.ConnectionConfig{SlowAfterMs: new(2000)}).SlowPoll(element.SlowPoll{}); got.AfterMs != 2000 || got.PingMs != element.DefaultSlowPing {
		t.Errorf("by time it is %+v", got)
	}
}
