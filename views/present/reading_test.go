package present

import (
	"encoding/json"
	"strings"
	"testing"

	"fieldline/element"
)

func holding(v element.Value, display string) element.Parameter {
	return element.Parameter{ID: 1, Value: v, Display: display, Initialized: true}
}

// TestReadings compares readings as the socket says them.
func TestReadings(t *testing.T) {
	toggle := Twins{
		Read:  element.ParamInfo{ID: 1, WriteID: 2, Discreets: []element.Discreet{{Value: "0", Display: "Off"}, {Value: "1", Display: "On"}}},
		Write: element.ParamInfo{ID: 2, Measurement: element.MeasureToggleButton, Discreets: []element.Discreet{{Value: "0", Display: "Off"}, {Value: "1", Display: "On"}}},
	}
	clock := Twins{Read: element.ParamInfo{IsNumber: true}, Write: element.ParamInfo{IsNumber: true, Clock: element.ClockDateTime}}
	hex := Twins{Write: element.ParamInfo{IsNumber: true, Hex: true}}
	stale := holding(element.Number(0.0000001), "1e-07")
	stale.Stale, stale.Units = true, "dB"
	masked := holding(element.Value{}, "•••••")
	masked.Masked = true
	for _, tt := range []struct {
		name string
		of   Twins
		p    element.Parameter
		want string
	}{
		{"text", Twins{}, holding(element.Text("on"), "on"), `{"value":"on","text":"on"}`},
		{"number", Twins{}, stale, `{"value":1e-7,"raw":"1e-07","text":"1e-07","unit":"dB","stale":true}`},
		{"never set", Twins{}, element.Parameter{}, `{"value":null,"text":"not set yet","unset":true,"now":"empty"}`},
		{"nothing sets it", Twins{Read: element.ParamInfo{Unfilled: "C# does not run here"}}, element.Parameter{}, `{"value":null,"text":"stays empty: C# does not run here","unset":true,"now":"empty"}`},
		{"empty", Twins{}, holding(element.Text(""), ""), `{"value":"","text":"empty","empty":true}`},
		{"hidden characters", Twins{}, holding(element.Text("a\u202eb"), "a\u202eb"), `{"value":"a\u202eb","text":"a[U+202E]b"}`},
		{"link", Twins{}, holding(element.Text("http://h/"), "http://h/"), `{"value":"http://h/","text":"http://h/","link":"http://h/"}`},
		{"password", Twins{Read: element.ParamInfo{Password: true}}, masked, `{"value":null,"text":"•••••","now":"empty"}`},
		{"toggle", toggle, holding(element.Text("1"), "On"), `{"value":"1","text":"On","now":"1","pressed":"1"}`},
		{"exception of a toggle", toggle, holding(element.Text("1"), "No signal"), `{"value":"1","text":"No signal","now":"1"}`},
		{"moment", clock, holding(element.Number(1), "1899-12-31 00:00:00"), `{"value":1,"raw":"1","text":"1899-12-31 00:00:00","field":"1899-12-31T00:00:00","now":"1899-12-31T00:00:00"}`},
		{"hexadecimal", hex, holding(element.Number(31), "0x1F"), `{"value":31,"raw":"31","text":"0x1F","field":"0x1F"}`},
	} {
		b, err := json.Marshal(ReadingOf(tt.of, tt.p))
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(tt.want, `\u202e`, "\u202e")
		if string(b) != want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, b, want)
		}
	}
}

func TestLongReadingsAreCut(t *testing.T) {
	p := holding(element.Text(strings.Repeat("x", 9000)), strings.Repeat("x", 9000))
	whole, cut := ReadingOf(Twins{}, p), ReadingOf(Twins{}, p.Excerpt())
	if whole.Cut != "The first 4 KiB of 9.0 kB." || !whole.Long || len(whole.Text) != element.MaxExcerpt || len([]rune(whole.Now)) != maxNow {
		t.Errorf("%d characters, %q", len(whole.Text), whole.Cut)
	}
	if cut.Cut != whole.Cut || cut.Text != whole.Text {
		t.Error("what was cut before says something else")
	}
}
