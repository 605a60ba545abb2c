package connector_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/connector"
)

// shownParam is a connector with one parameter on show, with what a test adds to it.
func shownParam(measurement, more string) string {
	return `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params><Param id="1"><Name>a</Name><Type>write</Type>` + more +
		`<Display><RTDisplay>true</RTDisplay></Display><Measurement>` + measurement + `</Measurement></Param></Params></Protocol>`
}

// Buttons are labelled by their entries, and the end of a group box by nothing.
func TestDescriptionIsForLabels(t *testing.T) {
	entry := `<Discreets><Discreet><Display>Go</Display><Value>1</Value></Discreet></Discreets>`
	for measurement, want := range map[string]bool{
		`<Type>button</Type>` + entry:           false,
		`<Type>pagebutton</Type>` + entry:       false,
		`<Type options="end">title</Type>`:      false,
		`<Type options="begin">title</Type>`:    true,
		`<Type>string</Type>`:                   true,
		`<Type>discreet</Type>` + entry + entry: true,
	} {
		found, _ := findings(t, shownParam(measurement, ""))
		if hasID(found, "2.14.4") != want {
			t.Errorf("%s: 2.14.4 is %v, want %v", measurement, !want, want)
		}
	}
}

// A header value may be wrapped in the file; it is sent as one line.
func TestWrappedHeader(t *testing.T) {
	def := parse(t, "<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><HTTP><Session id=\"1\"><Connection id=\"1\"><Request><Headers>"+
		"<Header key=\"Accept\">text/html,\r\n\t\t\ttext/plain</Header></Headers></Request></Connection></Session></HTTP></Protocol>")
	h := def.Sessions[0].Exchanges[0].Headers
	if len(h) != 1 || h[0].Value.Literal != "text/html, text/plain" || element.CheckHeaderValue(h[0].Value.Literal) != nil {
		t.Errorf("headers are %+v", h)
	}
}

// Type@id and ColumnOption may each name some of the columns.
func TestColumnsInTwoPlaces(t *testing.T) {
	column := `<Name>c</Name><Type>read</Type></Param>`
	def := parse(t, `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params>
<Param id="100"><Name>T</Name><Type id="101;102;103">array</Type><ArrayOptions index="0"><ColumnOption idx="3" pid="104" type="custom"/>
<ColumnOption idx="1" pid="102" type="retrieved" options=";save"/></ArrayOptions></Param>
<Param id="101">`+column+`<Param id="102">`+strings.Replace(column, ">c<", ">d<", 1)+`<Param id="103">`+strings.Replace(column, ">c<", ">e<", 1)+
		`<Param id="104">`+strings.Replace(column, ">c<", ">f<", 1)+`</Params></Protocol>`)
	want := []connector.Column{
		{Idx: 0, Param: 101, Type: "retrieved"},
		{Idx: 1, Param: 102, Type: "retrieved", Saved: true},
		{Idx: 2, Param: 103, Type: "retrieved"},
		{Idx: 3, Param: 104, Type: "custom"},
	}
	if diff := cmp.Diff(want, param(t, def, 100).Table.Columns); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if hasID(def.Findings, "2.46.4") || hasID(def.Findings, "2.62.5") {
		t.Errorf("findings are %v", def.Findings)
	}
}

// A list without entries shows its value; it does not take its table with it.
func TestDiscreetWithoutEntries(t *testing.T) {
	def := parse(t, `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params>
<Param id="100"><Name>T</Name><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="101"/></ArrayOptions></Param>
<Param id="101"><Name>c</Name><Type>read</Type><Interprete><Type>double</Type></Interprete><Measurement><Type>discreet</Type></Measurement></Param>
<Param id="2"><Name>b</Name><Type>write</Type><Measurement><Type>button</Type></Measurement></Param></Params></Protocol>`)
	if p := param(t, def, 101); p.Measurement != element.MeasureNumber || !hasID(def.Findings, "2.51.1") {
		t.Errorf("it is shown as %q: %v", p.Measurement, def.Findings)
	}
	if len(param(t, def, 100).Table.Columns) != 1 || def.Param(2) != nil {
		t.Errorf("the table has no column, or a button without words is there")
	}
}
