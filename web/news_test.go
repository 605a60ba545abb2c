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
