package feed

import (
	"container/list"
	"slices"

	"fieldline/element"
)

// key is Patch.Key without the text, so that Publish allocates nothing for it.
type key struct {
	kind byte
	num  int
	id   element.ID // of an element, or the key of a row
}

func keyOf(p element.Patch) key {
	switch {
	case p.Parameter != nil:
		return key{kind: 'p', num: int(p.Parameter.ID)}
	case p.Element != nil:
		return key{kind: 'e', id: p.Element.ID}
	case p.Row != nil:
		return key{kind: 't', num: int(p.Row.Table), id: element.ID(p.Row.Key)}
	case p.RowRemoved != nil:
		return key{kind: 't', num: int(p.RowRemoved.Table), id: element.ID(p.RowRemoved.Key)}
	case p.Script != nil:
		return key{kind: 's', num: p.Script.ID}
	case p.Write != nil:
		return key{kind: 'w', num: int(p.Write.Parameter), id: element.ID(p.Write.Row)}
	default:
		return key{kind: 'e', id: p.Removed}
	}
}

// states holds the newest patch of each key, ordered by number.
type states struct {
	byKey   map[key]*list.Element
	order   *list.List // of *element.Patch, oldest first
	removed *list.List // of key: tombstones, oldest first
	graves  map[key]*list.Element
}

func newStates() states {
	return states{
		byKey: map[key]*list.Element{}, order: list.New(),
		removed: list.New(), graves: map[key]*list.Element{},
	}
}

// put keeps a patch under the number seq in place of the last one of its key.
func (s *states) put(p element.Patch, seq uint64) {
	k := keyOf(p)
	p.Seq = seq
	if at := s.byKey[k]; at != nil {
		*at.Value.(*element.Patch) = p
		s.order.MoveToBack(at)
	} else {
		fresh := p // p itself stays off the heap
		s.byKey[k] = s.order.PushBack(&fresh)
	}
	if grave := s.graves[k]; grave != nil {
		s.removed.Remove(grave)
		delete(s.graves, k)
	}
	if p.Removed != "" || p.RowRemoved != nil {
		s.graves[k] = s.removed.PushBack(k)
	}
}

// forget drops the oldest tombstones while there are more than limit. It
// returns the number of the last one dropped: a cursor below it would never
// hear of that removal.
func (s *states) forget(limit int) (seq uint64) {
	for s.removed.Len() > limit {
		k := s.removed.Remove(s.removed.Front()).(key)
		delete(s.graves, k)
		seq = s.order.Remove(s.byKey[k]).(*element.Patch).Seq
		delete(s.byKey, k)
	}
	return seq
}

// after returns the patches with a number above seq, oldest first.
func (s *states) after(seq uint64) []element.Patch {
	var found []element.Patch
	for at := s.order.Back(); at != nil; at = at.Prev() {
		p := at.Value.(*element.Patch)
		if p.Seq <= seq {
			break
		}
		found = append(found, *p)
	}
	slices.Reverse(found)
	return found
}
