package connector_test

import (
	"testing"

	"fieldline/element"
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
