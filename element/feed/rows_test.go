package feed

import (
	"testing"

	"fieldline/element"
)

// Of a row only the newest state is kept, whether it is there or gone, and
// rows that are gone are forgotten in the end.
func TestRowsAreKeptByKey(t *testing.T) {
	h := New("e", Limits{Tombstones: 1})
	start := h.Publish("x", nil)
	row := func(key, name string) element.Update {
		return element.Update{Patch: &element.Patch{Row: &element.TableRow{Table: 1, Row: element.Row{Key: key, Display: name}}}}
	}
	gone := func(key string) element.Update {
		return element.Update{Patch: &element.Patch{RowRemoved: &element.RowKey{Table: 1, Key: key}}}
	}
	h.Publish("x", []element.Update{row("a", "1"), row("b", "1"), row("a", "2"), gone("b")})
	b, _, err := h.streams["x"].next(start, "e")
	if err != nil || b.Reset || len(b.Patches) != 2 || b.Patches[0].Row == nil || b.Patches[0].Row.Display != "2" || b.Patches[1].RowRemoved == nil {
		t.Fatalf("%+v, %v", b, err)
	}
	h.Publish("x", []element.Update{row("b", "back"), gone("a"), gone("b")})
	if b, _, _ := h.streams["x"].next(start, "e"); !b.Reset {
		t.Errorf("a reader that missed a removal goes on: %+v", b)
	}
	if b, _, _ := h.streams["x"].next(h.Cursor("x"), "e"); b.Reset || len(b.Patches) != 0 {
		t.Errorf("%+v", b)
	}
}
