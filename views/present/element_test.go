package present

import (
	"testing"

	"fieldline/element"
)

func conn(id int, status element.ConnectionState) element.Connection {
	return element.Connection{ID: id, Status: status, URL: "ws://h" + string(rune('0'+id)) + "/x"}
}

func TestStateOfAnElement(t *testing.T) {
	open, waiting, closed := conn(1, element.ConnOpen), conn(2, element.ConnWaiting), conn(3, element.ConnClosed)
	for _, tt := range []struct {
		e         element.Element
		want      string
		attention bool
		banner    string
	}{
		{element.Element{State: element.Active}, "Active open", false, ""},
		{element.Element{State: element.Active, Connections: []element.Connection{{Type: "http", Status: element.ConnClosed}}}, "Active open", false, ""},
		{element.Element{State: element.Active, Connections: []element.Connection{open, waiting}}, "Connecting trying", true, ""},
		{element.Element{State: element.Active, Connections: []element.Connection{waiting, closed, open}}, "Disconnected down", true, ""},
		{element.Element{State: element.Active, Timeout: true, Connections: []element.Connection{waiting}}, "Timeout timeout", true, "timeout"},
		{element.Element{State: element.Paused, Timeout: true, Connections: []element.Connection{open}}, "Paused paused", false, "paused"},
		{element.Element{State: element.Stopped, Connections: []element.Connection{closed}}, "Stopped off", false, "stopped"},
		{element.Element{State: element.Paused, Faults: []element.Fault{{Name: "qaction", Message: "Off."}}}, "Paused paused", true, "paused"},
	} {
		e := ForOverview(tt.e)
		if got := e.Word + " " + e.Shape; got != tt.want || e.Row.Attention != tt.attention {
			t.Errorf("%+v is %s, attention %t; want %s, %t", tt.e, got, e.Row.Attention, tt.want, tt.attention)
		}
		if p := ForPage(tt.e).Page; p.Banner != tt.banner || p.Frozen != (tt.banner == "timeout") {
			t.Errorf("%+v has the banner %q, want %q, and is frozen: %t", tt.e, p.Banner, tt.banner, p.Frozen)
		}
	}
}

// A row shows the connection that is farthest from being open, and says how the
// others are and what stands out about any of them.
func TestRowOfAnElement(t *testing.T) {
	open, waiting, closed := conn(1, element.ConnOpen), conn(2, element.ConnWaiting), conn(3, element.ConnClosed)
	often := conn(4, element.ConnWaiting)
	often.Attempt = 3
	slow := conn(5, element.ConnOpen)
	slow.SlowPollMs, slow.Note = 1000, "It answers late."
	for _, tt := range []struct {
		e    element.Element
		want FleetRow
	}{
		{element.Element{State: element.Active}, FleetRow{Hop: Hop{Shape: "off"}, Address: "no connection"}},
		{element.Element{State: element.Active, Connections: []element.Connection{open, waiting, often}}, FleetRow{Hop: Hop{Shape: "trying", Word: "Not connected", Attempt: 3}, Address: "h4", Others: "2 others, 1 not open", Attention: true}},
		{element.Element{State: element.Active, Connections: []element.Connection{open, often, closed}}, FleetRow{Hop: Hop{Shape: "down", Word: "Closed"}, Address: "h3", Others: "2 others, 1 not open", Attention: true}},
		{element.Element{State: element.Active, Connections: []element.Connection{open, slow}}, FleetRow{Hop: Hop{Shape: "open", Word: "Open", Slow: "slow poll: pings every 1 s until it answers"}, Address: "h1", Others: "1 other open", Note: "It answers late."}},
		{element.Element{State: element.Stopped, Connections: []element.Connection{closed, waiting}}, FleetRow{Hop: Hop{Shape: "trying", Word: "Not connected"}, Address: "h2"}},
		{element.Element{State: element.Active, Connections: []element.Connection{slow}, Faults: []element.Fault{{Message: "A."}, {Message: "B."}}}, FleetRow{Hop: Hop{Shape: "open", Word: "Open", Slow: "slow poll: pings every 1 s until it answers"}, Address: "h5", Note: "A. B.", Attention: true, Faulty: true}},
	} {
		if got := *ForOverview(tt.e).Row; got != tt.want {
			t.Errorf("%+v:\n%+v, want\n%+v", tt.e, got, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	c := Count{None: "no rows", One: "1 row", Many: "# rows"}
	for n, want := range map[int]string{0: "no rows", 1: "1 row", 2: "2 rows", 1000: "1000 rows"} {
		if got := c.Of(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
