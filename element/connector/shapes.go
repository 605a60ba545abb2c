package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// typeRefs checks Type@id: the parameter of a bit, the response of a
// response parameter, the columns of an older table.
func (r *reader) typeRefs(t *node, p *Param) {
	text, given := t.lookup("id")
	required := p.Type == "read bit" || p.Type == "write bit" || p.Type == "response"
	what := "Type@id of parameter " + strconv.Itoa(int(p.ID))
	switch {
	case required && text == "":
		r.Note("2.62.6", t.at(), "Parameter %d is of Type %s, but Type@id is missing.", p.ID, p.Type)
	case !given || text == "":
	case p.Type == TypeArray:
		for part := range strings.SplitSeq(text, ";") {
			if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && id > 0 && id <= MaxID && len(p.typeIDs) < maxContent && r.room() {
				p.typeIDs = append(p.typeIDs, element.ParamID(id))
				r.mention(t.at(), what, element.ParamID(id), "2.62.5", "")
			}
		}
	case p.Type == "response":
		id, err := strconv.Atoi(text)
		if err != nil {
			id = -1
		}
		r.def.Ignored.ResponseRefs = append(r.def.Ignored.ResponseRefs, ResponseRef{t.at(), p.ID, id})
	case required:
		if id := r.pid(t, what, text, "2.62.3"); id != 0 {
			r.mention(t.at(), what, id, "2.62.3", "")
		}
	}
}

// lengths checks LengthType and Length.
func (r *reader) lengths(n *node, p *Param) {
	if n == nil {
		return
	}
	lt := n.child("LengthType")
	switch kind := codec.LengthType(lt.lower()); {
	case kind == "":
		r.Note(pick(lt == nil, "2.73.1", "2.73.2"), n.at(), "Interprete of parameter %d has no LengthType.", p.ID)
		return
	case !kind.IsKnown():
		r.Note("2.73.3", lt.at(), "The LengthType %q of parameter %d is not known.", Shorten(string(kind)), p.ID)
		return
	case kind != codec.LengthFixed:
		if p.Type == TypeFixed {
			r.Note("2.73.3", lt.at(), "Parameter %d is of Type fixed, so its LengthType is fixed.", p.ID)
		}
		return
	}
	l := n.child("Length")
	if l.trimmed() == "" && p.Type != "read bit" {
		r.Note(pick(l == nil, "2.74.1", "2.74.2"), n.at(), "The LengthType of parameter %d is fixed, but it has no Length.", p.ID)
	}
}

// exceptionFits checks one exception against those before it and against the
// Type of the parameter.
func (r *reader) exceptionFits(e *node, p *Param, seen map[string]bool) {
	x := p.Interprete.Exceptions[len(p.Interprete.Exceptions)-1]
	if x.Display == "" {
		r.Note("2.40.2", e.at(), "An exception of parameter %d has no Display.", p.ID)
	} else if seen[x.Display] {
		r.Note("2.40.5", e.at(), "Two exceptions of parameter %d are shown as %q.", p.ID, Shorten(x.Display))
	}
	seen[x.Display] = true
	if !e.has("value") {
		r.Note("2.70.1", e.at(), "An exception of parameter %d has no attribute value.", p.ID)
	}
	if _, ok := element.ParseNumber(x.Value); p.IsNumber && x.Value != "" && !ok {
		r.Note("2.71.3", e.at(), "An exception of parameter %d has the Value %q, but the parameter is a double.", p.ID, Shorten(x.Value))
	}
}

// olderColumns takes columns of a table from Type@id, the older way to write
// them: those that no ColumnOption names, at their place in the list.
func (r *reader) olderColumns(n *node, p *Param) {
	if p.Type != TypeArray || len(p.typeIDs) == 0 {
		return
	}
	if p.Table == nil {
		p.Table = &Table{}
	}
	taken := map[int]bool{}
	named := map[element.ParamID]bool{}
	for _, c := range p.Table.Columns {
		taken[c.Idx], named[c.Param] = true, true
	}
	for i, id := range p.typeIDs {
		if taken[i] || named[id] {
			continue
		}
		r.need(Item{"parameter", int(p.ID)}, Item{"parameter", int(id)}, "2.62.5", n.at())
		p.Table.Columns = append(p.Table.Columns, Column{Idx: i, Param: id, Type: "retrieved"})
	}
	slices.SortStableFunc(p.Table.Columns, func(a, b Column) int { return a.Idx - b.Idx })
}

// maxIndex is the largest idx of a column.
const maxIndex = 10_000

// tableIndex reads ArrayOptions@index.
func (r *reader) tableIndex(n *node, p *Param) int {
	text, given := n.lookup("index")
	index, err := strconv.Atoi(text)
	switch {
	case !given:
		r.Note("2.46.1", n.at(), "Table %d has no index, which says which column is the key; the first is.", p.ID)
	case text == "":
		r.Note("2.46.2", n.at(), "The index of table %d is empty; the first column is the key.", p.ID)
	case err != nil || index < 0 || index > maxIndex:
		r.Note("2.46.3", n.at(), "The index of table %d is %q, which is not the idx of a column; the first column is the key.", p.ID, Shorten(text))
	default:
		return index
	}
	return 0
}
