package store

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

// keeper is a store with one element that uses version 1 and has a value and a
// table of two rows.
func keeper(t *testing.T, dir string) *Store {
	t.Helper()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), versioned("1")))
	must(t, s.SaveValues(t.Context(), "a",
		[]element.SavedValue{
			{Target: element.Target{Parameter: 50}, Value: element.Text("old"), At: day},
			{Target: element.Target{Parameter: 60}, Value: element.Number(7), At: day, FromDevice: true},
			{Target: element.Target{Table: 1000, Key: "z", Parameter: 1002}, Value: element.Text("first"), At: day},
			{Target: element.Target{Table: 1000, Key: "a", Parameter: 1002}, Value: element.Text("second"), At: day},
		}))
	return s
}

func versioned(version string) element.Record {
	r := record("a", "A")
	r.Config.Version, r.State = version, element.Stopped
	return r
}

func left(version string, after time.Duration) element.KeptVersion {
	return element.KeptVersion{Version: version, At: element.At(day.Add(after)), By: "ruth"}
}

// state is everything of element a that a change of the version touches.
type state struct {
	Version string
	Values  map[element.ParamID]string
	Cells   []string
	Kept    []string
}

func stateOf(t *testing.T, s *Store) state {
	t.Helper()
	all, err := s.Elements(t.Context())
	must(t, err)
	values, err := s.SavedValues(t.Context(), "a")
	must(t, err)
	st := state{Version: all[0].Config.Version, Values: map[element.ParamID]string{}}
	for _, v := range values {
		if v.IsCell() {
			st.Cells = append(st.Cells, v.Key+"="+v.Value.String())
		} else {
			st.Values[v.Parameter] = v.Value.String()
		}
	}
	for _, k := range all[0].Kept {
		st.Kept = append(st.Kept, k.Version+" by "+k.By+" settings of "+k.Config.Version)
	}
	return st
}

func wantState(t *testing.T, s *Store, what string, want state) {
	t.Helper()
	if diff := cmp.Diff(want, stateOf(t, s)); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", what, diff)
	}
}

func setValue(t *testing.T, s *Store, text string) {
	t.Helper()
	must(t, s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: 50}, Value: element.Text(text), At: day}}))
}

func TestGoingBackToAVersionBringsItsValuesBack(t *testing.T) {
	dir := t.TempDir()
	s := keeper(t, dir)
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), false))
	rows := []string{"z=first", "a=second"}
	wantState(t, s, "after the change", state{"2", map[element.ParamID]string{50: "old", 60: "7"}, rows, []string{"1 by ruth settings of 1"}})

	setValue(t, s, "new")
	must(t, s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Table: 1000, Key: "z"}, Removed: true}}))
	s = reopen(t, s, dir, Options{})
	must(t, s.ChangeVersion(t.Context(), versioned("1"), left("2", 2*time.Hour), true))
	wantState(t, s, "gone back", state{"1", map[element.ParamID]string{50: "old", 60: "7"}, rows, []string{"2 by ruth settings of 2"}})

	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", 3*time.Hour), true))
	wantState(t, s, "and forth", state{"2", map[element.ParamID]string{50: "new", 60: "7"}, rows[1:], []string{"1 by ruth settings of 1"}})
}

// A version can be used again with the values of today; those that were kept
// with it stay, and one can still take them.
func TestKeptValuesOfTheVersionInUseCanBeTaken(t *testing.T) {
	s := keeper(t, t.TempDir())
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), false))
	setValue(t, s, "new")
	must(t, s.ChangeVersion(t.Context(), versioned("1"), left("2", 2*time.Hour), false))
	rows := []string{"z=first", "a=second"}
	both := []string{"2 by ruth settings of 2", "1 by ruth settings of 1"}
	wantState(t, s, "with the values of today", state{"1", map[element.ParamID]string{50: "new", 60: "7"}, rows, both})

	must(t, s.ChangeVersion(t.Context(), versioned("1"), left("1", 3*time.Hour), true))
	wantState(t, s, "with those that were kept", state{"1", map[element.ParamID]string{50: "old", 60: "7"}, rows, []string{both[1], both[0]}})
	values, err := s.KeptValues(t.Context(), "a", "1")
	must(t, err)
	if len(values) != 4 || !values[2].IsCell() || !values[3].IsCell() || values[0].Value != element.Text("new") || !values[1].FromDevice {
		t.Errorf("what was left is not kept: %v", values)
	}
}

