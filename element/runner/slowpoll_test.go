package runner

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

// An HTTP device that does not answer is polled no more, only pinged, until it
// answers a ping.
func TestASilentHTTPDeviceIsOnlyPinged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		header := `<Headers><Header key="X-Token" pid="14"/></Headers>`
		xml := strings.NewReplacer(
			`<CommunicationOptions></CommunicationOptions>`, `<CommunicationOptions></CommunicationOptions><UserSettings><Retries><DefaultValue>0</DefaultValue></Retries><SlowPoll><DefaultValue>2</DefaultValue></SlowPoll><PingInterval><DefaultValue>60000</DefaultValue></PingInterval></UserSettings>`,
			`</HTTP>`, `<Session id="2" name="Ping"><Connection id="1"><Request url="/ping">`+header+`</Request></Connection></Session></HTTP>`,
			`<Groups>`, `<Groups><Group id="-1"><Content><Session>2</Session></Content></Group>`,
		).Replace(meterConnector)
		m := &meter{answer: silence}
		w, id := meterWorldOf(t, m, xml)
		pass(3 * time.Minute)
		asked := func() (levels, pings int) {
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, req := range m.asked {
				switch req.Path {
				case "/level":
					levels++
				case "/ping":
					pings++
				}
			}
			return levels, pings
		}
		if levels, pings := asked(); levels != 2 || pings < 2 || pings > 3 {
			t.Errorf("in 3 minutes of silence the device was polled %d times and pinged %d times", levels, pings)
		}
		if got := w.connection(id).SlowPollMs; got != 60_000 {
			t.Errorf("people see a slow poll of %d ms", got)
		}
		m.say(status200("4"))
		pass(2 * time.Minute)
		w.wantStatus(id, element.ConnOpen)
		w.wantValue(id, 21, element.Number(4))
		if got := w.connection(id).SlowPollMs; got != 0 {
			t.Errorf("the device answers, and people see a slow poll of %d ms", got)
		}
	})
}

// What we close by ourselves is no failure of the device.
func TestOurOwnClosingIsNoFailure(t *testing.T) {
	definition, err := connector.Parse([]byte(lifeConnector))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
		w.start()
		id := w.create(func(d *element.Draft) {
			d.Connector, d.Connections[0].SlowAfter = new("Life"), new(1)
		})
		w.set(id, 61, "10.0.0.9")
		pass(100 * time.Millisecond)
		w.do(id, element.Reconnect)
		pass(100 * time.Millisecond)
		w.do(id, element.Restart)
		pass(100 * time.Millisecond)
		w.wantStatus(id, element.ConnOpen)
		for _, e := range w.events(id, element.KindLog) {
			if l := e.Body.(element.Log); strings.HasPrefix(l.Message, "Slow poll") {
				t.Errorf("listed: %s", l.Message)
			}
		}
	})
}
