package engine

import "time"

// turn is one Handle: its time, for whom and where it works, and the effects it
// has. All parts of the engine work on the same one.
type turn struct {
	now     time.Time
	effects []Effect
	causes  []cause    // what people gave that the present work goes back to
	hearing int        // connection whose message or reply is handled, else nowhere
	lane    laneIndex  // place of the lane whose group is handled, 0 when none
	row     *RowChange // that logic is about, nil when it is about none
	person  string     // whose write is handled, "" when none
	qaction int        // id of the QAction that runs, 0 when none does
	journal journal
}

// begin forgets the Handle before. What repeats in the log is still known.
func (t *turn) begin(now time.Time) { *t = turn{now: now, hearing: nowhere, journal: t.journal} }
