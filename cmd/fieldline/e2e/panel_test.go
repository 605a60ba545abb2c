package e2e_test

import (
	_ "embed"
	"net/http"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
)

// panel has what pages are about: a page that hides, lists that depend, a
// table of 1,000 rows with a context menu.
//
//go:embed testdata/panel.xml
var panel []byte

// panelAt makes an element of it and returns the address of its pages.
func panelAt(t *testing.T) (s *e2e.Program, e element.Element, pages string) {
	t.Helper()
	_, host, port := mixingDesk(t, "[]")
	s = serve(t, t.TempDir())
	s.Upload(panel)
	e = polling(t, s, "Panel", "Panel", host, port)
	return s, e, s.Base + "elements/" + string(e.ID)
}

func TestPageHidesAndShows(t *testing.T) {
	s, e, pages := panelAt(t)
	p := tab(t)
	p.Open(pages)
	p.WaitText(`.tabs [aria-current="page"]`, "Main") // the default page is hidden
	p.WaitText("[data-hop1-word]", "Live")
	const tabs = `[...document.querySelectorAll(".tab:not(.tab-events)")].map((t) => t.textContent.trim()).slice(0, 3).join(" ")`
	p.Until("no tab of the hidden page", tabs+`.startsWith("Main Channels")`)
	s.Set(e.ID, 11, "2")
	p.Until("the tab of the page", tabs+` === "Expert Main Channels"`)
	p.Click(`.tab[href$="/p/expert"]`)
	p.WaitText(`[data-row="30"]`, "Trim")
	p.WaitText("[data-hop1-word]", "Live")
	s.Set(e.ID, 11, "1")
	p.WaitText("[data-page-hidden]", "Mode is Basic")
	p.Until("no rows", `!document.querySelector('[data-row="30"]').checkVisibility()`)

	plain := tab(t, e2e.WithoutScripts)
	plain.Open(pages + "/p/expert")
	plain.WaitText("[data-page-hidden]", "does not show the page Expert at the moment: Mode is Basic.")
	plain.Click("[data-page-hidden] a")
	plain.WaitText(`.tabs [aria-current="page"]`, "Main")
	assertLook(t, "page-hidden", pages+"/p/expert")
}

func TestListsFollowOtherParameters(t *testing.T) {
	s, e, pages := panelAt(t)
	p := tab(t)
	p.Expect("status of 422")
	p.Open(pages)
	p.WaitText("[data-hop1-word]", "Live")
	const options = `[...document.querySelectorAll("#f-14 option")].map((o) => o.value).filter(Boolean).join(" ")`
	s.Set(e.ID, 13, "Studio;Stage")
	p.Until("the list", options+` === "Studio Stage"`)
	edit(p, "14")
	e2e.Eval[bool](p, `(f => { f.value = "Stage"; return true })(document.querySelector("#f-14"))`)
	s.Set(e.ID, 13, "Foyer")
	p.WaitText(`[data-p="12"] [data-value]`, "Foyer")
	p.Click(`#e-14 button[type="submit"]`) // the list under the person's hand stayed, and the server refuses
	p.WaitText("#x-14", `offers at the moment "Foyer"`)
	const sources = `[...document.querySelectorAll("#f-16 option")].map((o) => o.textContent).filter((t) => t !== "choose").join(",")`
	s.Set(e.ID, 11, "1")
	p.Until("the entries of basic", sources+` === "Studio"`)
	s.Set(e.ID, 11, "2")
	p.Until("the entries of expert", sources+` === "Studio,Test tone"`)

	s.Set(e.ID, 19, 1_234_567_890)
	p.WaitText(`[data-p="18"] [data-value]`, "1.23")
	p.WaitText(`[data-p="18"] [data-unit]`, "GB")
	s.Set(e.ID, 21, "2026-11-22 14:02:11")
	p.WaitText(`[data-p="20"]`, "2026-11-22 14:02:11")
	p.Click("#e-20 > summary")
	p.Until("the moment in its field", `document.querySelector("#f-20").value.startsWith("2026-11-22T14:02")`)
	p.Shoot("panel-main")
	assertNoViolations(t, p, "panel-main")
	assertLook(t, "panel-main", pages)
}

