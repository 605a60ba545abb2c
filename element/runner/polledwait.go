package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// judge says when the device may be asked again, and shows it.
func (p *polled) judge(a *reply) {
	o, now := outcomeOf(a), time.Now()
	own := p.polling.of(o.id)
	first := !own.login
	p.polling.judge(o, now, p.c.pace())
	if o.loginRefused && (first || own.noEnd) {
		p.c.r.screen.log("warning", own.words())
	}
	p.tellLogic()
	p.showWait(o.id)
}

// showWait shows the connection as one that waits while a request may not be
// sent again.
func (p *polled) showWait(id exchangeID) {
	own, whole := p.polling.of(id), &p.polling.whole
	if !own.active() && !whole.active() {
		return
	}
	next := own.until
	if whole.until.After(next) {
		next = whole.until
	}
	if own.noEnd || whole.noEnd {
		p.c.become(element.ConnClosed)
	} else {
		p.c.become(element.ConnWaiting)
		p.c.public.NextTry = element.At(next)
	}
	p.c.public.Attempt = max(own.n, whole.n)
}

// tellLogic has the logic know what it may not have sent.
func (p *polled) tellLogic() {
	p.polling.all(func(id exchangeID, whole bool, h *backoff) {
		switch now := (engine.HoldBack{Connection: p.c.id, Whole: whole, Session: id.session, Exchange: id.exchange, Refusal: h.refusal()}); {
		case !h.active() && h.told != nil:
			h.told = nil
			p.c.r.enqueue(engine.LetGo{Connection: p.c.id, Whole: whole, Session: id.session, Exchange: id.exchange})
		case h.active() && (h.told == nil || *h.told != now):
			h.told = &now
			p.c.r.enqueue(now)
		}
	})
}

// tick ends the waits that are over.
func (p *polled) tick(now time.Time) {
	if due := p.polling.due(); due.IsZero() || due.After(now) {
		return
	}
	p.polling.all(func(_ exchangeID, _ bool, h *backoff) {
		if !h.until.IsZero() && !h.until.After(now) {
			h.end(false)
		}
	})
	p.resume()
}

// endWaits forgets what the device refused: a person wants it asked again, or it
// is another one.
func (p *polled) endWaits() {
	p.polling.all(func(_ exchangeID, _ bool, h *backoff) { h.end(true) })
	p.resume()
}

// resume lets the logic ask again; what waited is sent at once.
func (p *polled) resume() {
	p.tellLogic()
	if p.c.public.Status == element.ConnWaiting {
		p.c.become(element.ConnClosed)
	}
}

// showAsking shows that a device which does not answer, or was not asked yet, is
// being asked.
func (p *polled) showAsking(id exchangeID) {
	n := max(p.polling.of(id).n, p.polling.whole.n)
	if p.c.public.Status == element.ConnOpen || p.c.public.LastCause != nil && n == 0 {
		return
	}
	p.c.become(element.ConnConnecting)
	if p.c.public.Attempt = 0; n > 0 {
		p.c.public.Attempt = n + 1
	}
}

// valueChanged lets a device be asked again that refused a login of which the
// parameter is a part: at once when a person changed it, paced when the logic did,
// since it may change one with each request.
func (p *polled) valueChanged(id element.ParamID, byPerson bool) {
	if p.c.r.params.definition == nil {
		return
	}
	now, changed := time.Now(), false
	p.polling.all(func(x exchangeID, whole bool, h *backoff) {
		if !h.login || !h.active() || !whole && !madeOf(p.c.r.params.definition, x, id) || whole && !p.loginMadeOf(id) {
			return
		}
		if byPerson {
			h.end(true)
			changed = true
			return
		}
		wait, often := bootWait(h.n)
		if at := now.Add(wait); !often && (h.noEnd || at.Before(h.until)) {
			h.until, h.noEnd, changed = at, false, true
		}
	})
	if !changed {
		return
	}
	p.tellLogic()
	if !p.polling.active() && p.c.public.Status == element.ConnWaiting {
		p.c.become(element.ConnClosed)
	}
}

// loginMadeOf reports whether one of the requests whose login was refused is
// made of the parameter.
func (p *polled) loginMadeOf(id element.ParamID) bool {
	for x, h := range p.polling.each {
		if h.login && madeOf(p.c.r.params.definition, x, id) {
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
