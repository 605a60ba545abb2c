package engine

import (
	"math"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// MaxReceipts bounds the receipts that are kept; the oldest finished ones go
// first.
const MaxReceipts = 500

// defaultVerify is how long a write waits for its confirmation when the
// connector does not say (Param@verificationTimeout).
const defaultVerify = 30_000 * time.Millisecond

// receipt follows one write of a person on its way to the device and back.
type receipt struct {
	write    element.Write
	cause    uint64
	param    element.ParamID // that was written
	column   element.ParamID // whose cell confirms it; 0 when it is no write of a cell
	confirms element.ParamID // whose report from the device confirms it, 0 when none does
	goal     element.Value
	verify   time.Duration

	queued   int       // groups that wait or run because of it
	inFlight int       // sends without an outcome
	handed   bool      // a send went to the connection
	answered bool      // a pair was answered
	deadline time.Time // for the confirmation; zero when none is waited for
	done     bool
}

// Receipts returns the newest write of each parameter, oldest first.
func (e *Engine) Receipts() []element.Write {
	all := make([]element.Write, len(e.s.receipts))
	for i := range e.s.receipts {
		all[i] = e.s.receipts[i].write
	}
	return all
}

// set carries out a person's write. The write parameter takes the value even
// when it is equal; that is an event (documentation page LogicQActionsExecution).
func (e *Engine) set(in Set) {
	if in.Parameter == connector.SetTimerBase {
		e.writeTimerBase(in)
		return
	}
	p, i := e.param(in.Parameter)
	if p == nil || e.s.mode == modeIdle {
		e.emit(Moved{Write: element.Write{
			ID: in.WriteID, Parameter: in.Target, Status: element.WriteFailed, By: in.By, At: element.At(e.now),
			Detail: "The element has no such parameter, or was not started.",
		}})
		return
	}
	r := e.newReceipt(in, p)
	e.causes = []uint64{r}
	if in.Table != 0 {
		e.row = e.rowSet(in)
	}
	e.assign(i, in.Value, source{by: in.By, from: nowhere, always: true, person: true})
	e.causes, e.row = nil, nil
	if slices.ContainsFunc(e.effects, func(f Effect) bool {
		s, ok := f.(Save)
		return ok && (s.Values[0].Parameter == p.ID || s.Values[0].Parameter == p.ReadID)
	}) || in.Table != 0 && e.savesCell(in, p) {
		e.move(e.receiptOf(r), element.WriteSaved, "")
	}
}

// newReceipt opens the receipt of a write. An older write of the same
// parameter that still waited ends where it is.
func (e *Engine) newReceipt(in Set, p *connector.Param) uint64 {
	e.s.nextCause++
	r := receipt{
		write: element.Write{
			ID: in.WriteID, Parameter: in.Target, Value: in.Value,
			Status: element.WriteAccepted, By: in.By, At: element.At(e.now), Row: in.Row,
		},
		cause: e.s.nextCause, param: p.ID, goal: in.Value, verify: defaultVerify,
	}
	if r.write.Parameter == 0 {
		r.write.Parameter = p.ID
	}
	if p.VerifyTimeout > 0 {
		r.verify = time.Duration(p.VerifyTimeout) * time.Millisecond
	}
	twin, _ := e.param(p.ReadID)
	if twin != nil && !p.Setter {
		r.confirms = p.ReadID
	}
	if in.Table != 0 {
		r.column, r.confirms = r.confirms, 0
	}
	if p.Password || twin != nil && twin.Password {
		r.write.Value = element.Value{}
	}
	if i := slices.IndexFunc(e.s.receipts, func(o receipt) bool { return o.param == p.ID && o.write.Row == in.Row }); i >= 0 {
		if old := &e.s.receipts[i]; !old.done {
			e.move(old, old.write.Status, "A newer write took its place.")
		}
		e.s.receipts = slices.Delete(e.s.receipts, i, i+1)
	}
	if len(e.s.receipts) >= MaxReceipts {
		i := max(0, slices.IndexFunc(e.s.receipts, func(o receipt) bool { return o.done }))
		e.s.receipts = slices.Delete(e.s.receipts, i, i+1)
	}
	e.s.receipts = append(e.s.receipts, r)
	e.emit(Moved{Write: r.write})
	return r.cause
}

// receiptOf returns the receipt of a cause while it waits for something, else
// nil.
func (e *Engine) receiptOf(cause uint64) *receipt {
	for i := range e.s.receipts {
		if r := &e.s.receipts[i]; r.cause == cause && !r.done {
			return r
		}
	}
	return nil
}

// move brings a write to a status, never back to an earlier one.
func (e *Engine) move(r *receipt, to element.WriteStatus, detail string) {
	if r == nil || r.done || rankOf(to) < rankOf(r.write.Status) || r.write.Status == to && r.write.Detail == detail {
		return
	}
	r.write.Status, r.write.Detail = to, detail
	if to == element.WriteConfirmed || to == element.WriteFailed {
		r.finish()
	}
	e.emit(Moved{Write: r.write})
}

func (r *receipt) finish() { r.done, r.deadline = true, time.Time{} }

func rankOf(s element.WriteStatus) int {
	return slices.Index([]element.WriteStatus{
		element.WriteAccepted, element.WriteSaved, element.WriteSent, element.WriteConfirmed, element.WriteFailed,
	}, s)
}

func (e *Engine) eachReceipt(causes []uint64, do func(*receipt)) {
	for _, c := range causes {
		if r := e.receiptOf(c); r != nil {
			do(r)
		}
	}
}

// hold counts the groups that wait or run because of writes.
func (e *Engine) hold(causes []uint64, n int) {
	e.eachReceipt(causes, func(r *receipt) { r.queued += n })
}

// inFlight notes a send for writes. Without a response to the pair it is the
// read twin that confirms; the wait for that begins now.
func (e *Engine) inFlight(causes []uint64, p *connector.Pair) {
	e.eachReceipt(causes, func(r *receipt) {
		r.inFlight++
		r.handed = true
		if r.confirms != 0 || r.column != 0 || !awaits(p) {
			r.deadline = e.now.Add(r.verify)
		}
	})
}

// returned notes that a send has an outcome.
func (e *Engine) returned(causes []uint64) {
	e.eachReceipt(causes, func(r *receipt) { r.inFlight-- })
}

func (e *Engine) wentOut(causes []uint64) {
	e.returned(causes)
	e.eachReceipt(causes, func(r *receipt) {
		detail := ""
		switch {
		case r.confirms != 0 || r.column != 0:
			detail = "Waits for the device to report the value."
		case r.queued > 0:
			detail = "Waits for the device to answer."
		}
		e.move(r, element.WriteSent, detail)
	})
}

// answeredWrites notes that the device answered a pair that a write caused.
func (e *Engine) answeredWrites(causes []uint64) {
	e.eachReceipt(causes, func(r *receipt) {
		r.answered = true
		if r.queued <= 1 && !e.morePairs() {
			e.move(r, element.WriteConfirmed, "")
		}
	})
}

// morePairs reports whether the running group has pairs after the present one.
func (e *Engine) morePairs() bool {
	r := e.s.lanes[e.at].running()
	return r != nil && slices.ContainsFunc(r.group.Content[min(r.item+1, len(r.group.Content)):],
		func(i connector.GroupItem) bool {
			return i.Kind == connector.ItemPair || i.Kind == connector.ItemSession
		})
}

func (e *Engine) failCauses(causes []uint64, why string) {
	e.eachReceipt(causes, func(r *receipt) { e.move(r, element.WriteFailed, why) })
}

// failAll fails every write that still waits for something.
func (e *Engine) failAll(why string) {
	for i := range e.s.receipts {
		if r := &e.s.receipts[i]; !r.done {
			e.move(r, element.WriteFailed, why)
		}
	}
}

// reported confirms writes that wait for the device to report their value.
func (e *Engine) reported(p *connector.Param, v element.Value) {
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		if !r.done && r.handed && r.confirms == p.ID && meets(p, v, r.goal) {
			e.move(r, element.WriteConfirmed, "")
		}
	}
}

// meets reports whether a reported value is the one that was set; numbers are
// compared with the decimals that the parameter keeps.
func meets(p *connector.Param, v, goal element.Value) bool {
	if v == goal {
		return true
	}
	a, ok := v.Float()
	b, also := goal.Float()
	if !ok || !also {
		return v.String() == goal.String()
	}
	return math.Abs(a-b) <= p.Deviation+0.5*math.Pow10(-min(max(p.Interprete.Decimals, 0), 15))
}

// settleReceipts ends the writes that wait for nothing more, and fails those
// whose confirmation did not come.
func (e *Engine) settleReceipts() {
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		switch {
		case r.done:
		case !r.deadline.IsZero() && !e.now.Before(r.deadline):
			why := "No answer in " + seconds(r.verify) + "."
			if e.s.mode == modePaused {
				why = "The element is paused and does not read what the device answers."
			}
			e.move(r, element.WriteFailed, why)
		case r.queued > 0 || r.inFlight > 0:
		case r.answered:
			e.move(r, element.WriteConfirmed, "")
		case (r.confirms != 0 || r.column != 0) && r.handed:
		default:
			r.finish()
		}
	}
}
