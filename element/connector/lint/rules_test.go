package lint_test

import (
	"slices"
	"strings"
	"testing"
)

// The second header, a session and so on that rules need.
const (
	param8   = `<Param id="8"><Name>Path</Name><Description>Path</Description><Type>read</Type><Interprete><Type>string</Type></Interprete></Param>`
	http2    = `<Connection id="2" name="Second"><Http/></Connection></Connections>`
	number50 = `<LengthType>next param</LengthType><Type>double</Type><DefaultValue>5</DefaultValue>`
)

// Each rule: the change to the shipped connector that breaks it. Without the
// change the connector does not break the rule, which the test checks too.
func TestRules(t *testing.T) {
	tests := slices.Concat(shippedOwn(), shippedProtocol(), shippedParam(), shippedLogic())
	before, _ := findings(t, shipped())
	for _, tt := range tests {
		xml := shipped()
		switch tt.id {
		case "WS-17":
			xml = edit(t, xml, `<Command>1</Command>`, `<Command>1</Command><Response>2</Response>`)
		case "WS-10":
			xml = edit(t, xml, `</Connections>
	<HTTP>`, http2+`<HTTP>`)
			xml = edit(t, xml, `<Http/>`, `<Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http>`)
		case "1.1.1":
			xml = edit(t, xml, `<Protocol xmlns`, `<Protocoll xmlns`)
		case "2.37.9":
			xml = edit(t, xml, "<Subtext>Sends the message above to the device. Nothing is sent while the connection is closed.</Subtext>\n\t\t\t</Information>\n\t\t\t<Type>write</Type>",
				"</Information><Type>read</Type>")
			xml = strings.Replace(xml, "<Information>\n\t\t\t\t</Information>", "", 1)
		}
		xml = edit(t, xml, tt.old, tt.with)
		after, refused := findings(t, xml)
		if !hasID(after, tt.id) {
			t.Errorf("%s is not reported for %.60q; found %v", tt.id, tt.with, after)
		}
		if tt.id != "WS-21" && hasID(before, tt.id) {
			t.Errorf("%s is reported for the shipped connector", tt.id)
		}
		if refused != tt.refused {
			t.Errorf("%s: refused is %v: %v", tt.id, refused, after)
		}
		for _, f := range after {
			if f.Line < 1 || f.Column < 1 || f.Message == "" || f.Severity == "" {
				t.Errorf("%s: incomplete finding %+v", tt.id, f)
			}
		}
	}
}

func shippedOwn() []breach {
	return []breach{
		{"WS-01", `<WebSocketHandshake>25<`, `<WebSocketHandshake>26<`, true},
		{"WS-02", `</Connection>
		</Session>`, `</Connection><Connection id="2"><Request/></Connection></Session>`, true},
		{"WS-03", `verb="GET"`, `verb="POST"`, true},
		{"WS-04", `url="50"`, `url="55"`, true},
		{"WS-05", `url="50"`, `url="/events"`, false},
		{"WS-06", `pid="15"></Header>`, `pid="15"/><Header key="Upgrade" pid="15"/>`, false},
		{"WS-06", ` pid="15"></Header>`, `>inline</Header>`, false},
		{"WS-07", "<LengthType>next param</LengthType>\n\t\t\t\t<Type>string</Type>\n\t\t\t\t<DefaultValue>x-nmos/events/ws</DefaultValue>", number50, false},
		{"WS-08", `<Connections>7<`, `<Connections>77<`, false},
		{"WS-09", `<Display>Open</Display><Value>1<`, `<Display>Open</Display><Value>2<`, false},
		{"WS-10", `dynamic ip 1`, `dynamic ip`, false},
		{"WS-11", `<Param id="60" trending="false" save="true">`, `<Param id="60">`, false},
		{"WS-12", ` options="dynamic ip 1"`, ``, false},
		{"WS-13", `<On id="each">command</On>`, `<On>parameter</On>`, false},
		{"WS-14", "<On>response</On>\n\t\t\t<Type>read</Type>", `<On>response</On><Type>clear</Type>`, false},
		{"WS-15", `<WebSocket>true<`, `<WebSocket>false<`, false},
		{"WS-16", `options="Connection:1"`, `options="Connection:4"`, false},
		{"WS-17", `</Responses>`, `<Response id="2"><Name>x</Name><Content><Param>270</Param></Content></Response></Responses>`, false},
		{"WS-18", `<WebSocketMessageType>text</WebSocketMessageType>`, ``, false},
		{"WS-19", `<WebSocket>true<`, `<WebSocket>false<`, false},
		{"WS-20", "<On>response</On>\n\t\t\t<Type>clear</Type>", `<On>response</On><Type>read</Type>`, false},
		{"WS-21", `</Connections>
	<HTTP>`, `<Connection id="1" name="x"><Http/></Connection></Connections><HTTP>`, true},
		{"WS-22", `</Protocol>`, `<QActions><QAction id="1" encoding="csharp" triggers="50">x</QAction></QActions></Protocol>`, false},
		{"WS-23", `statusCode="220"`, `statusCode="221"`, false},
		{"FL-01", `<Header key`, `<Header KEY`, false},
		{"FL-03", `</Protocol>`, ``, true},
		{"FL-04", `<Protocol `, `<!DOCTYPE x [<!ENTITY a "b">]><Protocol `, true},
		{"FL-05", `<HTTP>`, strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70) + `<HTTP>`, true},
		{"FL-07", `<DefaultValue>8050<`, `<DefaultValue>80500<`, false},
		{"FL-08", `<WebSocket>true<`, `<WebSocket>yes<`, false},
		{"FL-10", `</Connections>
	<HTTP>`, `<Connection id="3" name="x"><Serial/></Connection></Connections><HTTP>`, false},
		{"FL-12", `verb="GET"`, `verb="G3T"`, false},
		{"FL-18", `>text</WebSocketMessageType>`, `>json</WebSocketMessageType>`, false},
		{"FL-26", "<On>response</On>\n\t\t\t<Type>clear</Type>", `<On>response</On><Type>stuffing</Type>`, false},
		{"FL-28", `url="50"`, `url="ws://a_b:99999/"`, true},
		{"FL-28", `url="50"`, `url="/a b"`, false},
		{"FL-28", `url="50"`, `url="ftp://cam/x"`, true},
	}
}

