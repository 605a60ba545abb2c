package script_test

import "testing"

func TestScriptsWithTables(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			"tables", "", `protocol.AddRow(1000, ["a", "first", 1]); protocol.AddRow(1000, "b"); protocol.SetRow(1000, "b", [null, "second"]);
			protocol.SetParameterIndexByKey(1000, "b", 3, 7);
			protocol.Log([protocol.GetKeys(1000).join("+"), protocol.RowCount(1000), protocol.Exists(1000, "b"), protocol.Exists(1000, "c"), protocol.GetRow(1000, "b").join("/"), protocol.GetParameterIndexByKey(1000, "a", 3), protocol.GetRow(1000, "c")].join())`,
			[]string{"info: a+b,2,true,false,b/second/7,1,"},
		},
		{
			"tables are filled", "", `protocol.FillArray(1000, [["a", "1", 1], ["b", "2", 2]]); protocol.FillArray(1000, [["b", "3"]]); protocol.FillArrayNoDelete(1000, [["c", "4"]]);
			protocol.FillArrayWithColumn(1000, 1003, ["b", "d"], [5, 6]);
			protocol.Log(protocol.GetKeys(1000).map(function (k) { return protocol.GetRow(1000, k).join("/") }).join())
			protocol.Log([protocol.DeleteRow(1000, "b"), protocol.DeleteRow(1000, ["c", "x"]), protocol.GetKeys(1000).join()].join()); protocol.ClearAllKeys(1000); protocol.Log(String(protocol.RowCount(1000)))`,
			[]string{"info: b/3/5,c/4/,d//6", "info: true,false,d", "info: 0"},
		},
		{"a row that exists", "", `protocol.AddRow(1000, "a"); protocol.AddRow(1000, "a")`, []string{throws + "TypeError: AddRow: no row was added to table 1000: its key exists or can be none, or the table is full."}},
		{"no table", "", `protocol.GetKeys(10)`, []string{throws + "TypeError: GetKeys: parameter 10 (A) is not a table."}},
		{"no row", "", `protocol.RowKey()`, []string{throws + `TypeError: RowKey: this QAction does not run for a row; it needs row="true" and a column as trigger.`}},
	})
}
