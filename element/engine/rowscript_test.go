package engine_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// rowScripts runs QActions that are written as calls of engine.TableHost, one
// a line: "add 1000 key value …", "set", "cell 1000 key idx value", "delete",
// "fill 1000 key,value;key,value", "keep" (FillArrayNoDelete), "columns 1000
// 1002 key=value …", "clear", "say 1000", "row", or "trigger 3" (CheckTrigger). A value of - is not set.
type rowScripts struct{}

func (rowScripts) Runs(q *connector.QAction) bool {
	return strings.HasPrefix(strings.TrimSpace(q.Code), "rows:")
}

func (rowScripts) Reset() {}

func (rowScripts) Run(q *connector.QAction, _ element.ParamID, h engine.ScriptHost) error {
	t, ok := h.(engine.TableHost)
	if !ok {
		return errors.New("the host knows no tables.")
	}
	for line := range strings.Lines(strings.TrimPrefix(strings.TrimSpace(q.Code), "rows:")) {
		if w := strings.Fields(line); len(w) > 0 {
			rowCall(h, t, w)
		}
	}
	return nil
}

func rowCall(h engine.ScriptHost, t engine.TableHost, w []string) {
	for i := range w {
		if id, ok := strings.CutPrefix(w[i], "$"); ok { // the value of a parameter
			n, _ := strconv.Atoi(id)
			w[i] = h.Value(element.ParamID(n)).String()
		}
	}
	arg := func(i int) string {
		if i < len(w) {
			return w[i]
		}
		return ""
	}
	n, _ := strconv.Atoi(arg(1))
	id := element.ParamID(n)
	result := any("")
	switch w[0] {
	case "add":
		key, ok := t.AddRow(id, cells(w[2:]))
		result = fmt.Sprint(key, " ", ok)
	case "set":
		result = t.SetRow(id, arg(2), cells(w[2:]))
	case "cell":
		idx, _ := strconv.Atoi(arg(3))
		result = t.SetCell(id, arg(2), idx, element.Text(arg(4)))
	case "trigger":
		h.CheckTrigger(n)
		return
	case "delete":
		result = t.DeleteRow(id, arg(2))
	case "fill", "keep":
		var rows [][]element.Value
		for row := range strings.SplitSeq(arg(2), ";") {
			rows = append(rows, cells(strings.Split(row, ",")))
		}
		result = t.FillArray(id, rows, w[0] == "fill")
	case "columns":
		column, _ := strconv.Atoi(arg(2))
		var keys []string
		var values [][]element.Value
		for _, pair := range w[3:] {
			key, value, _ := strings.Cut(pair, "=")
			keys, values = append(keys, key), append(values, cells([]string{value}))
		}
		result = t.FillColumns(id, []element.ParamID{element.ParamID(column)}, keys, values)
	case "clear":
		result = t.ClearRows(id)
	case "say":
		var lines []string
		for _, key := range t.Keys(id) {
			row, _ := t.Row(id, key)
			lines = append(lines, fmt.Sprintf("%d %s %v", t.RowIndex(id, key), key, row))
		}
		result = fmt.Sprint(t.RowCount(id), " rows ", strings.Join(lines, "; "))
	case "read":
		idx, _ := strconv.Atoi(arg(3))
		result = fmt.Sprint(t.HasRow(id, arg(2)), " ", t.Cell(id, arg(2), idx))
	case "row":
		c := t.RowChanged()
		if c == nil {
			result = "none"
			break
		}
		result = fmt.Sprintf("column %d of row %s: %v to %v", c.Column, c.Key, c.Old, c.New)
	}
	h.Log("info", fmt.Sprintf("%s: %v", w[0], result))
}

func cells(words []string) []element.Value {
	all := make([]element.Value, len(words))
	for i, w := range words {
		if w != "-" {
			all[i] = element.Text(w)
		}
	}
	return all
}

// savedCells reads saved cells: 1000/key/1002=value, !value when a device had
// reported it.
func savedCells(words []string) []element.SavedValue {
	var all []element.SavedValue
	for _, w := range words {
		where, text, _ := strings.Cut(w, "=")
		part := strings.Split(where, "/")
		if len(part) != 3 {
			continue
		}
		table, _ := strconv.Atoi(part[0])
		column, _ := strconv.Atoi(part[2])
		c := element.SavedValue{Target: element.Target{Parameter: element.ParamID(column), Table: element.ParamID(table), Key: part[1]}}
		text, c.FromDevice = strings.CutPrefix(text, "!")
		c.Value = element.Text(text)
		all = append(all, c)
	}
	return all
}

func savedCell(c element.SavedValue) string {
	where := fmt.Sprintf("%d/%s", c.Table, c.Key)
	if c.Removed {
		return where + " removed"
	}
	s := fmt.Sprintf("%s/%d=%s", where, c.Parameter, value(c.Value))
	if c.FromDevice {
		s += " from the device"
	}
	return s
}

func row(r element.Row) string {
	s := r.Key
	if r.Display != r.Key {
		s += " (" + r.Display + ")"
	}
	for _, id := range slices.Sorted(maps.Keys(r.Cells)) {
		c := r.Cells[id]
		s += fmt.Sprintf(" %d=%s", id, value(c.Value))
		if c.Masked {
			s += " masked"
		}
		if c.Stale {
			s += " stale"
		}
	}
	return s
}

func (p *player) setCell(id, table element.ParamID, key, text string) {
	rows, _ := p.e.Table(table)
	v, err := p.def.Param(id).DecodeNow(element.Text(text), rows.InRow(key, p.lookup))
	if err != nil {
		p.print("refused: %s", element.MessageOf(err))
		return
	}
	p.writes++
	p.handle(engine.Set{
		WriteID: "w" + strconv.Itoa(p.writes), Target: element.Target{Parameter: id, Table: table, Key: key}, Named: id, Value: v, By: "anna",
	})
}

// TestRowLimits fills a table beyond what it can hold.
func TestRowLimits(t *testing.T) {
	def := parse(t, []byte(`<Connections><Connection id="0" name="D"><Http/></Connection></Connections><Params>
<Param id="10"><Name>Go</Name><Description>Go</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1000"><Name>T</Name><Description>T</Description><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="1001" type="autoincrement"/></ArrayOptions></Param>
<Param id="1001"><Name>K</Name><Description>K</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params><QActions><QAction id="1" encoding="jscript" triggers="10">x</QAction></QActions>`))
	e := engine.New(def, "e1", config(def))
	var added, refused int
	e.UseScripts(fake(func(_ element.ParamID, h engine.ScriptHost) error {
		for range element.MaxRows + 10 {
			if _, ok := h.(engine.TableHost).AddRow(1000, nil); ok {
				added++
			} else {
				refused++
			}
		}
		return nil
	}))
	e.Handle(midnight, engine.Start{})
	var lines []string
	for _, f := range e.Handle(midnight, engine.Set{WriteID: "w1", Target: element.Target{Parameter: 10}, Value: element.Text("x"), By: "anna"}) {
		if l, ok := f.(engine.Logged); ok {
			lines = append(lines, l.Message)
		}
	}
	if added != element.MaxRows || refused != 10 {
		t.Errorf("added %d, refused %d", added, refused)
	}
	want := []string{
		"Parameter 1000 (T) has more than 85000 rows; 105000 are the most.",
		"A row was not added to parameter 1000 (T): it has 105000 rows, the most it can have.",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q", lines)
	}
}
