package views

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
)

func TestRangeHint(t *testing.T) {
	low, high, step := -20.0, 12.0, 0.5
	tests := []struct {
		info element.ParamInfo
		want string
	}{
		{element.ParamInfo{}, ""},
		{element.ParamInfo{IsNumber: true, Units: "dB", Low: &low, High: &high, Step: &step}, "-20 to 12 dB, in steps of 0.5"},
		{element.ParamInfo{IsNumber: true, Low: &low}, "at least -20"},
		{element.ParamInfo{High: &high}, "at most 12 characters"},
	}
	for _, tt := range tests {
		if got := rangeHint(tt.info); got != tt.want {
			t.Errorf("rangeHint(%+v) = %q, want %q", tt.info, got, tt.want)
		}
	}
}

func TestFormField(t *testing.T) {
	tests := map[string]string{
		"name": "name", "connections[0].host": "c1.host", "connections[1].timeoutMs": "c7.timeoutMs",
		"connections[2].host": "connections[2].host", "connections[x].host": "connections[x].host", "connections[0": "connections[0",
	}
	for field, want := range tests {
		if got := FormField(field, []int{1, 7}); got != want {
			t.Errorf("FormField(%q) = %q, want %q", field, got, want)
		}
	}
}

func TestURLs(t *testing.T) {
	u := NewURLs("/x/y/", static.New())
	tests := map[string]string{
		u.Home():                 "/x/y/",
		u.Page("e 1", ""):        "/x/y/elements/e%201",
		u.Page("e1", "a/b"):      "/x/y/elements/e1/p/a%2Fb",
		u.Embed("e1", "general"): "/x/y/embed/elements/e1/general",
		u.Set("e1", element.Target{Parameter: 51}):                          "/x/y/elements/e1/parameters/51",
		u.Set("e1", element.Target{Parameter: 53, Table: 1000, Key: "a/b"}): "/x/y/elements/e1/tables/1000/a%2Fb/53",
		u.Order("e1", "pause"):                                              "/x/y/elements/e1/pause",
		u.Handshake("e1", 2):                                                "/x/y/elements/e1/handshake/2",
		u.Connector("A B/C", "1"):                                           "/x/y/connectors/A%20B%2FC/1",
		u.NewElementOf("A&B", ""):                                           "/x/y/elements/new?connector=A%26B&version=",
		u.Socket():                                                          "/x/y/live",
		u.API():                                                             "/x/y/api/v1/",
	}
	for got, want := range tests {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := NewURLs("/", static.New()).Home(); got != "/" {
		t.Errorf("Home without a base path = %q", got)
	}
}

// An element with a connection that was not asked yet, or with none at all, is not
// broken.
func TestWhatWasNotAskedIsNotBroken(t *testing.T) {
	for name, connections := range map[string][]element.Connection{"not asked": {{Type: "http", Status: element.ConnClosed}}, "none": nil} {
		e := element.Element{ID: "e1", Name: "A", State: element.Active, Connections: connections}
		var row strings.Builder
		if err := fleetRow(Layout{}, e).Render(t.Context(), &row); err != nil {
			t.Fatal(err)
		}
		if row := row.String(); !strings.Contains(row, `data-el-line data-shape="off"`) || strings.Contains(row, `data-shape="down"`) {
			t.Errorf("%s: row is %s", name, row)
		}
		var page strings.Builder
		if err := Element(ElementPage{Layout: Layout{URLs: NewURLs("", static.New()), Now: time.Now()}, View: element.View{Element: e}}).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(page.String(), "reconnects by itself"); says != (len(connections) > 0) {
			t.Errorf("%s: the page says that it reconnects: %t", name, says)
		}
	}
}
