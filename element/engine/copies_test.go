package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/engine"
)

// viewConnector has a view table (500) of services (200) with the rate of the
// stream (100) that each of them names.
const viewConnector = `<Connections><Connection id="0" name="D"><Http/></Connection></Connections><Params>
<Param id="10"><Name>go</Name><Description>Go</Description><Type>write</Type><Interprete><Type>string</Type></Interprete></Param>
<Param id="100"><Name>streams</Name><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="101"/><ColumnOption idx="1" pid="102"/></ArrayOptions></Param>
<Param id="101"><Name>stream</Name><Type>read</Type></Param><Param id="102" duplicateAs="503"><Name>rate</Name><Type>read</Type></Param>
<Param id="200"><Name>services</Name><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="201"/><ColumnOption idx="1" pid="202"/><ColumnOption idx="2" pid="203" options=";foreignKey=100"/></ArrayOptions></Param>
<Param id="201" duplicateAs="501"><Name>service</Name><Type>read</Type></Param><Param id="202" duplicateAs="502"><Name>label</Name><Type>read</Type></Param><Param id="203"><Name>of</Name><Type>read</Type></Param>
<Param id="500"><Name>view_services</Name><Type>array</Type><ArrayOptions index="0" options=";volatile;view=200"><ColumnOption idx="0" pid="501" options=";view=201"/><ColumnOption idx="1" pid="502" options=";view=202"/><ColumnOption idx="2" pid="503" options=";view=203:102"/></ArrayOptions></Param>
</Params><QActions><QAction id="1" encoding="jscript" triggers="10">x</QAction></QActions>`

// TestViewsFollowTheirTables does anything to the tables, and looks after each
// step that the view shows what they hold: as the engine has it, and as a page
// has it that only heard what moved.
func TestViewsFollowTheirTables(t *testing.T) {
	def := parse(t, []byte(viewConnector))
	rng := rand.New(rand.NewPCG(1, 2))
	e := engine.New(def, "e1", config(def))
	e.UseScripts(fake(func(_ element.ParamID, h engine.ScriptHost) error {
		for range 1 + rng.IntN(4) {
			change(rng, h.(engine.TableHost))
		}
		return nil
	}))
	e.Handle(midnight, engine.Start{})
	page := map[string]map[element.ParamID]element.Cell{}
	var mark engine.Checkpoint
	for i := range 2000 {
		mark = e.Checkpoint()
		effects := e.Handle(midnight.Add(time.Duration(i)), engine.Set{WriteID: "w", Target: element.Target{Parameter: 10}, Value: element.Text("x"), By: "anna"})
		if rng.IntN(10) == 0 {
			e.Restore(mark) // what was handled was not kept
			effects = nil
		}
		for _, f := range effects {
			switch f := f.(type) {
			case engine.RowShown:
				if f.Row.Table == 500 {
					page[f.Row.Key] = f.Row.Cells
				}
			case engine.RowGone:
				if f.Table == 500 {
					delete(page, f.Key)
				}
			}
		}
		want := joined(e)
		got := map[string]map[element.ParamID]element.Cell{}
		view, _ := e.Table(500)
		for _, r := range view.Rows {
			got[r.Key] = r.Cells
		}
		equal := cmp.Comparer(func(a, b element.Value) bool { return a == b })
		if diff := cmp.Diff(want, got, equal); diff != "" {
			t.Fatalf("step %d: the view is another (-want +got):\n%s", i, diff)
		}
		if diff := cmp.Diff(want, page, equal); diff != "" {
			t.Fatalf("step %d: a page shows another view (-want +got):\n%s", i, diff)
		}
	}
}

// change does one thing to a table of few rows.
func change(rng *rand.Rand, h engine.TableHost) {
	value := func() element.Value { return element.Text(fmt.Sprint("v", rng.IntN(3))) }
	service, stream := fmt.Sprint("a", rng.IntN(4)), fmt.Sprint("s", rng.IntN(4))
	row := []element.Value{element.Text(service), value(), element.Text(stream)}
	switch rng.IntN(8) {
	case 0, 1:
		h.AddRow(200, row)
	case 2:
		h.SetRow(200, service, row)
	case 3:
		h.DeleteRow(200, service)
	case 4:
		h.FillArray(100, [][]element.Value{{element.Text(stream), value()}}, rng.IntN(2) == 0)
	case 5:
		h.DeleteRow(100, stream)
	case 6:
		h.FillArray(200, [][]element.Value{row}, rng.IntN(4) == 0)
	default:
		h.SetRow(500, service, row)
		h.AddRow(500, row)
		h.DeleteRow(500, service)
	}
}

// joined is what the view has to show.
func joined(e *engine.Engine) map[string]map[element.ParamID]element.Cell {
	streams, _ := e.Table(100)
	rates := map[string]element.Cell{}
	for _, r := range streams.Rows {
		if c, set := r.Cells[102]; set {
			rates[r.Key] = c
		}
	}
	services, _ := e.Table(200)
	all := map[string]map[element.ParamID]element.Cell{}
	for _, r := range services.Rows {
		cells := map[element.ParamID]element.Cell{501: r.Cells[201]}
		if c, set := r.Cells[202]; set {
			cells[502] = c
		}
		if c, set := rates[r.Cells[203].Value.String()]; set {
			cells[503] = c
		}
		all[r.Key] = cells
	}
	return all
}
