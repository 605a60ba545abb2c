package runner

import (
	"slices"
	"testing"
	"testing/synctest"

	"fieldline/element"
	"fieldline/element/connector"
)

// TestGeneralParameters looks at what every element has beside its connector:
// on a page of its own behind the others, and live once somebody has looked.
func TestGeneralParameters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := rackWorld(t)
		v, err := w.fleet.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if last := v.Pages[len(v.Pages)-1]; last.Name != "General parameters" {
			t.Errorf("the last page is %+v", last)
		}
		if !slices.IsSortedFunc(v.Parameters, func(a, b element.Parameter) int { return int(a.ID) - int(b.ID) }) {
			t.Error("the parameters of a view are not in order of their ids")
		}
		if p := v.Of(connector.GeneralState); p.Display != "Active" || v.Infos[connector.GeneralState].Description != "Element state" {
			t.Errorf("the state is %+v", p)
		}
		if _, err := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: connector.TimerBase}, Raw: element.Text("0.5"), By: "anna"}); err != nil {
			t.Error(err)
		}
		if _, err := w.fleet.Set(t.Context(), id, element.SetRequest{Target: element.Target{Parameter: connector.GeneralState}, Raw: element.Text("3"), By: "anna"}); element.CodeOf(err) != element.Invalid {
			t.Errorf("a read parameter was written: %v", err)
		}
		rows, err := w.fleet.Table(t.Context(), id, connector.CommunicationInfo)
		if err != nil || len(rows.Rows) != 1 || rows.Rows[0].Cells[connector.CommunicationType].Value != element.Text("WebSocket") {
			t.Errorf("the connections are %+v, %v", rows, err)
		}
		if _, err := w.fleet.Do(t.Context(), id, element.Pause, nil, "anna"); err != nil {
			t.Fatal(err)
		}
		var heard []string
		for _, p := range w.stage.patches(string(id)) {
			if p.Parameter != nil && p.Parameter.ID > 64_000 {
				heard = append(heard, p.Parameter.Name+" "+p.Parameter.Display)
			}
		}
		slices.Sort(heard)
		if want := []string{"STATE Paused", "Timer base 0.5"}; !slices.Equal(slices.Compact(heard), want) {
			t.Errorf("pages hear %q, want %q", heard, want)
		}
	})
}
