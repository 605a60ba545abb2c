package runner

import (
	"slices"
	"testing"
	"testing/synctest"

	"fieldline/element"
)

// TestProblemsNamesAll: everything that is wrong with a draft is told at once,
// of a new element and of one that changes, and nothing is done.
func TestProblemsNamesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Name = new("Desk") })
		other := w.create(func(d *element.Draft) { d.Name = new("Rack") })
		bad := []element.ConnectionDraft{{ID: 1, Host: new("a b")}}
		for _, c := range []struct {
			name string
			id   element.ID
			d    element.Draft
			want []string
		}{
			{"no connector", "", element.Draft{}, []string{"connector"}},
			{"a new one", "", element.Draft{Name: new("desk"), Connector: new("Test"), Connections: bad}, []string{"connections[0].host", "name"}},
			{"its own name", id, element.Draft{Name: new("DESK")}, nil},
			{"another's name", other, element.Draft{Name: new("DESK"), Connections: bad}, []string{"connections[0].host", "name"}},
			{"another connector", id, element.Draft{Connector: new("Other")}, []string{"connector"}},
		} {
			problems, err := w.fleet.Problems(t.Context(), c.id, c.d)
			if err != nil {
				t.Fatal(err)
			}
			var fields []string
			for _, p := range problems {
				fields = append(fields, p.Field)
			}
			if !slices.Equal(fields, c.want) {
				t.Errorf("%s: %v, want %v", c.name, fields, c.want)
			}
		}
		if _, err := w.fleet.Problems(t.Context(), "none", element.Draft{}); element.CodeOf(err) != element.NotFound {
			t.Errorf("of no element: %v", err)
		}
	})
}
