package connector

import (
	"cmp"
	"strconv"
)

// Item names an item of the file: "parameter" 50, "session" 25.
type Item struct {
	Kind string
	ID   int
}

// String writes the item as sentences name it: parameter 50.
func (i Item) String() string { return i.Kind + " " + strconv.Itoa(i.ID) }

// compareItems orders items by kind and id.
func compareItems(a, b Item) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.ID-b.ID) }
