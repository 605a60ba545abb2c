package lint

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// keys names key columns that hold numbers.
func (l *linter) keys() {
	for _, p := range l.params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			if key := l.param(c.Param); p.Table.IsKey(c) && key != nil && key.IsNumber {
				l.Note("2.46.7", key.Pos, "The key column of table %d, parameter %d, is not a string.", p.ID, c.Param)
			}
		}
	}
}

// tables looks at the columns of tables and at what names their rows.
func (l *linter) tables() {
	for _, p := range l.params {
		if p.Table == nil || len(p.Table.Columns) == 0 {
			continue
		}
		key := slices.IndexFunc(p.Table.Columns, p.Table.IsKey)
		if key < 0 {
			l.Note("2.46.4", p.Pos, "The index of table %d is %d, but there is no such column.", p.ID, p.Table.Index)
		}
		for i, c := range p.Table.Columns {
			col := l.param(c.Param)
			if col == nil {
				continue
			}
			switch col.Type {
			case connector.TypeRead, connector.TypeWrite, "group", "read bit", "write bit":
			default:
				l.Note("2.64.1", col.Pos, "Parameter %d is a column of table %d but of Type %s.", col.ID, p.ID, col.Type)
			}
			if i == key && col.Type != connector.TypeRead {
				l.Note("2.46.9", col.Pos, "Parameter %d is the key column of table %d, so its Type is read, not %s.", col.ID, p.ID, col.Type)
			}
			seen := p.Sheet == nil || p.Sheet.Has(col.ID)
			if p.RTDisplay && len(p.Positions) > 0 && seen && col.Type == connector.TypeRead && !col.RTDisplay {
				l.Note("2.7.4", col.Pos, "Parameter %d is a column of table %d, which is shown, but its RTDisplay is not true.", col.ID, p.ID)
			}
		}
		for _, part := range p.Table.Naming[min(1, len(p.Table.Naming)):] {
			if id, err := strconv.Atoi(part); err == nil && id > 0 && id <= connector.MaxID && l.param(element.ParamID(id)) == nil {
				l.Note("2.65.3", p.Pos, "The naming of table %d refers to parameter %d, which does not exist.", p.ID, id)
			}
		}
	}
}

// sheets names what the option tab of a table says of columns that the
// table does not have.
func (l *linter) sheets() {
	for _, p := range l.params {
		if p.Sheet == nil || p.Table == nil {
			continue
		}
		own := map[element.ParamID]bool{}
		for _, c := range p.Table.Columns {
			own[c.Param], own[c.Write] = true, true
		}
		for _, c := range p.Sheet.Columns {
			switch {
			case own[c.Param]:
			case l.param(c.Param) == nil:
				l.Note("FL-13", p.Pos, "The option tab=columns of table %d names parameter %d, which does not exist; it is ignored.", p.ID, c.Param)
			default:
				l.Note("FL-13", p.Pos, "The option tab=columns of table %d names parameter %d, which is not a column of it; it is ignored.", p.ID, c.Param)
			}
		}
	}
}

// relations names tables of a Relation that are none.
func (l *linter) relations() {
	for _, r := range l.d.Ignored.Relations {
		for part := range strings.SplitSeq(r.Path, ";") {
			l.relationTable(r.Pos, strings.TrimSpace(part))
		}
	}
}

func (l *linter) relationTable(at connector.Pos, text string) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 {
		l.Note("13.2.3", at, "%q in the path of a relation is not the id of a table.", connector.Shorten(text))
		return
	}
	switch p := l.param(element.ParamID(id)); {
	case p == nil:
		l.Note("13.2.1", at, "The path of a relation refers to table %d, which does not exist.", id)
	case p.Table == nil:
		l.Note("13.2.7", at, "The path of a relation refers to parameter %d, which is of Type %s and no table.", id, p.Type)
	}
}
