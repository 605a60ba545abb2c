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

// SavedValues returns the saved values of an element by parameter.
func (s *Store) SavedValues(ctx context.Context, id element.ID) ([]element.SavedValue, error) {
	return s.values(ctx, "store.SavedValues", savedValuesSQL, id)
}

func (s *Store) values(ctx context.Context, op, query string, args ...any) ([]element.SavedValue, error) {
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

// SaveValues keeps the newest values of parameters, all of them or none. They
// are on disk when it returns nil. NotFound when there is no such element.
func (s *Store) SaveValues(ctx context.Context, id element.ID, values []element.SavedValue) error {
	if len(values) == 0 {
		return nil
	}
	return s.change(ctx, "store.SaveValues", func(ctx context.Context, tx *sql.Tx) error {
		return saveValues(ctx, tx, id, values)
	})
}

func saveValues(ctx context.Context, tx *sql.Tx, id element.ID, values []element.SavedValue) error {
	for _, v := range values {
		text, num := columnsOf(v.Value)
		_, err := tx.ExecContext(ctx, saveValueSQL, id, v.Parameter, v.Value.Kind(), text, num, stamp(v.At), v.FromDevice)
		if resultOf(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
			return noElement(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
