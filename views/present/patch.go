package present

import "fieldline/element"

// Patch is the newest state of one thing on a page; exactly one field is set
// beside Seq.
type Patch struct {
	Parameter  *Parameter      `json:"parameter,omitempty"`
	Element    *Element        `json:"element,omitempty"`
	Write      *Receipt        `json:"write,omitempty"`
	Removed    element.ID      `json:"removed,omitempty"` // an element that was deleted
	Row        *TableRow       `json:"row,omitempty"`
	RowRemoved *element.RowKey `json:"rowRemoved,omitempty"`
	Script     *Script         `json:"script,omitempty"`
	Seq        uint64          `json:"seq"`
}

// Stream turns the news of a stream into what its pages show.
type Stream struct {
	Fleet bool  // the stream of all elements
	Infos Infos // of the parameters of its element; nil when they are not known
}

// Patches are patches as pages show them.
func (s Stream) Patches(list []element.Patch) []Patch {
	shown := make([]Patch, 0, len(list))
	for _, p := range list {
		shown = append(shown, s.patch(p))
	}
	return shown
}

func (s Stream) patch(p element.Patch) Patch {
	shown := Patch{Removed: p.Removed, RowRemoved: p.RowRemoved, Seq: p.Seq}
	switch {
	case p.Parameter != nil:
		shown.Parameter = new(ParameterOf(s.Infos.twins(p.Parameter.ID), *p.Parameter))
	case p.Element != nil && s.Fleet:
		shown.Element = new(ForOverview(*p.Element))
	case p.Element != nil:
		shown.Element = new(ForPage(*p.Element))
	case p.Write != nil:
		shown.Write = new(ReceiptOf(*p.Write))
	case p.Row != nil:
		shown.Row = new(s.tableRow(*p.Row))
	case p.Script != nil:
		shown.Script = new(ScriptOf(*p.Script))
	}
	return shown
}

func (s Stream) tableRow(r element.TableRow) TableRow {
	shown := TableRow{Table: r.Table, Key: r.Key, Display: Visible(r.Display), Cells: make(map[element.ParamID]Cell, len(r.Cells))}
	for id, c := range r.Cells {
		shown.Cells[id] = CellOf(s.Infos.twins(id), c, true)
	}
	return shown
}

// Faults are faults of the program as pages show them.
func Faults(all []element.Fault) []element.Fault {
	shown := make([]element.Fault, len(all))
	for i, f := range all {
		shown[i] = element.Fault{Name: f.Name, Message: Visible(f.Message)}
	}
	return shown
}
