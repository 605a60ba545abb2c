package present

import (
	"slices"
	"testing"

	"fieldline/element"
)

// TestOrder: numbers as numbers, also in texts, which stand before other texts;
// texts as people count; what is empty last.
func TestOrder(t *testing.T) {
	number := element.ParamInfo{IsNumber: true}
	for _, c := range []struct {
		info element.ParamInfo
		want []string
	}{
		{number, []string{"-1e21", "-100", "-3", "-0.5", "0", "0.25", "1", "1.5", "9", "10", "1e300", ""}},
		{element.ParamInfo{}, []string{"-2e1", "-12,5", "-6", "4", "a", "A 7", "in 2", "in 10", "in 10 b", "in 100", "inner", "x", ""}},
	} {
		var orders []string
		for _, text := range c.want {
			cell := element.Cell{Display: text, Value: element.Text(text)}
			orders = append(orders, CellOf(Twins{Read: c.info}, cell, true).Order)
		}
		if !slices.IsSorted(orders) || len(slices.Compact(orders)) != len(c.want) {
			t.Errorf("%q are sorted by %q", c.want, orders)
		}
	}
	same := func(a, b string) bool {
		x, y := element.Cell{Display: a}, element.Cell{Display: b}
		return CellOf(Twins{}, x, true).Order == CellOf(Twins{}, y, true).Order
	}
	if !same("in 02", "IN 2") || !same("0", "-0") || same("in 2", "in 20") {
		t.Error("what is alike has another place, or what is not the same")
	}
}
