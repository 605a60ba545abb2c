package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// fromScript returns a connector of the scripts.
func fromScript(t *testing.T, file, name string) *connector.Definition {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.Files {
		if part.Name == name+".connector" {
			return parse(t, expand(t, part.Data))
		}
	}
	t.Fatalf("%s holds no %s", file, name)
	return nil
}

func TestQueueIsBounded(t *testing.T) {
	def := fromScript(t, "4.5-made-commands.txtar", "make")
	e := engine.New(def, "e1", config(def))
	e.Handle(midnight, engine.Start{})
	e.Handle(midnight, engine.Opened{Connection: 1})
	set := func(n int, id element.ParamID, v element.Value) []engine.Effect {
		return e.Handle(midnight, engine.Set{WriteID: fmt.Sprint("w", n), Target: element.Target{Parameter: id}, Named: id, Value: v, By: "anna"})
	}
	set(0, 12, element.Number(1)) // waits for its answer, and all others behind it
	for n := range engine.MaxQueue {
		set(n, 11, element.Text("x"))
	}
	var last element.Write
	for _, f := range set(engine.MaxQueue, 11, element.Text("one too many")) {
		if m, ok := f.(engine.WriteAdvanced); ok {
			last = m.Write
		}
	}
	if last.Status != element.WriteFailed || !strings.Contains(last.Detail, "too much is waiting") {
		t.Errorf("the write that does not fit is %s: %s", last.Status, last.Detail)
	}
	sends := 0
	for _, f := range e.Handle(midnight, engine.Received{Connection: 1, Text: true, Data: []byte("OK")}) {
		if _, ok := f.(engine.Send); ok {
			sends++
		}
	}
	if sends != engine.MaxQueue {
		t.Errorf("%d commands were sent, want %d", sends, engine.MaxQueue)
	}
}

func TestReceiptsAreBounded(t *testing.T) {
	var params strings.Builder
	for i := range engine.MaxReceipts + 10 {
		fmt.Fprintf(&params, `<Param id="%d"><Name>P%d</Name><Description>P%d</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>`, i+1, i, i)
	}
	def := parse(t, []byte(`<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections><Params>`+params.String()+`</Params>`))
	e := engine.New(def, "e1", config(def))
	e.Handle(midnight, engine.Start{})
	for i := range engine.MaxReceipts + 10 {
		id := element.ParamID(i + 1)
		e.Handle(midnight, engine.Set{WriteID: fmt.Sprint("w", id), Target: element.Target{Parameter: id}, Named: id, Value: element.Text("x"), By: "anna"})
	}
	all := e.Receipts()
	if len(all) != engine.MaxReceipts || all[0].ID != "w11" || all[len(all)-1].ID != fmt.Sprint("w", engine.MaxReceipts+10) {
		t.Errorf("%d receipts, from %s to %s", len(all), all[0].ID, all[len(all)-1].ID)
	}
}

// TestStaysOutOfSight: no secret of the connector's parameters is in any
// effect but in what is saved and sent.
func TestStaysOutOfSight(t *testing.T) {
	def := fromScript(t, "5.2-change.txtar", "change")
	e := engine.New(def, "e1", config(def))
	e.Handle(midnight, engine.Start{})
	for _, f := range e.Handle(midnight, engine.Set{WriteID: "w1", Target: element.Target{Parameter: 67}, Named: 66, Value: element.Text("hunter2"), By: "anna"}) {
		switch f.(type) {
		case engine.Save, engine.Send:
		default:
			if strings.Contains(fmt.Sprintf("%#v", f), "hunter2") {
				t.Errorf("the password is in %#v", f)
			}
		}
	}
	for _, p := range e.Parameters() {
		if strings.Contains(fmt.Sprintf("%#v", p), "hunter2") {
			t.Errorf("the password is shown by %#v", p)
		}
	}
}

// A table whose key is none of its columns, or that has none, holds no rows;
// the connector runs all the same.
func TestTableWithoutKey(t *testing.T) {
	for _, table := range []string{
		`param 100 array "T"`,
		`<Param id="100"><Name>T</Name><Description>T</Description><Type>array</Type><ArrayOptions index="7"><ColumnOption idx="0" pid="101" type="retrieved" options=";save"/></ArrayOptions></Param>`,
	} {
		def := parse(t, expand(t, []byte(`connection 1 "Device" websocket
param 10 read string "A"
param 11 write string "A" setter
`+table+`
param 101 read string "C"
<QActions><QAction id="1" encoding="jscript" triggers="10">rows:
add 100 k
say 100
</QAction></QActions>`)))
		e := engine.New(def, "e1", config(def))
		e.UseScripts(rowScripts{})
		e.Handle(midnight, engine.Start{})
		e.Handle(midnight, engine.Set{WriteID: "w", Target: element.Target{Parameter: 11}, Named: 11, Value: element.Text("x"), By: "anna"})
		if rows, _ := e.Table(100); len(rows.Rows) != 0 {
			t.Errorf("%s: it holds %v", table, rows.Rows)
		}
		if a, _ := e.Parameter(10); a.Value != element.Text("x") {
			t.Errorf("%s: parameter 10 is %v", table, a.Value)
		}
	}
}
