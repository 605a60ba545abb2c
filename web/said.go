package web

import (
	"crypto/rand"
	"sync"

	"github.com/labstack/echo/v4"
)

// maxSaid is how many sentences wait for their page; the oldest is forgotten
// first.
const maxSaid = 256

// fieldDone names a sentence in the address that a post leads to.
const fieldDone = "done"

// said keeps what the page after a post says that it did: once, so that a page
// that is loaded again or kept as a bookmark does not say it. It may be used
// from any goroutine.
type said struct {
	mu     sync.Mutex
	texts  map[string]string
	oldest []string
}

func newSaid() *said { return &said{texts: map[string]string{}} }

func (s *said) keep(text string) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.oldest) >= maxSaid {
		delete(s.texts, s.oldest[0])
		s.oldest = s.oldest[1:]
	}
	token = rand.Text()[:requestIDLength]
	s.texts[token] = text
	s.oldest = append(s.oldest, token)
	return token
}

func (s *said) take(token string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.texts[token]
	delete(s.texts, token)
	return text
}

// goSaying answers a post that was carried out; the page it leads to says what
// was done. The address has no query yet.
func (s *Server) goSaying(c echo.Context, url, text string) error {
	return goTo(c, url+"?"+fieldDone+"="+s.said.keep(text))
}
