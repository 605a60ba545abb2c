package feed

import (
	"cmp"
	"slices"
	"sort"

	"fieldline/element"
)

// ring holds the newest events of one class of a stream, guarded by its lock.
type ring struct {
	events  []element.Event // by Seq, oldest first
	bytes   int             // sum of sizeOf
	evicted evictions
	lost    map[element.EventKind]uint64 // the number of the last of each kind that was evicted
}

// add appends an event, takes out the one it replaces and evicts the oldest
// while there are too many. The newest event always stays.
func (r *ring) add(e element.Event, limits Limits) {
	if e.Replaces != 0 {
		if i := r.after(e.Replaces - 1); i < len(r.events) && r.events[i].Seq == e.Replaces {
			r.bytes -= sizeOf(r.events[i])
			r.events = slices.Delete(r.events, i, i+1)
		}
	}
	r.events = append(r.events, e)
	r.bytes += sizeOf(e)
	for len(r.events) > 1 && (len(r.events) > limits.Events || r.bytes > limits.EventBytes) {
		oldest := &r.events[0]
		r.bytes -= sizeOf(*oldest)
		r.evicted.add(oldest.Seq)
		if r.lost == nil {
			r.lost = map[element.EventKind]uint64{}
		}
		r.lost[oldest.Body.Kind()] = oldest.Seq
		*oldest = element.Event{} // frees its texts before the slice moves on
		r.events = r.events[1:]
	}
}

// after returns the index of the first event with a number above seq.
func (r *ring) after(seq uint64) int {
	return sort.Search(len(r.events), func(i int) bool { return r.events[i].Seq > seq })
}

// oldest appends the first events of the kinds with a number above seq, at most
// limit.
func (r *ring) oldest(to []element.Event, seq uint64, limit int, kinds []element.EventKind) []element.Event {
	for _, e := range r.events[r.after(seq):] {
		if limit == 0 {
			break
		}
		if isOf(e.Body.Kind(), kinds) {
			to = append(to, e)
			limit--
		}
	}
	return to
}

// newest appends the last events of the kinds, at most limit, in no order.
func (r *ring) newest(to []element.Event, limit int, kinds []element.EventKind) []element.Event {
	for _, e := range slices.Backward(r.events) {
		if limit == 0 {
			break
		}
		if isOf(e.Body.Kind(), kinds) {
			to = append(to, e)
			limit--
		}
	}
	return to
}

// isOf reports whether a kind is one of kinds; none means all.
func isOf(kind element.EventKind, kinds []element.EventKind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, kind)
}

func bySeq(events []element.Event) {
	slices.SortFunc(events, func(a, b element.Event) int { return cmp.Compare(a.Seq, b.Seq) })
}