func shippedProtocol() []breach {
	return []breach{
		{"1.1.1", `</Protocol>`, `</Protocoll>`, true},
		{"1.2.1", `<Name>Generic WebSocket</Name>`, ``, true},
		{"1.2.2", `<Name>Generic WebSocket</Name>`, `<Name> </Name>`, true},
		{"1.2.4", `<Name>Generic WebSocket<`, `<Name>Generic/WebSocket<`, false},
		{"1.2.5", `<Name>Generic WebSocket<`, `<Name>Production WebSocket<`, false},
		{"1.6.1", `<Version>1.0.0.1</Version>`, ``, true},
		{"1.18.1", `encoding="utf-8"`, `encoding="iso-8859-1"`, false},
		{"1.21.1", ` defaultPage="General"`, ``, false},
		{"1.21.3", `defaultPage="General"`, `defaultPage="Generel"`, false},
		{"1.22.1", `pageOrder="General;Connection" `, ``, false},
		{"1.22.8", `General;Connection`, `General;Connection;Other`, false},
		{"1.22.9", `General;Connection`, `General;Connection;general`, false},
		{"1.22.11", `General;Connection`, `General;Connection;Web#http://[id:999]/`, false},
		{"1.23.6", `<Connections>`, `<Type>http</Type><Connections>`, false},
		{"1.23.7", `<WebSocket>true<`, `<WebSocket>false<`, false},
		{"8.1.2", `pid="15"></Header>`, `pid="15"/><Header key="sec-websocket-extensions" pid="15"/>`, false},
	}
}

func shippedParam() []breach {
	return []breach{
		{"2.1.3", `<Param id="270"`, `<Param id="27O"`, false},
		{"2.1.5", `<Param id="270"`, `<Param id="100000"`, false},
		{"2.1.11", `<Param id="270"`, `<Param id="220"`, true},
		{"2.2.1", `<Name>HandshakeContent</Name>`, ``, false},
		{"2.2.5", `<Name>HandshakeContent<`, `<Name>__Content<`, false},
		{"2.2.6", `<Name>HandshakeContent<`, `<Name>handshakestatus<`, false},
		{"2.2.7", `<Name>HandshakeContent<`, `<Name>Handshake Content<`, false},
		{"2.2.8", `<Name>HandshakeContent<`, `<Name>2Content<`, false},
		{"2.13.6", `<Display>Open</Display><Value>1<`, `<Display>Closed</Display><Value>1<`, false},
		{"2.14.4", `<Description>Handshake Content</Description>`, ``, false},
		{"2.37.9", `<Type>write</Type>`, `<Type>write</Type>`, false},
		{"2.37.11", `<Type lines="8">string<`, `<Type lines="8">strong<`, false},
		{"2.61.4", `<Type options="dynamic ip 1">read<`, `<Type options="dynamic ip 1">reed<`, false},
		{"2.68.3", `<DefaultValue>0<`, `<DefaultValue>none<`, false},
	}
}

func shippedLogic() []breach {
	return []breach{
		{"4.4.1", `<Pair>1</Pair>`, `<Pair>2</Pair>`, false},
		{"4.9.1", "<Type>poll</Type>", `<Type>poll</Type><Condition>id:7 = 1</Condition>`, false},
		{"4.9.2", "<Type>poll</Type>", `<Type>poll</Type><Condition>id:8 == 1</Condition>`, false},
		{"4.10.1", "<Type>poll</Type>", `<Type>action</Type>`, false},
		{"4.10.2", `<Pair>1</Pair>`, `<Pair>1</Pair><Session>25</Session>`, false},
		{"5.1.6", `<On id="102">`, `<On id="999">`, false},
		{"5.6.1", "<Time>change</Time>", `<Time>succeeded</Time>`, false},
		{"5.10.5", `<Id>5</Id>`, `<Id>55</Id>`, false},
		{"6.3.5", `<On id="1">group<`, `<On id="9">group<`, false},
		{"6.7.1", `<Type>execute<`, `<Type>sleep<`, false},
		{"7.5.2", `</Protocol>`, `<Timers><Timer id="1"><Time>1000</Time><Content><Group>9</Group></Content></Timer></Timers></Protocol>`, false},
		{"9.4.5", `<Command>1</Command>`, `<Command>2</Command>`, false},
		{"10.3.1", `<Param>100</Param>`, `<Param>103</Param>`, false},
		{"11.3.1", `<Param>200</Param>`, `<Param>203</Param>`, false},
	}
}
