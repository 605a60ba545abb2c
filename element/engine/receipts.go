package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// receipts are the newest writes of people, oldest first.
type receipts struct {
	*turn
	ix          *index
	status      *status
	connections *connections
	list        []receipt
	nextCause   uint64
}

func (rs receipts) clone() receipts {
	rs.list = slices.Clone(rs.list)
	return rs
}

// handTo notes that a command was handed to a connection.
func (r *receipt) handTo(conn int, now time.Time) {
	r.handed, r.refuseAt = true, time.Time{}
	r.outcome.conn, r.outcome.since = conn, now
}

// lost notes on the receipts of commands that went out over a connection
// that it was lost; the device may still report what they set.
func (rs *receipts) lost(conn int) {
	for i := range rs.list {
		r := &rs.list[i]
		if r.done || !r.handed || r.inFlight > 0 || r.outcome.conn != conn || r.outcome.lost {
			continue
		}
		r.outcome.lost = true
		rs.advance(r, r.write.Status, "The connection was lost before the device answered.")
	}
}

// notRun notes on receipts that a QAction which reacts to them does not run here.
func (rs *receipts) notRun(q *connector.QAction) {
	rs.each(rs.causes, func(r *receipt) { r.outcome.notRun = languageName(q.Encoding) })
}

// end ends a write for which nothing more is to come.
func (rs *receipts) end(r *receipt) {
	c := &r.outcome
	switch {
	case c.other.shown != "" && c.other.logic:
		rs.advance(r, element.WriteFailed, c.other.sentence())
	case c.notRun != "" && !c.ran && !r.handed && r.write.Status == element.WriteAccepted:
		rs.advance(r, element.WriteFailed, "Nothing runs it here: "+c.notRun+" does not run.")
	case c.notRun != "" && !r.handed:
		rs.advance(r, r.write.Status, "A QAction that reacts to it does not run here: it is in "+c.notRun+".")
	}
	r.finish()
}

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
	outcome  outcome   // what has become of it meanwhile
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

func (rs *receipts) newest() []element.Write {
	all := make([]element.Write, len(rs.list))
	for i := range rs.list {
		all[i] = rs.list[i].write
	}
	return all
}

func (r *receipt) detail() string {
	if r == nil {
		return ""
	}
	return r.write.Detail
}

// open opens the receipt of a write. An older write of the same
// parameter that still waited ends where it is.
func (rs *receipts) open(in Set, p *connector.Param) cause {
	rs.nextCause++
	r := receipt{
		write: element.Write{
			ID: in.WriteID, Parameter: in.Named, Value: in.Value,
			Status: element.WriteAccepted, By: in.By, At: element.At(rs.now), Row: in.Key,
		},
		cause: cause{rs.nextCause, rs.now}, param: p.ID, goal: in.Value, verify: defaultVerify,
	}
	if r.write.Parameter == 0 {
		r.write.Parameter = p.ID
	}
	if p.VerifyTimeout > 0 {
		r.verify = time.Duration(p.VerifyTimeout) * time.Millisecond
	}
	twin, _ := rs.ix.param(p.ReadID)
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
	if i := slices.IndexFunc(rs.list, func(o receipt) bool { return o.param == p.ID && o.write.Row == in.Key }); i >= 0 {
		if old := &rs.list[i]; !old.done {
			rs.advance(old, old.write.Status, "A newer write took its place.")
		}
		rs.list = slices.Delete(rs.list, i, i+1)
	}
	if len(rs.list) >= MaxReceipts {
		i := max(0, slices.IndexFunc(rs.list, func(o receipt) bool { return o.done }))
		rs.list = slices.Delete(rs.list, i, i+1)
	}
	rs.list = append(rs.list, r)
	rs.emit(WriteAdvanced{Write: r.write})
	return r.cause
}

// of returns the receipt of a cause while it waits for something, else
// nil.
func (rs *receipts) of(c cause) *receipt {
	for i := range rs.list {
		if r := &rs.list[i]; r.cause == c && !r.done {
			return r
		}
	}
	return nil
}

// advance brings a write to a status, never back to an earlier one.
func (rs *receipts) advance(r *receipt, to element.WriteStatus, detail string) {
	if r == nil || r.done || rankOf(to) < rankOf(r.write.Status) || r.write.Status == to && r.write.Detail == detail {
		return
	}
	r.write.Status, r.write.Detail = to, detail
	if to == element.WriteConfirmed || to == element.WriteFailed {
		r.finish()
	}
	rs.emit(WriteAdvanced{Write: r.write})
}

