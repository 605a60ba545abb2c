package store

import (
	"context"
	"database/sql"

	"fieldline/element"
)

const (
	savedCellsSQL = `SELECT parameter, row_key, col, kind, text, num, at, from_device FROM saved_cells WHERE element_id = ? ORDER BY id`
	saveCellSQL   = `INSERT INTO saved_cells (element_id, parameter, row_key, col, kind, text, num, at, from_device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (element_id, parameter, row_key, col) DO UPDATE SET kind = excluded.kind, text = excluded.text, num = excluded.num, at = excluded.at, from_device = excluded.from_device`
	removeRowSQL   = `DELETE FROM saved_cells WHERE element_id = ? AND parameter = ? AND row_key = ?`
	deleteCellsSQL = `DELETE FROM saved_cells WHERE element_id = ?`
)

func (s *Store) cells(ctx context.Context, op, query string, args ...any) ([]element.SavedValue, error) {
	cells := []element.SavedValue{}
	err := s.read(ctx, op, query, args, func(rows *sql.Rows) error {
		var (
			c         element.SavedValue
			kind      element.ValueKind
			key, text []byte
			num       sql.NullFloat64
			at        int64
		)
		if err := rows.Scan(&c.Table, &key, &c.Parameter, &kind, &text, &num, &at, &c.FromDevice); err != nil {
			return err
		}
		c.Key, c.Value, c.At = string(key), valueOf(kind, text, num.Float64), moment(at)
		cells = append(cells, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return cells, nil
}

// valueOf and columnsOf are the two ways between a value and its columns.
func valueOf(kind element.ValueKind, text []byte, num float64) element.Value {
	switch kind {
	case element.KindText:
		return element.Text(string(text))
	case element.KindNumber:
		return element.Number(num)
	default:
		return element.Value{}
	}
}

func columnsOf(v element.Value) (text, num any) {
	switch v.Kind() {
	case element.KindText:
		text = []byte(v.String())
	case element.KindNumber:
		num, _ = v.Float()
	default:
	}
	return text, num
}