func TestBigTable(t *testing.T) {
	s, e, pages := panelAt(t)
	p := tab(t)
	p.Expect("status of 422")
	fill(t, s, e)
	p.Open(pages + "/p/channels")
	p.WaitText("[data-row-count]", "1000 rows")
	p.WaitText("[data-hop1-word]", "Live")
	first := e2e.Eval[string](p, `document.querySelector("[data-table] tbody tr").innerText`)
	if !strings.HasPrefix(strings.TrimSpace(first), "Channel 0000") || p.Count(`[data-column="1001"]`) != 0 {
		t.Errorf("the table begins with %q", first)
	}
	row := `tr[data-key$="0001"]`
	set := row + ` [data-column="1003"]`
	p.Click(set + " .edit-open")
	p.Type(set+" [data-control]", "-6.5")
	p.Click(set + ` .edit-form button[type="submit"]`)
	p.WaitText(set+" [data-value]", "-6.5")
	p.WaitText(set+" .receipt", "requested")
	p.Click(row + " [data-cell-all]")
	p.Until("all of the text", `document.querySelector('`+row+` [data-column="1004"]').matches("[data-all]")`)
	slow := e2e.Eval[float64](p, `new Promise((done) => { const b = document.querySelector('th[data-column="1003"] [data-sort]'); const t = performance.now(); b.click(); requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - t))) })`)
	t.Logf("sorting 1,000 rows took %.0f ms", slow)
	p.Shoot("big-table")
	assertFits(t, p, "big-table")

	plain := tab(t, e2e.WithoutScripts)
	plain.Open(pages + "/p/channels")
	plain.Click(".columns summary")
	plain.Click(`.columns input[value="1001"]`)
	plain.Click(".columns button")
	plain.Visible(`[data-column="1001"]`)
	plain.Until("all keys", `document.querySelectorAll(".long-key").length === 1000`)
	plain.Until("the end of the page", `document.readyState === "complete"`)
	plain.Focus(`tr[data-key$="0003"] .long-key summary`)
	plain.Press("\r")
	plain.WaitText(`tr[data-key$="0003"] .key-whole`, "0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e0003")
	plain.Shoot("big-table-keys")
}

// fill lets the connector fill its table.
func fill(t *testing.T, s *e2e.Program, e element.Element) {
	t.Helper()
	if w := s.Set(e.ID, 31, 1); w.Status == element.WriteFailed {
		t.Fatalf("not filled: %+v", w)
	}
}

func TestContextMenu(t *testing.T) {
	s, e, pages := panelAt(t)
	for _, options := range [][]e2e.TabOption{nil, {e2e.WithoutScripts}} {
		fill(t, s, e)
		p := tab(t, options...)
		p.Expect("status of 422")
		p.Open(pages + "/p/channels")
		p.WaitText("[data-row-count]", "1000 rows")
		p.Click(`.table-menu button[value="add"]`)
		p.WaitText("h1", "Add channel...")
		p.Click(".menu-actions button")
		p.WaitText(".field-error", "Label is needed")
		p.Type("#f-1002", "Extra")
		p.Type("#f-1003", "99")
		p.Click(".menu-actions button")
		p.WaitText(".field-error", "12 dB")
		p.Type("#f-1003", "-20")
		p.Shoot("menu-prompts")
		if options == nil {
			assertNoViolations(t, p, "menu prompts")
		}
		p.Click(".menu-actions button")
		p.WaitText("[data-row-count]", "1000")
		added := `tr[data-key="added-Extra"]`
		p.Until("the new row", `document.querySelector('[data-row-count]').innerText.includes("1001")`)
		p.Reload()
		for _, key := range []string{"0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e0000", "0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e0001"} {
			p.Click(`tr[data-key="` + key + `"] [data-select]`)
		}
		p.Shoot("menu-selected")
		p.Click(`.table-menu button[value="delete"]`)
		p.WaitText(".menu-question", "The selected channels will be deleted.")
		p.WaitText(".page-note", "Channel 0000, Channel 0001")
		p.Click(".menu-actions button")
		p.WaitText("[data-row-count]", "999 rows")
		p.Until("the rows gone", `!document.querySelector('tr[data-key$="2e0001"]')`)
		table := e2e.API[element.Table](t, s, http.MethodGet, "elements/"+string(e.ID)+"/tables/1000", nil)
		if last := table.Rows[len(table.Rows)-1]; last.Key != "added-Extra" || last.Cells[1003].Value != element.Number(-20) {
			t.Errorf("%s: the last row is %+v", added, last)
		}
	}
}

func TestScriptCostsMove(t *testing.T) {
	s, e, pages := panelAt(t)
	p := tab(t)
	p.Open(pages)
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(`[data-script="1"] [data-script-calls]`, "0")
	fill(t, s, e)
	p.WaitText(`[data-script="1"] [data-script-calls]`, "1")
	got := e2e.API[struct{ Scripts []element.Script }](t, s, http.MethodGet, "elements/"+string(e.ID)+"/scripts", nil)
	if len(got.Scripts) != 2 || got.Scripts[0].Name != "Fill" || got.Scripts[0].Calls != 1 || got.Scripts[0].TotalMs <= 0 {
		t.Errorf("the API says %+v", got)
	}
}
