package runner

import "fieldline/element"

// Ready returns why the fleet cannot serve: it has not loaded its elements
// yet, or is closed; nil when it can. It may be called from any goroutine.
func (f *Fleet) Ready() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return errStopping()
	case !f.started:
		return element.Errorf(element.Unavailable, "The elements are being loaded; try again in a moment.")
	}
	return nil
}

// KeptBytes is how much of large messages is kept whole at present. It may be
// called from any goroutine.
func (f *Fleet) KeptBytes() int {
	f.payloads.mu.Lock()
	defer f.payloads.mu.Unlock()
	return f.payloads.size
}