func TestAVersionThatIsLeftAgainIsKeptAsItIsThen(t *testing.T) {
	s := keeper(t, t.TempDir())
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), false))
	must(t, s.ChangeVersion(t.Context(), versioned("1"), left("2", 2*time.Hour), false))
	setValue(t, s, "newer")
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", 3*time.Hour), false))
	values, err := s.KeptValues(t.Context(), "a", "1")
	must(t, err)
	if len(values) != 4 || values[0].Value != element.Text("newer") {
		t.Errorf("kept with version 1: %v", values)
	}
}

func TestAChangeOfTheVersionIsAllOrNothing(t *testing.T) {
	s := keeper(t, t.TempDir())
	must(t, s.CreateElement(t.Context(), record("b", "B")))
	before := stateOf(t, s)
	taken := versioned("2")
	taken.Config.Name = "b"
	wantCode(t, s.ChangeVersion(t.Context(), taken, left("1", time.Hour), false), element.Conflict, "name")
	wantState(t, s, "a name that is taken", before)
	wantCode(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), true), element.NotFound, "")
	wantState(t, s, "nothing to go back to", before)
	wantCode(t, s.ChangeVersion(t.Context(), versioned("1"), left("1", time.Hour), true), element.NotFound, "")
	wantState(t, s, "nothing kept with the version in use", before)
	gone := versioned("2")
	gone.ID = "gone"
	wantCode(t, s.ChangeVersion(t.Context(), gone, left("1", time.Hour), false), element.NotFound, "")
}

func TestKeptValuesAreForgottenWhenSomebodySaysSo(t *testing.T) {
	s := keeper(t, t.TempDir())
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), false))
	must(t, s.ForgetVersion(t.Context(), "a", "1"))
	wantCode(t, s.ForgetVersion(t.Context(), "a", "1"), element.NotFound, "")
	values, err := s.KeptValues(t.Context(), "a", "1")
	must(t, err)
	if len(values) > 0 {
		t.Errorf("left over: %v", values)
	}
	must(t, s.ChangeVersion(t.Context(), versioned("3"), left("2", time.Hour), false))
	must(t, s.DeleteElement(t.Context(), "a"))
	values, err = s.KeptValues(t.Context(), "a", "2")
	must(t, err)
	if len(values) > 0 {
		t.Errorf("a deleted element left %v", values)
	}
}

func TestConnectorsCanBeDeleted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.SaveConnector(t.Context(), element.StoredConnector{Name: "C", Version: "1", XML: []byte("<Protocol/>"), At: day}))
	must(t, s.CreateElement(t.Context(), versioned("1")))
	wantCode(t, s.DeleteConnector(t.Context(), "C", "1"), element.Conflict, "")
	must(t, s.ChangeVersion(t.Context(), versioned("2"), left("1", time.Hour), false))
	err := s.DeleteConnector(t.Context(), "C", "1")
	wantCode(t, err, element.Conflict, "")
	if got := element.MessageOf(err); !strings.Contains(got, `"A" can go back`) {
		t.Errorf("says %q", got)
	}
	must(t, s.ForgetVersion(t.Context(), "a", "1"))
	must(t, s.DeleteConnector(t.Context(), "C", "1"))
	wantCode(t, s.DeleteConnector(t.Context(), "C", "1"), element.NotFound, "")
	s = reopen(t, s, dir, Options{})
	all, err := s.Connectors(t.Context())
	must(t, err)
	if len(all) != 0 {
		t.Errorf("still there: %v", all)
	}
}
