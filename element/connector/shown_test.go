package connector_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
)

// number is a numeric parameter with what stands in its Display and the
// attributes of its Measurement/Type.
func number(display, measure string) string {
	return `<Type>read</Type><Interprete><Type>double</Type><Exceptions><Exception id="1" value="x"><Display>Off</Display><Value>-1</Value></Exception></Exceptions></Interprete>` +
		`<Display><RTDisplay>true</RTDisplay>` + display + `</Display><Measurement><Type ` + measure + `>number</Type></Measurement>`
}

// Units follow the magnitude of a value (documentation page
// Display.DynamicUnits), data by itself.
func TestShown(t *testing.T) {
	const metres = `<Units>m</Units><DynamicUnits><Unit decimals="3">mm</Unit><Unit>cm</Unit><Unit>km</Unit></DynamicUnits><Decimals>2</Decimals>`
	for _, c := range []struct {
		display, measure string
		value            float64
		want             string
	}{
		{`<Units>dB</Units>`, "", 3.5, "3.5 dB"},
		{`<Units>B</Units>`, "", 0, "0 B"},
		{`<Units>B</Units>`, "", 512, "512 B"},
		{`<Units>B</Units>`, "", 1234567890, "1.23 GB"},
		{`<Units>B</Units>`, "", 1500000, "1.5 MB"},
		{`<Units>B</Units>`, "", 999_960, "1 MB"},
		{`<Units>B</Units><Decimals>0</Decimals>`, "", 1_320_000, "1.32 MB"},
		{`<Units>MB</Units>`, "", 0.25, "250 kB"},
		{`<Units>KiB</Units>`, "", 3072, "3 MiB"},
		{`<Units>bps</Units>`, "", -25_500_000, "-25.5 Mbps"},
		{`<Units>kbps</Units>`, "", 64, "64 kbps"},
		{metres, "", 0.0123456, "1.23 cm"},
		{metres, "", 0.0012345, "1.234 mm"},
		{metres, "", 4.2, "4.20 m"},
		{metres, "", 12345, "12.35 km"},
		{metres, "", -1, "Off"},
		{`<Units>dBm</Units><DynamicUnits><Unit>dBW</Unit></DynamicUnits>`, "", 1000, "1000 dBm"},
		{``, `hex="true"`, 31, "0x1F"},
		{``, `hex="true"`, -2, "-0x2"},
		{``, `hex="true"`, 1.5, "1.5"},
		{`<Decimals>3</Decimals>`, `scientificNotation="universal"`, 12345, "1.234E+004"},
		{`<Decimals>3</Decimals>`, `scientificNotation="scientific"`, 12345, "12.345E+003"},
		{``, `scientificNotation="scientific"`, 0.0002, "200E-006"},
		{`<Units>s</Units>`, `options="time"`, 90, "00:01:30"},
		{``, `options="datetime:minute"`, 46348.5848495370, "2026-11-22 14:02"},
		{``, `options="time:minute;timeofday"`, 842, "14:02:00"},
	} {
		t.Run(fmt.Sprint(c.display, c.measure, c.value), func(t *testing.T) {
			text, unit := with(t, number(c.display, c.measure)).Shown(element.Number(c.value))
			if unit != "" {
				text += " " + unit
			}
			if text != c.want {
				t.Errorf("shown as %q, want %q", text, c.want)
			}
		})
	}
}

func FuzzShown(f *testing.F) {
	f.Add(1e9, "kB", 2)
	f.Add(-0.5, "Mbps", 0)
	f.Fuzz(func(t *testing.T, v float64, unit string, decimals int) {
		if math.IsNaN(v) || math.IsInf(v, 0) || decimals < 0 || decimals > 15 {
			return
		}
		p := with(t, number(fmt.Sprintf(`<Units>B</Units><DynamicUnits><Unit decimals="%d">kB</Unit><Unit>MB</Unit></DynamicUnits>`, decimals), ""))
		if text, u := p.Shown(element.Number(v)); text == "" || u == "" && v != -1 {
			t.Errorf("%v is shown as %q %q", v, text, u)
		}
	})
}

// What is shown in hexadecimal digits, as a date or a duration is typed so too.
func TestDecodeReadsWhatIsShown(t *testing.T) {
	for _, c := range []struct {
		measure, text string
		want          element.Value
	}{
		{`hex="true"`, "0x1f", element.Number(31)},
		{`hex="true"`, "31", element.Number(31)},
		{`hex="true"`, "1f", element.Value{}},
		{`options="date"`, "2026-11-22", element.Number(46348)},
		{`options="date"`, "46348", element.Number(46348)},
		{`options="time:minute"`, "01:30:00", element.Number(90)},
		{`options="time"`, "1:30", element.Number(5400)},
		{`options="time"`, "soon", element.Value{}},
		{``, "0x1f", element.Value{}},
	} {
		got, err := with(t, number("", c.measure)).Decode(element.Text(c.text))
		if got != c.want || (err == nil) != c.want.IsSet() {
			t.Errorf("%s %q: %v, %v; want %v", c.measure, c.text, got, err, c.want)
		}
	}
}

