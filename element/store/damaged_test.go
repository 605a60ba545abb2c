package store

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

// TestDamagedSettingsSpareTheOthers: settings that cannot be read make their
// own element say so and no other one fail, and nothing writes over them.
func TestDamagedSettingsSpareTheOthers(t *testing.T) {
	for _, damaged := range []string{`{"name":"A"`, `{"name":"A","connections":7}`, `[]`, `{}`, ``} {
		t.Run(damaged, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Options{})
			must(t, s.CreateElement(t.Context(), record("a", "A")))
			must(t, s.CreateElement(t.Context(), record("b", "B")))
			_, err := raw(t, dir).ExecContext(t.Context(), "UPDATE elements SET config = ? WHERE id = 'a'", damaged)
			must(t, err)

			all, err := s.Elements(t.Context())
			must(t, err)
			if len(all) != 2 || all[1].Unreadable != "" || all[1].Config.Connector != "C" {
				t.Fatalf("the other element: %+v", all)
			}
			if a := all[0]; !strings.EqualFold(a.Config.Name, "A") || !strings.Contains(a.Unreadable, "cannot be read") {
				t.Errorf("the damaged element: %+v", a)
			}
			wantCode(t, s.UpdateElement(t.Context(), all[0]), element.Conflict, "")
			wantCode(t, s.ChangeVersion(t.Context(), all[0], left("1", 0), false), element.Conflict, "")
			err = s.DeleteConnector(t.Context(), "C", "1.0.0.1")
			wantCode(t, err, element.Conflict, "")
			must(t, s.DeleteElement(t.Context(), "b"))
			err = s.DeleteConnector(t.Context(), "C", "1.0.0.1")
			wantCode(t, err, element.Conflict, "")
			if !strings.Contains(element.MessageOf(err), `"a"`) || !strings.Contains(element.MessageOf(err), "cannot be read") {
				t.Errorf("a connector that nobody knows the users of: %v", err)
			}
			must(t, s.DeleteElement(t.Context(), "a"))
		})
	}
}

// TestDamagedKeptSettingsSpareTheOthers: the element is whole, and so are the
// values that are kept with the version.
func TestDamagedKeptSettingsSpareTheOthers(t *testing.T) {
	dir := t.TempDir()
	s := keeper(t, dir)
	must(t, s.CreateElement(t.Context(), record("b", "B")))
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", 0), false))
	must(t, s.ChangeVersion(t.Context(), versioned("3"), left("2", time.Hour), false))
	_, err := raw(t, dir).ExecContext(t.Context(), "UPDATE kept_versions SET config = '{' WHERE version = '1'")
	must(t, err)
	all, err := s.Elements(t.Context())
	must(t, err)
	if len(all) != 2 || all[0].Unreadable != "" || len(all[0].Kept) != 2 {
		t.Fatalf("%+v", all)
	}
	whole, damaged := all[0].Kept[0], all[0].Kept[1]
	if whole.Version != "2" || whole.Unreadable != "" || damaged.Version != "1" || !strings.Contains(damaged.Unreadable, "cannot be read") {
		t.Errorf("kept: %+v", all[0].Kept)
	}
	wantCode(t, s.DeleteConnector(t.Context(), "C", "1"), element.Conflict, "") // one can still go back to it
	must(t, s.ForgetVersion(t.Context(), "a", "1"))
}
