package runner

import (
	"time"

	"fieldline/element"
)

// writes are the newest receipts of an element, found by id.
type writes struct {
	screen  *screen
	secrets *secrets

	byID  map[string]element.Write
	order []string // oldest first
}

// put keeps a receipt, and returns the id of the one that it pushed out.
func (w *writes) put(x element.Write) (gone string) {
	if w.byID == nil {
		w.byID = map[string]element.Write{}
	}
	if _, known := w.byID[x.ID]; !known {
		w.order = append(w.order, x.ID)
	}
	w.byID[x.ID] = x
	if len(w.order) > keptWrites {
		gone, w.order = w.order[0], w.order[1:]
		delete(w.byID, gone)
	}
	return gone
}

// show shows how far a write has come; its steps are one line of the list.
func (w *writes) show(x element.Write) {
	x.Detail = w.secrets.maskText(x.Detail) // it may quote the device
	if w.secrets.params.isPassword(x.Parameter) {
		x.Value = element.Value{}
	}
	if gone := w.put(x); gone != "" {
		w.screen.endFold(writeFold(gone))
	}
	x = x.Excerpt() // what was kept above stays whole
	w.screen.fold(writeFold(x.ID), time.Now(), element.WriteMoved{
		ID: x.ID, Parameter: x.Parameter, Row: x.Row, Value: x.Value, Status: x.Status, Detail: x.Detail, By: x.By,
		Truncated: x.Truncated, Size: x.Size,
	})
	w.screen.patch(element.Patch{Write: &x})
}

func writeFold(id string) string { return "write" + id }

// find returns a receipt; NotFound when it is not kept.
func (w *writes) find(id string) (element.Write, error) {
	x, ok := w.byID[id]
	if !ok {
		return x, element.Errorf(element.NotFound, "The element has no write %q; the newest %d are kept.", id, keptWrites)
	}
	return x, nil
}
