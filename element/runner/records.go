package runner

import (
	"context"
	"strings"

	"fieldline/element"
	"fieldline/element/link"
)

// Bounds of the record of a handshake that outlives the program. What was cut
// ends with an ellipsis.
const (
	keptHead = 16 << 10 // bytes of each head
	keptBody = element.MaxExcerpt
)

// recall fills in the handshakes of an earlier run. It comes before anything of
// this run was heard.
func (r *Runner) recall(ctx context.Context) {
	all, err := r.o.Storage.Handshakes(ctx, r.id)
	if err != nil {
		r.log.WarnContext(ctx, "the earlier handshakes of the element cannot be read", "error", err)
		return
	}
	for _, kept := range all {
		c := r.connection(kept.Connection)
		if c == nil {
			continue
		}
		h := kept.Handshake
		h.Earlier = true
		switch kept.Which {
		case element.WhichLastSuccess:
			c.lastSuccess = &h
		case element.WhichLastFailure:
			c.lastFailure = &h
		case element.WhichLast: // not kept
		}
	}
}

// succeeded notes a handshake or an exchange that went well.
func (c *connection) succeeded(h *element.Handshake) {
	c.lastSuccess = h
	c.keepRecord(element.WhichLastSuccess, h)
}

// failed notes one that did not.
func (c *connection) failed(h *element.Handshake) {
	c.lastFailure = h
	c.keepRecord(element.WhichLastFailure, h)
}

// keepRecord hands a record to the recorder. A connection that is polled has a
// record for each exchange: of those only the first after a turn for the better
// or the worse is kept.
func (c *connection) keepRecord(which element.Which, h *element.Handshake) {
	if !c.websocket && c.keptLast == which {
		return
	}
	c.keptLast = which
	c.r.o.Recorder.RecordHandshake(c.r.id, element.KeptHandshake{Connection: c.id, Which: which, Handshake: c.r.boundRecord(*h)})
}

// boundRecord is a record with its texts cut and what the element knows as
// secrets masked once more: the link knew those of the try only.
func (r *Runner) boundRecord(h element.Handshake) element.Handshake {
	secrets := r.secrets()
	bound := func(text string, most int) string {
		text = link.Mask(text, secrets...)
		if len(text) <= most {
			return text
		}
		const more = "…"
		return strings.ToValidUTF8(text[:most-len(more)], "") + more
	}
	h.Request, h.Response, h.Body = bound(h.Request, keptHead), bound(h.Response, keptHead), bound(h.Body, keptBody)
	before := h.Before
	h.Before = nil
	for _, b := range before {
		h.Before = append(h.Before, r.boundRecord(b))
	}
	if h.Error != nil {
		e := *h.Error
		e.Message = bound(e.Message, keptBody)
		h.Error = &e
	}
	return h
}
