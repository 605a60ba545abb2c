package library

import (
	"cmp"
	"strings"
)

// compareVersions orders versions: dotted numbers by their numbers ("1.0.0.10"
// is newer than "1.0.0.9", "1.0" equals "1.0.0"), other texts by their bytes
// and older than all numbers. Versions that are equal as numbers are ordered
// as texts, so that no two differ and are equal.
func compareVersions(a, b string) int {
	numericA, numericB := isNumeric(a), isNumeric(b)
	switch {
	case numericA && !numericB:
		return 1
	case numericB && !numericA:
		return -1
	case numericA:
		if c := compareNumbers(strings.Split(a, "."), strings.Split(b, ".")); c != 0 {
			return c
		}
	}
	return cmp.Compare(a, b)
}

func compareNumbers(a, b []string) int {
	for i := range max(len(a), len(b)) {
		x, y := part(a, i), part(b, i)
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
}

// part is the i-th number without leading zeros; "" is 0, as is a part that is
// not there.
func part(parts []string, i int) string {
	if i >= len(parts) {
		return ""
	}
	return strings.TrimLeft(parts[i], "0")
}

// isNumeric reports whether s is numbers with dots between them.
func isNumeric(s string) bool {
	for p := range strings.SplitSeq(s, ".") {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}
