package element_test

import (
	"encoding/json"
	"testing"

	"fieldline/element"
)

func TestRowsHaveKeysOfTheirOwn(t *testing.T) {
	row := element.Row{Key: "a/b", Display: "A", Cells: map[element.ParamID]element.Cell{1002: {Value: element.Number(1.5), Display: "1.5"}}}
	for _, c := range []struct {
		patch element.Patch
		want  string
	}{
		{element.Patch{Row: &element.TableRow{Table: 1000, Row: row}}, "t1000/a/b"},
		{element.Patch{RowRemoved: &element.RowKey{Table: 1000, Key: "a/b"}}, "t1000/a/b"},
		{element.Patch{Write: &element.Write{Parameter: 1052, Row: "a"}}, "w1052/a"},
		{element.Patch{Write: &element.Write{Parameter: 1052}}, "w1052"},
	} {
		if got := c.patch.Key(); got != c.want {
			t.Errorf("key is %q, want %q", got, c.want)
		}
	}
	b, err := json.Marshal(element.Patch{Row: &element.TableRow{Table: 1000, Row: row}, Seq: 3})
	want := `{"row":{"table":1000,"key":"a/b","display":"A","cells":{"1002":{"value":1.5,"display":"1.5"}}},"seq":3}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
}
