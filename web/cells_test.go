package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestCellForms posts the editors of cells as a browser without scripts does.
func TestCellForms(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		for _, c := range []struct {
			name, path, form string
			status           int
			to, has          string
		}{
			{"set", "/elements/e1/tables/1000/a%2Fb%20c/1052", "value=two&page=more", 303, "/elements/e1/p/more", ""},
			{"refused", "/elements/e1/tables/1000/a%2Fb%20c/1052", "value=bad&page=more", 422, "", "Label cannot be bad."},
			{"no row", "/elements/e1/tables/1000/zz/1052", "value=two", 404, "", "no such cell"},
			{"no column", "/elements/e1/tables/1000/zz/x", "value=two", 404, "", "no column x"},
		} {
			w := s.post(t, c.path, c.form)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
				t.Errorf("%s: %d, want %d with %q: %s", c.name, w.Code, c.status, c.has, w.Body)
			}
			if to := w.Header().Get("Location"); c.to != "" && to != base+c.to {
				t.Errorf("%s: leads to %q, want %q", c.name, to, base+c.to)
			}
		}
		w := s.ask(t, http.MethodGet, "/elements/e1/p/more", "")
		for _, has := range []string{`data-table="1000"`, `data-key="a/b c"`, "two", base + "/elements/e1/tables/1000/a%2Fb%20c/1052"} {
			if !strings.Contains(w.Body.String(), has) {
				t.Errorf("%q is not on the page", has)
			}
		}
	}
}

// TestCellFragment posts as htmx does: the answer is the cell alone.
func TestCellFragment(t *testing.T) {
	s := newSite(t).withElement(t)
	w := s.post(t, "/elements/e1/tables/1000/a%2Fb%20c/1052", "value=three&page=more", "HX-Request", "true")
	if body := w.Body.String(); w.Code != 200 || !strings.HasPrefix(body, "<div class=\"cell") || !strings.Contains(body, "three") || strings.Contains(body, "<tr") {
		t.Errorf("set: %d %s", w.Code, body)
	}
	w = s.post(t, "/elements/e1/tables/1000/a%2Fb%20c/1052", "value=bad", "HX-Request", "true")
	if body := w.Body.String(); w.Code != 422 || !strings.Contains(body, "Label cannot be bad.") || !strings.Contains(body, "aria-invalid") {
		t.Errorf("refused: %d %s", w.Code, body)
	}
}
