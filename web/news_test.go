package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"fieldline/element"
)

// TestSnapshots: a page that cannot go on from its cursor gets the whole state
// in the words of the news.
func TestSnapshots(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		s.set(t, "before")
		ask := func(stream string) (m heard) {
			t.Helper()
			w := s.ask(t, "GET", "/live/"+stream, "")
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", stream, w.Code, w.Body)
			}
			if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
				t.Fatal(err)
			}
			return m
		}
		one := ask("e1")
		if one.Type != "snapshot" || one.Stream != "e1" || one.Cursor != s.service.hub.Cursor("e1") || len(one.Events) == 0 {
			t.Errorf("%+v", one)
		}
		pages, values := 0, map[element.ParamID]element.Value{}
		for _, p := range one.Patches {
			if p.Seq != one.Cursor.Seq {
				t.Errorf("a patch of %d in a snapshot of %d", p.Seq, one.Cursor.Seq)
			}
			if p.Element != nil && p.Element.Page != nil && p.Element.Row == nil {
				pages++
			}
			if p.Parameter != nil {
				values[p.Parameter.ID] = p.Parameter.Value
			}
		}
		if pages != 1 || values[50] != element.Text("before") {
			t.Errorf("%d elements, values %v", pages, values)
		}
		fleet := ask("fleet")
		if len(fleet.Patches) != 1 || fleet.Patches[0].Element.ID != "e1" || fleet.Patches[0].Element.Row == nil || fleet.Patches[0].Element.Page != nil || fleet.Cursor != s.service.hub.Cursor("fleet") {
			t.Errorf("%+v", fleet)
		}
		if w := s.ask(t, "GET", "/live/none", ""); w.Code != http.StatusNotFound {
			t.Errorf("a stream that is not there: %d", w.Code)
		}
	}
}

// TestNewsSpeaksOfParametersByTheirNames: what the connector says of a
// parameter is in the news of it, also when the element uses another version.
func TestNewsSpeaksOfParametersByTheirNames(t *testing.T) {
	s := newSite(t).withElement(t)
	at := s.service.hub.Cursor("e1")
	s.set(t, "x")
	of := newPresenter("e1", s.service)
	text := func(e element.Element) string {
		t.Helper()
		m, ok := of.news(t.Context(), element.Batch{
			Cursor: at, Patches: []element.Patch{{Element: &e}},
			Events: []element.Event{{Body: element.ParameterChanged{Parameter: 50, Display: "x"}}},
		}, true)
		if !ok || len(m.Events) != 1 {
			t.Fatalf("%+v", m)
		}
		return m.Events[0].Text
	}
	e, err := s.service.Element(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	label := infos()[50].Description
	if got := text(e); label == "" || got != label+" = x" {
		t.Errorf("the event reads %q, want %q = x", got, label)
	}
	of.Infos = nil
	if got := text(e); got != "Parameter 50 = x" {
		t.Errorf("the connector was asked again of the same version: %q", got)
	}
	e.Version = "another"
	if got := text(e); got != label+" = x" {
		t.Errorf("of another version the event reads %q", got)
	}
}
