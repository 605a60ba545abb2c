package store

import (
	"context"
	"database/sql"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	connectorsSQL = `SELECT name, version, xml, at FROM connectors ORDER BY name, version`
	// CASE keeps json_extract, which fails for all rows at once, away from
	// settings that are damaged.
	connectorUsersSQL = `SELECT count(*), ifnull(min(json_extract(config, '$.name')), '') FROM elements
		WHERE CASE WHEN json_valid(config) THEN json_extract(config, '$.connector') = ?1 AND json_extract(config, '$.version') = ?2 END`
	// The connector of an element never changes.
	connectorKeepersSQL = `SELECT count(*), ifnull(min(json_extract(e.config, '$.name')), '') FROM kept_versions k JOIN elements e ON e.id = k.element_id
		WHERE k.version = ?2 AND CASE WHEN json_valid(e.config) THEN json_extract(e.config, '$.connector') = ?1 END`
	damagedElementsSQL = `SELECT count(*), ifnull(min(name_key), '') FROM elements
		WHERE CASE WHEN json_valid(config) THEN json_extract(config, '$.connector') || json_extract(config, '$.version') END IS NULL`
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
// of that name and version, Conflict when an element uses it or can go back to
// it.
func (s *Store) DeleteConnector(ctx context.Context, name, version string) error {
	return s.change(ctx, "store.DeleteConnector", func(ctx context.Context, tx *sql.Tx) error {
		if err := mustBeFree(ctx, tx, name, version); err != nil {
			return err
		}
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

// mustBeFree returns Conflict with the name of an element that a connector
// cannot be taken from.
func mustBeFree(ctx context.Context, tx *sql.Tx, name, version string) error {
	for _, use := range []struct{ query, one, many string }{
		{
			connectorUsersSQL, "The element %q uses it; give it another version, or delete it, first.",
			"%d elements use it, %q is one of them; give them another version, or delete them, first.",
		},
		{
			connectorKeepersSQL, "The element %q can go back to it; have it forget that version first.",
			"%d elements can go back to it, %q is one of them; have them forget that version first.",
		},
		{
			damagedElementsSQL, "The settings of the element %q cannot be read, so it may use it; delete the element, or restore a copy of the data folder, first.",
			"The settings of %d elements cannot be read, %q is one of them, so they may use it; delete them, or restore a copy of the data folder, first.",
		},
	} {
		var count int
		var user string
		if err := tx.QueryRowContext(ctx, use.query, name, version).Scan(&count, &user); err != nil {
			return err
		}
		switch count {
		case 0:
		case 1:
			return element.Errorf(element.Conflict, use.one, user)
		default:
			return element.Errorf(element.Conflict, use.many, count, user)
		}
	}
	return nil
}
