package store

import (
	"context"
	"database/sql"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	savedCellsSQL = `SELECT parameter, row_key, col, kind, text, num, at, from_device FROM saved_cells WHERE element_id = ? ORDER BY id`
	saveCellSQL   = `INSERT INTO saved_cells (element_id, parameter, row_key, col, kind, text, num, at, from_device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (element_id, parameter, row_key, col) DO UPDATE SET kind = excluded.kind, text = excluded.text, num = excluded.num, at = excluded.at, from_device = excluded.from_device`
	removeRowSQL   = `DELETE FROM saved_cells WHERE element_id = ? AND parameter = ? AND row_key = ?`
	deleteCellsSQL = `DELETE FROM saved_cells WHERE element_id = ?`
)

// SavedCells returns the saved cells of all tables of an element, in the order
// in which they were first saved.
func (s *Store) SavedCells(ctx context.Context, id element.ID) ([]element.SavedCell, error) {
	return s.cells(ctx, "store.SavedCells", savedCellsSQL, id)
}

func (s *Store) cells(ctx context.Context, op, query string, args ...any) ([]element.SavedCell, error) {
	cells := []element.SavedCell{}
	err := s.read(ctx, op, query, args, func(rows *sql.Rows) error {
		var (
			c         element.SavedCell
			kind      element.ValueKind
			key, text []byte
			num       sql.NullFloat64
			at        int64
		)
		if err := rows.Scan(&c.Table, &key, &c.Column, &kind, &text, &num, &at, &c.FromDevice); err != nil {
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

// SaveCells keeps the newest values of parameters and cells, and forgets rows
// that are removed, in order: all of it or nothing. It is on disk when it
// returns nil. NotFound when there is no such element.
func (s *Store) SaveCells(ctx context.Context, id element.ID, values []element.SavedValue, cells []element.SavedCell) error {
	if len(values)+len(cells) == 0 {
		return nil
	}
	return s.change(ctx, "store.SaveCells", func(ctx context.Context, tx *sql.Tx) error {
		if err := saveValues(ctx, tx, id, values); err != nil {
			return err
		}
		return saveCells(ctx, tx, id, cells)
	})
}

func saveCells(ctx context.Context, tx *sql.Tx, id element.ID, cells []element.SavedCell) error {
	save, err := tx.PrepareContext(ctx, saveCellSQL)
	if err != nil {
		return err
	}
	defer save.Close() //nolint:errcheck // the transaction tells what went wrong
	for _, c := range cells {
		if c.Removed {
			_, err = tx.ExecContext(ctx, removeRowSQL, id, c.Table, []byte(c.Key))
		} else {
			text, num := columnsOf(c.Value)
			_, err = save.ExecContext(ctx, id, c.Table, []byte(c.Key), c.Column, c.Value.Kind(), text, num, stamp(c.At), c.FromDevice)
		}
		if resultOf(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
			return noElement(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
