package engine_test

import (
	"strconv"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

// BenchmarkFillArray measures a table of 10 000 rows that is filled again and
// again, with one row that is another one each time.
func BenchmarkFillArray(b *testing.B) {
	def := parse(b, []byte(`<Connections><Connection id="0" name="D"><Http/></Connection></Connections><Params>
<Param id="10"><Name>Go</Name><Description>Go</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1000"><Name>T</Name><Description>T</Description><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="1001" type="retrieved"/><ColumnOption idx="1" pid="1002" type="retrieved"/></ArrayOptions></Param>
<Param id="1001"><Name>K</Name><Description>K</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1002"><Name>V</Name><Description>V</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params><QActions><QAction id="1" encoding="jscript" triggers="10">x</QAction></QActions>`))
	rows := make([][]element.Value, 10_000)
	for i := range rows {
		rows[i] = []element.Value{element.Text(strconv.Itoa(i)), element.Text("value")}
	}
	e := engine.New(def, "e1", config(def))
	e.UseScripts(fake(func(_ element.ParamID, h engine.ScriptHost) error {
		h.(engine.TableHost).FillArray(1000, rows, true)
		return nil
	}))
	e.Handle(midnight, engine.Start{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		rows[0][1] = element.Text(strconv.Itoa(i))
		e.Handle(midnight.Add(time.Duration(i)), engine.Set{WriteID: "w", Target: element.Target{Parameter: 10}, Value: element.Text("x"), By: "anna"})
	}
}
