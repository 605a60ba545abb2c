package present

import "fieldline/element"

// Reading is what a parameter or a cell holds, as a page shows it. Value, Field
// and Link are as they are; the other texts are for people.
type Reading struct {
	Value element.Value `json:"value"`          // raw, an excerpt; null when never set or masked
	Raw   string        `json:"raw,omitempty"`  // Value as forms send it; "" when Value is a text
	Text  string        `json:"text"`           // as it is shown
	Unit  string        `json:"unit,omitempty"` // behind Text

	Unset bool `json:"unset,omitempty"` // it was never set
	Empty bool `json:"empty,omitempty"` // it was set to nothing
	Stale bool `json:"stale,omitempty"` // it cannot be trusted any more

	Long bool   `json:"long,omitempty"` // a text to be read
	Code bool   `json:"code,omitempty"` // a text for machines
	Link string `json:"link,omitempty"` // the address that it is
	Cut  string `json:"cut,omitempty"`  // how much of it is shown, when that is not all

	Field   *string `json:"field,omitempty"`   // as it stands in its editor, where that is not the value as it is
	Now     string  `json:"now,omitempty"`     // what an editor says that it is now, where that is not Text
	Pressed *string `json:"pressed,omitempty"` // value of the pressed button of a toggle; nil for none
}

// maxNow is how much of a value an editor says, in characters.
const maxNow = 200

// ReadingOf is what a parameter or a cell of twins holds; p may be cut.
func ReadingOf(t Twins, p element.Parameter) Reading {
	if !p.Truncated {
		p = p.Excerpt()
	}
	text := words(t.Read, p)
	r := Reading{
		Value: p.Value, Text: Visible(text), Stale: p.Stale, Long: isLong(text), Code: isCode(text), Cut: shownPart(p.Size),
		Unset: !p.Initialized, Empty: p.Initialized && p.Display == "", Pressed: t.pressed(p),
	}
	if p.Value.Kind() == element.KindNumber {
		r.Raw = p.Value.String()
	}
	if p.Initialized {
		r.Unit = Visible(p.Units)
		if !t.Read.IsNumber && !p.Masked {
			r.Link = Link(p.Display)
		}
	}
	field := t.Field(p)
	if field != p.Value.String() {
		r.Field = &field
	}
	now := "empty"
	if field != "" {
		now = Visible(CutTo(field, maxNow))
	}
	if now != r.Text {
		r.Now = now
	}
	return r
}

// words are what stands in the place of a value. One that was never set says so
// when nothing here sets it.
func words(i element.ParamInfo, p element.Parameter) string {
	switch {
	case !p.Initialized && i.Unfilled == "":
		return "not set yet"
	case !p.Initialized:
		return "stays empty: " + i.Unfilled
	case p.Value.IsEmpty() && p.Display == "" && !p.Masked:
		return "empty"
	}
	return p.Display
}

// InField is the text that the editor starts from.
func (r Reading) InField() string {
	if r.Field != nil {
		return *r.Field
	}
	return r.Value.String()
}

// Parameter is a parameter with what it holds.
type Parameter struct {
	ID element.ParamID `json:"id"`
	Reading
	ChangedAt  element.Time `json:"changedAt,omitzero"`
	ReceivedAt element.Time `json:"receivedAt,omitzero"` // the value last came in, changed or not
}

// ParameterOf is a parameter of twins.
func ParameterOf(t Twins, p element.Parameter) Parameter {
	return Parameter{ID: p.ID, Reading: ReadingOf(t, p), ChangedAt: p.ChangedAt, ReceivedAt: p.ReceivedAt}
}

// TableRow is a row of a table. Cells that were never set are left out.
type TableRow struct {
	Table   element.ParamID          `json:"table"`
	Key     string                   `json:"key"`
	Display string                   `json:"display"`
	Cells   map[element.ParamID]Cell `json:"cells"`
}

// Cell is what stands in one row and column.
type Cell struct {
	Reading
	Order string `json:"order,omitempty"` // rows are sorted by it, as text
	Tint  string `json:"tint,omitempty"`  // of the row, in degrees of hue, when this column colours the rows
}

// CellOf is a cell of a column; set is false when it was never set.
func CellOf(t Twins, c element.Cell, set bool) Cell {
	shown := Cell{
		Reading: ReadingOf(t, element.Parameter{
			Value: c.Value, Display: c.Display, Units: c.Units, Initialized: set,
			Stale: c.Stale, Masked: c.Masked, Truncated: c.Truncated, Size: c.Size,
		}),
		Order: orderOf(t.Read, c),
	}
	if set {
		shown.Tint = tintOf(t.Read, c.Value)
	}
	return shown
}
