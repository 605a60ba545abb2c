package script

import (
	"github.com/dop251/goja"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// tables are the functions of the object protocol that reach tables.
type tables struct {
	protocol *protocol
	js       *values
}

func (t *tables) install() {
	for name, f := range map[string]func(engine.TableHost, goja.FunctionCall) goja.Value{
		"GetKeys": t.getKeys, "Exists": t.exists, "RowCount": t.rowCount, "GetRow": t.getRow,
		"SetRow": t.setRow, "AddRow": t.addRow, "DeleteRow": t.deleteRow, "ClearAllKeys": t.clearAllKeys,
		"FillArray": t.fillArray, "FillArrayNoDelete": t.fillArrayNoDelete, "FillArrayWithColumn": t.fillArrayWithColumn,
		"GetParameterIndexByKey": t.getCell, "SetParameterIndexByKey": t.setCell,
		"RowKey": t.rowKey, "RowIndex": t.rowIndex, "OldRow": t.oldRow, "NewRow": t.newRow,
	} {
		must(t.protocol.object.Set(name, func(c goja.FunctionCall) goja.Value {
			host, ok := t.protocol.call.host.(engine.TableHost)
			if !ok {
				t.js.throw("%s: tables cannot be reached from here.", name)
			}
			return f(host, c)
		}))
	}
}

// table is the table parameter that an argument names.
func (t *tables) table(what string, v goja.Value) *connector.Param {
	p := t.protocol.param(what, v)
	if p.Table == nil {
		t.js.throw("%s: parameter %d (%s) is not a table.", what, p.ID, p.Name)
	}
	return p
}

// values is a row that a script hands over, in the order of the columns.
// undefined and null leave a cell as it is.
func (t *tables) values(what string, table *connector.Param, v goja.Value) []element.Value {
	cells := t.js.list(what+": a row", v)
	if len(cells) > len(table.Table.Columns) {
		t.js.throw("%s: the row has %d cells, the table %d columns.", what, len(cells), len(table.Table.Columns))
	}
	row := make([]element.Value, len(cells))
	for i, c := range cells {
		row[i] = t.cell(what, table.Table.Columns[i].Param, c)
	}
	return row
}

func (t *tables) cell(what string, column element.ParamID, v goja.Value) element.Value {
	if goja.IsUndefined(v) {
		return element.Value{}
	}
	p := t.protocol.def.Param(column)
	return t.js.fromValue(what, v, p != nil && p.IsNumber)
}

func (t *tables) getKeys(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return array(t.js, h.Keys(t.table("GetKeys", c.Argument(0)).ID), func(k string) goja.Value { return t.js.vm.ToValue(k) })
}

func (t *tables) exists(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return t.js.vm.ToValue(h.HasRow(t.table("Exists", c.Argument(0)).ID, c.Argument(1).String()))
}

func (t *tables) rowCount(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return t.js.vm.ToValue(h.RowCount(t.table("RowCount", c.Argument(0)).ID))
}

// getRow returns the cells of a row, null when there is none of that key.
func (t *tables) getRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	row, ok := h.Row(t.table("GetRow", c.Argument(0)).ID, c.Argument(1).String())
	if !ok {
		return goja.Null()
	}
	return array(t.js, row, t.js.toValue)
}

func (t *tables) setRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	table := t.table("SetRow", c.Argument(0))
	return t.js.vm.ToValue(h.SetRow(table.ID, c.Argument(1).String(), t.values("SetRow", table, c.Argument(2))))
}

// addRow takes a key or the cells of a row, and returns the key.
func (t *tables) addRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	table := t.table("AddRow", c.Argument(0))
	var row []element.Value
	if cells := c.Argument(1); isArray(cells) {
		row = t.values("AddRow", table, cells)
	} else {
		for i, column := range table.Table.Columns {
			if row = append(row, element.Value{}); table.Table.IsKey(column) {
				row[i] = t.cell("AddRow", column.Param, cells)
				break
			}
		}
	}
	key, ok := h.AddRow(table.ID, row)
	if !ok {
		t.js.throw("AddRow: no row was added to table %d: its key exists or can be none, or the table is full.", table.ID)
	}
	return t.js.vm.ToValue(key)
}

func isArray(v goja.Value) bool {
	o, ok := v.(*goja.Object)
	return ok && o.ClassName() == "Array"
}

