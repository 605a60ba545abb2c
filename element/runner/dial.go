package runner

import (
	"context"
	"net/http"
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

// dial begins a try with the target as it is now.
func (s *socket) dial() {
	c, r := s.c, s.c.r
	opening, err := s.opening()
	c.public.Attempt = s.retry.series.tries
	if err != nil {
		s.refuse(element.Cause{Phase: "address", Code: "address", Message: element.MessageOf(err)}, 0, "")
		s.do(s.retry.noTarget(s.facts()))
		return
	}
	if opening.Host != s.dialled.Host || opening.Port != s.dialled.Port {
		s.retry.series.anotherWay()
	}
	s.dialled = opening
	cfg, ping := s.linkConfig(opening)
	s.ping = ping
	r.secrets.sentBy(c.id, link.Secrets(cfg.Destination))
	c.public.URL = openingURL(opening.Destination)
	s.logNotes(opening.Notes)
	r.screen.fold(c.foldKey("connecting"), time.Now(), element.Connecting{Connection: c.id, Attempt: s.retry.series.tries, URL: c.public.URL})
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.queued = cancel, 0
	s.try = &try{
		socket: s, reports: r.reports,
		outbox: make(chan *outgoing, outboxLength),
		over:   ctx.Done(), dialSlots: r.dialSlots, pool: r.pool, pingEvery: ping, dial: r.o.Dial,
	}
	s.goroutines = 1
	go s.try.read(ctx, cfg)
}

func (s *socket) opening() (engine.Opening, error) {
	if s.c.r.engine == nil {
		return engine.Opening{}, element.Errorf(element.Unavailable, "The element has no logic that says where to connect.")
	}
	return s.c.r.engine.Opening(s.c.id)
}

// showTarget has people see where the next try goes, while there is none.
func (s *socket) showTarget() {
	if s.c.running() > 0 {
		return
	}
	url := ""
	if opening, err := s.opening(); err == nil {
		url = openingURL(opening.Destination)
	}
	if url != s.c.public.URL {
		s.c.public.URL = url
		s.c.touch()
	}
}

// logNotes logs what the logic had to say about the handshake, when it is news.
func (s *socket) logNotes(notes []string) {
	all := strings.Join(notes, "\n")
	if all == s.notes {
		return
	}
	s.notes = all
	for _, n := range notes {
		s.c.r.screen.log("info", n)
	}
}

// attempted is the end of the dial: the session is open, or refused.
func (s *socket) attempted(a link.Attempt, session session) {
	c := s.c
	record := a.Record
	c.handshakes.last = &record
	c.noteText(a.Note)
	if a.Answered {
		c.r.enqueue(engine.Answered{Connection: c.id, StatusLine: a.StatusLine, Headers: a.Headers, Body: a.Body})
	}
	if session == nil {
		s.retry.dialFailed()
		s.notOpened(a)
		return
	}
	c.handshakes.succeeded(&record)
	s.opened(a, session)
}

func (s *socket) opened(a link.Attempt, session session) {
	c, r := s.c, s.c.r
	s.session, s.accepted = session, loginOf(s.dialled)
	r.screen.endFold(c.foldKey("connecting"))
	c.listOpen(element.Open{Subprotocol: a.Subprotocol, Extensions: a.Extensions})
	r.log.Info("connection open", "connection", c.id, "url", c.public.URL)
	switch act := s.retry.opened(s.facts()); {
	case act != closeSession:
		s.show()
		c.public.Attempt = 0
		s.goroutines++
		go s.try.write(session)
		r.enqueue(engine.Opened{Connection: c.id})
	case s.retry.want:
		s.close(closeNormal, "reconnecting")
	default:
		s.close(closeGoingAway, "going away")
	}
}

// notOpened lists why a try failed and decides how long to wait. A try that
// was given up by ourselves is no news.
func (s *socket) notOpened(a link.Attempt) {
	if s.try.isOver() {
		return
	}
	s.c.handshakes.failed(s.c.handshakes.last)
	f := a.Failure
	if f == nil {
		f = &link.Failure{Cause: element.Cause{Phase: "session", Code: "unknown", Message: "The connection did not open."}}
	}
	status := a.Record.Status
	s.refuse(f.Cause, status, a.Body)
	known := s.accepted != (login{}) && s.accepted == loginOf(s.dialled)
	s.logVerdict(s.retry.refused(f, status, known, s.facts()))
}

// refuse lists a try that did not open, and tells the logic.
func (s *socket) refuse(cause element.Cause, status int, body string) {
	s.c.r.enqueue(engine.Down{
		Connection: s.c.id, Reason: s.c.listRefusal(cause, status, body), Cause: cause.Phase + "/" + cause.Code, NoAnswer: status == 0,
	})
}

// login is what of a handshake says who we are.
type login struct{ user, password, authorization string }

func loginOf(o engine.Opening) login {
	l := login{user: o.User, password: o.Password}
	for _, h := range o.Headers {
		if http.CanonicalHeaderKey(h.Name) == "Authorization" {
			l.authorization = h.Value
		}
	}
	return l
}
