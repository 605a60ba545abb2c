package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"fieldline/element"
	"fieldline/element/feed"
	"fieldline/views/present"

	"github.com/gorilla/websocket"
)

// page is one browser page on the socket. Its goroutines: serve runs on that
// of the request and reads; writeLoop is the only one that sends; one follow for
// each topic waits for its news. All end when ctx does, and ctx ends when one
// of them cannot go on; serve returns when all have ended.
type page struct {
	live  *live
	conn  *websocket.Conn
	from  string          // whose it is
	ctx   context.Context //nolint:containedctx // the life of the page
	end   context.CancelCauseFunc
	reply chan message // from readLoop to writeLoop
	news  chan message // from the follows to writeLoop
}

// hello is what a page says first; beat has only Type and At.
type hello struct {
	Type   string      `json:"type"`
	Topics []topic     `json:"topics"`
	At     json.Number `json:"at"`
}

type topic struct {
	Stream string         `json:"stream"`
	Cursor element.Cursor `json:"cursor"`
	Events bool           `json:"events"`
}

// message is what the server says.
type message struct {
	Type    string          `json:"type"`
	Boot    string          `json:"boot,omitempty"`
	Now     *element.Time   `json:"now,omitempty"`
	BeatMs  int64           `json:"beatMs,omitempty"`
	At      json.Number     `json:"at,omitempty"`
	Stream  string          `json:"stream,omitempty"`
	Cursor  *element.Cursor `json:"cursor,omitempty"`
	Patches []present.Patch `json:"patches,omitempty"`
	Events  []present.Event `json:"events,omitempty"`
	Missed  uint64          `json:"missed,omitempty"`
	Faults  []element.Fault `json:"faults,omitempty"`
}

func newPage(ctx context.Context, l *live, conn *websocket.Conn, from string) *page {
	ctx, end := context.WithCancelCause(ctx)
	return &page{live: l, conn: conn, from: from, ctx: ctx, end: end, reply: make(chan message), news: make(chan message)}
}

// stop ends the page: the cause is what the Close frame says. Reads and writes
// that wait for the network come back within closeIn.
func (p *page) stop(cause error) {
	p.end(cause)
	p.logError(p.conn.NetConn().SetDeadline(time.Now().Add(closeIn)))
}

// logError logs an error of a socket that ends anyway.
func (p *page) logError(err error) {
	if err != nil {
		p.live.log.LogAttrs(p.ctx, slog.LevelDebug, "ending a socket", slog.Any("error", err))
	}
}

// serve reads what the page says until the socket ends, and returns when all
// its goroutines have.
func (p *page) serve() {
	var all sync.WaitGroup
	p.conn.SetReadLimit(MaxMessage)
	all.Go(func() {
		p.run(p.writeLoop)
		writeClose(p.conn, context.Cause(p.ctx))
	})
	p.run(func() { p.stop(p.readLoop(&all)) })
	p.drain()
	all.Wait()
	p.logError(p.conn.Close())
}

// run runs a part of the page. A panic in it is our fault (1011) and ends
// this page and nothing else.
func (p *page) run(do func()) {
	defer func() {
		if v := recover(); v != nil {
			p.live.log.LogAttrs(p.ctx, slog.LevelError, "a socket failed", slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			p.stop(errOurs)
		}
	}()
	do()
}

// readLoop answers the page and returns why it ended.
func (p *page) readLoop(all *sync.WaitGroup) error {
	topics, err := p.readHello()
	if err != nil {
		return err
	}
	if !p.enqueue(p.reply, p.live.welcome()) {
		return context.Cause(p.ctx)
	}
	for _, t := range topics {
		all.Go(func() { p.run(func() { p.follow(t) }) })
	}
	for {
		m, err := p.read(SilentFor)
		if err != nil {
			return err
		}
		if m.Type != "beat" {
			return &errCode{websocket.ClosePolicyViolation, "after hello only beats are expected"}
		}
		if !p.enqueue(p.reply, message{Type: "beat", At: m.At, Faults: present.Faults(p.live.faults())}) {
			return context.Cause(p.ctx)
		}
	}
}

// drain reads on after the end, so that the page's answer to our Close comes in
// before the connection goes; stop has set for how long at most.
func (p *page) drain() {
	for {
		if _, _, err := p.conn.ReadMessage(); err != nil {
			return
		}
	}
}

// readHello waits for hello and returns its topics, never nil without an error.
func (p *page) readHello() ([]topic, error) {
	m, err := p.read(HelloIn)
	if err != nil {
		return nil, err
	}
	wrong := func(reason string) ([]topic, error) {
		return nil, &errCode{websocket.ClosePolicyViolation, reason}
	}
	if m.Type != "hello" {
		return wrong("the first message is not hello")
	}
	if len(m.Topics) == 0 || len(m.Topics) > MaxTopics {
		return wrong("hello has 1 to 8 topics")
	}
	seen := map[string]bool{}
	for _, t := range m.Topics {
		if t.Stream == "" || seen[t.Stream] {
			return wrong("a topic of hello has no stream, or one twice")
		}
		seen[t.Stream] = true
	}
	return m.Topics, nil
}

// read returns the next message, or why there is none as an *errCode.
func (p *page) read(within time.Duration) (hello, error) {
	var m hello
	if err := p.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		return m, &errCode{websocket.CloseAbnormalClosure, err.Error()}
	}
	if p.ctx.Err() != nil { // stop may have set its shorter deadline just before
		return m, context.Cause(p.ctx)
	}
	kind, b, err := p.conn.ReadMessage()
	if err != nil {
		return m, readError(err)
	}
	if kind != websocket.TextMessage {
		return m, &errCode{websocket.CloseUnsupportedData, "messages are JSON texts"}
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, &errCode{websocket.ClosePolicyViolation, "the message is not the JSON that is expected"}
	}
	return m, nil
}

