package runner

import (
	"fieldline/element"
	"fieldline/element/engine"
)

// perform carries out effects in order.
func (r *Runner) perform(effects []engine.Effect) {
	for _, e := range effects {
		r.carryOut(e)
	}
	r.scripts.stale = r.scripts.stale || r.scripts.running != nil
}

func (r *Runner) carryOut(e engine.Effect) {
	switch e := e.(type) {
	case engine.Save:
		r.saver.pending.add(e.Values)
	case engine.RowShown:
		cut := e.Row.Excerpt()
		r.screen.patch(element.Patch{Row: &cut})
	case engine.RowGone:
		r.screen.patch(element.Patch{RowRemoved: &e.RowKey})
	case engine.Changed:
		r.changed(e)
	case engine.Refreshed:
		e.Parameter = e.Parameter.Excerpt()
		r.screen.patch(element.Patch{Parameter: &e.Parameter})
	case engine.WriteAdvanced:
		r.writes.show(e.Write)
	case engine.Logged:
		r.screen.log(e.Level, e.Message)
	case engine.TimedOut:
		r.screen.touch()
	case engine.SlowPolled:
		if c := r.connections.find(e.Connection); c != nil {
			c.public.SlowPollMs = int(e.Every.Milliseconds())
			c.touch()
		}
	case engine.Connect:
		if c := r.connections.find(e.Connection); c != nil && r.record.State != element.Stopped {
			c.transport.connect()
		}
	case engine.Disconnect:
		if c := r.connections.find(e.Connection); c != nil {
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
	c := r.connections.find(e.Connection)
	if c == nil || !c.isSocket() {
		r.enqueue(engine.Sent{Token: e.Token, Err: "The element has no such connection; nothing was sent."})
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
	if p.Units != r.params.infos[p.ID].Units && p.Units != "" {
		body.Display += " " + p.Units // the line of an event knows no other unit
	}
	// What people order is listed always; what the connector sets again to what
	// it was is no news.
	if !e.Equal || e.By != element.ByLogic && e.By != element.ByDevice {
		r.screen.event(body)
	}
	r.screen.patch(element.Patch{Parameter: &p})
	if !e.Equal || r.byPerson {
		for _, c := range r.connections {
			c.transport.valueChanged(p.ID, r.byPerson)
		}
	}
	feeds := r.params.infos[p.ID].Feeds
	if !feeds.Any() {
		return
	}
	for _, id := range feeds.Connections {
		if c := r.connections.find(id); c != nil {
			c.transport.showTarget()
			c.transport.targetChanged()
		}
	}
}

// request starts an HTTP exchange.
func (r *Runner) request(e engine.Request) {
	c := r.connections.find(e.Connection)
	if c == nil || c.isSocket() || c.retired || r.record.State == element.Stopped {
		r.enqueue(engine.Replied{Token: e.Token, Err: "The element has no such connection; nothing was sent."})
		return
	}
	c.polled.request(e)
}

// unsent shows a request that nothing could be asked with.
func (r *Runner) unsent(e engine.Unsent) {
	if c := r.connections.find(e.Connection); c != nil && !c.isSocket() && !c.retired {
		c.polled.notAnswered(element.Cause{Phase: "address", Code: "address", Message: e.Reason}, 0, "")
	}
}
