package script

import (
	"github.com/dop251/goja"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

func (m *machine) defineTables() {
	for name, f := range map[string]func(engine.TableHost, goja.FunctionCall) goja.Value{
		"GetKeys": m.getKeys, "Exists": m.exists, "RowCount": m.rowCount, "GetRow": m.getRow,
		"SetRow": m.setRow, "AddRow": m.addRow, "DeleteRow": m.deleteRow, "ClearAllKeys": m.clearAllKeys,
		"FillArray": m.fillArray, "FillArrayNoDelete": m.fillArrayNoDelete, "FillArrayWithColumn": m.fillArrayWithColumn,
		"GetParameterIndexByKey": m.getCell, "SetParameterIndexByKey": m.setCell,
		"RowKey": m.rowKey, "RowIndex": m.rowIndex, "OldRow": m.oldRow, "NewRow": m.newRow,
	} {
		m.must(m.protocol.Set(name, func(c goja.FunctionCall) goja.Value {
			host, ok := m.call.host.(engine.TableHost)
			if !ok {
				m.throw("%s: tables cannot be reached from here.", name)
			}
			return f(host, c)
		}))
	}
}

// table is the table parameter that an argument names.
func (m *machine) table(what string, v goja.Value) *connector.Param {
	p := m.param(what, v)
	if p.Table == nil {
		m.throw("%s: parameter %d (%s) is no table.", what, p.ID, p.Name)
	}
	return p
}

// values is a row that a script hands over, in the order of the columns.
// undefined and null leave a cell as it is.
func (m *machine) values(what string, t *connector.Param, v goja.Value) []element.Value {
	cells := m.list(what+": a row", v)
	if len(cells) > len(t.Table.Columns) {
		m.throw("%s: the row has %d cells, the table %d columns.", what, len(cells), len(t.Table.Columns))
	}
	row := make([]element.Value, len(cells))
	for i, c := range cells {
		row[i] = m.cell(what, t.Table.Columns[i].Param, c)
	}
	return row
}

func (m *machine) cell(what string, column element.ParamID, v goja.Value) element.Value {
	if goja.IsUndefined(v) {
		return element.Value{}
	}
	p := m.def.Param(column)
	return m.take(what, v, p != nil && p.IsNumber)
}

func (m *machine) getKeys(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return array(m, h.Keys(m.table("GetKeys", c.Argument(0)).ID), func(k string) goja.Value { return m.vm.ToValue(k) })
}

func (m *machine) exists(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return m.vm.ToValue(h.HasRow(m.table("Exists", c.Argument(0)).ID, c.Argument(1).String()))
}

func (m *machine) rowCount(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return m.vm.ToValue(h.RowCount(m.table("RowCount", c.Argument(0)).ID))
}

// getRow returns the cells of a row, null when there is none of that key.
func (m *machine) getRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	row, ok := h.Row(m.table("GetRow", c.Argument(0)).ID, c.Argument(1).String())
	if !ok {
		return goja.Null()
	}
	return array(m, row, m.give)
}

func (m *machine) setRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	t := m.table("SetRow", c.Argument(0))
	return m.vm.ToValue(h.SetRow(t.ID, c.Argument(1).String(), m.values("SetRow", t, c.Argument(2))))
}

// addRow takes a key or the cells of a row, and returns the key.
func (m *machine) addRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	t := m.table("AddRow", c.Argument(0))
	var row []element.Value
	if cells := c.Argument(1); isArray(cells) {
		row = m.values("AddRow", t, cells)
	} else {
		for i, column := range t.Table.Columns {
			if row = append(row, element.Value{}); column.Idx == t.Table.Index {
				row[i] = m.cell("AddRow", column.Param, cells)
				break
			}
		}
	}
	key, ok := h.AddRow(t.ID, row)
	if !ok {
		m.throw("AddRow: no row was added to table %d: its key exists or can be none, or the table is full.", t.ID)
	}
	return m.vm.ToValue(key)
}

func isArray(v goja.Value) bool {
	o, ok := v.(*goja.Object)
	return ok && o.ClassName() == "Array"
}

