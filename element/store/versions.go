package store

import (
	"context"
	"database/sql"
	"fmt"

	"fieldline/element"
)

const (
	keptVersionsSQL  = `SELECT element_id, version, config, at, person FROM kept_versions ORDER BY at DESC, version`
	keepVersionSQL   = `INSERT INTO kept_versions (element_id, version, config, at, person) SELECT id, ?, config, ?, ? FROM elements WHERE id = ?`
	forgetVersionSQL = `DELETE FROM kept_versions WHERE element_id = ? AND version = ?`
	forgetAllKeptSQL = `DELETE FROM kept_versions WHERE element_id = ?`

	keepValuesSQL    = `INSERT INTO kept_values SELECT element_id, ?, parameter, kind, text, num, at, from_device FROM saved_values WHERE element_id = ?`
	restoreValuesSQL = `INSERT INTO saved_values SELECT element_id, parameter, kind, text, num, at, from_device FROM kept_values WHERE element_id = ? AND version = ?`
	keptValuesSQL    = `SELECT parameter, kind, text, num, at, from_device FROM kept_values WHERE element_id = ? AND version = ? ORDER BY parameter`

	// Rows stay in the order in which they were first saved.
	keepCellsSQL = `INSERT INTO kept_cells (element_id, version, parameter, row_key, col, kind, text, num, at, from_device)
		SELECT element_id, ?, parameter, row_key, col, kind, text, num, at, from_device FROM saved_cells WHERE element_id = ? ORDER BY id`
	restoreCellsSQL = `INSERT INTO saved_cells (element_id, parameter, row_key, col, kind, text, num, at, from_device)
		SELECT element_id, parameter, row_key, col, kind, text, num, at, from_device FROM kept_cells WHERE element_id = ? AND version = ? ORDER BY id`
	keptCellsSQL = `SELECT parameter, row_key, col, kind, text, num, at, from_device FROM kept_cells WHERE element_id = ? AND version = ? ORDER BY id`
)

// keptVersions returns the versions with which settings and values of elements
// are kept, the one that was left last first.
func (s *Store) keptVersions(ctx context.Context) (map[element.ID][]element.KeptVersion, error) {
	kept := map[element.ID][]element.KeptVersion{}
	err := s.read(ctx, "store.Elements", keptVersionsSQL, nil, func(rows *sql.Rows) error {
		var (
			k      element.KeptVersion
			id     element.ID
			config string
			at     int64
		)
		if err := rows.Scan(&id, &k.Version, &config, &at, &k.By); err != nil {
			return err
		}
		if err := decodeConfig(config, &k.Config); err != nil {
			k.Config = element.Config{}
			k.Unreadable = fmt.Sprintf("The settings that are kept with version %s cannot be read (%v).", k.Version, err)
		}
		k.At = element.At(moment(at))
		kept[id] = append(kept[id], k)
		return nil
	})
	return kept, err
}

// KeptValues returns the values that are kept with a version, as SavedValues
// does.
func (s *Store) KeptValues(ctx context.Context, id element.ID, version string) ([]element.SavedValue, error) {
	return s.all(ctx, "store.KeptValues", keptValuesSQL, keptCellsSQL, id, version)
}

// ChangeVersion keeps the settings and saved values that the element has on
// disk as left, in the place of what was kept with that version, and stores r.
// With back the values that are kept with the version of r become the saved
// ones. All of it or nothing. NotFound when there is no such element, or, with
// back, nothing that was kept; Conflict when r's name is taken or r is Unreadable.
func (s *Store) ChangeVersion(ctx context.Context, r element.Record, left element.KeptVersion, back bool) error {
	const op = "store.ChangeVersion"
	config, err := encodeConfig(r)
	if err != nil {
		return wrap(op, err)
	}
	return s.change(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		wanted := r.Config.Version
		if back && wanted == left.Version {
			// What is wanted must not give way to what is left.
			wanted = "\x00aside"
			if err := copyKept(ctx, tx, r.ID, left.Version, wanted); err != nil {
				return err
			}
		}
		if err := keepVersion(ctx, tx, r.ID, left); err != nil {
			return err
		}
		if back {
			if err := restoreVersion(ctx, tx, r.ID, wanted); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, updateElementSQL, foldName(r.Config.Name), config, r.State, r.ID)
		return nameError(r.Config.Name, err)
	})
}

