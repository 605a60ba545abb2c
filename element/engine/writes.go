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
	cause    cause
	param    element.ParamID // that was written
	column   element.ParamID // whose cell confirms it; 0 when it is no write of a cell
	twin     element.ParamID // its read parameter, 0 when it has none
	confirms element.ParamID // whose report from the device confirms it, 0 when none does
	goal     element.Value
	verify   time.Duration

	queued   int       // groups that wait or run because of it
	inFlight int       // sends without an outcome
	handed   bool      // a send went to the connection
	answered bool      // a pair was answered
	deadline time.Time // for the confirmation; zero when none is waited for
	done     bool

	refuseAt time.Time // for its connection to open; zero when it does not wait for one
	refusal  string    // what is said then
	course   course    // what has become of it meanwhile
}

// due is when something becomes of the receipt by itself; the zero time when
// nothing does.
func (r *receipt) due() time.Time {
	if r.waits() && (r.deadline.IsZero() || r.refuseAt.Before(r.deadline)) {
		return r.refuseAt
	}
	return r.deadline
}

// waits reports whether the write waits for its connection to open.
func (r *receipt) waits() bool {
	return !r.done && !r.handed && r.inFlight == 0 && !r.refuseAt.IsZero()
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
			ID: in.WriteID, Parameter: in.Named, Status: element.WriteFailed, By: in.By, At: element.At(e.now),
			Detail: "The element has no such parameter, or was not started.",
		}})
		return
	}
	r := e.newReceipt(in, p)
	e.causes = []cause{r}
	if in.Table != 0 {
		e.row = e.rowSet(in)
	}
	mark := e.agenda.mark()
	e.assign(i, in.Value, source{by: in.By, from: nowhere, always: true, person: true})
	e.drain(mark)
	e.causes, e.row = nil, nil
	if slices.ContainsFunc(e.effects, func(f Effect) bool {
		s, ok := f.(Save)
		return ok && (s.Values[0].Parameter == p.ID || s.Values[0].Parameter == p.ReadID)
	}) || in.Table != 0 && e.savesCell(in, p) {
		x := e.receiptOf(r)
		e.move(x, element.WriteSaved, x.detail())
	}
	if x := e.receiptOf(r); x != nil {
		x.course.ran = x.course.ran || x.queued > 0 || e.cameOf(p)
	}
}

func (r *receipt) detail() string {
	if r == nil {
		return ""
	}
	return r.write.Detail
}

// newReceipt opens the receipt of a write. An older write of the same
// parameter that still waited ends where it is.
func (e *Engine) newReceipt(in Set, p *connector.Param) cause {
	e.s.nextCause++
	r := receipt{
		write: element.Write{
			ID: in.WriteID, Parameter: in.Named, Value: in.Value,
			Status: element.WriteAccepted, By: in.By, At: element.At(e.now), Row: in.Key,
		},
		cause: cause{e.s.nextCause, e.now}, param: p.ID, goal: in.Value, verify: defaultVerify,
	}
	if r.write.Parameter == 0 {
		r.write.Parameter = p.ID
	}
	if p.VerifyTimeout > 0 {
		r.verify = time.Duration(p.VerifyTimeout) * time.Millisecond
	}
	twin, _ := e.param(p.ReadID)
	if twin != nil {
		r.twin = twin.ID
	}
	if !p.Setter {
		r.confirms = r.twin
	}
	if in.Table != 0 {
		r.column, r.confirms = r.confirms, 0
	}
	if p.Password || twin != nil && twin.Password {
		r.write.Value = element.Value{}
	}
	if i := slices.IndexFunc(e.s.receipts, func(o receipt) bool { return o.param == p.ID && o.write.Row == in.Key }); i >= 0 {
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
func (e *Engine) receiptOf(c cause) *receipt {
	for i := range e.s.receipts {
		if r := &e.s.receipts[i]; r.cause == c && !r.done {
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

func (e *Engine) eachReceipt(causes []cause, do func(*receipt)) {
	for _, c := range causes {
		if r := e.receiptOf(c); r != nil {
			do(r)
		}
	}
}

// hold counts the groups that wait or run because of writes.
func (e *Engine) hold(causes []cause, n int) {
	e.eachReceipt(causes, func(r *receipt) { r.queued += n })
}

// inFlight notes a send for writes. Without a response to the pair it is the
// read twin that confirms; the wait for that begins now.
func (e *Engine) inFlight(causes []cause, p *connector.Pair, conn int) {
	e.eachReceipt(causes, func(r *receipt) {
		r.inFlight++
		r.handTo(conn, e.now)
		if r.confirms != 0 || r.column != 0 || !awaits(p) {
			r.deadline = e.now.Add(r.verify)
		}
	})
}

// returned notes that a send has an outcome.
func (e *Engine) returned(causes []cause) {
	e.eachReceipt(causes, func(r *receipt) { r.inFlight-- })
}

func (e *Engine) wentOut(causes []cause) {
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
func (e *Engine) answeredWrites(causes []cause) {
	e.eachReceipt(causes, func(r *receipt) {
		if o := &r.course.other; o.shown != "" && !o.logic && o.at.Equal(e.now) {
			e.move(r, element.WriteSent, o.sentence()) // with its answer; it may follow
			return
		}
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

func (e *Engine) failCauses(causes []cause, why string) {
	e.eachReceipt(causes, func(r *receipt) { e.move(r, element.WriteFailed, why) })
}

// failAll fails every write that still waits for something when the element stops.
func (e *Engine) failAll() {
	for i := range e.s.receipts {
		switch r := &e.s.receipts[i]; {
		case r.done:
		case r.handed || r.inFlight > 0:
			e.move(r, element.WriteFailed, "The element was stopped before the device answered. "+mayHaveBeen)
		default:
			e.move(r, element.WriteFailed, "Not sent: the element was stopped.")
		}
	}
}

// reported confirms writes that wait for the device to report their value.
func (e *Engine) reported(p *connector.Param, v element.Value) {
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		if !r.done && r.handed && r.confirms == p.ID {
			e.tellReport(r, p, v)
		}
	}
}

// tellReport takes what the device reports in the place of what was set: the
// value confirms it, another one is what people are told when none follows.
func (e *Engine) tellReport(r *receipt, p *connector.Param, v element.Value) {
	if meets(p, v, r.goal) {
		e.move(r, element.WriteConfirmed, "")
		return
	}
	r.course.other = other{shown: shownAs(p, v), at: e.now}
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
			e.move(r, element.WriteFailed, e.silence(r))
		case r.waits() && !e.now.Before(r.refuseAt):
			e.move(r, element.WriteFailed, r.refusal)
		case r.queued > 0 || r.inFlight > 0:
		case r.answered:
			e.move(r, element.WriteConfirmed, "")
		case (r.confirms != 0 || r.column != 0) && r.handed:
		default:
			e.end(r)
		}
	}
}
