package runner

import (
	"context"
	"maps"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// Bounds of the record of a handshake that outlives the program. What was cut
// ends with an ellipsis.
const (
	keptHead = 16 << 10 // bytes of each head
	keptBody = element.MaxExcerpt
)

// handshakes are the newest records of a connection's handshakes or exchanges.
// Records are never changed: those that were handed out are read by others.
type handshakes struct {
	recorder   Recorder
	element    element.ID
	connection int
	bound      func(element.Handshake) element.Handshake // as it may be kept on disk
	turnsOnly  bool                                      // a record for each exchange: only turns for the better or the worse are kept

	last, lastSuccess, lastFailure *element.Handshake
	keptLast                       element.Which // what of them was kept last in this run
}

// succeeded notes a handshake or an exchange that went well.
func (h *handshakes) succeeded(record *element.Handshake) {
	h.last, h.lastSuccess = record, record
	h.keep(element.WhichLastSuccess, record)
}

// failed notes one that did not.
func (h *handshakes) failed(record *element.Handshake) {
	h.last, h.lastFailure = record, record
	h.keep(element.WhichLastFailure, record)
}

// keep hands a record to the recorder.
func (h *handshakes) keep(which element.Which, record *element.Handshake) {
	if h.turnsOnly && h.keptLast == which {
		return
	}
	h.keptLast = which
	h.recorder.RecordHandshake(h.element, element.KeptHandshake{Connection: h.connection, Which: which, Handshake: h.bound(*record)})
}

// wantFirstMessage reports whether the newest record does not have the time to
// the first message of its session yet.
func (h *handshakes) wantFirstMessage() bool {
	if h.last == nil {
		return false
	}
	_, known := h.last.PhasesMs[element.PhaseFirstMessage]
	return !known
}

// firstMessage completes the newest record with that time.
func (h *handshakes) firstMessage(after time.Duration) {
	record := *h.last
	record.PhasesMs = maps.Clone(record.PhasesMs)
	if record.PhasesMs == nil {
		record.PhasesMs = map[string]int64{}
	}
	record.PhasesMs[element.PhaseFirstMessage] = after.Milliseconds()
	h.succeeded(&record)
}

// recall takes a record of an earlier run.
func (h *handshakes) recall(which element.Which, record element.Handshake) {
	record.Earlier = true
	switch which {
	case element.WhichLastSuccess:
		h.lastSuccess = &record
	case element.WhichLastFailure:
		h.lastFailure = &record
	case element.WhichLast: // not kept
	}
}

// find returns one of the records.
func (h *handshakes) find(which element.Which) (element.Handshake, error) {
	var record *element.Handshake
	switch which {
	case element.WhichLast, "":
		record = h.last
	case element.WhichLastSuccess:
		record = h.lastSuccess
	case element.WhichLastFailure:
		record = h.lastFailure
	default:
		return element.Handshake{}, element.FieldErrorf("which", "There is no handshake %q; use last, lastSuccess or lastFailure.", which)
	}
	if record == nil {
		return element.Handshake{}, element.Errorf(element.NotFound, "Connection %d has no such handshake yet.", h.connection)
	}
	return *record, nil
}

// recall fills in the handshakes of an earlier run. It comes before anything of
// this run was heard.
func (r *Runner) recall(ctx context.Context) {
	all, err := r.o.Storage.Handshakes(ctx, r.id)
	if err != nil {
		r.log.WarnContext(ctx, "the earlier handshakes of the element cannot be read", "error", err)
		return
	}
	for _, kept := range all {
		if c := r.connections.find(kept.Connection); c != nil {
			c.handshakes.recall(kept.Which, kept.Handshake)
		}
	}
}

// maskRecord is a record with its texts cut and what the element knows as
// secrets masked once more: the link knew those of the try only.
func (s *secrets) maskRecord(h element.Handshake) element.Handshake {
	secrets := s.all()
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
		h.Before = append(h.Before, s.maskRecord(b))
	}
	if h.Error != nil {
		e := *h.Error
		e.Message = bound(e.Message, keptBody)
		h.Error = &e
	}
	return h
}
