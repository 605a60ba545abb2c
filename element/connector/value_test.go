package connector_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

const (
	double = `<Type>write</Type><Interprete><Type>double</Type></Interprete>`
	text   = `<Type>write</Type><Interprete><Type>string</Type></Interprete>`
)

func TestDecode(t *testing.T) {
	number := with(t, double+`<Display><Range><Low>-10</Low><High>10.5</High></Range><Steps>0.5</Steps><Units>dB</Units></Display><Measurement><Type>number</Type></Measurement>`)
	list := with(t, double+`<Measurement><Type>discreet</Type><Discreets><Discreet><Display>Off</Display><Value>0</Value></Discreet><Discreet><Display>On</Display><Value>1</Value></Discreet></Discreets></Measurement>`)
	short := with(t, text+`<Display><Range><Low>2</Low><High>4</High></Range></Display><Measurement><Type>string</Type></Measurement>`)
	def := parse(t, shipped())
	tests := []struct {
		p    *connector.Param
		raw  element.Value
		want element.Value
		err  string // part of the sentence
	}{
		{number, element.Number(2.5), element.Number(2.5), ""},
		{number, element.Text(" 2,5 "), element.Number(2.5), ""},
		{number, element.Text("-1e1"), element.Number(-10), ""},
		{number, element.Text("11"), element.Value{}, "-10 dB to 10.5 dB"},
		{number, element.Text("0.3"), element.Value{}, "steps of 0.5 dB"},
		{number, element.Text("NaN"), element.Value{}, "is a number"},
		{number, element.Text("0x10"), element.Value{}, "is a number"},
		{number, element.Text("1e999"), element.Value{}, "is a number"},
		{number, element.Text("1.000,5"), element.Value{}, "is a number"},
		{number, element.Value{}, element.Value{}, "needs a value"},
		{list, element.Text("on"), element.Number(1), ""},
		{list, element.Text("1.0"), element.Number(1), ""},
		{list, element.Number(0), element.Number(0), ""},
		{list, element.Number(2), element.Value{}, `"Off", "On"`},
		{short, element.Text("äöü"), element.Text("äöü"), ""},
		{short, element.Text("a"), element.Value{}, "at least 2"},
		{short, element.Text("abcde"), element.Value{}, "at most 4"},
		{short, element.Text("\xff\xfe"), element.Value{}, "UTF-8"},
		{param(t, def, 101), element.Text(strings.Repeat("x", connector.MaxText)), element.Text(strings.Repeat("x", connector.MaxText)), ""},
		{param(t, def, 101), element.Text(strings.Repeat("x", connector.MaxText+1)), element.Value{}, "1048576 bytes"},
		{param(t, def, 61), element.Text(""), element.Text(""), ""},
		{param(t, def, 61), element.Text(" ws://10.4.2.8:4601/x "), element.Text("ws://10.4.2.8:4601/x"), ""},
		{param(t, def, 61), element.Text("10.4.2.8:70000"), element.Value{}, "port"},
		{param(t, def, 51), element.Text("a b"), element.Value{}, "space"},
		{param(t, def, 51), element.Text("a\r\nX: y"), element.Value{}, "control character"},
		{param(t, def, 51), element.Text("ws://host:99999/x"), element.Value{}, "port"},
		{param(t, def, 51), element.Text("/x?y=1"), element.Text("/x?y=1"), ""},
		{param(t, def, 51), element.Text(""), element.Text(""), ""},
		{param(t, def, 16), element.Text("a\nb"), element.Value{}, "one line"},
		{param(t, def, 16), element.Text(""), element.Text(""), ""},
	}
	for _, tt := range tests {
		got, err := tt.p.Decode(tt.raw)
		switch {
		case tt.err == "" && (err != nil || got != tt.want):
			t.Errorf("%s %.20q: got %v, %v; want %v", tt.p.Name, tt.raw, got, err, tt.want)
		case tt.err != "" && (element.CodeOf(err) != element.Invalid || !strings.Contains(element.MessageOf(err), tt.err)):
			t.Errorf("%s %.20q: got error %v, want one with %q", tt.p.Name, tt.raw, err, tt.err)
		}
	}
}

