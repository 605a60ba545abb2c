package runner

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// dialLink is the Dial of a program that talks to real devices.
func dialLink(ctx context.Context, cfg link.Config) (session, link.Attempt) {
	s, attempt := link.Dial(ctx, cfg)
	if s == nil {
		return nil, attempt
	}
	return s, attempt
}

// dial begins a try with the target as it is now. forced says that it carries
// out a change or an order, not the end of a wait.
func (c *connection) dial(forced bool) {
	c.forced, c.well, c.refused, c.person, c.missed = forced, false, false, false, false
	c.series.begin()
	c.next = time.Time{}
	p := c.pace()
	c.earliest = time.Now().Add(p.jitter(p.backoff(min(c.series.tries, orderedTries))))
	opening, err := c.opening()
	c.public.Attempt = c.series.tries
	c.become(element.ConnConnecting)
	if err != nil {
		c.troubled = true
		c.refuse(element.Cause{Phase: "address", Code: "address", Message: element.MessageOf(err)}, 0, "")
		c.advance()
		return
	}
	if opening.Host != c.dialled.Host || opening.Port != c.dialled.Port {
		c.series.cuts = cuts{least: c.series.cuts.least} // another way
	}
	c.dialled = opening
	cfg, ping := c.linkConfig(opening)
	c.ping = ping
	c.secrets = link.Secrets(cfg)
	c.public.URL = openingURL(opening)
	c.note(opening.Notes)
	c.r.fold(c.foldKey("connecting"), time.Now(), element.Connecting{Connection: c.id, Attempt: c.series.tries, URL: c.public.URL})
	c.generation++
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel, c.waiting = cancel, 0
	c.try = &try{
		connection: c.id, generation: c.generation, reports: c.r.reports,
		outbox: make(chan *outgoing, outboxLength),
		over:   ctx.Done(), dialSlots: c.r.dialSlots, pool: c.r.pool, pingEvery: ping, dial: c.r.o.Dial,
	}
	c.running = 1
	go c.try.read(ctx, cfg)
}

func (c *connection) opening() (engine.Opening, error) {
	if c.r.machine == nil {
		return engine.Opening{}, element.Errorf(element.Unavailable, "The element has no logic that says where to connect.")
	}
	return c.r.machine.Opening(c.id)
}

// showTarget has people see where the next try goes, while there is none.
func (c *connection) showTarget() {
	if !c.websocket {
		c.showHTTPTarget()
		return
	}
	if c.running > 0 {
		return
	}
	url := ""
	if opening, err := c.opening(); err == nil {
		url = openingURL(opening)
	}
	if url != c.public.URL {
		c.public.URL = url
		c.touch()
	}
}

// note logs what the logic had to say about the handshake, when it is news.
func (c *connection) note(notes []string) {
	all := strings.Join(notes, "\n")
	if all == c.notes {
		return
	}
	c.notes = all
	for _, n := range notes {
		c.r.logged("info", n)
	}
}

// attempted is the end of the dial: the session is open, or refused.
func (c *connection) attempted(a link.Attempt, s session) {
	record := a.Record
	c.last = &record
	c.noteText(a.Note)
	if a.Answered {
		answer := engine.Answered{Connection: c.id, StatusLine: a.StatusLine, Body: a.Body}
		for _, h := range a.Headers {
			answer.Headers = append(answer.Headers, engine.HeaderLine{Name: h.Name, Value: h.Value})
		}
		c.r.after(answer)
	}
	if s == nil {
		c.missed = true
		c.notOpened(a)
		return
	}
	c.succeeded(&record)
	c.opened(a, s)
}

func (c *connection) opened(a link.Attempt, s session) {
	c.session, c.openedAt, c.giveUp = s, time.Now(), time.Time{}
	c.accepted = loginOf(c.dialled)
	c.r.endFold(c.foldKey("connecting"))
	c.r.endFold(c.foldKey("refused"))
	c.repeat = element.Refused{}
	c.r.event(element.Open{Connection: c.id, URL: c.public.URL, Subprotocol: a.Subprotocol, Extensions: a.Extensions})
	c.r.log.Info("connection open", "connection", c.id, "url", c.public.URL)
	switch {
	case !c.want:
		c.close(closeGoingAway, "going away")
	case c.again:
		c.close(closeNormal, "reconnecting")
	default:
		c.become(element.ConnOpen)
		c.public.Attempt = 0
		c.running++
		go c.try.write(s)
		c.r.after(engine.Opened{Connection: c.id})
	}
}

