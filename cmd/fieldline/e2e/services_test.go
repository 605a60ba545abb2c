package e2e_test

import (
	_ "embed"
	"net/http"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
)

// services has a view table with a filter and coloured rows, and a column that
// cannot be set in some rows.
//
//go:embed testdata/services.xml
var services []byte

// TestRowsFollowTheirValues: what hangs on a cell moves with it, in its own
// table and in one that shows it too.
func TestRowsFollowTheirValues(t *testing.T) {
	_, host, port := mixingDesk(t, "[]")
	s := serve(t, t.TempDir())
	s.Upload(services)
	e := polling(t, s, "Services", "Services", host, port)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText("[data-hop1-word]", "Live")
	s.Set(e.ID, 10, "1") // the rows come while the page is open
	const news = `[data-table="500"] tr[data-key="news"]`
	p.WaitText(news+` [data-column="503"] [data-value]`, "5.5")
	tint := func(hue string) {
		t.Helper()
		p.Until("the colour of the row", `document.querySelector('`+news+`').dataset.tint === "`+hue+`"`)
	}
	const note = `document.querySelector('[data-table="200"] tr[data-key="news"] [data-column="204"]')`
	tint("135")
	p.Until("a note that can be set", note+`.querySelector(".edit-open") !== null`)
	e2e.API[element.Write](t, s, http.MethodPut, "elements/"+string(e.ID)+"/tables/200/news/202", map[string]any{"value": "0"})
	p.WaitText(news+` [data-column="502"] [data-value]`, "Off")
	tint("30")
	p.Until("a note that cannot be set", note+`.matches("[data-locked]") && `+note+`.querySelector(".edit-open") === null`)

	const seen = `[...document.querySelectorAll('[data-table="500"] tbody tr')].filter((r) => r.checkVisibility()).map((r) => r.dataset.key).join(" ")`
	p.Type(`[data-table="500"] [data-filter-rows]`, "SPO")
	p.WaitText("[data-filtered]", "1 found")
	p.Until("the row that is looked for", seen+` === "sport"`)
	p.Shoot("services")
	assertNoViolations(t, p, "services")
	assertFits(t, p, "services")
	p.Type(`[data-table="500"] [data-filter-rows]`, "")
	p.Until("all rows", seen+` === "news sport"`)
}