// deleteRow takes a key or an array of keys, and says whether all were there.
func (t *tables) deleteRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	table := t.table("DeleteRow", c.Argument(0))
	keys := []goja.Value{c.Argument(1)}
	if isArray(keys[0]) {
		keys = t.js.list("DeleteRow: keys", keys[0])
	}
	all := true
	for _, k := range keys {
		all = h.DeleteRow(table.ID, k.String()) && all
	}
	return t.js.vm.ToValue(all)
}

func (t *tables) clearAllKeys(h engine.TableHost, c goja.FunctionCall) goja.Value {
	h.ClearRows(t.table("ClearAllKeys", c.Argument(0)).ID)
	return goja.Undefined()
}

func (t *tables) fillArray(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return t.fill("FillArray", h, c, true)
}

func (t *tables) fillArrayNoDelete(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return t.fill("FillArrayNoDelete", h, c, false)
}

func (t *tables) fill(what string, h engine.TableHost, c goja.FunctionCall, all bool) goja.Value {
	table := t.table(what, c.Argument(0))
	given := t.js.list(what+": rows", c.Argument(1))
	rows := make([][]element.Value, len(given))
	for i, v := range given {
		rows[i] = t.values(what, table, v)
	}
	return t.js.vm.ToValue(h.FillArray(table.ID, rows, all))
}

func (t *tables) fillArrayWithColumn(h engine.TableHost, c goja.FunctionCall) goja.Value {
	const what = "FillArrayWithColumn"
	table, column := t.table(what, c.Argument(0)), t.protocol.param(what, c.Argument(1))
	keys, values := t.js.list(what+": keys", c.Argument(2)), t.js.list(what+": values", c.Argument(3))
	if len(keys) != len(values) {
		t.js.throw("%s: there are %d keys and %d values.", what, len(keys), len(values))
	}
	names, cells := make([]string, len(keys)), make([][]element.Value, len(keys))
	for i := range keys {
		names[i] = keys[i].String()
		cells[i] = []element.Value{t.cell(what, column.ID, values[i])}
	}
	return t.js.vm.ToValue(h.FillColumns(table.ID, []element.ParamID{column.ID}, names, cells))
}

// column is a column by its place, counted from 1.
func (t *tables) column(what string, table *connector.Param, v goja.Value) connector.Column {
	n := t.js.wholeNumber(what+": a column", v)
	if n < 1 || n > len(table.Table.Columns) {
		t.js.throw("%s: table %d has no column %d; its %d columns are counted from 1.", what, table.ID, n, len(table.Table.Columns))
	}
	return table.Table.Columns[n-1]
}

func (t *tables) getCell(h engine.TableHost, c goja.FunctionCall) goja.Value {
	table := t.table("GetParameterIndexByKey", c.Argument(0))
	column := t.column("GetParameterIndexByKey", table, c.Argument(2))
	return t.js.toValue(h.Cell(table.ID, c.Argument(1).String(), column.Idx))
}

func (t *tables) setCell(h engine.TableHost, c goja.FunctionCall) goja.Value {
	const what = "SetParameterIndexByKey"
	table := t.table(what, c.Argument(0))
	column := t.column(what, table, c.Argument(2))
	v := t.js.fromValue(what, c.Argument(3), t.cellIsNumber(column))
	return t.js.vm.ToValue(h.SetCell(table.ID, c.Argument(1).String(), column.Idx, v))
}

func (t *tables) cellIsNumber(c connector.Column) bool {
	p := t.protocol.def.Param(c.Param)
	return p != nil && p.IsNumber
}

// change is the change of a row that the QAction runs for.
func (t *tables) change(what string, h engine.TableHost) *engine.RowChange {
	c := h.RowChanged()
	if c == nil {
		t.js.throw("%s: this QAction does not run for a row; it needs row=\"true\" and a column as trigger.", what)
	}
	return c
}

func (t *tables) rowKey(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	return t.js.vm.ToValue(t.change("RowKey", h).Key)
}

func (t *tables) rowIndex(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	c := t.change("RowIndex", h)
	return t.js.vm.ToValue(h.RowIndex(c.Table, c.Key))
}

// oldRow is null for a row that is new.
func (t *tables) oldRow(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	c := t.change("OldRow", h)
	if c.Old == nil {
		return goja.Null()
	}
	return array(t.js, c.Old, t.js.toValue)
}

func (t *tables) newRow(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	return array(t.js, t.change("NewRow", h).New, t.js.toValue)
}
