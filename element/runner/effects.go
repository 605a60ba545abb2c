package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

// perform carries out effects in order.
func (r *Runner) perform(effects []engine.Effect) {
	for _, e := range effects {
		r.carryOut(e)
	}
	r.scriptNews.stale = r.scriptNews.stale || r.definition != nil && len(r.definition.QActions) > 0
}

func (r *Runner) carryOut(e engine.Effect) {
	switch e := e.(type) {
	case engine.Save:
		r.saver.pending.add(e.Values)
	case engine.RowShown:
		cut := e.Row.Excerpt()
		r.patch(element.Patch{Row: &cut})
	case engine.RowGone:
		r.patch(element.Patch{RowRemoved: &e.RowKey})
	case engine.Changed:
		r.changed(e)
	case engine.Refreshed:
		e.Parameter = e.Parameter.Excerpt()
		r.patch(element.Patch{Parameter: &e.Parameter})
	case engine.WriteAdvanced:
		r.moved(e.Write)
	case engine.Logged:
		r.logged(e.Level, e.Message)
	case engine.TimedOut:
		r.touch()
	case engine.SlowPolled:
		if c := r.connection(e.Connection); c != nil {
			c.public.SlowPollMs = int(e.Every.Milliseconds())
			c.touch()
		}
	case engine.Connect:
		if c := r.connection(e.Connection); c != nil && r.record.State != element.Stopped {
			c.transport.connect()
		}
	case engine.Disconnect:
		if c := r.connection(e.Connection); c != nil {
			c.transport.disconnect(closeNormal, "closed by the connector")
		}
	case engine.Request:
		r.request(e)
	case engine.Unsent:
		r.unsent(e)
	case engine.Send:
		r.send(e)
	}
}

func (r *Runner) send(e engine.Send) {
	c := r.connection(e.Connection)
	if c == nil || !c.isSocket() {
		r.after(engine.Sent{Token: e.Token, Err: "The element has no such connection; nothing was sent."})
		return
	}
	c.socket.send(outgoing{token: e.Token, text: e.Text, data: e.Data, by: e.By})
}

// changed lists and shows a new value. Where it feeds the address, path,
// headers or login of a connection, people see the new target, and a device
// that refused who we are is asked again.
func (r *Runner) changed(e engine.Changed) {
	p := e.Parameter.Excerpt()
	body := element.ParameterChanged{
		Parameter: p.ID, Value: p.Value, Display: p.Display, By: e.By, Masked: p.Masked, Truncated: p.Truncated, Size: p.Size,
	}
	if p.Masked {
		body.Value = element.Value{}
	}
	if p.Units != r.infos[p.ID].Units && p.Units != "" {
		body.Display += " " + p.Units // the line of an event knows no other unit
	}
	// What people order is listed always; what the connector sets again to what
	// it was is no news.
	if !e.Equal || e.By != element.ByLogic && e.By != element.ByDevice {
		r.event(body)
	}
	r.patch(element.Patch{Parameter: &p})
	if !e.Equal || r.asked {
		for _, c := range r.connections {
			c.transport.valueChanged(p.ID, r.asked)
		}
	}
	feeds := r.infos[p.ID].Feeds
	if !feeds.Any() {
		return
	}
	for _, id := range feeds.Connections {
		if c := r.connection(id); c != nil {
			c.transport.showTarget()
			c.transport.targetChanged()
		}
	}
}

// request starts an HTTP exchange.
func (r *Runner) request(e engine.Request) {
	c := r.connection(e.Connection)
	if c == nil || c.isSocket() || c.retired || r.record.State == element.Stopped {
		r.after(engine.Replied{Token: e.Token, Err: "The element has no such connection; nothing was sent."})
		return
	}
	c.polled.request(e)
}

// unsent shows a request that nothing could be asked with.
func (r *Runner) unsent(e engine.Unsent) {
	if c := r.connection(e.Connection); c != nil && !c.isSocket() && !c.retired {
		c.polled.notAnswered(element.Cause{Phase: "address", Code: "address", Message: e.Reason}, 0, "")
	}
}

// moved shows how far a write has come; its steps are one line of the list.
func (r *Runner) moved(w element.Write) {
	w.Detail = r.scrubText(w.Detail) // it may quote the device
	if r.isPassword(w.Parameter) {
		w.Value = element.Value{}
	}
	if gone := r.writes.put(w); gone != "" {
		r.endFold(writeFold(gone))
	}
	w = w.Excerpt() // what was kept above stays whole
	r.fold(writeFold(w.ID), time.Now(), element.WriteMoved{
		ID: w.ID, Parameter: w.Parameter, Row: w.Row, Value: w.Value, Status: w.Status, Detail: w.Detail, By: w.By,
		Truncated: w.Truncated, Size: w.Size,
	})
	r.patch(element.Patch{Write: &w})
}

func writeFold(id string) string { return "write" + id }

func (r *Runner) connection(id int) *connection {
	for _, c := range r.connections {
		if c.id == id {
			return c
		}
	}
	return nil
}

// writes are the newest receipts of an element, found by id.
type writes struct {
	byID  map[string]element.Write
	order []string // oldest first
}

// put keeps a receipt, and returns the id of the one that it pushed out.
func (w *writes) put(x element.Write) (gone string) {
	if w.byID == nil {
		w.byID = map[string]element.Write{}
	}
	if _, known := w.byID[x.ID]; !known {
		w.order = append(w.order, x.ID)
	}
	w.byID[x.ID] = x
	if len(w.order) > keptWrites {
		gone, w.order = w.order[0], w.order[1:]
		delete(w.byID, gone)
	}
	return gone
}
