package feed

import "sort"

// evictions remembers which numbers were evicted, as runs, so that a reader
// learns how many events it missed.
type evictions struct {
	runs  []run // by number, oldest first; at most maxRuns
	total uint64
}

// run is a range of numbers, count of which were evicted. before is how many
// were evicted ahead of the run.
type run struct{ first, last, count, before uint64 }

// add records the eviction of seq, which is above all recorded before.
func (e *evictions) add(seq uint64) {
	if n := len(e.runs); n > 0 && e.runs[n-1].last+1 == seq {
		e.runs[n-1].last = seq
		e.runs[n-1].count++
	} else {
		e.runs = append(e.runs, run{first: seq, last: seq, count: 1, before: e.total})
	}
	e.total++
	if len(e.runs) > maxRuns {
		old, next := e.runs[0], &e.runs[1]
		next.first, next.before = old.first, old.before
		next.count += old.count
		e.runs = e.runs[1:]
	}
}

// after returns how many evicted numbers are above seq: exact outside of
// merged runs, else the most that can be.
func (e *evictions) after(seq uint64) uint64 {
	i := sort.Search(len(e.runs), func(i int) bool { return e.runs[i].last > seq })
	if i == len(e.runs) {
		return 0
	}
	r := e.runs[i]
	rest := e.total - r.before - r.count
	if seq < r.first {
		return rest + r.count
	}
	return rest + min(r.count, r.last-seq)
}
