package element

// Target names one value of an element: that of a parameter, or the cell of a
// table in the row with a primary key.
type Target struct {
	Parameter ParamID // of a cell that of its column
	Table     ParamID // of a cell; 0 when it is none
	Key       string  // primary key of the row of a cell
}

// IsCell reports whether t names a cell.
func (t Target) IsCell() bool { return t.Table != 0 }

// Row is the row of the cell; zero when t is none.
func (t Target) Row() RowKey { return RowKey{Table: t.Table, Key: t.Key} }
