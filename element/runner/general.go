package runner

import (
	"maps"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// general is what pages see of the general parameters. An element that nobody
// has looked at since it was defined keeps and publishes nothing of them.
type general struct {
	infos map[element.ParamID]element.ParamInfo // of all parameters; nil until somebody looks
	pages []element.Page
	shown []element.Parameter
	rows  []element.Row
}

// prepare makes ready what a page shows, the first time that somebody looks.
func (g *general) prepare(ps *parameters, e *engine.Engine) {
	if g.infos != nil {
		return
	}
	g.infos = maps.Clone(ps.infos)
	for _, p := range ps.definition.General() {
		g.infos[p.ID] = p.ParamInfo
	}
	g.pages = append(slices.Clip(ps.definition.Pages), ps.definition.GeneralPage())
	g.shown = e.General()
	g.rows = connectionRows(e)
}

// allParameters are those of the connector and the general ones, by id.
func allParameters(e *engine.Engine) []element.Parameter {
	own, common := e.Parameters(), e.General()
	if len(common) == 0 {
		return own
	}
	at, _ := slices.BinarySearchFunc(own, common[0].ID, func(p element.Parameter, id element.ParamID) int { return int(p.ID) - int(id) })
	return slices.Insert(own, at, common...)
}

func connectionRows(e *engine.Engine) []element.Row {
	t, _ := e.Table(connector.CommunicationInfo)
	return t.Rows
}

// show publishes the general parameters that moved, where somebody has
// looked.
func (g *general) show(e *engine.Engine, s *screen) {
	if g.infos == nil || e == nil || len(s.updates) == 0 && !s.touched {
		return
	}
	for i, p := range e.General() {
		if p.Value != g.shown[i].Value {
			g.shown[i] = p
			s.patch(element.Patch{Parameter: &p})
		}
	}
	for i, row := range connectionRows(e) {
		if !maps.Equal(row.Cells, g.rows[i].Cells) {
			g.rows[i] = row
			s.patch(element.Patch{Row: &element.TableRow{Table: connector.CommunicationInfo, Row: row}})
		}
	}
}
