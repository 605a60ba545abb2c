package connectortest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element/connector/connectortest"
)

const interprete = `<Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>`

// TestXML: each line is one line of XML.
func TestXML(t *testing.T) {
	tests := []struct{ name, shorthand, xml string }{
		{
			"connection", `connection 1 "D" websocket timeout=1000 status=7 make`,
			`<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket><NotifyConnectionPIDs><Connections>7</Connections></NotifyConnectionPIDs><MakeCommandByProtocol>true</MakeCommandByProtocol></CommunicationOptions><UserSettings><TimeoutTime><DefaultValue>1000</DefaultValue></TimeoutTime></UserSettings></Http></Connection></Connections>`,
		},
		{
			"string", `param 10 read string "Log" save`,
			`<Params><Param id="10" save="true"><Name>Log</Name><Description>Log</Description><Type>read</Type>` + interprete + `</Param></Params>`,
		},
		{
			"number of two bytes", `param 10 read number "N" "A & B" raw="unsigned number" length=2 Display/Units=dB`,
			`<Params><Param id="10"><Name>N</Name><Description>A &amp; B</Description><Type>read</Type><Interprete><RawType>unsigned number</RawType><LengthType>fixed</LengthType><Type>double</Type><Length>2</Length></Interprete><Display><Units>dB</Units></Display></Param></Params>`,
		},
		{
			"fixed", `param 10 fixed string "F" value="é\n"`,
			`<Params><Param id="10"><Name>F</Name><Description>F</Description><Type>fixed</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Type>string</Type><Length>3</Length><Value>é&#xA;</Value></Interprete></Param></Params>`,
		},
		{
			"table", `param 100 array "T" column=101 column=102::;save column=103:state`,
			`<Params><Param id="100"><Name>T</Name><Description>T</Description><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="101" type="retrieved"></ColumnOption><ColumnOption idx="1" pid="102" type="retrieved" options=";save"></ColumnOption><ColumnOption idx="2" pid="103" type="state"></ColumnOption></ArrayOptions></Param></Params>`,
		},
		{
			"sections", "command 1 text 12\ncommand 2 12 13\n\nresponse 1 10 Name=R",
			`<Commands><Command id="1"><Name>c1</Name><WebSocketMessageType>text</WebSocketMessageType><Content><Param>12</Param></Content></Command>` + "\n" +
				`<Command id="2"><Name>c2</Name><Content><Param>12</Param><Param>13</Param></Content></Command>` + "\n\n" +
				`</Commands><Responses><Response id="1"><Name>R</Name><Content><Param>10</Param></Content></Response></Responses>`,
		},
		{
			"pair", `pair 1 command 2 response 3 4 @ping=true`,
			`<Pairs><Pair id="1" ping="true"><Name>p1</Name><Content><Command>2</Command><Response>3</Response><Response>4</Response></Content></Pair></Pairs>`,
		},
		{
			"groups", "group 1 session 2\ngroup 2 trigger trigger 3\n" + `group 3 "poll action" action 1 2`,
			`<Groups><Group id="1"><Name>g1</Name><Content><Session>2</Session></Content></Group>` + "\n" +
				`<Group id="2"><Name>g2</Name><Type>trigger</Type><Content><Trigger>3</Trigger></Content></Group>` + "\n" +
				`<Group id="3"><Name>g3</Name><Type>poll action</Type><Content><Action>1</Action><Action>2</Action></Content></Group></Groups>`,
		},
		{
			"timer", `timer 1 5000 group 1 2 Interval=0`,
			`<Timers><Timer id="1"><Name>t1</Name><Time>5000</Time><Content><Group>1</Group><Group>2</Group></Content><Interval>0</Interval></Timer></Timers>`,
		},
		{
			"triggers", `trigger 1 on parameter 11 change action 1 Time@value=5` + "\n" + `trigger 2 on command each before action 1 2` + "\ntrigger 3 trigger 1",
			`<Triggers><Trigger id="1"><Name>t1</Name><On id="11">parameter</On><Time value="5">change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger>` + "\n" +
				`<Trigger id="2"><Name>t2</Name><On id="each">command</On><Time>before</Time><Type>action</Type><Content><Id>1</Id><Id>2</Id></Content></Trigger>` + "\n" +
				`<Trigger id="3"><Name>t3</Name><Type>trigger</Type><Content><Id>1</Id></Content></Trigger></Triggers>`,
		},
		{
			"action", `action 1 on parameter 10;15 "copy reverse" Type@id=11`,
			`<Actions><Action id="1"><Name>a1</Name><On id="10;15">parameter</On><Type id="11">copy reverse</Type></Action></Actions>`,
		},
		{
			"XML among shorthand", "<Type>http</Type>\nparam 10 read string \"A\"\n<Param id=\"11\"/>\n<QActions>\nparam 1\n</QActions>\ncommand 1",
			"<Type>http</Type>\n<Params><Param id=\"10\"><Name>A</Name><Description>A</Description><Type>read</Type>" + interprete + "</Param>\n<Param id=\"11\"/>\n</Params><QActions>\nparam 1\n</QActions>\n<Commands><Command id=\"1\"><Name>c1</Name><Content></Content></Command></Commands>",
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := connectortest.XML(tc.shorthand)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.xml, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestMistakesAreNamed: what is no shorthand is said, with its line.
func TestMistakesAreNamed(t *testing.T) {
	for shorthand, want := range map[string]string{
		"\nparm 10":                           `line 2: there is no shorthand "parm"`,
		"param A read":                        "line 1: the item has no number",
		`param 10 read "A"`:                   "string or number",
		"param 10 read string A":              "a param has a name",
		`param 10 read string "A`:             "do not end",
		`param 10 read string "A" saved`:      `"saved" means nothing here`,
		`param 10 read string "A" lenght=3`:   `"lenght" is not a setting`,
		`connection 1 "D" telnet`:             "websocket or http",
		"connection 1 websocket":              "a connection has a name",
		"group 1 poll 3":                      "a group holds",
		"timer 1 5000 pair 1":                 "a timer has groups",
		"trigger 1 on parameter 10 change 10": "a trigger runs",
	} {
		if _, err := connectortest.XML(shorthand); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", shorthand, err, want)
		}
	}
}
