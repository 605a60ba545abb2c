package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
)

func TestSavedCells(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	must(t, s.CreateElement(t.Context(), record("b", "B")))
	cell := func(key string, column element.ParamID, v element.Value) element.SavedValue {
		return element.SavedValue{Target: element.Target{Table: 1000, Key: key, Parameter: column}, Value: v, At: day, FromDevice: column == 1002}
	}
	one := element.SavedValue{Target: element.Target{Parameter: 1}, Value: element.Number(2), At: day}
	z, a := cell("z", 1001, element.Text("z")), cell("a", 1001, element.Text("a"))
	must(t, s.SaveValues(t.Context(), "a", []element.SavedValue{
		one, z, a, cell("a", 1002, element.Number(1)), cell("gone", 1001, element.Text("gone")),
	}))
	must(t, s.SaveValues(t.Context(), "a", []element.SavedValue{
		{Target: element.Target{Table: 1000, Key: "gone"}, Removed: true},
		cell("a", 1002, element.Number(2)),
		{Target: element.Target{Table: 1000, Key: "z"}, Removed: true},
		z, cell("z", 1002, element.Text("\x00\xff")),
	}))
	must(t, s.SaveValues(t.Context(), "a", nil))
	s = reopen(t, s, dir, Options{})
	got, err := s.SavedValues(t.Context(), "a")
	must(t, err)
	want := []element.SavedValue{one, a, cell("a", 1002, element.Number(2)), z, cell("z", 1002, element.Text("\x00\xff"))}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b element.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if err := s.SaveValues(t.Context(), "nobody", []element.SavedValue{a}); element.CodeOf(err) != element.NotFound {
		t.Errorf("cells of no element: %v", err)
	}
	must(t, s.DeleteElement(t.Context(), "a"))
	if got, err = s.SavedValues(t.Context(), "a"); err != nil || len(got) != 0 {
		t.Errorf("cells of a deleted element: %v, %v", got, err)
	}
}
