package runner

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// rackConnector has a table with a saved column that people may write.
const rackConnector = `<Protocol><Name>Rack</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="Events"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="50"><Name>Path</Name><Description>Path</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1000"><Name>Slots</Name><Description>Slots</Description><Type>array</Type><ArrayOptions index="0" options=";naming=/1002"><ColumnOption idx="0" pid="1001" type="retrieved"/><ColumnOption idx="1" pid="1002" type="retrieved"/><ColumnOption idx="2" pid="1003" type="retrieved" options=";save"/></ArrayOptions></Param>
<Param id="1001"><Name>Key</Name><Description>Key</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1002"><Name>Label</Name><Description>Label</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1003"><Name>Level</Name><Description>Level</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="1053" setter="true"><Name>Level</Name><Description>Level</Description><Type>write</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params></Protocol>`

// rackWorld is a world with one element whose table has rows on disk.
func rackWorld(t *testing.T) (*world, element.ID) {
	definition, err := connector.Parse([]byte(rackConnector))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
	w.start()
	id := w.create(func(d *element.Draft) { d.Connector = new("Rack"); d.Version = nil })
	cell := func(key string, column element.ParamID, v string) element.SavedValue {
		return element.SavedValue{Target: element.Target{Table: 1000, Key: key, Parameter: column}, Value: element.Text(v)}
	}
	if err := w.disk.SaveValues(t.Context(), id, []element.SavedValue{
		cell("a", 1001, "a"), cell("a", 1002, "PSU"), cell("b", 1001, "b"), cell("b", 1003, "4"),
	}); err != nil {
		t.Fatal(err)
	}
	w.do(id, element.Restart)
	pass(time.Second)
	return w, id
}

func (w *world) setCell(id element.ID, key string, column element.ParamID, text string) (element.SetResult, error) {
	return w.fleet.Set(w.t.Context(), id, element.SetRequest{Target: element.Target{Table: 1000, Key: key, Parameter: column}, Raw: element.Text(text), By: "tester"})
}

func TestTablesComeBackAndAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := rackWorld(t)
		table, err := w.fleet.Table(t.Context(), id, 1000)
		if err != nil || len(table.Columns) != 3 || len(table.Rows) != 2 || table.Rows[0].Display != "PSU" ||
			table.Rows[1].Cells[1003].Value != element.Number(4) {
			t.Fatalf("table is %+v, %v", table, err)
		}
		for _, column := range []element.ParamID{1003, 1053} {
			wr, err := w.setCell(id, "b", column, "7.5")
			if err != nil || wr.Status != element.WriteSaved || wr.Row != "b" || wr.Parameter != column {
				t.Errorf("write is %+v, %v", wr, err)
			}
		}
		saved, _ := w.disk.SavedValues(t.Context(), id)
		if !slices.ContainsFunc(saved, func(c element.SavedValue) bool { return c.Key == "b" && c.Value == element.Number(7.5) }) {
			t.Errorf("saved are %+v", saved)
		}
		w.wantRow(id, "b", element.Number(7.5))
	})
}

// wantRow looks for the newest patch of a row.
func (w *world) wantRow(id element.ID, key string, level element.Value) {
	w.t.Helper()
	w.stage.mu.Lock()
	defer w.stage.mu.Unlock()
	for _, p := range slices.Backward(w.stage.stream(string(id)).patches) {
		if p.Row != nil && p.Row.Key == key {
			if p.Row.Cells[1003].Value != level || p.Key() != "t1000/"+key {
				w.t.Errorf("row is %+v", p.Row)
			}
			return
		}
	}
	w.t.Errorf("row %q was not shown", key)
}

func TestCellsThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := rackWorld(t)
		_, err := w.setCell(id, "b", 1003, "high")
		wantCode(t, err, element.Invalid, "value")
		_, err = w.setCell(id, "b", 1002, "x")
		wantCode(t, err, element.Invalid, "")
		_, err = w.setCell(id, "zz", 1003, "1")
		wantCode(t, err, element.NotFound, "")
		_, err = w.setCell(id, "b", 50, "1")
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Table(t.Context(), id, 50)
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Table(t.Context(), id, 7777)
		wantCode(t, err, element.NotFound, "")

		w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
		_, err = w.setCell(id, "b", 1003, "1")
		wantCode(t, err, element.Unavailable, "")
		if table, _ := w.fleet.Table(t.Context(), id, 1000); table.Rows[1].Cells[1003].Value != element.Number(4) {
			t.Errorf("a write that was not saved is seen: %+v", table.Rows[1])
		}
	})
}

func TestPendingValuesKeepTheNewest(t *testing.T) {
	cell := func(key string, column element.ParamID, v float64) element.SavedValue {
		return element.SavedValue{Target: element.Target{Table: 1, Key: key, Parameter: column}, Value: element.Number(v)}
	}
	gone := element.SavedValue{Target: element.Target{Table: 1, Key: "b"}, Removed: true}
	p := pendingValues{}
	p.add([]element.SavedValue{cell("a", 2, 1), cell("a", 2, 2), cell("b", 2, 1), gone})
	failed := p.take(0)
	p.add([]element.SavedValue{cell("a", 3, 9), cell("a", 2, 3), cell("b", 2, 5)})
	p.giveBack(failed)
	if got, want := p.take(1), []element.SavedValue{cell("a", 2, 3), cell("a", 3, 9)}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := p.take(0), []element.SavedValue{gone, cell("b", 2, 5)}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if len(p) != 0 {
		t.Errorf("left: %+v", p)
	}
}

func TestAWriteOfACellIsListedWithItsRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, id := rackWorld(t)
		if _, err := w.setCell(id, "b", 1003, "1"); err != nil {
			t.Fatal(err)
		}
		events := w.events(id, element.KindWrite)
		if len(events) == 0 || events[len(events)-1].Body.(element.WriteMoved).Row != "b" {
			t.Errorf("events are %+v", events)
		}
	})
}
