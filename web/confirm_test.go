package web

import (
	"testing"

	"fieldline/element"
)

// TestQuestionIsAskedHoweverTheValueIsWritten: what sets an entry of a list is
// asked about as that entry, in every spelling that sets it.
func TestQuestionIsAskedHoweverTheValueIsWritten(t *testing.T) {
	list := []element.Discreet{{Value: "0", Display: "Run"}, {Value: "1", Display: "Erase", Confirm: "Erase all?"}}
	v := element.View{Infos: map[element.ParamID]element.ParamInfo{
		10: {ID: 10, IsNumber: true, WriteID: 11}, 11: {ID: 11, IsNumber: true, Discreets: list},
		21: {ID: 21, Discreets: list, Confirm: "Sure?"},
	}}
	for _, c := range []struct {
		parameter element.ParamID
		value     element.Value
		want      string
	}{
		{10, element.Text("1"), "Erase all?"},
		{11, element.Number(1), "Erase all?"},
		{11, element.Text(" 1 "), "Erase all?"},
		{11, element.Text("1.0"), "Erase all?"},
		{11, element.Text("1,0"), "Erase all?"},
		{11, element.Text("01"), "Erase all?"},
		{11, element.Text("1e0"), "Erase all?"},
		{11, element.Text(" erase"), "Erase all?"},
		{11, element.Text("0"), ""},
		{11, element.Text("10"), ""},
		{21, element.Text(" 1"), "Erase all?"},
		{21, element.Text("1.0"), "Sure?"}, // a text: another value
		{21, element.Text("0"), "Sure?"},
	} {
		if got := questionOf(v, c.parameter, c.value); got != c.want {
			t.Errorf("%d set to %q: asked %q, want %q", c.parameter, c.value, got, c.want)
		}
	}
}
