package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// judgeReply says when the device may be asked again, and shows it.
func (c *connection) judgeReply(a *reply) {
	o, now := outcomeOf(a), time.Now()
	own := c.polling.of(o.id)
	first := !own.login
	c.polling.judge(o, now, c.pace())
	if o.loginRefused && (first || own.held) {
		c.r.logged("warning", own.words())
	}
	c.tellHalts()
	c.showWait(o.id)
}

// showWait shows the connection as one that waits while a request may not be
// sent again.
func (c *connection) showWait(id exchangeID) {
	own, whole := c.polling.of(id), &c.polling.whole
	if !own.active() && !whole.active() {
		return
	}
	next := own.until
	if whole.until.After(next) {
		next = whole.until
	}
	if own.held || whole.held {
		c.become(element.ConnClosed)
	} else {
		c.become(element.ConnWaiting)
		c.public.NextTry = element.At(next)
	}
	c.public.Attempt = max(own.n, whole.n)
}

// tellHalts has the logic know what it may not have sent.
func (c *connection) tellHalts() {
	c.polling.all(func(id exchangeID, whole bool, h *halt) {
		switch now := (engine.HoldBack{Connection: c.id, Whole: whole, Session: id.session, Exchange: id.exchange, Refusal: h.refusal()}); {
		case !h.active() && h.told != nil:
			h.told = nil
			c.r.after(engine.LetGo{Connection: c.id, Whole: whole, Session: id.session, Exchange: id.exchange})
		case h.active() && (h.told == nil || *h.told != now):
			h.told = &now
			c.r.after(now)
		}
	})
}

// pollTick ends the waits that are over.
func (c *connection) pollTick(now time.Time) {
	if due := c.polling.due(); due.IsZero() || due.After(now) {
		return
	}
	c.polling.all(func(_ exchangeID, _ bool, h *halt) {
		if !h.until.IsZero() && !h.until.After(now) {
			h.over(false)
		}
	})
	c.letAsk()
}

// endWaits forgets what the device refused: a person wants it asked again, or it
// is another one.
func (c *connection) endWaits() {
	c.polling.all(func(_ exchangeID, _ bool, h *halt) { h.over(true) })
	c.letAsk()
}

// letAsk lets the logic ask again; what waited is sent at once.
func (c *connection) letAsk() {
	c.tellHalts()
	if c.public.Status == element.ConnWaiting {
		c.become(element.ConnClosed)
	}
}

// begins shows that a device which does not answer, or was not asked yet, is
// being asked.
func (c *connection) begins(id exchangeID) {
	n := max(c.polling.of(id).n, c.polling.whole.n)
	if c.public.Status == element.ConnOpen || c.public.LastCause != nil && n == 0 {
		return
	}
	c.become(element.ConnConnecting)
	if c.public.Attempt = 0; n > 0 {
		c.public.Attempt = n + 1
	}
}

// loginChanged lets a device be asked again that refused a login of which the
// parameter is a part: at once when a person changed it, paced when the logic did,
// since it may change one with each request.
func (c *connection) loginChanged(id element.ParamID, byPerson bool) {
	if c.websocket || c.r.definition == nil {
		return
	}
	now, changed := time.Now(), false
	c.polling.all(func(x exchangeID, whole bool, h *halt) {
		if !h.login || !h.active() || !whole && !madeOf(c.r.definition, x, id) || whole && !c.loginMadeOf(id) {
			return
		}
		if byPerson {
			h.over(true)
			changed = true
			return
		}
		wait, often := bootWait(h.n)
		if at := now.Add(wait); !often && (h.held || at.Before(h.until)) {
			h.until, h.held, changed = at, false, true
		}
	})
	if !changed {
		return
	}
	c.tellHalts()
	if !c.polling.active() && c.public.Status == element.ConnWaiting {
		c.become(element.ConnClosed)
	}
}

// loginMadeOf reports whether one of the requests whose login was refused is
// made of the parameter.
func (c *connection) loginMadeOf(id element.ParamID) bool {
	for x, h := range c.polling.each {
		if h.login && madeOf(c.r.definition, x, id) {
			return true
		}
	}
	return false
}

// madeOf reports whether a parameter is part of a request.
func madeOf(d *connector.Definition, x exchangeID, id element.ParamID) bool {
	for i := range d.Sessions {
		s := &d.Sessions[i]
		if s.ID != x.session {
			continue
		}
		for k := range s.Exchanges {
			if s.Exchanges[k].ID == x.exchange && refers(s, &s.Exchanges[k], id) {
				return true
			}
		}
	}
	return false
}

func refers(s *connector.Session, x *connector.Exchange, id element.ParamID) bool {
	refs := []connector.Ref{s.User, s.Password, s.ProxyUser, s.ProxyPassword}
	for _, h := range x.Headers {
		refs = append(refs, h.Value)
	}
	for _, p := range x.Parameters {
		refs = append(refs, p.Value)
	}
	if x.Data != nil {
		refs = append(refs, *x.Data)
	}
	for _, r := range refs {
		if r.Param == id {
			return true
		}
	}
	return x.URLParam == id
}
