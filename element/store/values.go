package store

import (
	"context"
	"database/sql"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

// A text is kept as a BLOB: it may hold bytes that are not UTF-8, and zeros.
const (
	savedValuesSQL = `SELECT parameter, kind, text, num, at, from_device FROM saved_values WHERE element_id = ? ORDER BY parameter`
	saveValueSQL   = `INSERT INTO saved_values (element_id, parameter, kind, text, num, at, from_device) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET kind = excluded.kind, text = excluded.text, num = excluded.num, at = excluded.at, from_device = excluded.from_device`
)

// SavedValues returns the saved values of an element: those of parameters by
// their id, then the cells of all tables in the order in which they were first
// saved.
func (s *Store) SavedValues(ctx context.Context, id element.ID) ([]element.SavedValue, error) {
	return s.all(ctx, "store.SavedValues", savedValuesSQL, savedCellsSQL, id)
}

// all returns the values of parameters, then the cells.
func (s *Store) all(ctx context.Context, op, valuesSQL, cellsSQL string, args ...any) ([]element.SavedValue, error) {
	values, err := s.parameters(ctx, op, valuesSQL, args...)
	if err != nil {
		return nil, err
	}
	cells, err := s.cells(ctx, op, cellsSQL, args...)
	return append(values, cells...), err
}

func (s *Store) parameters(ctx context.Context, op, query string, args ...any) ([]element.SavedValue, error) {
	values := []element.SavedValue{}
	err := s.read(ctx, op, query, args, func(rows *sql.Rows) error {
		var (
			v    element.SavedValue
			kind element.ValueKind
			text []byte
			num  sql.NullFloat64
			at   int64
		)
		if err := rows.Scan(&v.Parameter, &kind, &text, &num, &at, &v.FromDevice); err != nil {
			return err
		}
		v.Value = valueOf(kind, text, num.Float64)
		v.At = moment(at)
		values = append(values, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return values, nil
}

// SaveValues keeps the newest values of parameters and cells, and forgets rows
// that are removed, in order: all of it or nothing. It is on disk when it
// returns nil. NotFound when there is no such element.
func (s *Store) SaveValues(ctx context.Context, id element.ID, values []element.SavedValue) error {
	if len(values) == 0 {
		return nil
	}
	return s.change(ctx, "store.SaveValues", func(ctx context.Context, tx *sql.Tx) error {
		var save valueSaver
		defer save.close()
		for _, v := range values {
			err := save.value(ctx, tx, id, v)
			if resultOf(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
				return noElement(id)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// valueSaver saves values; the statement for cells, of which there may be many,
// is prepared once.
type valueSaver struct{ cell *sql.Stmt }

func (s *valueSaver) value(ctx context.Context, tx *sql.Tx, id element.ID, v element.SavedValue) (err error) {
	text, num := columnsOf(v.Value)
	switch {
	case v.Removed:
		_, err = tx.ExecContext(ctx, removeRowSQL, id, v.Table, []byte(v.Key))
		return err
	case !v.IsCell():
		_, err = tx.ExecContext(ctx, saveValueSQL, id, v.Parameter, v.Value.Kind(), text, num, stamp(v.At), v.FromDevice)
		return err
	case s.cell == nil:
		if s.cell, err = tx.PrepareContext(ctx, saveCellSQL); err != nil {
			return err
		}
	}
	_, err = s.cell.ExecContext(ctx, id, v.Table, []byte(v.Key), v.Parameter, v.Value.Kind(), text, num, stamp(v.At), v.FromDevice)
	return err
}

func (s *valueSaver) close() {
	if s.cell != nil {
		_ = s.cell.Close() // the transaction tells what went wrong
	}
}
