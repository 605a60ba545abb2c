package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

// view takes everything that a page shows, at one moment: what waits is
// published first, so that the cursor stands right behind what the view holds.
func (r *Runner) view() (element.View, error) {
	if r.engine == nil {
		return element.View{}, r.trouble
	}
	r.flush(time.Now())
	r.general.prepare(&r.params, r.engine)
	return element.View{
		Element:          *r.element(),
		Config:           r.record.Config.Masked(),
		Parameters:       allParameters(r.engine),
		Infos:            r.general.infos,
		Pages:            r.general.pages,
		Default:          r.params.definition.DefaultPage,
		Receipts:         receipts(&r.params, r.engine),
		Tables:           r.params.tables,
		Scripts:          r.scripts.list(),
		UnsupportedKinds: r.params.definition.UnsupportedKinds(),
		Cursor:           r.screen.cursor(),
	}, nil
}

// table returns the rows of a table.
func (r *Runner) table(id element.ParamID) (element.Table, error) {
	if r.engine == nil {
		return element.Table{}, r.trouble
	}
	if err := r.params.isTable(id); err != nil {
		return element.Table{}, err
	}
	t, _ := r.engine.Table(id)
	return t, nil
}

// receipts are the writes that still matter, values of passwords left out.
func receipts(ps *parameters, e *engine.Engine) []element.Write {
	all := e.Receipts()
	for i, w := range all {
		if ps.isPassword(w.Parameter) {
			all[i].Value = element.Value{}
		}
	}
	return all
}
