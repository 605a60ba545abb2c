package lint_test

import (
	"slices"
	"strings"
	"testing"
)

// What comes close to breaking a rule and does not.
func TestNearMisses(t *testing.T) {
	tests := slices.Concat(nearProtocol(), nearParam(), nearLogic())
	for _, tt := range tests {
		found, refused := findings(t, edit(t, sound(t), tt.old, tt.with))
		if refused || hasID(found, tt.id) {
			t.Errorf("%s is found for %.100q (refused %v): %v", tt.id, tt.with, refused, found)
		}
	}
	for _, tt := range []struct{ id, old, with string }{
		{"WS-01", `<WebSocketHandshake>25<`, `<WebSocketHandshake> 25 <`},
		{"WS-03", `verb="GET"`, `verb="get"`},
		{"WS-03", `verb="GET"`, ``},
		{"WS-04", `url="50"`, `url=" 50 "`},
		{"WS-10", `dynamic ip 1`, `Dynamic IP 1`},
	} {
		found, refused := findings(t, edit(t, shipped(), tt.old, tt.with))
		if refused || hasID(found, tt.id) {
			t.Errorf("%s is found for %.60q (refused %v): %v", tt.id, tt.with, refused, found)
		}
	}
}

func nearProtocol() []breach {
	return []breach{
		{"1.2.4", `<Name>Sound<`, `<Name>My (1) - x_y &amp; z<`, false},
		{"1.2.5", `<Name>Sound<`, `<Name>My Production<`, false},
		{"1.18.1", `<Protocol>`, `<?xml version="1.0" encoding="UTF-8"?><Protocol>`, false},
		{"1.18.1", `<Protocol>`, `<?xml version="1.0"?><Protocol>`, false},
		{"1.21.3", `defaultPage="Main"`, `defaultPage="main"`, false},
		{"1.22.8", `pageOrder="Main"`, `pageOrder="MAIN"`, false},
		{"1.22.8", `pageOrder="Main"`, `pageOrder="Main;Web#http://[Polling IP]/"`, false},
		{"1.22.9", `pageOrder="Main"`, `pageOrder="Main;-----;-----"`, false},
		{"1.22.11", `pageOrder="Main"`, `pageOrder="Main;Web#http://[Polling IP]/[id:2]"`, false},
		{"1.22.12", `pageOrder="Main"`, `pageOrder="Main;Web#http://[id:2]/"`, false},
		{"1.23.3", `communicationOptions="">http</Type>`, `advanced="http;http">http</Type>`, false},
		{"1.24.1", `<On id="5">parameter</On><Type>increment`, `<On id="1">parameter</On><Type>increment`, false},
		{"8.1.2", `<Headers>`, `<Headers><Header key="Content-Typ">x</Header>`, false},
		{"8.3.1", `<Headers>`, `<Headers><Header key="X-My_Header~1">x</Header>`, false},
		{"8.4.1", `<Session id="1">`, `<Session id="1" password="secret">`, false},
		{"8.6.1", `<Session id="1">`, `<Session id="1" proxyServer="proxy:80">`, false},
	}
}