// What an ordinary HTTP request is made of is checked like what a handshake is
// made of, by way of the write parameter and of copies too.
func TestDecodeOfRequests(t *testing.T) {
	xml := edit(t, shipped(), "</HTTP>", `<Session id="90"><Connection id="1"><Request verb="PUT" pid="901"><Headers><Header key="X-Name" pid="903"/></Headers><Data pid="905"/></Request></Connection></Session></HTTP>`)
	var params strings.Builder
	for id := 901; id <= 906; id++ {
		name, kind := fmt.Sprint("Request ", (id+1)/2), []string{"write", "read"}[id%2]
		fmt.Fprintf(&params, `<Param id="%d"><Name>%s</Name><Description>%s</Description><Type>%s</Type><Interprete><RawType>other</RawType><Type>string</Type></Interprete></Param>`, id, name, name, kind)
	}
	xml = edit(t, xml, "</Params>", params.String()+`<Param id="900"><Name>Other</Name><Description>Other</Description>`+text+`</Param></Params>`)
	xml = edit(t, xml, "</Triggers>", `<Trigger id="9"><On id="900">parameter</On><Time>change</Time><Type>action</Type><Content><Id>9</Id></Content></Trigger></Triggers>`)
	xml = edit(t, xml, "</Actions>", `<Action id="9"><On id="901">parameter</On><Type>copy</Type></Action></Actions>`)
	def := parse(t, xml)
	for _, tt := range []struct {
		id   element.ParamID
		text string
		err  string
	}{
		{902, "a b", "space"},
		{902, "a\tb", "control character"},
		{902, "ä", "ASCII"},
		{902, "http://h:99999/", "port"},
		{902, "ftp://cam/x", "ws://, wss://"},
		{902, "/a?b=ftp://cam/x", ""},
		{902, "/a?b=%20", ""},
		{902, "", ""},
		{902, strings.Repeat("x", connector.MaxFed+1), "65536 bytes"},
		{904, "a\nb", "one line"},
		{904, "a b", ""},
		{906, "a b\r\n\tä", ""},
		{906, strings.Repeat("x", connector.MaxFed+1), ""},
		{900, "a b", "space"},
	} {
		p := param(t, def, tt.id)
		if _, err := p.Decode(element.Text(tt.text)); (err == nil) != (tt.err == "") || !strings.Contains(element.MessageOf(err), tt.err) {
			t.Errorf("%d takes %.20q: %v, want %q", tt.id, tt.text, err, tt.err)
		}
		if p.Feeds.Any() {
			t.Errorf("%d: a request waits for no connect: %+v", tt.id, p.Feeds)
		}
	}
}

// A write parameter whose value is copied to one that feeds the path is
// checked like it.
func TestDecodeFollowsCopies(t *testing.T) {
	xml := edit(t, shipped(), "</Params>", `<Param id="900"><Name>Other</Name><Description>Other</Description>`+text+`</Param></Params>`)
	xml = edit(t, xml, "</Triggers>", `<Trigger id="9"><On id="900">parameter</On><Time>change</Time><Type>action</Type><Content><Id>9</Id></Content></Trigger></Triggers>`)
	xml = edit(t, xml, "</Actions>", `<Action id="9"><On id="50">parameter</On><Type>copy</Type></Action></Actions>`)
	if _, err := param(t, parse(t, xml), 900).Decode(element.Text("a b")); err == nil {
		t.Error("a space in a path was taken")
	}
}

func TestDisplay(t *testing.T) {
	decimals := with(t, double+`<Display><Decimals>2</Decimals></Display><Measurement><Type>number</Type></Measurement>`)
	date := with(t, double+`<Measurement><Type options="datetime">number</Type></Measurement>`)
	span := with(t, double+`<Measurement><Type options="time">number</Type></Measurement>`)
	secret := with(t, text+`<Measurement><Type options="password">string</Type></Measurement>`)
	exception := with(t, `<Type>read</Type><Interprete><Type>double</Type><Exceptions><Exception id="1" value="x"><Display>N/A</Display><Value>-1</Value></Exception></Exceptions></Interprete>`)
	state := param(t, parse(t, shipped()), 7)
	tests := []struct {
		p    *connector.Param
		v    element.Value
		want string
	}{
		{decimals, element.Number(1.005), "1.00"},
		{decimals, element.Number(-0.001), "0.00"},
		{decimals, element.Value{}, ""},
		{date, element.Number(45000.5), "2023-03-15 12:00:00"},
		{span, element.Number(90061), "1 d 01:01:01"},
		{secret, element.Text("hunter2"), "••••••••"},
		{exception, element.Number(-1), "N/A"},
		{state, element.Number(1), "Open"},
		{state, element.Number(7), "7"},
	}
	for _, tt := range tests {
		if got := tt.p.Display(tt.v); got != tt.want {
			t.Errorf("%s %v: got %q, want %q", tt.p.Name, tt.v, got, tt.want)
		}
	}
}
