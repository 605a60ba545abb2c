package runner

import "fieldline/element"

// Faults says what keeps the fleet from serving: it has not loaded its
// elements yet, or is closed. It may be called from any goroutine.
func (f *Fleet) Faults() []element.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return []element.Fault{{Name: "stopping", Message: "The program is stopping."}}
	case !f.started:
		return []element.Fault{{Name: "starting", Message: "The elements are being loaded."}}
	}
	var all []element.Fault
	for _, r := range f.runners {
		if fault, ok := r.scriptWatch.fault(); ok {
			all = append(all, fault)
		}
	}
	return all
}

// KeptBytes is how much of large messages is kept whole at present. It may be
// called from any goroutine.
func (f *Fleet) KeptBytes() int {
	f.payloads.mu.Lock()
	defer f.payloads.mu.Unlock()
	return f.payloads.size
}