func nearParam() []breach {
	return []breach{
		{"2.1.5", `<Param id="9">`, `<Param id="63999">`, false},
		{"2.1.5", `<Param id="12">`, `<Param id="1000000">`, false},
		{"2.1.5", `<Param id="12">`, `<Param id="9989999">`, false},
		{"2.2.5", `<Name>count<`, `<Name>timeout_x<`, false},
		{"2.2.6", `<Name>level</Name><Description>Level</Description><Type>write`, `<Name>LEVEL</Name><Description>Level</Description><Type>write`, false},
		{"2.2.7", `<Name>count<`, `<Name>Count_1<`, false},
		{"2.2.8", `<Name>count<`, `<Name>c1<`, false},
		{"2.9.4", `<Units>dB</Units>`, `<Units>Mb/s</Units>`, false},
		{"2.9.4", `<Units>dB</Units>`, `<Units>deg C</Units>`, false},
		{"2.11.4", `<Low>0</Low><High>9</High></Range><Positions><Position><Page>Main</Page><Row>0</Row>`, `<Low>-9</Low><High>-1</High></Range><Positions><Position><Page>Main</Page><Row>0</Row>`, false},
		{"2.13.6", `<Discreet dependencyValues="12?"><Display>Add</Display><Value>1</Value></Discreet>`, `<Discreet dependencyValues="a"><Display>Add</Display><Value>1</Value></Discreet><Discreet dependencyValues="b"><Display>Add</Display><Value>2</Value></Discreet>`, false},
		{"2.14.6", `<Param id="9"><Name>count</Name>`, `<Param id="9"><Name>count</Name><Description>Level</Description>`, false},
		{"2.37.1", `<Measurement><Type>string</Type>`, `<Measurement><Type>discreet</Type><Discreets><Discreet><Display>On</Display><Value>1</Value></Discreet><Discreet><Display>Off</Display><Value>0</Value></Discreet></Discreets>`, false},
		{"2.37.11", `<Measurement><Type>string</Type>`, `<Measurement><Type>String</Type>`, false},
		{"2.40.2", `<Exception id="2" value="8">`, `<Exception id="3" value="8">`, false},
		{"2.61.4", `<Name>count</Name><Type>read</Type>`, `<Name>count</Name><Type>Read</Type>`, false},
		{"2.65.3", `options=";naming=/12"`, `options=";naming=/11,12"`, false},
		{"2.68.3", `<Length>2</Length><Type>double</Type>`, `<Length>2</Length><Type>double</Type><DefaultValue>-1.5e3</DefaultValue>`, false},
		{"2.70.1", `<Exception id="2" value="8">`, `<Exception id="2" value="0">`, false},
	}
}

func nearLogic() []breach {
	return []breach{
		{"3.2.4", `triggers="5"`, `triggers=" 5 ; 1 "`, false},
		{"3.2.5", `triggers="5"`, `triggers="1;2" options="group"`, false},
		{"4.10.2", `<Action>2</Action>`, `<Action>2</Action><Action>1</Action>`, false},
		{"4.10.4", `<Action>2</Action>`, strings.Repeat(`<Action>2</Action>`, 10), false},
		{"5.1.1", `</Triggers>`, `<Trigger id="9"><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.1.1", `</Triggers>`, `<Trigger id="9"><On>communication</On><Time>x</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.1.5", `</Triggers>`, `<Trigger id="9"><On id="EACH">response</On><Time>before</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.1.6", `</Triggers>`, `<Trigger id="9"><On id="each">parameter</On><Time>change</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.6.1", `</Triggers>`, `<Trigger id="9"><On>protocol</On><Time>link file change</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.6.1", `</Triggers>`, `<Trigger id="9"><On id="1">session</On><Time>timeout</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.6.1", `</Triggers>`, `<Trigger id="9"><On id="1">Pair</On><Time> Succeeded </Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.6.2", `</Triggers>`, `<Trigger id="9"><On id="9">parameter</On><Time>change</Time><Condition>id:1 == 1</Condition><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"6.5.4", `</Actions>`, `<Action id="9"><On id="1">timer</On><Type>restart timer</Type></Action></Actions>`, false},
		{"6.7.1", `</Actions>`, `<Action id="9"><On id="1">group</On><Type>Execute One Top</Type></Action></Actions>`, false},
		{"6.7.2", `</Actions>`, `<Action id="9"><On>command</On><Type>make</Type></Action><Action id="10"><On>response</On><Type>read</Type></Action></Actions>`, false},
		{"6.7.8", "</Triggers>\n<Actions>", `<Trigger id="9"><On id="1">pair</On><Time>succeeded</Time><Type>action</Type><Content><Id>9</Id></Content></Trigger></Triggers><Actions><Action id="9"><On nr="1">pair</On><Type id="9">timeout</Type></Action>`, false},
		{"7.1.3", `<Time>5000</Time>`, `<Time>5001</Time>`, false},
		{"7.1.4", `<Time>5000</Time>`, `<Time>loop</Time>`, false},
		{"7.1.5", `<Time>5000</Time>`, `<Time> 2073600000 </Time>`, false},
		{"7.1.7", `<Time>5000</Time>`, `<Time>1000</Time>`, false},
		{"7.1.8", `<Time>5000</Time>`, `<Time>8000</Time>`, false},
		{"7.5.5", `<Group id="2"><Content><Session connection="1">1</Session>`, `<Group id="2"><Type>poll action</Type><Content><Action>2</Action>`, false},
		{"9.2.1", `<On>response</On><Type>clear`, `<On id="1;2">response</On><Type>clear`, false},
		{"10.4.2", `<Command id="1">`, `<Command id="1" ascii="false">`, false},
	}
}
