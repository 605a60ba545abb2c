package views_test

import (
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// TestTheRetryScheduleIsVisible: which attempt it was, when the next one is and
// why the last one failed, on the line and in the overview.
func TestTheRetryScheduleIsVisible(t *testing.T) {
	pages := samplePages("/x")
	for page, want := range map[string]string{
		"overview":        "attempt 7, next in 12 s, last: 10.4.2.8:8050 refuses connections",
		"element-trying":  "Not connected · attempt 7 · next in 12 s · last:10.4.2.8:8050 refuses connections",
		"element-broken":  "Closed for 26 min",
		"element-stopped": "Stopped",
		"overview-two":    "attempt 7, next in 12 s, last: 10.4.2.8:8050 refuses connections: is the device's WebSocket service running? 2 others, 1 not open",
		"handshake-http":  "Last exchanges",
		"overview-slow":   "slow poll: pings every 30 s until it answers",
		"element-slow":    "Open for 3 h 12 min · last message 0.4 s ago · slow poll: pings every 30 s until it answers",
	} {
		words := strings.Join(strings.Fields(visible(parse(t, render(t, pages[page])))), " ")
		if !strings.Contains(words, want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
}

// addSeveral adds an element with several connections of which the second is
// in trouble, and the page of one that is polled over HTTP.
func addSeveral(pages map[string]templ.Component, base string) {
	l := sampleLayout(base)
	e := sampleElement(openConnection())
	trying, connecting := tryingConnection(), tryingConnection()
	trying.ID, connecting.ID = 2, 3
	connecting.Status, connecting.Attempt = element.ConnConnecting, 1
	e.Connections = append(e.Connections, trying, connecting)
	l.Elements = []element.Element{e}
	pages["overview-two"] = views.Overview(views.OverviewPage{Layout: l})
	silent := openConnection()
	silent.SlowPollMs = 30_000
	pages["element-slow"] = views.Element(samplePage(base, silent))
	l.Elements = []element.Element{sampleElement(silent)}
	pages["overview-slow"] = views.Overview(views.OverviewPage{Layout: l})
	polled := openConnection()
	polled.Type = "http"
	pages["handshake-http"] = views.Handshake(views.HandshakePage{Layout: l, Element: e, Connection: polled})
}

// visible is the text of a page without what is hidden.
func visible(n *html.Node) string {
	if _, hidden := attr(n, "hidden"); hidden {
		return ""
	}
	if n.Type == html.TextNode {
		return n.Data
	}
	var s strings.Builder
	for c := range n.ChildNodes() {
		s.WriteString(visible(c))
	}
	return s.String()
}
