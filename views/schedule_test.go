package views_test

import (
	"strings"
	"testing"

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
	} {
		words := strings.Join(strings.Fields(visible(parse(t, render(t, pages[page])))), " ")
		if !strings.Contains(words, want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
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
