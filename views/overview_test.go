package views

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
)

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
