package web

import (
	"context"
	"crypto/rand"
	"errors"
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

// writer writes values, once a person was asked where the connector wants it.
type writer struct {
	values   Values
	confirms *confirms
}

// needsConfirm is an element.NeedsConfirmation with the token that lets the
// same write pass.
type needsConfirm struct {
	*element.NeedsConfirmation
	token string
}

// set writes a parameter or a cell. token is that of an answer yes, "" when
// there is none. Where a person has to be asked the error is a *needsConfirm.
func (w *writer) set(ctx context.Context, id element.ID, req element.SetRequest, token string) (element.SetResult, error) {
	i := intent{element: id, target: req.Target, value: req.Raw}
	req.Confirmed = token != "" && w.confirms.take(token, i)
	result, err := w.values.Set(ctx, id, req)
	if ask, ok := errors.AsType[*element.NeedsConfirmation](err); ok {
		err = &needsConfirm{ask, w.confirms.ask(i)}
	}
	return result, err
}

// refusal is how the API asks.
func (n *needsConfirm) refusal() error {
	return &refusal{
		status:  http.StatusConflict,
		confirm: n.token,
		err: &element.Error{
			Code: element.Conflict, Field: "confirm",
			Msg: "The connector asks: " + n.Question + " To set the value, send the same request with the problem's confirm token within 60 s.",
		},
	}
}
