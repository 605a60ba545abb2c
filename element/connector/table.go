package connector

import "fieldline/element"

// Table is what an array parameter says of its rows.
type Table struct {
	Index   int // idx of the primary key column
	Columns []Column
	Naming  []string // separator first, then column pids or literals
	// NamingFormat says that Naming is a NamingFormat: its parts follow each
	// other as they are; else the separator stands between them.
	NamingFormat bool
	Volatile     bool
	View         element.ParamID // option view: the table that this one shows columns of, 0 when none
	Base         element.ParamID // the table whose rows these are (duplicateAs), 0 when they are its own
}

// IsKey reports whether a column is the primary key.
func (t *Table) IsKey(c Column) bool { return c.Idx == t.Index }

// Column is one column of a table.
type Column struct {
	Idx        int
	Param      element.ParamID
	Write      element.ParamID // write twin, 0 when none
	Type       string          // "retrieved", "custom", "autoincrement", "displaykey" …
	Saved      bool
	ForeignKey element.ParamID
	ColorsRows bool            // its entries have the colours of the rows
	View       string          // option view: where a view table takes it from
	Via        element.ParamID // column of Table.Base: the key of the row whose cell this one repeats, 0 when that is its own
}
