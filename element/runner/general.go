package runner

import (
	"maps"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// general is what pages see of the general parameters. An element that nobody
// has looked at since it was defined keeps and publishes nothing of them.
type general struct {
	infos map[element.ParamID]element.ParamInfo // of all parameters; nil until somebody looks
	pages []element.Page
	shown []element.Parameter
	rows  []element.Row
}

// param is a parameter of the connector or a general one, nil when there is none.
func (r *Runner) param(id element.ParamID) *connector.Param {
	if p := r.params[id]; p != nil {
		return p
	}
	return r.definition.Param(id)
}

// look makes ready what a page shows, the first time that somebody looks.
func (r *Runner) look() {
	g := &r.general
	if g.infos != nil {
		return
	}
	g.infos = maps.Clone(r.infos)
	for _, p := range r.definition.General() {
		g.infos[p.ID] = p.ParamInfo
	}
	g.pages = append(slices.Clip(r.definition.Pages), r.definition.GeneralPage())
	g.shown = r.machine.General()
	g.rows = r.connectionRows()
}

// allParameters are those of the connector and the general ones, by id.
func (r *Runner) allParameters() []element.Parameter {
	own, common := r.machine.Parameters(), r.machine.General()
	if len(common) == 0 {
		return own
	}
	at, _ := slices.BinarySearchFunc(own, common[0].ID, func(p element.Parameter, id element.ParamID) int { return int(p.ID) - int(id) })
	return slices.Insert(own, at, common...)
}

func (r *Runner) connectionRows() []element.Row {
	t, _ := r.machine.Table(connector.CommunicationInfo)
	return t.Rows
}

// showGeneral publishes the general parameters that moved, where somebody has
// looked.
func (r *Runner) showGeneral() {
	g := &r.general
	if g.infos == nil || r.machine == nil || len(r.screen.updates) == 0 && !r.screen.touched {
		return
	}
	for i, p := range r.machine.General() {
		if p.Value != g.shown[i].Value {
			g.shown[i] = p
			r.screen.patch(element.Patch{Parameter: &p})
		}
	}
	for i, row := range r.connectionRows() {
		if !maps.Equal(row.Cells, g.rows[i].Cells) {
			g.rows[i] = row
			r.screen.patch(element.Patch{Row: &element.TableRow{Table: connector.CommunicationInfo, Row: row}})
		}
	}
}
