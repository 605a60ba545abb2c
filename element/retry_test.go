package element_test

import (
	"testing"
	"time"

	"fieldline/element"
)

func TestRetrySettings(t *testing.T) {
	tests := []struct {
		name                 string
		settings             element.ConnectionConfig
		first, longest, wait time.Duration
	}{
		{"nobody chose", element.ConnectionConfig{}, time.Second, time.Minute, 5 * time.Second},
		{"a short series", element.ConnectionConfig{RetryMaxMs: new(500)}, 500 * time.Millisecond, 500 * time.Millisecond, 5 * time.Second},
		{"a late first retry", element.ConnectionConfig{RetryMs: new(120_000)}, 2 * time.Minute, 2 * time.Minute, 5 * time.Second},
		{"commands wait for nothing", element.ConnectionConfig{CommandWaitMs: new(0)}, time.Second, time.Minute, 0},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			s := c.settings
			if s.RetryFirst() != c.first || s.RetryLongest() != c.longest || s.CommandWait() != c.wait {
				t.Errorf("first %s, longest %s, commands %s; want %s, %s, %s", s.RetryFirst(), s.RetryLongest(), s.CommandWait(), c.first, c.longest, c.wait)
			}
		})
	}
	if s := (element.ConnectionConfig{StopCodes: []int{4001}}); !s.StopsAfter(4001) || s.StopsAfter(4000) {
		t.Error("a code that stops is not told from one that does not")
	}
}

func TestRetrySettingsThatAreRefused(t *testing.T) {
	for field, s := range map[string]element.ConnectionConfig{
		"retryMs":       {RetryMs: new(99)},
		"retryMaxMs":    {RetryMs: new(2000), RetryMaxMs: new(1000)},
		"stopCodes":     {StopCodes: []int{1000, 5000}},
		"commandWaitMs": {CommandWaitMs: new(element.MaxCommandWaitMs + 1)},
		"minTLS":        {TLS: element.TLS{MinVersion: "1.4"}},
	} {
		s.Host, s.TimeoutMs = "127.0.0.1", 1000
		problems := element.Config{Name: "x", Connector: "c", Reconnect: element.Automatic, Connections: []element.ConnectionConfig{s}}.Problems()
		if len(problems) != 1 || problems[0].Field != "connections[0]."+field {
			t.Errorf("%s: %v", field, problems)
		}
	}
}