// notOpened lists why a try failed and decides how long to wait. A try that
// was given up by ourselves is no news.
func (c *connection) notOpened(a link.Attempt) {
	if c.try.isOver() {
		return
	}
	c.failed(c.last)
	f := a.Failure
	if f == nil {
		f = &link.Failure{Cause: element.Cause{Phase: "session", Code: "unknown", Message: "The connection did not open."}}
	}
	status := a.Record.Status
	c.refuse(f.Cause, status, a.Body)
	c.judgeRefusal(f, status)
}

// refuse lists a try that did not open; repeats of one cause are one line.
func (c *connection) refuse(cause element.Cause, status int, body string) {
	c.r.after(engine.Down{
		Connection: c.id, Reason: c.listRefusal(cause, status, body), Cause: cause.Phase + "/" + cause.Code, NoAnswer: status == 0,
	})
}

// listRefusal lists a failure as refuse does and returns its sentence.
func (c *connection) listRefusal(cause element.Cause, status int, body string) string {
	now := element.At(time.Now())
	cause.Message = c.r.scrubText(cause.Message)
	e := element.Refused{
		Connection: c.id, Phase: cause.Phase, Code: cause.Code, Message: cause.Message,
		Status: status, Body: cut(c.r.scrubText(body)), Count: 1, LastAt: now,
	}
	key, first := c.foldKey("refused"), now
	if old := c.r.screen.folds[key]; old != nil && c.repeat.Count > 0 && sameRefusal(c.repeat, e) {
		e.Count, first = c.repeat.Count+1, old.At
	} else {
		c.r.endFold(key)
		c.r.log.Warn("connection refused", "connection", c.id, "phase", e.Phase, "code", e.Code, "message", e.Message)
	}
	c.repeat = e
	c.r.fold(key, first.Time, e)
	c.public.LastCause = &cause
	c.touch()
	return cause.Message
}

func sameRefusal(a, b element.Refused) bool {
	return a.Phase == b.Phase && a.Code == b.Code && a.Message == b.Message && a.Status == b.Status
}

// cut bounds the body of a refusal that a line of the list carries.
func cut(body string) string {
	if len(body) > element.MaxExcerpt {
		return string(wholeRunes([]byte(body[:element.MaxExcerpt])))
	}
	return body
}

// linkConfig is an opening with the limits of the fleet.
func (r *Runner) linkConfig(o engine.Opening) link.Config {
	cfg := link.Config{
		Scheme: o.Scheme, Host: o.Host, Port: o.Port, Path: o.Path,
		HasLogin: o.HasLogin, User: o.User, Password: o.Password,
		Proxy:        link.Proxy{Bypass: o.BypassProxy, URL: o.Proxy, User: o.ProxyUser, Password: o.ProxyPassword},
		TLS:          r.tlsSettings(o),
		Timeout:      o.Timeout,
		MaxMessage:   r.o.MaxMessage,
		WriteTimeout: r.o.WriteTimeout,
		Secrets:      append(r.held(), o.Secrets...),
	}
	for _, h := range o.Headers {
		cfg.Headers = append(cfg.Headers, link.Header{Name: h.Name, Value: h.Value})
	}
	return cfg
}

// openingURL is the target for people: tokens in the query and secret values
// are masked.
func openingURL(o engine.Opening) string {
	host := element.Address{Host: o.Host, Port: o.Port}.HostPort()
	secure := o.Scheme == "wss" || o.Scheme == "https"
	if o.Port == 0 || !secure && o.Port == 80 || secure && o.Port == 443 {
		host = strings.TrimSuffix(host, ":"+strconv.Itoa(o.Port))
	}
	url := element.MaskURL(o.Scheme + "://" + host + o.Path)
	for _, secret := range o.Secrets {
		for _, written := range link.Written(secret) {
			url = strings.ReplaceAll(url, written, element.Mask)
		}
	}
	return url
}
