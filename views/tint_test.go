package views

import (
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/static"
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

// The style sheet has every tint that a row can have.
func TestEveryTintHasItsStyle(t *testing.T) {
	files := static.New()
	f, ok := files.Open(files.Path("css/tints.css"))
	if !ok {
		t.Fatal("css/tints.css is not embedded")
	}
	if n := strings.Count(string(f.Body), `tr[data-tint="`); n != 360/tintStep {
		t.Errorf("there are %d tints, want %d", n, 360/tintStep)
	}
}

func TestLineTint(t *testing.T) {
	r := row{
		infos: map[element.ParamID]element.ParamInfo{2: {ID: 2, ColorsRows: true, Discreets: []element.Discreet{
			{Value: "0", Color: "#ff0000"}, {Value: "1"}, {Value: "2", Color: "#777777"},
		}}},
		content: &element.Table{Columns: []element.TableColumn{{ID: 1}, {ID: 2}}},
	}
	column, tints := r.colouring()
	if column != 2 || tints != `{"0":30}` {
		t.Errorf("colouring = %d %s", column, tints)
	}
	for v, want := range map[element.Value]string{element.Number(0): "30", element.Text("0"): "30", element.Number(1): "", element.Number(2): "", {}: ""} {
		line := element.Row{Cells: map[element.ParamID]element.Cell{2: {Value: v}}}
		if got := r.lineTint(line, column); got != want {
			t.Errorf("the tint of %v is %q, want %q", v, got, want)
		}
	}
	if got := r.lineTint(element.Row{}, column); got != "" {
		t.Errorf("a row without the cell has the tint %q", got)
	}
}
