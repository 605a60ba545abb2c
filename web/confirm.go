package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"fieldline/element"
)

// Limits of questions that were asked and not yet answered.
const (
	ConfirmFor  = 60 * time.Second // how long a token is good
	maxConfirms = 1024             // tokens at a time; the oldest is forgotten first
)

// intent is the write that a token lets pass, and no other.
type intent struct {
	element element.ID
	target  element.Target
	value   element.Value
}

// confirms keeps the one-time tokens of writes that a connector wants asked
// about. It may be used from any goroutine.
type confirms struct {
	now func() time.Time

	mu     sync.Mutex
	asked  map[string]question
	oldest []string // tokens in the order they were given
}

type question struct {
	intent intent
	until  time.Time
}

func newConfirms(now func() time.Time) *confirms {
	return &confirms{now: now, asked: map[string]question{}}
}

// ask returns a new token for an intent.
func (c *confirms) ask(i intent) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for len(c.oldest) > 0 {
		q, there := c.asked[c.oldest[0]]
		if there && now.Before(q.until) && len(c.asked) < maxConfirms {
			break
		}
		delete(c.asked, c.oldest[0])
		c.oldest = c.oldest[1:]
	}
	token := rand.Text()
	c.asked[token] = question{intent: i, until: now.Add(ConfirmFor)}
	c.oldest = append(c.oldest, token)
	return token
}

// take reports whether the token was given for the intent, and uses it up.
func (c *confirms) take(token string, i intent) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, ok := c.asked[token]
	if !ok || q.intent != i {
		return false
	}
	delete(c.asked, token)
	return c.now().Before(q.until)
}

// needsConfirm is a write that was not carried out because the connector wants
// a person asked first.
type needsConfirm struct {
	question string
	token    string
}

func (n *needsConfirm) Error() string { return n.question }

// refusal is how the API says it.
func (n *needsConfirm) refusal() error {
	return &refusal{
		status:  http.StatusConflict,
		confirm: n.token,
		err: &element.Error{
			Code: element.Conflict, Field: "confirm",
			Msg: "The connector asks: " + n.question + " To set the value, send the same request with the problem's confirm token within 60 s.",
		},
	}
}

// writer writes values after the question that the connector asks, if any.
type writer struct {
	values   Values
	confirms *confirms
}

// set writes a parameter or a cell after the question that its connector asks, if any.
// Without a good token the error is a *needsConfirm.
func (w *writer) set(ctx context.Context, id element.ID, req element.SetRequest, token string) (element.Write, error) {
	view, err := w.values.View(ctx, id)
	if err != nil {
		return element.Write{}, err
	}
	if ask := questionOf(view, req.Parameter, req.Raw); ask != "" {
		i := intent{element: id, target: req.Target, value: req.Raw}
		if token == "" || !w.confirms.take(token, i) {
			return element.Write{}, &needsConfirm{question: ask, token: w.confirms.ask(i)}
		}
	}
	return w.values.Set(ctx, id, req)
}

// questionOf is what the connector asks before a value is set: the Message of
// the chosen discreet, else that of the write parameter; "" when nothing.
func questionOf(v element.View, posted element.ParamID, value element.Value) string {
	info := v.Infos[posted]
	if info.WriteID != 0 {
		info = v.Infos[info.WriteID]
	}
	text := value.String()
	if _, entry, ok := element.ParseMenu(value, info.Discreets); ok {
		text = entry.Value
	}
	if d, ok := element.FindDiscreet(info.Discreets, text, info.IsNumber); ok && d.Confirm != "" {
		return d.Confirm
	}
	return info.Confirm
}
