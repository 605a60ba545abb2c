package store

import (
	"context"
	"database/sql"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	connectorsSQL      = `SELECT name, version, xml, at FROM connectors ORDER BY name, version`
	deleteConnectorSQL = `DELETE FROM connectors WHERE name = ? AND version = ?`
	saveConnectorSQL   = `INSERT INTO connectors (name, version, xml, at) VALUES (?, ?, ?, ?)`
)

// Connectors returns the uploaded connectors.
func (s *Store) Connectors(ctx context.Context) ([]element.StoredConnector, error) {
	list := []element.StoredConnector{}
	err := s.read(ctx, "store.Connectors", connectorsSQL, nil, func(rows *sql.Rows) error {
		var (
			c  element.StoredConnector
			at int64
		)
		if err := rows.Scan(&c.Name, &c.Version, &c.XML, &at); err != nil {
			return err
		}
		c.At = moment(at)
		list = append(list, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// SaveConnector keeps an uploaded connector, byte for byte. Conflict when one
// of that name and version is there: connectors never change.
func (s *Store) SaveConnector(ctx context.Context, c element.StoredConnector) error {
	return s.change(ctx, "store.SaveConnector", func(ctx context.Context, tx *sql.Tx) error {
		xml := c.XML
		if xml == nil {
			xml = []byte{}
		}
		_, err := tx.ExecContext(ctx, saveConnectorSQL, c.Name, c.Version, xml, stamp(c.At))
		if code := resultOf(err); code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || code == sqlite3.SQLITE_CONSTRAINT_UNIQUE {
			return element.Errorf(element.Conflict, "Connector %q version %q is stored already; give the changed one another version.", c.Name, c.Version)
		}
		return err
	})
}

// DeleteConnector forgets an uploaded connector. NotFound when there is none
// of that name and version. Whether elements use it only the caller knows.
func (s *Store) DeleteConnector(ctx context.Context, name, version string) error {
	return s.change(ctx, "store.DeleteConnector", func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, deleteConnectorSQL, name, version)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return element.Errorf(element.NotFound, "Connector %q version %q is not stored.", name, version)
	})
}
