package store

import (
	"context"
	"database/sql"
)

// wait is a change that reads how many commits the writer began, then waits for
// the gate when there is one.
func (s *Store) wait(gate <-chan struct{}, commits *int) func(context.Context, *sql.Tx) error {
	return func(context.Context, *sql.Tx) error {
		*commits = s.writer.commits
		if gate != nil {
			<-gate
		}
		return nil
	}
}
