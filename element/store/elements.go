package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	elementsSQL      = `SELECT id, name_key, config, state, created_at FROM elements ORDER BY created_at, id`
	createElementSQL = `INSERT INTO elements (id, name_key, config, state, created_at) VALUES (?, ?, ?, ?, ?)`
	updateElementSQL = `UPDATE elements SET name_key = ?, config = ?, state = ? WHERE id = ?`
	saveStateSQL     = `UPDATE elements SET state = ? WHERE id = ?`
	deleteElementSQL = `DELETE FROM elements WHERE id = ?`
	deleteValuesSQL  = `DELETE FROM saved_values WHERE element_id = ?`
	removeEventsSQL  = `INSERT INTO removals (element_id) VALUES (?) ON CONFLICT DO NOTHING`
)

// Elements returns all elements, the oldest first. Settings that cannot be
// read make an element Unreadable.
func (s *Store) Elements(ctx context.Context) ([]element.Record, error) {
	records := []element.Record{}
	kept, err := s.keptVersions(ctx)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, "store.Elements", elementsSQL, nil, func(rows *sql.Rows) error {
		var (
			r            element.Record
			name, config string
			created      int64
		)
		if err := rows.Scan(&r.ID, &name, &config, &r.State, &created); err != nil {
			return err
		}
		if err := decodeConfig(config, &r.Config); err != nil {
			r.Config.Name = cmp.Or(r.Config.Name, name)
			r.Unreadable = fmt.Sprintf("The settings of the element cannot be read (%v). Restore a copy of the data folder, or delete the element and make it anew.", err)
		}
		r.CreatedAt, r.Kept = moment(created), kept[r.ID]
		records = append(records, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// decodeConfig reads settings; what can be read of damaged ones stays in c.
func decodeConfig(text string, c *element.Config) error {
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return err
	}
	if c.Name == "" || c.Connector == "" {
		return errors.New("name or connector is missing")
	}
	return nil
}

// encodeConfig writes settings. Damaged ones stay as they are on disk: somebody
// may mend them.
func encodeConfig(r element.Record) (string, error) {
	if r.Unreadable != "" {
		return "", element.Errorf(element.Conflict, "%s", r.Unreadable)
	}
	text, err := json.Marshal(r.Config)
	return string(text), err
}

// CreateElement keeps a new element. Conflict with field "name" when another
// one has the name in any casing.
func (s *Store) CreateElement(ctx context.Context, r element.Record) error {
	const op = "store.CreateElement"
	config, err := encodeConfig(r)
	if err != nil {
		return wrap(op, err)
	}
	return s.change(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, createElementSQL, r.ID, foldName(r.Config.Name), config, r.State, stamp(r.CreatedAt))
		return nameError(r.Config.Name, err)
	})
}

// UpdateElement keeps an element's settings and state, not Kept. Conflict with field
// "name" when another one has the name, NotFound when there is none. Conflict
// when r is Unreadable.
func (s *Store) UpdateElement(ctx context.Context, r element.Record) error {
	const op = "store.UpdateElement"
	config, err := encodeConfig(r)
	if err != nil {
		return wrap(op, err)
	}
	return s.change(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, updateElementSQL, foldName(r.Config.Name), config, r.State, r.ID)
		if err != nil {
			return nameError(r.Config.Name, err)
		}
		return mustBeOne(done, r.ID)
	})
}

// SaveState keeps an element's state alone. It may be tried again after any
// error: ctx counts until it is done.
func (s *Store) SaveState(ctx context.Context, id element.ID, state element.State) error {
	return wrap("store.SaveState", s.submit(ctx, &change{again: true, do: func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, saveStateSQL, state, id)
		if err != nil {
			return err
		}
		return mustBeOne(done, id)
	}}))
}

// DeleteElement forgets an element with all its saved and kept values. Its events go later,
// in chunks, and are not readable any more. NotFound when there is none.
func (s *Store) DeleteElement(ctx context.Context, id element.ID) error {
	return s.change(ctx, "store.DeleteElement", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, deleteValuesSQL, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, deleteCellsSQL, id); err != nil {
			return err
		}
		if err := forgetKept(ctx, tx, id); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, deleteElementSQL, id)
		if err != nil {
			return err
		}
		if err := mustBeOne(done, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, removeEventsSQL, id); err != nil {
			return err
		}
		// The writer runs this function, so what it owns is at hand. Should the
		// transaction fail, the chore finds nothing to do.
		for class := range element.EventClasses {
			delete(s.writer.recorded, room{id, class})
		}
		s.writer.queue.takeLost(id)
		s.writer.chores = append(s.writer.chores, s.writer.forgetRemoved)
		return nil
	})
}

// foldName is how names of elements compare: in any casing.
func foldName(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// nameError explains the one UNIQUE constraint that elements have.
func nameError(name string, err error) error {
	if resultOf(err) != sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return err
	}
	taken := element.NameTaken(name)
	taken.Err = err
	return taken
}

func mustBeOne(r sql.Result, id element.ID) error {
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		err = noElement(id)
	}
	return err
}

func noElement(id element.ID) error {
	return element.Errorf(element.NotFound, "There is no element %q; it may have been deleted.", id)
}
