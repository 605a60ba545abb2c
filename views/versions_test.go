package views_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

func sampleKept(version string) *element.KeptVersion {
	return &element.KeptVersion{Version: version, At: ago(3 * time.Hour), By: "ruth"}
}

func sampleChanges() element.VersionChanges {
	return element.VersionChanges{
		From: "1.0.0.2", To: "1.0.0.3", State: element.Stopped,
		Changes: []element.ConnectorChange{
			{Area: element.AreaParameter, Kind: element.ChangeAdded, Item: "parameter", ID: 112, Name: "Peak", Message: "Parameter 112 (Peak) is new."},
			{Area: element.AreaParameter, Kind: element.ChangeAltered, Item: "parameter", ID: 110, Name: "Gain", Property: "unit", Was: "dB", Becomes: "dBm", Message: "Parameter 110 (Gain): unit was dB and becomes dBm."},
			{Area: element.AreaLogic, Kind: element.ChangeStops, Item: "QAction", ID: 7, Message: "QAction 7 ran and does not run any more: it is written in csharp."},
		},
		Saved: []element.SavedChange{
			{Parameter: 50, Name: "WebsocketUrl", Description: "WebSocket URL", Fate: element.FateKept, Was: element.Text("x-nmos/events/ws"), Becomes: element.Text("x-nmos/events/ws")},
			{Parameter: 130, Name: "Mode", Description: "Reference clock", Fate: element.FateAtRisk, Reason: "Parameter 130 has no entry \"PTP\" any more.", Was: element.Text("1"), Becomes: element.Text("1")},
			{Parameter: 150, Name: "Token", Description: "Access token", Fate: element.FateDropped, Reason: "The other version does not save this parameter.", Masked: true},
		},
		Tables:   []element.TableChange{{Table: 1000, Column: 1003, Name: "Event sources: Label", Cells: 12, Fate: element.FateKept}},
		Settings: []element.SettingChange{{Connection: 2, Change: "added", NeedsHost: true, Message: "Connection 2 (REST) comes, with no host yet: say which."}},
	}
}

func addVersions(pages map[string]templ.Component, l views.Layout, e element.Element) {
	l.Current = e.ID
	v := element.Versions{
		Connector: e.Connector, Version: "1.0.0.2", State: e.State, Previous: sampleKept("1.0.0.1"),
		Versions: []element.VersionChoice{
			{Version: "1.0.0.3", Source: "uploaded", Elements: 1, Findings: map[element.Severity]int{element.Major: 2}},
			{Version: "1.0.0.2", Source: "uploaded", Elements: 1, Current: true},
			{Version: "1.0.0.1", Source: "shipped", Kept: sampleKept("1.0.0.1")},
		},
	}
	pages["versions"] = views.Versions(views.VersionsPage{Layout: l, Element: e, Versions: v})
	changes := sampleChanges()
	pages["changes"] = views.Changes(views.ChangesPage{Layout: l, Element: e, Changes: changes})
	active := sampleElement(openConnection())
	changes.Kept, changes.Replaces = sampleKept("1.0.0.3"), sampleKept("1.0.0.2")
	pages["changes-active"] = views.Changes(views.ChangesPage{
		Layout: l, Element: active, Changes: changes, Error: "The address is empty: enter a host name or an IP address.",
		Errors: map[string]string{"c2.host": "The address is empty."}, Hosts: map[int]string{2: " "},
	})
	back := changes
	back.Back, back.Settings, back.Changes = true, nil, nil
	back.Saved = []element.SavedChange{
		{Parameter: 50, Name: "WebsocketUrl", Fate: element.FateReplaced, Reason: "It is what it was when this version was left.", Was: element.Text("new"), Becomes: element.Text("")},
		{Parameter: 60, Fate: element.FateRestored, Reason: "It was saved when this version was left.", Becomes: element.Number(4)},
	}
	pages["changes-back"] = views.Changes(views.ChangesPage{Layout: l, Element: e, Changes: back})
	pages["changes-none"] = views.Changes(views.ChangesPage{Layout: l, Element: e, Changes: element.VersionChanges{From: "1", To: "2"}})
}

// fields are the hidden fields and the button of the form that is posted to an
// address.
func fields(t *testing.T, page, action string) (hidden map[string]string, button string) {
	t.Helper()
	hidden = map[string]string{}
	walk(parse(t, page), func(n *html.Node) {
		if to, _ := attr(n, "action"); n.Data != "form" || to != action {
			return
		}
		walk(n, func(c *html.Node) {
			kind, _ := attr(c, "type")
			switch {
			case c.Data == "input" && kind == "hidden":
				name, _ := attr(c, "name")
				hidden[name], _ = attr(c, "value")
			case c.Data == "button":
				button = strings.TrimSpace(text(c))
			}
		})
	})
	return hidden, button
}

// The page says plainly that a running element is stopped, and only then lets
// the form stop it.
func TestChangesSayWhatTheButtonDoes(t *testing.T) {
	l := sampleLayout("")
	stopped, active := sampleElement(stoppedConnection()), sampleElement(openConnection())
	stopped.State = element.Stopped
	for _, tt := range []struct {
		e              element.Element
		back           bool
		action, button string
		stop           string
	}{
		{stopped, false, "/elements/e1/versions/1.0.0.3", "Try 1.0.0.3", ""},
		{active, false, "/elements/e1/versions/1.0.0.3", "Stop and try 1.0.0.3", "yes"},
		{stopped, true, "/elements/e1/back", "Go back to 1.0.0.3", ""},
		{active, true, "/elements/e1/back", "Stop and go back to 1.0.0.3", "yes"},
	} {
		c := sampleChanges()
		c.Back = tt.back
		hidden, button := fields(t, render(t, views.Changes(views.ChangesPage{Layout: l, Element: tt.e, Changes: c})), tt.action)
		if button != tt.button || hidden[views.FieldStop] != tt.stop {
			t.Errorf("%+v: button %q, fields %v", tt, button, hidden)
		}
		if want := map[bool]string{true: "1.0.0.3"}[tt.back]; hidden[views.FieldVersion] != want {
			t.Errorf("%+v: goes to %q", tt, hidden[views.FieldVersion])
		}
	}
}

func TestPasswordsAreNotShownInChanges(t *testing.T) {
	c := sampleChanges()
	page := render(t, views.Changes(views.ChangesPage{Layout: sampleLayout(""), Element: sampleElement(stoppedConnection()), Changes: c}))
	if !strings.Contains(page, "not shown") {
		t.Error("a masked value is not said to be one")
	}
}