// Entries that a list does not offer now are refused.
func TestDecodeNow(t *testing.T) {
	closed := with(t, `<Type>write</Type><Interprete><Type>string</Type></Interprete><Measurement><Type>discreet</Type><Discreets dependencyId="7">
<Discreet dependencyValues="Auto;Manual"><Display>One</Display><Value>1</Value></Discreet>
<Discreet dependencyValues="Manual" options=";disabled=50,3,\empty"><Display>Two</Display><Value>2</Value></Discreet></Discreets></Measurement>`)
	list := with(t, `<Type>write</Type><Interprete><Type>string</Type></Interprete><Measurement><Type>discreet</Type><Discreets dependencyId="9"/></Measurement>`)
	combo := with(t, `<Type>write</Type><Interprete><Type>string</Type></Interprete><Measurement><Type>string</Type><Discreets dependencyId="9"/></Measurement>`)
	state := func(shown string, eight element.Value) element.Lookup {
		return func(id element.ParamID) element.Parameter {
			switch id {
			case 7:
				return element.Parameter{Display: shown}
			case 50:
				return element.Parameter{Value: eight}
			}
			return element.Parameter{Value: element.Text("A;B")}
		}
	}
	for _, c := range []struct {
		p interface {
			DecodeNow(element.Value, element.Lookup) (element.Value, error)
		}
		text string
		of   element.Lookup
		want string
	}{
		{closed, "1", state("Auto", element.Text("1")), "1"},
		{closed, "One", state("Manual", element.Text("1")), "1"},
		{closed, "2", state("Auto", element.Text("1")), `offers at the moment "One"`},
		{closed, "2", state("Manual", element.Text("1")), "2"},
		{closed, "2", state("Manual", element.Text("3")), `offers at the moment "One"`},
		{closed, "2", state("Manual", element.Value{}), `offers at the moment "One"`},
		{closed, "1", state("Off", element.Value{}), "offers nothing at the moment"},
		{closed, "9", state("Auto", element.Value{}), `is one of "One", "Two"`},
		{list, "B", state("", element.Value{}), "B"},
		{list, "C", state("", element.Value{}), `offers at the moment "A", "B"`},
		{combo, "C", state("", element.Value{}), "C"},
	} {
		got, err := c.p.DecodeNow(element.Text(c.text), c.of)
		text := got.String()
		if err != nil {
			text = element.MessageOf(err)
		}
		if text != c.want && text != "Extra "+c.want+"." {
			t.Errorf("%q: %q, want %q", c.text, text, c.want)
		}
	}
}

// What a connector says of a table's look and of its context menu (documentation
// pages Measurement.Type-options and UIComponentsCustomTableContextMenu).
func TestSheetAndMenu(t *testing.T) {
	def := parse(t, `<Protocol><Name>x</Name><Version>1</Version><Connections><Connection id="0" name="a"><Http/></Connection></Connections><Params>
<Param id="1000"><Name>Rows</Name><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="1001"/><ColumnOption idx="1" pid="1002"/></ArrayOptions>
 <Measurement><Type options="tab=columns:1001|0-1002|1-1003|2,lines:25,width:0-120,sort:STRING|DESC|1-INT,filter:true">table</Type></Measurement></Param>
<Param id="1001"><Name>key</Name><Type>read</Type></Param><Param id="1002"><Name>cell</Name><Type>read</Type></Param>
<Param id="1099"><Name>rows_ContextMenu</Name><Type>write</Type><Measurement><Type>discreet</Type><Discreets>
 <Discreet dependencyValues="1001;1002?:[value:1002]"><Display>Add...</Display><Value>add</Value></Discreet>
 <Discreet options="table:singleSelection;confirm:Sure? Really."><Display>Delete</Display><Value>delete</Value></Discreet>
 <Discreet options="separator"><Display>-</Display><Value>-1</Value></Discreet>
 <Discreet options="level:5;table:selection;script:Some Script|d1=[this element]|p1=1;p2=2"><Display>Run</Display><Value>run</Value></Discreet>
</Discreets></Measurement></Param></Params></Protocol>`)
	want := &element.Sheet{Lines: 25, Filter: true, Columns: []element.SheetColumn{
		{Param: 1001, Hidden: true, Sort: element.Sort{By: "string", Down: true, Priority: 1}}, {Param: 1002, Width: 120}, {Param: 1003},
	}}
	if diff := cmp.Diff(want, param(t, def, 1000).Sheet); diff != "" {
		t.Error(diff)
	}
	menu := []element.Discreet{
		{Value: "add", Display: "Add...", Prompts: []element.Prompt{{Param: 1001}, {Param: 1002, Optional: true, Default: "[value:1002]"}}},
		{Value: "delete", Display: "Delete", Confirm: "Sure? Really.", Rows: element.RowsOne},
		{Value: "-1", Display: "-", Separator: true},
		{Value: "run", Display: "Run", Level: 5, Rows: element.RowsSome, Script: true},
	}
	if diff := cmp.Diff(menu, param(t, def, 1099).Discreets); diff != "" || param(t, def, 1000).Menu != 1099 {
		t.Errorf("%s\nthe menu of the table is %d", diff, param(t, def, 1000).Menu)
	}
}