// deleteRow takes a key or an array of keys, and says whether all were there.
func (m *machine) deleteRow(h engine.TableHost, c goja.FunctionCall) goja.Value {
	t := m.table("DeleteRow", c.Argument(0))
	keys := []goja.Value{c.Argument(1)}
	if isArray(keys[0]) {
		keys = m.list("DeleteRow: keys", keys[0])
	}
	all := true
	for _, k := range keys {
		all = h.DeleteRow(t.ID, k.String()) && all
	}
	return m.vm.ToValue(all)
}

func (m *machine) clearAllKeys(h engine.TableHost, c goja.FunctionCall) goja.Value {
	h.ClearRows(m.table("ClearAllKeys", c.Argument(0)).ID)
	return goja.Undefined()
}

func (m *machine) fillArray(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return m.fill("FillArray", h, c, true)
}

func (m *machine) fillArrayNoDelete(h engine.TableHost, c goja.FunctionCall) goja.Value {
	return m.fill("FillArrayNoDelete", h, c, false)
}

func (m *machine) fill(what string, h engine.TableHost, c goja.FunctionCall, all bool) goja.Value {
	t := m.table(what, c.Argument(0))
	given := m.list(what+": rows", c.Argument(1))
	rows := make([][]element.Value, len(given))
	for i, v := range given {
		rows[i] = m.values(what, t, v)
	}
	return m.vm.ToValue(h.FillArray(t.ID, rows, all))
}

func (m *machine) fillArrayWithColumn(h engine.TableHost, c goja.FunctionCall) goja.Value {
	const what = "FillArrayWithColumn"
	t, column := m.table(what, c.Argument(0)), m.param(what, c.Argument(1))
	keys, values := m.list(what+": keys", c.Argument(2)), m.list(what+": values", c.Argument(3))
	if len(keys) != len(values) {
		m.throw("%s: there are %d keys and %d values.", what, len(keys), len(values))
	}
	names, cells := make([]string, len(keys)), make([][]element.Value, len(keys))
	for i := range keys {
		names[i] = keys[i].String()
		cells[i] = []element.Value{m.cell(what, column.ID, values[i])}
	}
	return m.vm.ToValue(h.FillColumns(t.ID, []element.ParamID{column.ID}, names, cells))
}

// column is a column by its place, counted from 1.
func (m *machine) column(what string, t *connector.Param, v goja.Value) connector.Column {
	n := m.whole(what+": a column", v)
	if n < 1 || n > len(t.Table.Columns) {
		m.throw("%s: table %d has no column %d; its %d columns are counted from 1.", what, t.ID, n, len(t.Table.Columns))
	}
	return t.Table.Columns[n-1]
}

func (m *machine) getCell(h engine.TableHost, c goja.FunctionCall) goja.Value {
	t := m.table("GetParameterIndexByKey", c.Argument(0))
	column := m.column("GetParameterIndexByKey", t, c.Argument(2))
	return m.give(h.Cell(t.ID, c.Argument(1).String(), column.Idx))
}

func (m *machine) setCell(h engine.TableHost, c goja.FunctionCall) goja.Value {
	const what = "SetParameterIndexByKey"
	t := m.table(what, c.Argument(0))
	column := m.column(what, t, c.Argument(2))
	v := m.take(what, c.Argument(3), m.cellIsNumber(column))
	return m.vm.ToValue(h.SetCell(t.ID, c.Argument(1).String(), column.Idx, v))
}

func (m *machine) cellIsNumber(c connector.Column) bool {
	p := m.def.Param(c.Param)
	return p != nil && p.IsNumber
}

// change is the change of a row that the QAction runs for.
func (m *machine) change(what string, h engine.TableHost) *engine.RowChange {
	c := h.RowChanged()
	if c == nil {
		m.throw("%s: this QAction does not run for a row; it needs row=\"true\" and a column as trigger.", what)
	}
	return c
}

func (m *machine) rowKey(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.change("RowKey", h).Key)
}

func (m *machine) rowIndex(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	c := m.change("RowIndex", h)
	return m.vm.ToValue(h.RowIndex(c.Table, c.Key))
}

// oldRow is null for a row that is new.
func (m *machine) oldRow(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	c := m.change("OldRow", h)
	if c.Old == nil {
		return goja.Null()
	}
	return array(m, c.Old, m.give)
}

func (m *machine) newRow(h engine.TableHost, _ goja.FunctionCall) goja.Value {
	return array(m, m.change("NewRow", h).New, m.give)
}