func (r *receipt) finish() { r.done, r.deadline = true, time.Time{} }

func rankOf(s element.WriteStatus) int {
	return slices.Index([]element.WriteStatus{
		element.WriteAccepted, element.WriteSaved, element.WriteSent, element.WriteConfirmed, element.WriteFailed,
	}, s)
}

func (rs *receipts) each(causes []cause, do func(*receipt)) {
	for _, c := range causes {
		if r := rs.of(c); r != nil {
			do(r)
		}
	}
}

// count counts the groups that wait or run because of writes.
func (rs *receipts) count(causes []cause, n int) {
	rs.each(causes, func(r *receipt) { r.queued += n })
}

// handed notes a send for writes. Without a response to the pair it is the
// read twin that confirms; the wait for that begins now.
func (rs *receipts) handed(causes []cause, p *connector.Pair, conn int) {
	rs.each(causes, func(r *receipt) {
		r.inFlight++
		r.handTo(conn, rs.now)
		if r.confirms != 0 || r.column != 0 || !awaits(p) {
			r.deadline = rs.now.Add(r.verify)
		}
	})
}

// returned notes that a send has an outcome.
func (rs *receipts) returned(causes []cause) {
	rs.each(causes, func(r *receipt) { r.inFlight-- })
}

func (rs *receipts) wentOut(causes []cause) {
	rs.returned(causes)
	rs.each(causes, func(r *receipt) {
		detail := ""
		switch {
		case r.confirms != 0 || r.column != 0:
			detail = "Waits for the device to report the value."
		case r.queued > 0:
			detail = "Waits for the device to answer."
		}
		rs.advance(r, element.WriteSent, detail)
	})
}

// answered notes that the device answered a pair that writes caused; more
// of their group follows, or not.
func (rs *receipts) answered(causes []cause, more bool) {
	rs.each(causes, func(r *receipt) {
		if o := &r.outcome.other; o.shown != "" && !o.logic && o.at.Equal(rs.now) {
			rs.advance(r, element.WriteSent, o.sentence()) // with its answer; it may follow
			return
		}
		r.answered = true
		if r.queued <= 1 && !more {
			rs.advance(r, element.WriteConfirmed, "")
		}
	})
}

func (rs *receipts) fail(causes []cause, why string) {
	rs.each(causes, func(r *receipt) { rs.advance(r, element.WriteFailed, why) })
}

// failAll fails every write that still waits for something when the element stops.
func (rs *receipts) failAll() {
	for i := range rs.list {
		switch r := &rs.list[i]; {
		case r.done:
		case r.handed || r.inFlight > 0:
			rs.advance(r, element.WriteFailed, "The element was stopped before the device answered. "+mayHaveBeen)
		default:
			rs.advance(r, element.WriteFailed, "Not sent: the element was stopped.")
		}
	}
}

// reported confirms writes that wait for the device to report their value.
func (rs *receipts) reported(p *connector.Param, v element.Value) {
	for i := range rs.list {
		r := &rs.list[i]
		if !r.done && r.handed && r.confirms == p.ID {
			rs.tellReport(r, p, v)
		}
	}
}

// tellReport takes what the device reports in the place of what was set: the
// value confirms it, another one is what people are told when none follows.
func (rs *receipts) tellReport(r *receipt, p *connector.Param, v element.Value) {
	if meets(p, v, r.goal) {
		rs.advance(r, element.WriteConfirmed, "")
		return
	}
	r.outcome.other = other{shown: shownAs(p, v), at: rs.now}
}

// settle ends the writes that wait for nothing more, and fails those
// whose confirmation did not come.
func (rs *receipts) settle() {
	for i := range rs.list {
		r := &rs.list[i]
		switch {
		case r.done:
		case !r.deadline.IsZero() && !rs.now.Before(r.deadline):
			rs.advance(r, element.WriteFailed, rs.silence(r))
		case r.waits() && !rs.now.Before(r.refuseAt):
			rs.advance(r, element.WriteFailed, r.refusal)
		case r.queued > 0 || r.inFlight > 0:
		case r.answered:
			rs.advance(r, element.WriteConfirmed, "")
		case (r.confirms != 0 || r.column != 0) && r.handed:
		default:
			rs.end(r)
		}
	}
}
