package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// How fast the time by which events grow old makes up for a clock that jumped
// forward, and from which difference on the log says so.
const (
	catchUp   = 24 // hours an hour
	jumpAfter = time.Hour
)

// age is the time by which events grow old. It goes as the monotonic clock
// does and makes up for the wall clock's lead slowly: a clock that jumps 90
// days forward must not erase the history at once, and a person has days to
// set it right. It belongs to the writer.
type age struct {
	at   time.Time // wall time that is believed
	seen time.Time // when at was right, with a monotonic reading
}

// newAge begins where the last run was, or with the newest event when that is
// earlier; zero is none.
func newAge(now, last, newest time.Time) age {
	at := now.Round(0)
	for _, t := range []time.Time{last, newest} {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	return age{at: at, seen: now}
}

// now moves on to a moment and returns the time that is believed, and how far
// the clock is ahead of it.
func (a *age) now(now time.Time) (at time.Time, ahead time.Duration) {
	passed := max(0, now.Sub(a.seen)) // by the monotonic clock
	a.seen = now
	a.at = a.at.Add(passed)
	wall := now.Round(0)
	if ahead = wall.Sub(a.at); ahead < 0 {
		a.at = wall // the clock was set back
		return a.at, 0
	}
	step := min(ahead, passed*(catchUp-1))
	a.at = a.at.Add(step)
	return a.at, ahead - step
}

const (
	clockSQL  = `SELECT at FROM clock`
	newestSQL = `SELECT at FROM events ORDER BY at DESC LIMIT 1`
	beatSQL   = `INSERT INTO clock (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at`
)

// readAge reads where the last run was.
func readAge(ctx context.Context, db *sql.DB) (age, error) {
	var times [2]time.Time
	for i, query := range []string{clockSQL, newestSQL} {
		var ns int64
		err := db.QueryRowContext(ctx, query).Scan(&ns)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return age{}, err
		}
		times[i] = moment(ns)
	}
	return newAge(now(), times[0], times[1]), nil
}
