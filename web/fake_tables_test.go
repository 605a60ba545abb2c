package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"fieldline/element"
)

// columns are those of the one table there is.
func columns() []element.TableColumn {
	write := element.ParamID(1052)
	return []element.TableColumn{{ID: 1001, Name: "key", Description: "Key", Key: true}, {ID: 1002, Name: "label", Description: "Label", WriteID: &write}}
}

func newRow(key, name, label string) element.Row {
	return element.Row{Key: key, Display: name, Cells: map[element.ParamID]element.Cell{
		1001: {Value: element.Text(key), Display: key}, 1002: {Value: element.Text(label), Display: label},
	}}
}

func (m *memory) Table(_ context.Context, id element.ID, table element.ParamID) (element.Table, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.at(id); err != nil {
		return element.Table{}, err
	}
	if table != 1000 {
		return element.Table{}, element.Errorf(element.NotFound, "Parameter %d is no table.", table)
	}
	return element.Table{Columns: columns(), Rows: slices.Clone(m.rows)}, nil
}

func (m *memory) setCell(id element.ID, req element.SetRequest) (element.Write, error) {
	i := slices.IndexFunc(m.rows, func(r element.Row) bool { return r.Key == req.Key })
	if req.Table != 1000 || i < 0 || req.Parameter != 1002 && req.Parameter != 1052 {
		return element.Write{}, element.Errorf(element.NotFound, "There is no such cell.")
	}
	if strings.Contains(req.Raw.String(), "bad") {
		return element.Write{}, element.FieldErrorf("value", "Label cannot be bad.")
	}
	m.rows[i] = newRow(req.Key, m.rows[i].Display, req.Raw.String())
	w := element.Write{ID: "c1", Parameter: req.Parameter, Row: req.Key, Value: req.Raw, Status: element.WriteSaved, By: req.By, At: element.At(time.Now())}
	m.hub.Publish(string(id), []element.Update{
		{Patch: &element.Patch{Row: &element.TableRow{Table: 1000, Row: m.rows[i]}}}, {Patch: &element.Patch{Write: &w}},
	})
	return w, nil
}
