package runner

import (
	"cmp"

	"fieldline/element"
	"fieldline/element/connector"
)

// parameters are what the connector of an element says of its parameters.
type parameters struct {
	definition *connector.Definition // nil before it is known
	byID       map[element.ParamID]*connector.Param
	infos      map[element.ParamID]element.ParamInfo
	tables     map[element.ParamID]bool
	passwords  []element.ParamID // what they hold is masked wherever it turns up
}

// parametersOf takes over what a connector says.
func parametersOf(d *connector.Definition) parameters {
	ps := parameters{
		definition: d,
		byID:       make(map[element.ParamID]*connector.Param, len(d.Params)),
		infos:      make(map[element.ParamID]element.ParamInfo, len(d.Params)),
		tables:     map[element.ParamID]bool{connector.CommunicationInfo: true},
	}
	for _, p := range d.Params {
		ps.byID[p.ID], ps.infos[p.ID] = p, p.ParamInfo
		if p.Password {
			ps.passwords = append(ps.passwords, p.ID)
		}
		if p.Table != nil {
			ps.tables[p.ID] = true
		}
	}
	return ps
}

// find returns a parameter of the connector or a general one, nil when there is
// none.
func (ps *parameters) find(id element.ParamID) *connector.Param {
	if p := ps.byID[id]; p != nil {
		return p
	}
	return ps.definition.Param(id)
}

// nameOf is what pages call a parameter.
func (ps *parameters) nameOf(id element.ParamID) string {
	return cmp.Or(ps.byID[id].Description, ps.byID[id].Name)
}

// isPassword reports whether a parameter, or the twin that holds the same
// value, is a password: its value is shown to nobody.
func (ps *parameters) isPassword(id element.ParamID) bool {
	info := ps.infos[id]
	return info.Password || ps.infos[info.ReadID].Password || ps.infos[info.WriteID].Password
}

// isTable refuses what is no table.
func (ps *parameters) isTable(id element.ParamID) error {
	switch {
	case ps.tables[id]:
		return nil
	case ps.find(id) != nil:
		return element.Errorf(element.NotFound, "Parameter %d is not a table; read it under parameters/%d.", id, id)
	default:
		return element.Errorf(element.NotFound, "The connector has no parameter %d.", id)
	}
}

// writable finds the write parameter that a request means: the one it names,
// or the write twin of the one it names.
func (ps *parameters) writable(t element.Target) (*connector.Param, error) {
	if t.IsCell() {
		return ps.writableColumn(t)
	}
	p := ps.find(t.Parameter)
	if p == nil {
		return nil, element.Errorf(element.NotFound, "The connector has no parameter %d.", t.Parameter)
	}
	if p.Type == connector.TypeWrite {
		return p, nil
	}
	if twin := ps.find(p.WriteID); twin != nil {
		return twin, nil
	}
	return nil, element.Errorf(element.Invalid, "Parameter %d (%s) is read-only: the connector has no write parameter of its name.", t.Parameter, p.Name)
}

// writableColumn finds the write parameter of a column: that of the column that
// the target names, or the one it names.
func (ps *parameters) writableColumn(t element.Target) (*connector.Param, error) {
	if err := ps.isTable(t.Table); err != nil {
		return nil, err
	}
	for _, c := range ps.find(t.Table).Table.Columns {
		switch {
		case t.Parameter != c.Param && (c.Write == 0 || t.Parameter != c.Write):
		case ps.byID[c.Write] == nil:
			return nil, element.Errorf(element.Invalid, "Column %d is read-only: the connector has no write parameter of its name.", t.Parameter)
		default:
			return ps.byID[c.Write], nil
		}
	}
	return nil, element.Errorf(element.NotFound, "Table %d has no column %d.", t.Table, t.Parameter)
}
