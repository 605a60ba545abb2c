package present

import (
	"testing"

	"fieldline/element"
)

func TestTint(t *testing.T) {
	for color, want := range map[string]int{"#ff0000": 30, "#00ff00": 135, "#0000ff": 270, "#ffff00": 105, "#ef71b2": 345, "#800000": 30} {
		if hue, ok := tint(color); !ok || hue != want {
			t.Errorf("tint(%s) = %d %v, want %d", color, hue, ok, want)
		}
	}
	for _, color := range []string{"", "#000000", "#ffffff", "#808080", "red", "#12345g"} {
		if hue, ok := tint(color); ok {
			t.Errorf("tint(%q) = %d, want none", color, hue)
		}
	}
}

func TestTintOfRows(t *testing.T) {
	i := element.ParamInfo{ID: 2, ColorsRows: true, Discreets: []element.Discreet{{Value: "0", Color: "#ff0000"}, {Value: "1"}, {Value: "2", Color: "#777777"}}}
	for v, want := range map[element.Value]string{element.Number(0): "30", element.Text("0"): "30", element.Number(1): "", element.Number(2): "", {}: ""} {
		if got := CellOf(Twins{Read: i}, element.Cell{Value: v}, true).Tint; got != want {
			t.Errorf("the tint of %v is %q, want %q", v, got, want)
		}
	}
	if got := CellOf(Twins{Read: i}, element.Cell{}, false).Tint; got != "" {
		t.Errorf("a row without the cell has the tint %q", got)
	}
	if grey := (element.ParamInfo{ColorsRows: true, Discreets: i.Discreets[1:]}); !Colours(i) || Colours(grey) {
		t.Error("a column colours rows when one of its entries has a hue")
	}
}
