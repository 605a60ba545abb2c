package runner

import (
	"errors"
	"testing"
	"testing/synctest"

	"fieldline/element"
	"fieldline/element/connector"
)

// TestQuestionIsAskedHoweverTheValueIsWritten: what sets an entry of a list is
// asked about as that entry, in every spelling that sets it.
func TestQuestionIsAskedHoweverTheValueIsWritten(t *testing.T) {
	list := []element.Discreet{{Value: "0", Display: "Run"}, {Value: "1", Display: "Erase", Confirm: "Erase all?"}}
	number, text := new(connector.Param), new(connector.Param)
	number.IsNumber, number.Discreets = true, list
	text.Discreets, text.Confirm = list, "Sure?"
	for _, c := range []struct {
		param *connector.Param
		value element.Value
		want  string
	}{
		{number, element.Number(1), "Erase all?"},
		{number, element.Text(" 1 "), "Erase all?"},
		{number, element.Text("1.0"), "Erase all?"},
		{number, element.Text("1,0"), "Erase all?"},
		{number, element.Text("01"), "Erase all?"},
		{number, element.Text("1e0"), "Erase all?"},
		{number, element.Text(" erase"), "Erase all?"},
		{number, element.Text("0"), ""},
		{number, element.Text("10"), ""},
		{text, element.Text(" 1"), "Erase all?"},
		{text, element.Text("1.0"), "Sure?"}, // a text: another value
		{text, element.Text("0"), "Sure?"},
	} {
		if got := questionOf(c.param, c.value); got != c.want {
			t.Errorf("a number: %t, set to %q: asked %q, want %q", c.param.IsNumber, c.value, got, c.want)
		}
	}
}

// askingConnector asks before its parameter is set to one of two entries.
const askingConnector = `<Protocol><Name>Asking</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="Events"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="10"><Name>Mode</Name><Description>Mode</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="11" setter="true"><Name>Mode</Name><Description>Mode</Description><Type>write</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete>
<Measurement><Type>discreet</Type><Discreets><Discreet><Display>Run</Display><Value>0</Value></Discreet><Discreet><Display>Erase</Display><Value>1</Value></Discreet></Discreets></Measurement><Message>Change the mode?</Message></Param>
</Params></Protocol>`

// TestSetAsksAndAnswersWithTheView: a write that is asked about changes nothing
// until it is confirmed; what cannot be set is refused and not asked about, and
// the view of the same turn shows what became of it.
func TestSetAsksAndAnswersWithTheView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition, err := connector.Parse([]byte(askingConnector))
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
		w.start()
		id := w.create(func(d *element.Draft) { d.Connector = new("Asking"); d.Version = nil })
		for _, c := range []struct {
			raw       element.Value
			confirmed bool
			asks      string
			code      element.Code
			shown     string
		}{
			{element.Text("Erase"), false, "Change the mode?", element.Conflict, ""},
			{element.Text("Explode"), false, "", element.Invalid, ""},
			{element.Value{}, true, "", element.Invalid, ""},
			{element.Text("Erase"), true, "", "", "1"},
		} {
			result, err := w.fleet.Set(t.Context(), id, element.SetRequest{
				Target: element.Target{Parameter: 10}, Raw: c.raw, Confirmed: c.confirmed, By: "tester", WithView: true,
			})
			ask, asked := errors.AsType[*element.NeedsConfirmation](err)
			if asked != (c.asks != "") || asked && ask.Question != c.asks || element.CodeOf(err) != c.code {
				t.Errorf("%q, confirmed %t: %v", c.raw, c.confirmed, err)
			}
			if (result.ID != "") != (err == nil) || result.View == nil || result.View.Of(10).Value.String() != c.shown {
				t.Errorf("%q, confirmed %t: write %+v", c.raw, c.confirmed, result)
			}
		}
	})
}
