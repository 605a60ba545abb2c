package present

import "fieldline/element"

// Patch is the newest state of one thing on a page; exactly one field is set
// beside Seq.
type Patch struct {
	Parameter  *element.Parameter `json:"parameter,omitempty"`
	Element    *Element           `json:"element,omitempty"`
	Write      *element.Write     `json:"write,omitempty"`
	Removed    element.ID         `json:"removed,omitempty"` // an element that was deleted
	Row        *element.TableRow  `json:"row,omitempty"`
	RowRemoved *element.RowKey    `json:"rowRemoved,omitempty"`
	Script     *element.Script    `json:"script,omitempty"`
	Seq        uint64             `json:"seq"`
}

// Stream turns the news of a stream into what its pages show.
type Stream struct {
	Fleet bool // the stream of all elements
}

// Patches are patches as pages show them.
func (s Stream) Patches(list []element.Patch) []Patch {
	var shown []Patch
	for _, p := range list {
		x := Patch{
			Parameter: p.Parameter, Write: p.Write, Removed: p.Removed,
			Row: p.Row, RowRemoved: p.RowRemoved, Script: p.Script, Seq: p.Seq,
		}
		if p.Element != nil {
			e := s.Element(*p.Element)
			x.Element = &e
		}
		shown = append(shown, x)
	}
	return shown
}

// Element is an element as the pages of the stream show it.
func (s Stream) Element(e element.Element) Element {
	if s.Fleet {
		return ForOverview(e)
	}
	return ForPage(e)
}