// copyKept copies what is kept with one version under another name.
func copyKept(ctx context.Context, tx *sql.Tx, id element.ID, from, to string) error {
	args := []any{to, id, from}
	return execAll(ctx, tx, []statement{
		{`INSERT INTO kept_versions SELECT element_id, ?, config, at, person FROM kept_versions WHERE element_id = ? AND version = ?`, args},
		{`INSERT INTO kept_values SELECT element_id, ?, parameter, kind, text, num, at, from_device FROM kept_values WHERE element_id = ? AND version = ?`, args},
		{`INSERT INTO kept_cells (element_id, version, parameter, row_key, col, kind, text, num, at, from_device)
			SELECT element_id, ?, parameter, row_key, col, kind, text, num, at, from_device FROM kept_cells WHERE element_id = ? AND version = ? ORDER BY id`, args},
	})
}

func keepVersion(ctx context.Context, tx *sql.Tx, id element.ID, left element.KeptVersion) error {
	if _, err := forgetVersion(ctx, tx, id, left.Version); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, keepVersionSQL, left.Version, stamp(left.At.Time), left.By, id)
	if err != nil {
		return err
	}
	if err := mustBeOne(done, id); err != nil {
		return err
	}
	return execAll(ctx, tx, []statement{
		{keepValuesSQL, []any{left.Version, id}},
		{keepCellsSQL, []any{left.Version, id}},
	})
}

func restoreVersion(ctx context.Context, tx *sql.Tx, id element.ID, version string) error {
	err := execAll(ctx, tx, []statement{
		{deleteValuesSQL, []any{id}},
		{deleteCellsSQL, []any{id}},
		{restoreValuesSQL, []any{id, version}},
		{restoreCellsSQL, []any{id, version}},
	})
	if err != nil {
		return err
	}
	return mustForget(ctx, tx, id, version)
}

// ForgetVersion forgets what is kept with a version. NotFound when nothing is.
func (s *Store) ForgetVersion(ctx context.Context, id element.ID, version string) error {
	return s.change(ctx, "store.ForgetVersion", func(ctx context.Context, tx *sql.Tx) error {
		return mustForget(ctx, tx, id, version)
	})
}

func mustForget(ctx context.Context, tx *sql.Tx, id element.ID, version string) error {
	there, err := forgetVersion(ctx, tx, id, version)
	if err == nil && !there {
		err = element.Errorf(element.NotFound, "No values are kept with this version.")
	}
	return err
}

func forgetVersion(ctx context.Context, tx *sql.Tx, id element.ID, version string) (there bool, err error) {
	for _, table := range []string{"kept_values", "kept_cells"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE element_id = ? AND version = ?`, id, version); err != nil {
			return false, err
		}
	}
	done, err := tx.ExecContext(ctx, forgetVersionSQL, id, version)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// forgetKept forgets all that is kept of an element that is deleted.
func forgetKept(ctx context.Context, tx *sql.Tx, id element.ID) error {
	return execAll(ctx, tx, []statement{
		{`DELETE FROM kept_values WHERE element_id = ?`, []any{id}},
		{`DELETE FROM kept_cells WHERE element_id = ?`, []any{id}},
		{forgetAllKeptSQL, []any{id}},
	})
}

// statement is one step of a change.
type statement struct {
	sql  string
	args []any
}

func execAll(ctx context.Context, tx *sql.Tx, all []statement) error {
	for _, s := range all {
		if _, err := tx.ExecContext(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	return nil
}
