package script

import (
	"reflect"
	"unsafe"
)

// scale weighs what a machine holds: it goes through everything that its
// memory points to, once. What functions in Go have captured cannot be seen, and
// what the system needs around a value is not counted, so that a weight is an
// estimate, mostly a little low.
type scale struct {
	most  int64 // it stops there
	total int64
	seen  map[uintptr]struct{}
	// depth bounds recursion; what lies deeper waits in later.
	depth int
	later []reflect.Value
}

const (
	deepest = 500 // values in one another that are weighed by recursion
	small   = 256 // bytes of a text that is weighed each time it turns up
)

// weigh returns about how many bytes v holds, at most a little more than most.
func weigh(v any, most int64) int64 {
	s := scale{most: most, seen: map[uintptr]struct{}{}, later: []reflect.Value{reflect.ValueOf(v)}}
	for len(s.later) > 0 && s.total <= s.most {
		next := s.later[len(s.later)-1]
		s.later = s.later[:len(s.later)-1]
		s.behind(next)
	}
	return s.total
}

// first reports whether a pointer is met for the first time.
func (s *scale) first(p uintptr) bool {
	if _, known := s.seen[p]; known {
		return false
	}
	s.seen[p] = struct{}{}
	return true
}

// behind weighs what a value points to; the value itself is counted by what it
// lies in.
func (s *scale) behind(v reflect.Value) {
	if s.total > s.most {
		return
	}
	if s.depth >= deepest {
		s.later = append(s.later, v)
		return
	}
	s.depth++
	defer func() { s.depth-- }()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && s.first(v.Pointer()) {
			s.total += int64(v.Type().Elem().Size())
			s.behind(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() {
			s.boxed(v.Elem())
		}
	case reflect.String:
		s.text(v)
	case reflect.Slice:
		s.slice(v)
	case reflect.Array:
		if points(v.Type().Elem()) {
			for i := range v.Len() {
				s.behind(v.Index(i))
			}
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			if points(f.Type()) {
				s.behind(f)
			}
		}
	case reflect.Map:
		s.table(v)
	default: // no pointer, or one that cannot be followed
	}
}

// boxed weighs what an interface holds; what is no pointer lies in memory of
// its own.
func (s *scale) boxed(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan:
	default:
		s.total += int64(v.Type().Size())
	}
	if points(v.Type()) {
		s.behind(v)
	}
}

func (s *scale) text(v reflect.Value) {
	n := v.Len()
	if n > small && !s.first(textAt(v)) {
		return
	}
	s.total += int64(n)
}

func (s *scale) slice(v reflect.Value) {
	if v.Cap() == 0 || !s.first(v.Pointer()) {
		return
	}
	of := v.Type().Elem()
	s.total += int64(v.Cap()) * int64(of.Size())
	if !points(of) {
		return
	}
	for i := range v.Len() {
		s.behind(v.Index(i))
	}
}

func (s *scale) table(v reflect.Value) {
	if v.IsNil() || !s.first(v.Pointer()) {
		return
	}
	const header, spare = 48, 3 // of a table; half of the room for entries more
	key, of := v.Type().Key(), v.Type().Elem()
	s.total += header + int64(v.Len())*int64(key.Size()+of.Size()+1)*spare/2
	if !points(key) && !points(of) {
		return
	}
	for at := v.MapRange(); at.Next(); {
		s.behind(at.Key())
		s.behind(at.Value())
	}
}

// points reports whether values of a type can point to something.
func points(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.String, reflect.Slice, reflect.Map, reflect.Struct:
		return true
	case reflect.Array:
		return points(t.Elem())
	default:
		return false
	}
}

// textAt is where the bytes of a text are.
func textAt(v reflect.Value) uintptr {
	return uintptr(unsafe.Pointer(unsafe.StringData(v.String()))) //nolint:gosec // only compared
}
