package e2e_test

import (
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
)

// mixer polls a device over HTTP; its QAction fills a table from the answer.
//
//go:embed testdata/desk.xml
var mixer []byte

// mixingDesk is a device that answers what it holds.
func mixingDesk(t *testing.T, channels string) (holds *atomic.Value, host string, port int) {
	t.Helper()
	holds = &atomic.Value{}
	holds.Store(channels)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, holds.Load().(string))
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err = strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return holds, u.Hostname(), port
}

const keys = `[...document.querySelectorAll("[data-table] tbody tr")].map((r) => r.dataset.key).join(" ")`

// polling makes an element whose connection 0 polls a device.
func polling(t *testing.T, s *e2e.Program, name, connector, host string, port int) element.Element {
	t.Helper()
	return e2e.API[element.Element](t, s, http.MethodPost, "elements", map[string]any{
		"name": name, "connector": connector, "connections": []any{map[string]any{"id": 0, "host": host, "port": port}},
	})
}

func TestTableOfAPolledDevice(t *testing.T) {
	holds, host, port := mixingDesk(t, `[{"key":"a","label":"Stage"},{"key":"b","label":"Choir"}]`)
	data := t.TempDir()
	s := serve(t, data)
	s.Upload(mixer)
	e := polling(t, s, "Desk", "Mixer", host, port)
	p := tab(t)
	p.Expect("status of 422", "WebSocket connection to", "net::ERR_")
	p.Size(820, 1180)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText(`tr[data-key="b"] [data-column="1002"] [data-value]`, "Choir")
	p.WaitText("[data-row-count]", "2 rows")
	p.WaitText(`[data-conn="0"] [data-word]`, "Open")

	holds.Store(`[{"key":"a","label":"Stage left"},{"key":"c","label":"Band"},{"key":"b","label":"Choir"}]`)
	p.WaitText(`tr[data-key="a"] [data-column="1002"] [data-value]`, "Stage left")
	p.WaitText(`tr[data-key="c"] [data-column="1002"] [data-value]`, "Band")

	p.Focus(`th[data-column="1002"] [data-sort]`)
	p.Press("\r")
	if got := e2e.Eval[string](p, keys); got != "c b a" {
		t.Errorf("sorted by label: %s", got)
	}
	p.Press(" ")
	if got := e2e.Eval[string](p, keys); got != "a b c" {
		t.Errorf("sorted the other way: %s", got)
	}

	level := `tr[data-key="b"] [data-column="1003"]`
	p.Click(level + " .edit-open")
	p.Type(level+" [data-control]", "99")
	p.Click(level + ` .edit-form button[type="submit"]`)
	p.WaitText(level+" .field-error", "12 dB")
	p.Type(level+" [data-control]", "-6.5")
	p.Click(level + ` .edit-form button[type="submit"]`)
	p.WaitText(level+" [data-value]", "-6.5")
	p.Shoot("table")
	for _, v := range p.Violations() {
		t.Errorf("accessibility: %v", v)
	}
	if wide := e2e.Eval[bool](p, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page scrolls sideways")
	}

	holds.Store(`[{"key":"b","label":"Choir"}]`)
	p.WaitText("[data-row-count]", "1 row")
	s.Stop()
	again := serve(t, data)
	table := e2e.API[element.Table](t, again, http.MethodGet, "elements/"+string(e.ID)+"/tables/1000", nil)
	if len(table.Rows) != 1 || table.Rows[0].Cells[1003].Value != element.Number(-6.5) || !strings.Contains(table.Rows[0].Display, "Choir") {
		t.Errorf("after a restart: %+v", table.Rows)
	}
}

// TestTableIsSortedWithoutScripts: the headers are links; what is set in a
// sorted table leaves it sorted.
func TestTableIsSortedWithoutScripts(t *testing.T) {
	_, host, port := mixingDesk(t, `[{"key":"a","label":"Stage 10"},{"key":"b","label":"Choir"},{"key":"c","label":"Stage 9"}]`)
	s := serve(t, t.TempDir())
	s.Upload(mixer)
	e := polling(t, s, "Desk", "Mixer", host, port)
	live := tab(t)
	live.Open(s.Base + "elements/" + string(e.ID))
	live.WaitText("[data-row-count]", "3 rows")

	for of, level := range map[string]string{"elements/": "-3", "embed/elements/": "-4"} {
		p := tab(t, e2e.WithoutScripts)
		p.Open(s.Base + of + string(e.ID))
		for _, want := range []string{"b c a", "a c b"} {
			p.Click(`th[data-column="1002"] [data-sort]`)
			p.Until("sorted: "+want, keys+` === "`+want+`"`)
		}
		p.Click(`tr[data-key="b"] [data-column="1003"] .edit-open`)
		p.Until("the editor in the sorted table", `document.querySelector('tr[data-key="b"] [data-control]') && `+keys+` === "a c b"`)
		p.Type(`tr[data-key="b"] [data-column="1003"] [data-control]`, level)
		p.Click(`tr[data-key="b"] [data-column="1003"] .edit-form button[type="submit"]`)
		p.WaitText(`tr[data-key="b"] [data-column="1003"] [data-value]`, level)
		p.Until("still sorted", keys+` === "a c b"`)
	}
}

// TestLargeTableIsSortedWhole: of a table that is larger than its page the
// server sorts all rows; the page would sort those it has.
func TestLargeTableIsSortedWhole(t *testing.T) {
	var channels []string
	for n := range 1010 {
		channels = append(channels, fmt.Sprintf(`{"key":"k%d","label":"In %d"}`, n, n))
	}
	_, host, port := mixingDesk(t, "["+strings.Join(channels, ",")+"]")
	s := serve(t, t.TempDir())
	s.Upload(mixer)
	e := polling(t, s, "Desk", "Mixer", host, port)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText("[data-row-count]", "the first 1000 of 1010 rows")
	p.Click(`th[data-column="1002"] [data-sort]`)
	p.Until("sorted", `document.querySelector('th[data-column="1002"][aria-sort="ascending"]') && document.readyState === "complete"`)
	p.Click(`th[data-column="1002"] [data-sort]`)
	p.Until("the last of all rows first", keys+`.startsWith("k1009 k1008 ")`)
}
