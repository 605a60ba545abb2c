package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
)

// menuEntries are what the context menu of the one table offers.
func menuEntries() []element.Discreet {
	return []element.Discreet{
		{Value: "add", Display: "Add", Prompts: []element.Prompt{{Param: 1002, Default: "new"}}},
		{Value: "delete", Display: "Delete", Rows: element.RowsSome, Confirm: "Delete {rowDK}?"},
		{Value: "clear", Display: "Clear"},
		{Value: "run", Display: "Run", Script: true},
	}
}

// TestMenuForms posts the context menu of a table as a browser without scripts
// does: what an entry asks for, and whether the person is sure.
func TestMenuForms(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		const path = "/elements/e1/tables/1000/menu"
		for _, c := range []struct {
			name, form string
			status     int
			has        []string
		}{
			{"at once", "entry=clear&page=more", 303, nil},
			{"asks for a value", "entry=add&page=more", 200, []string{`name="asked" value="1"`, `value="new"`, base + path}},
			{"without the value", "entry=add&asked=1&value=", 422, []string{"Label is needed."}},
			{"with the value", "entry=add&asked=1&value=x&page=more", 303, nil},
			{"without a row", "entry=delete", 422, []string{"Select a row: Delete is about rows."}},
			{"with a row", "entry=delete&row=a%2Fb+c&page=more", 200, []string{"Delete ", "Yes, do it", `name="row" value="a/b c"`}},
			{"with a row that is gone", "entry=delete&row=zz", 409, []string{"has gone in the meantime"}},
			{"an automation script", "entry=run", 404, []string{"has no entry"}},
			{"no entry", "", 404, []string{"has no entry"}},
		} {
			w := s.post(t, path, c.form)
			if w.Code != c.status {
				t.Errorf("%s: %d, want %d: %s", c.name, w.Code, c.status, w.Body)
			}
			for _, has := range c.has {
				if !strings.Contains(w.Body.String(), has) {
					t.Errorf("%s: %q is not in %s", c.name, has, w.Body)
				}
			}
			if to := w.Header().Get("Location"); c.status == 303 && to != base+"/elements/e1/p/more" {
				t.Errorf("%s: leads to %q", c.name, to)
			}
		}
		asked := s.post(t, path, "entry=delete&row=a%2Fb+c&page=more").Body.String()
		token := regexp.MustCompile(`name="confirm" value="([^"]+)"`).FindStringSubmatch(asked)
		if token == nil {
			t.Fatalf("nothing is asked: %s", asked)
		}
		if w := s.post(t, path, "entry=delete&asked=1&row=a%2Fb+c&page=more&confirm="+token[1]); w.Code != 303 {
			t.Errorf("confirmed: %d %s", w.Code, w.Body)
		}
	}
}

// TestCellIsEditedAndDownloaded: the editor of a cell is drawn on its page or
// alone, its value is a file.
func TestCellIsEditedAndDownloaded(t *testing.T) {
	s := newSite(t).withElement(t)
	const cell = "/elements/e1/tables/1000/a%2Fb%20c/"
	w := s.ask(t, http.MethodGet, cell+"1052?page=more", "")
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "<h1>") || !strings.Contains(body, `class="row-edit"`) {
		t.Errorf("on its page: %d %s", w.Code, body)
	}
	w = s.ask(t, http.MethodGet, cell+"1052?page=more", "", "HX-Request", "true")
	if body := w.Body.String(); w.Code != 200 || !strings.HasPrefix(body, `<div class="cell`) || !strings.Contains(body, "<form") {
		t.Errorf("alone: %d %s", w.Code, body)
	}
	for path, status := range map[string]int{cell + "1002/value": 200, cell + "1003/value": 404, "/elements/e1/tables/1000/zz/1002/value": 404, "/elements/e1/tables/x/zz/1002/value": 404} {
		w := s.ask(t, http.MethodGet, path, "")
		if w.Code != status || status == 200 && !strings.Contains(w.Header().Get("Content-Disposition"), "cell-1002.txt") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if w := s.ask(t, http.MethodGet, "/api/v1/elements/e1/scripts", ""); w.Code != 200 || w.Body.String() != `{"scripts":[]}`+"\n" {
		t.Errorf("scripts: %d %q", w.Code, w.Body)
	}
}
