package runner

import (
	"time"

	"fieldline/element"
)

// view takes everything that a page shows, at one moment: what waits is
// published first, so that the cursor stands right behind what the view holds.
func (r *Runner) view() (element.View, error) {
	if r.machine == nil {
		return element.View{}, r.trouble
	}
	r.flush(time.Now())
	r.look()
	return element.View{
		Element:    *r.element(),
		Config:     r.record.Config.Masked(),
		Parameters: r.allParameters(),
		Infos:      r.general.infos,
		Pages:      r.general.pages,
		Default:    r.definition.DefaultPage,
		Receipts:   r.receipts(),
		Tables:     r.tables,
		Scripts:    r.scripts.list(),
		IdleKinds:  r.definition.IdleKinds(),
		Cursor:     r.screen.cursor(),
	}, nil
}

// receipts are the writes that still matter, values of passwords left out.
func (r *Runner) receipts() []element.Write {
	all := r.machine.Receipts()
	for i, w := range all {
		if r.secrets.isPassword(w.Parameter) {
			all[i].Value = element.Value{}
		}
	}
	return all
}

func (r *Runner) handshake(id int, which element.Which) (element.Handshake, error) {
	c := r.connections.find(id)
	if c == nil {
		return element.Handshake{}, element.Errorf(element.NotFound, "The element has no connection %d.", id)
	}
	return c.handshakes.find(which)
}
