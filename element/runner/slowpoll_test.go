package runner

import (
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

// A new element takes its slow poll from the connector and keeps it; what the
// connector fixes cannot be changed.
func TestSlowPollIsASetting(t *testing.T) {
	xml := strings.Replace(meterConnector, `<CommunicationOptions></CommunicationOptions>`,
		`<CommunicationOptions></CommunicationOptions><UserSettings><SlowPoll><DefaultValue>4</DefaultValue></SlowPoll><PingInterval><DefaultValue>5000</DefaultValue><Disabled>true</Disabled></PingInterval></UserSettings>`, 1)
	definition, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	list := catalog{definition}
	draft := element.Draft{Name: new("Meter"), Connector: new("Meter"), Connections: []element.ConnectionDraft{{ID: 0, Host: new("10.0.0.7")}}}
	cfg, err := newConfig(list, draft)
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Connections[0].SlowPoll(element.SlowPoll{}); got != (element.SlowPoll{After: 4, PingMs: 5000}) {
		t.Errorf("a new element has %+v", got)
	}
	change := func(c element.ConnectionDraft) error {
		_, err := changedConfig(list, cfg, element.Draft{Connections: []element.ConnectionDraft{c}})
		return err
	}
	if err := change(element.ConnectionDraft{SlowAfter: new(0), SlowPingMs: new(5000)}); err != nil {
		t.Errorf("slow poll cannot be switched off: %v", err)
	}
	if err := change(element.ConnectionDraft{SlowPingMs: new(6000)}); err == nil || !strings.Contains(err.Error(), "fixes this field") {
		t.Errorf("a fixed ping interval is changed with %v", err)
	}
}
