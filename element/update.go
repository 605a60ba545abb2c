package element

import "strconv"

// Cursor is a place in an element's stream: what a snapshot already holds and
// what a reader has seen. The epoch is new at each start of the program; a
// cursor of another epoch cannot be continued.
type Cursor struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

// Update is one piece of news on a stream: an Event for the list, or a Patch
// of state. Exactly one of the two is set.
type Update struct {
	Seq   uint64 // given by the feed
	Event *Event
	Patch *Patch
}

// Patch is the newest state of one thing on a page; exactly one field is set.
// Of several patches with the same Key only the last one matters.
type Patch struct {
	Parameter  *Parameter `json:"parameter,omitempty"`
	Element    *Element   `json:"element,omitempty"`
	Write      *Write     `json:"write,omitempty"`
	Removed    ID         `json:"removed,omitempty"` // an element that was deleted
	Row        *TableRow  `json:"row,omitempty"`
	RowRemoved *RowKey    `json:"rowRemoved,omitempty"` // a row that is gone
	Script     *Script    `json:"script,omitempty"`     // what a QAction cost up to now
	Seq        uint64     `json:"seq"`
}

// Key names the thing that the patch is about.
func (p Patch) Key() string {
	switch {
	case p.Parameter != nil:
		return "p" + strconv.Itoa(int(p.Parameter.ID))
	case p.Element != nil:
		return "e" + string(p.Element.ID)
	case p.Row != nil:
		return rowKey(p.Row.Table, p.Row.Key)
	case p.RowRemoved != nil:
		return rowKey(p.RowRemoved.Table, p.RowRemoved.Key)
	case p.Script != nil:
		return "s" + strconv.Itoa(p.Script.ID)
	case p.Write != nil && p.Write.Row != "":
		return "w" + strconv.Itoa(int(p.Write.Parameter)) + "/" + p.Write.Row
	case p.Write != nil:
		return "w" + strconv.Itoa(int(p.Write.Parameter))
	default:
		return "e" + string(p.Removed)
	}
}

func rowKey(table ParamID, key string) string { return "t" + strconv.Itoa(int(table)) + "/" + key }

// FleetStream is the stream of all elements' summaries, for the overview:
// patches with Element or Removed. Every other stream has an element's ID as
// its name.
const FleetStream = "fleet"

// Batch is what a reader of a stream gets at once: the newest state of
// everything that changed, and the events in order. Cursor is the place after
// it. Missed counts events that were lost to this reader because it was too
// slow or away for too long; state is never lost. Reset says that the cursor
// it asked with cannot be continued: the reader takes a new snapshot.
type Batch struct {
	Cursor  Cursor  `json:"cursor"`
	Patches []Patch `json:"patches,omitempty"`
	Events  []Event `json:"events,omitempty"`
	Missed  uint64  `json:"missed,omitempty"`
	Reset   bool    `json:"reset,omitempty"`
}

// EventPage is an answer of Service.Events, oldest first. Gap says that the
// cursor asked with could not be continued, and Events are the newest.
type EventPage struct {
	Events []Event `json:"events"`
	Cursor Cursor  `json:"cursor"`
	Gap    bool    `json:"gap"`
}
