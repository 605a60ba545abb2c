package views

import (
	"testing"

	"fieldline/element"
	"fieldline/static"
)

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
