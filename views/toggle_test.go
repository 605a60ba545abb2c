package views_test

import (
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"golang.org/x/net/html"
)

// A toggle button whose value is an exception shows what that is, and neither
// of its states: also where the exception's value is that of one.
func TestAToggleShowsAnException(t *testing.T) {
	for _, c := range []struct {
		name    string
		value   element.Value
		display string
		pressed string // the words of the pressed button
		other   bool
	}{
		{"a state", element.Text("1"), "Muted", "Muted", false},
		{"a value of no state", element.Text("-1"), "No signal", "", true},
		{"the value of a state, shown as an exception", element.Text("0"), "No signal", "", true},
		{"a value that the connector does not name", element.Text("7"), "7", "", true},
		{"never set", element.Value{}, "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := samplePage("/x", openConnection())
			for i := range p.View.Parameters {
				if x := &p.View.Parameters[i]; x.ID == 120 {
					x.Value, x.Display, x.Initialized = c.value, c.display, c.value.IsSet()
				}
			}
			pressed, said := "", ""
			walk(parse(t, render(t, views.Element(p))), func(n *html.Node) {
				if v, _ := attr(n, "aria-pressed"); v == "true" {
					pressed += text(n)
				}
				if v, _ := attr(n, "data-p"); v == "120" {
					said = text(n)
				}
			})
			if strings.TrimSpace(pressed) != c.pressed || c.other && !strings.Contains(said, c.display) {
				t.Errorf("pressed is %q, the value reads %q", pressed, said)
			}
		})
	}
}
