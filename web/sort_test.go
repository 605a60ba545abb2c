package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
)

// TestTablesAreSortedWithoutScripts follows the links of a table's headers, and
// sets a cell of a sorted table: the order stays.
func TestTablesAreSortedWithoutScripts(t *testing.T) {
	for _, base := range bases() {
		for _, of := range []string{"/elements/e1/p/more", "/embed/elements/e1/more"} {
			s := newSite(t, under(base)).withElement(t)
			s.service.rows = []element.Row{newRow("b", "B", "in 10"), newRow("a", "A", "in 2"), newRow("c", "C", "in 1")}
			up := base + of + "?sort=1002&amp;dir=asc#p-1000"
			down := base + of + "?sort=1002&amp;dir=desc#p-1000"
			checkRows(t, s, of, "b a c", up, "")
			checkRows(t, s, of+"?sort=1002&dir=asc", "c a b", down, `aria-sort="ascending"`)
			checkRows(t, s, of+"?sort=1002&dir=desc", "b a c", up, `aria-sort="descending"`)
			checkRows(t, s, of+"?sort=9999&dir=desc", "b a c", up, "")
			checkRows(t, s, of+"?sort=x%0d%0a&dir=%22", "b a c", up, "")

			form := "value=in+3&page=more&sort=1002&dir=desc&show=1001"
			if strings.HasPrefix(of, "/embed/") {
				form += "&embed=1"
			}
			w := s.post(t, "/elements/e1/tables/1000/c/1052", form)
			if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != base+of+"?show=1001&sort=1002&dir=desc" {
				t.Errorf("a cell was set: %d, to %q", w.Code, to)
			}
			w = s.post(t, "/elements/e1/tables/1000/c/1052", strings.Replace(form, "in+3", "bad", 1))
			if keys := rowKeys(w.Body.String()); w.Code != http.StatusUnprocessableEntity || keys != "b c a" {
				t.Errorf("a cell was refused: %d, rows %s", w.Code, keys)
			}
		}
	}
}

func checkRows(t *testing.T, s *site, path, keys, link, has string) {
	t.Helper()
	w := s.ask(t, http.MethodGet, path, "")
	body := w.Body.String()
	if got := rowKeys(body); w.Code != http.StatusOK || got != keys {
		t.Errorf("%s: %d, rows %q, want %q", path, w.Code, got, keys)
	}
	if !strings.Contains(body, `data-sort href="`+link+`"`) || !strings.Contains(body, has) {
		t.Errorf("%s: no link to %s, or not %s", path, link, has)
	}
	if has == "" && strings.Contains(body, "aria-sort") {
		t.Errorf("%s: a column says that it is sorted", path)
	}
}

func rowKeys(body string) string {
	var keys []string
	for _, m := range regexp.MustCompile(`<tr data-key="(\w+)"`).FindAllStringSubmatch(body, -1) {
		keys = append(keys, m[1])
	}
	return strings.Join(keys, " ")
}
