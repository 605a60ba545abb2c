package web

import (
	"crypto/rand"
	"sync"
)

// maxFlashes is how many sentences wait for their page; the oldest is forgotten
// first.
const maxFlashes = 256

// fieldFlash names a sentence in the address that a post leads to.
const fieldFlash = "done"

// flashes keep what the page after a post says that it did: once, so that a
// page that is loaded again or kept as a bookmark does not say it. They may be
// used from any goroutine.
type flashes struct {
	mu     sync.Mutex
	texts  map[string]string
	oldest []string
}

func newFlashes() *flashes { return &flashes{texts: map[string]string{}} }

// keep returns the token that take gives the sentence for.
func (f *flashes) keep(text string) (token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.oldest) >= maxFlashes {
		delete(f.texts, f.oldest[0])
		f.oldest = f.oldest[1:]
	}
	token = rand.Text()[:requestIDLength]
	f.texts[token] = text
	f.oldest = append(f.oldest, token)
	return token
}

// take returns a sentence and forgets it; "" when there is none.
func (f *flashes) take(token string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := f.texts[token]
	delete(f.texts, token)
	return text
}
