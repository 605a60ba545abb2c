package element

import "slices"

// Table is what a table parameter holds: its columns as the connector lists
// them, and its rows in the order in which they were added.
type Table struct {
	Columns []TableColumn `json:"columns"`
	Rows    []Row         `json:"rows"`
}

// TableColumn is one column of a table. ID is the parameter that describes
// its cells; WriteID the write parameter of that name, nil when there is none.
type TableColumn struct {
	ID          ParamID  `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	WriteID     *ParamID `json:"writeId"`
	Key         bool     `json:"key,omitempty"`   // holds the primary keys
	Saved       bool     `json:"saved,omitempty"` // its cells are kept over restarts
}

// Row is one row of a table. Key is its primary key, which never changes;
// Display is what people call the row. Cells that were never set are left out.
type Row struct {
	Key     string           `json:"key"`
	Display string           `json:"display"`
	Cells   map[ParamID]Cell `json:"cells"`
}

// Cell is what stands in one row and column.
type Cell struct {
	Value   Value  `json:"value"` // raw; null when masked
	Display string `json:"display"`
	Units   string `json:"units,omitempty"`  // of Display
	Stale   bool   `json:"stale,omitempty"`  // came from a device that we no longer hear, or was saved and not confirmed since
	Masked  bool   `json:"masked,omitempty"` // the column is a password

	Truncated bool `json:"truncated,omitempty"` // Value and Display are an Excerpt
	Size      int  `json:"size,omitempty"`      // of the whole text in bytes, when it is cut
}

// Excerpt returns r as it travels to screens: the texts of its cells cut at
// MaxExcerpt.
func (r TableRow) Excerpt() TableRow {
	long := func(c Cell) bool { return max(len(c.Value.text), len(c.Display)) > MaxExcerpt }
	any := false
	for _, c := range r.Cells {
		any = any || long(c)
	}
	if !any {
		return r
	}
	cells := make(map[ParamID]Cell, len(r.Cells))
	for id, c := range r.Cells {
		c.Value, c.Display, c.Size, c.Truncated = excerpts(c.Value, c.Display)
		cells[id] = c
	}
	r.Cells = cells
	return r
}

// TableRow is a row together with the table it belongs to, as a Patch carries
// it: the whole row as it is now.
type TableRow struct {
	Table ParamID `json:"table"`
	Row
}

// RowKey names a row of a table.
type RowKey struct {
	Table ParamID `json:"table"`
	Key   string  `json:"key"`
}

// Limits of tables (release note RN 39836).
const (
	WarnRows         = 85_000
	MaxRows          = 105_000
	WarnVolatileRows = 805_000
	MaxVolatileRows  = 1_005_000
	MaxRowKey        = 1024 // bytes of a primary key
)

// NoRow is the NotFound of a row that a table does not have, or has no more.
func NoRow(table ParamID, key string) *Error {
	return Errorf(NotFound, "Table %d has no row %q; it may have been removed in the meantime.", table, key)
}

// InRow is a lookup in which the columns of a table stand for the cells of one
// row; all else is as the other lookup has it.
func (t Table) InRow(key string, of Lookup) Lookup {
	at := slices.IndexFunc(t.Rows, func(r Row) bool { return r.Key == key })
	return func(id ParamID) Parameter {
		if !slices.ContainsFunc(t.Columns, func(c TableColumn) bool { return c.ID == id }) {
			return of(id)
		}
		p := Parameter{ID: id}
		if at >= 0 {
			if c, set := t.Rows[at].Cells[id]; set {
				p.Value, p.Display, p.Units, p.Initialized = c.Value, c.Display, c.Units, true
			}
		}
		return p
	}
}

// Has reports whether the sheet names a column.
func (s *Sheet) Has(id ParamID) bool {
	return slices.ContainsFunc(s.Columns, func(c SheetColumn) bool { return c.Param == id })
}
