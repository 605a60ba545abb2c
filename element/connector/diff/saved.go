package diff

import (
	"cmp"
	"fmt"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// savedFates says what becomes of every parameter and column that from saves.
func savedFates(from, to *connector.Definition) []element.SavedFate {
	var list []element.SavedFate
	for _, p := range from.Params {
		if p.Saved && p.Table == nil {
			fate, reason := savedFate(p, to)
			list = append(list, element.SavedFate{Parameter: p.ID, Name: p.Name, Fate: fate, Reason: reason})
		}
		if p.Table == nil || p.Table.Volatile {
			continue
		}
		for _, c := range p.Table.Columns {
			if col := from.Param(c.Param); col != nil && (c.Saved || p.Table.IsKey(c)) {
				fate, reason := cellFate(p, c, from, to)
				list = append(list, element.SavedFate{Parameter: c.Param, Table: p.ID, Name: col.Name, Fate: fate, Reason: reason})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b element.SavedFate) int {
		return cmp.Or(cmp.Compare(a.Parameter, b.Parameter), cmp.Compare(a.Table, b.Table))
	})
	return list
}

func savedFate(p *connector.Param, to *connector.Definition) (element.Fate, string) {
	q := to.Param(p.ID)
	switch {
	case q == nil:
		return element.FateDropped, fmt.Sprintf("There is no parameter %d any more.", p.ID)
	case !q.Saved:
		return element.FateDropped, fmt.Sprintf("Parameter %d is not saved any more.", p.ID)
	}
	return heldFate(p, q)
}

// heldFate says whether a value that p held is one of q.
func heldFate(p, q *connector.Param) (element.Fate, string) {
	risk := func(format string, args ...any) (element.Fate, string) {
		return element.FateAtRisk, fmt.Sprintf(format, args...)
	}
	switch {
	case (p.Type == connector.TypeArray) != (q.Type == connector.TypeArray):
		return element.FateDropped, fmt.Sprintf("Parameter %d was of Type %s and is of Type %s.", p.ID, p.Type, q.Type)
	case connector.FoldName(p.Name) != connector.FoldName(q.Name):
		return risk("Parameter %d was named %s and is named %s: it may mean something else.", p.ID, connector.Shorten(p.Name), connector.Shorten(q.Name))
	case !p.IsNumber && q.IsNumber:
		return risk("Parameter %d held texts and holds numbers: a text that is not a number is left out.", p.ID)
	case p.IsNumber && !q.IsNumber:
		return risk("Parameter %d held numbers and holds texts: the number is read as a text.", p.ID)
	case p.Units != q.Units && p.IsNumber:
		return risk("Parameter %d was in %s and is in %s: the number stays as it is.", p.ID, orNone(p.Units), orNone(q.Units))
	case q.Enumerated():
		for _, d := range p.Discreets {
			if !offers(q, d.Value) {
				return risk("Parameter %d has no entry %q any more.", p.ID, connector.Shorten(d.Display))
			}
		}
	}
	switch tighter := narrower(p, q); {
	case tighter:
		return risk("The range of parameter %d is narrower: a value outside of it stays, but could not be set again.", p.ID)
	case p.DynamicIP != nil && (q.DynamicIP == nil || *p.DynamicIP != *q.DynamicIP):
		return risk("Parameter %d is not the address of connection %d any more.", p.ID, *p.DynamicIP)
	}
	return element.FateKept, ""
}

func offers(p *connector.Param, value string) bool {
	return slices.ContainsFunc(p.Discreets, func(d element.Discreet) bool {
		return element.SameValue(d.Value, value, p.IsNumber)
	})
}

func narrower(p, q *connector.Param) bool {
	return q.Low != nil && (p.Low == nil || *p.Low < *q.Low) || q.High != nil && (p.High == nil || *p.High > *q.High)
}

func cellFate(table *connector.Param, c connector.Column, from, to *connector.Definition) (element.Fate, string) {
	other := to.Param(table.ID)
	if other == nil || other.Table == nil {
		return element.FateDropped, fmt.Sprintf("There is no table %d any more.", table.ID)
	}
	at := slices.IndexFunc(other.Table.Columns, func(x connector.Column) bool { return x.Param == c.Param })
	switch {
	case other.Table.Volatile:
		return element.FateDropped, fmt.Sprintf("Table %d is volatile now: nothing of it is saved.", table.ID)
	case at < 0:
		return element.FateDropped, fmt.Sprintf("Table %d has no column %d any more.", table.ID, c.Param)
	}
	isKey := other.Table.IsKey(other.Table.Columns[at])
	wasKey := table.Table.IsKey(c)
	switch {
	case isKey != wasKey:
		return element.FateDropped, fmt.Sprintf("The key of table %d is another column: rows that were saved cannot be found by it.", table.ID)
	case !isKey && !other.Table.Columns[at].Saved:
		return element.FateDropped, fmt.Sprintf("Column %d of table %d is not saved any more.", c.Param, table.ID)
	case keyOf(other.Table) != keyOf(table.Table):
		return element.FateDropped, fmt.Sprintf("The key of table %d is another column: rows that were saved cannot be found by it.", table.ID)
	}
	return heldFate(from.Param(c.Param), to.Param(c.Param))
}

// keyOf is the parameter of the key column, 0 when there is none.
func keyOf(t *connector.Table) element.ParamID {
	for _, c := range t.Columns {
		if t.IsKey(c) {
			return c.Param
		}
	}
	return 0
}
