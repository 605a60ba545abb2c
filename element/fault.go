package element

import (
	"cmp"
	"slices"
)

// Fault is something that keeps the whole program from doing all it is for,
// as /readyz, the pages and the metrics tell it.
type Fault struct {
	Name    string `json:"name"`    // one of docs/deployment.md: "disk-full"
	Message string `json:"message"` // a sentence for a person
}

// SortFaults brings faults in the order in which they are shown: by name, one
// of a name once.
func SortFaults(all []Fault) []Fault {
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b Fault) bool { return a.Name == b.Name && a.Message == b.Message })
}