func readError(err error) error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return &errCode{websocket.ClosePolicyViolation, "nothing was heard from the page in time"}
	case errors.Is(err, websocket.ErrReadLimit):
		return &errCode{websocket.CloseMessageTooBig, "a message is larger than 64 KiB"}
	default: // the page left; there is nobody to say goodbye to
		return &errCode{websocket.CloseAbnormalClosure, "the page left"}
	}
}

// writeLoop sends replies and news until the page ends. News of a page is at least
// NewsEvery apart: until then the follows wait.
func (p *page) writeLoop() {
	pace := time.NewTimer(0)
	defer pace.Stop()
	news := p.news
	for p.ctx.Err() == nil {
		select {
		case <-p.ctx.Done():
		case m := <-p.reply:
			p.send(m)
		case m := <-news:
			p.sendNews(m)
			news = nil
			pace.Reset(NewsEvery)
		case <-pace.C:
			news = p.news
		}
	}
}

// sendNews sends m and, in the same turn, what other topics have ready.
func (p *page) sendNews(m message) {
	for p.ctx.Err() == nil {
		p.send(m)
		select {
		case m = <-p.news:
		default:
			return
		}
	}
}

// send writes one message; when that fails the page ends.
func (p *page) send(m message) {
	b, err := json.Marshal(m)
	if err != nil {
		p.live.log.LogAttrs(p.ctx, slog.LevelError, "news has no JSON form", slog.String("stream", m.Stream), slog.Any("error", err))
		p.stop(errOurs)
		return
	}
	err = p.conn.SetWriteDeadline(time.Now().Add(WriteIn))
	if err == nil {
		err = p.conn.WriteMessage(websocket.TextMessage, b)
	}
	if err != nil {
		p.stop(&errCode{websocket.CloseAbnormalClosure, "the page does not take what it is sent"})
	}
}

// writeClose sends the Close frame that belongs to the end of a page; to one
// that cannot be reached it sends none.
func writeClose(conn *websocket.Conn, cause error) {
	code, reason := websocket.CloseNormalClosure, ""
	if e, ok := errors.AsType[*errCode](cause); ok {
		code, reason = e.code, e.reason
	}
	if code == websocket.CloseAbnormalClosure {
		return
	}
	// A page that is gone cannot be told; that is no news.
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(closeIn))
}

func (l *live) welcome() message {
	now := element.At(time.Now())
	return message{Type: "welcome", Boot: l.news.Cursor(element.FleetStream).Epoch, Now: &now, BeatMs: BeatEvery.Milliseconds(), Faults: present.Faults(l.faults())}
}

// follow brings the news of one stream to writeLoop, one batch at a time: the next
// one is taken when the last one is on its way and NewsEvery has passed, so it
// holds all that happened meanwhile.
func (p *page) follow(t topic) {
	// The reader opens before the element is looked up: one that is deleted in
	// between is found missing, one that is deleted later ends the stream.
	r := p.live.news.Open(t.Stream, t.Cursor)
	defer r.Close()
	if t.Stream != element.FleetStream {
		if _, err := p.live.elements.Element(p.ctx, element.ID(t.Stream)); err != nil {
			p.streamEnded(t, err)
			return
		}
	}
	of := newPresenter(t.Stream, p.live.snapshots.values)
	pace := time.NewTimer(0)
	defer pace.Stop()
	for {
		select {
		case <-pace.C:
		case <-p.ctx.Done():
			return
		}
		b, err := r.Next(p.ctx)
		if err != nil {
			p.streamEnded(t, err)
			return
		}
		if m, ok := of.news(p.ctx, b, t.Events); ok {
			if !p.enqueue(p.news, m) {
				return
			}
			p.live.metrics.batches.Inc()
			p.live.metrics.missed.Add(float64(m.Missed))
		}
		pace.Reset(NewsEvery)
	}
}

// streamEnded says that a stream ended, or ends the page when it is not the stream.
func (p *page) streamEnded(t topic, err error) {
	switch {
	case p.ctx.Err() != nil:
	case errors.Is(err, feed.ErrGone), element.CodeOf(err) == element.NotFound:
		p.enqueue(p.news, message{Type: "gone", Stream: t.Stream})
	case errors.Is(err, feed.ErrClosed), element.CodeOf(err) == element.Unavailable:
		p.stop(errStopping)
	case element.CodeOf(err) == element.TooMany:
		p.stop(errFull)
	default:
		p.live.log.LogAttrs(p.ctx, slog.LevelError, "a stream cannot be read", slog.String("stream", t.Stream), slog.Any("error", err))
		p.stop(errOurs)
	}
}

// enqueue hands a message to writeLoop; false when the page ended first.
func (p *page) enqueue(to chan<- message, m message) bool {
	select {
	case to <- m:
		return true
	case <-p.ctx.Done():
		return false
	}
}
