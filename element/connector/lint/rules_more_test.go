package lint_test

import (
	"slices"
	"strings"
	"testing"
)

func TestMoreRules(t *testing.T) {
	tests := slices.Concat(moreOwn(), moreProtocol(), moreParam(), moreLogic())
	before, refused := findings(t, sound(t))
	if refused {
		t.Fatalf("the connector without faults is refused: %v", before)
	}
	for _, tt := range tests {
		if hasID(before, tt.id) {
			t.Errorf("%s is found without cause: %v", tt.id, before)
		}
		after, refused := findings(t, edit(t, sound(t), tt.old, tt.with))
		if refused || !hasID(after, tt.id) {
			t.Errorf("%s is not found for %.60q (refused %v): %v", tt.id, tt.with, refused, after)
		}
	}
}

func moreOwn() []breach {
	return []breach{
		{"FL-13", `entryPoint="begin"`, `entryPoint="begin" inputParameters="99"`, false},
		{"FL-13", `pid="12" type="custom"`, `pid="12" type="custom" options=";foreignKey=99"`, false},
		{"FL-30", `<Session connection="1">`, `<Session connection="2">`, false},
		{"FL-31", `encoding="jscript"`, `encoding="csharp"`, false},
	}
}

func moreProtocol() []breach {
	return []breach{
		{"1.24.1", `<On id="5">parameter</On><Type>increment`, `<On id="9">parameter</On><Type>increment`, false},
		{"1.24.1", `<Action>2</Action>`, `<Action>1</Action>`, false},
		{"1.24.2", `<On id="5">parameter</On><Type>increment</Type>`, `<On id="9">parameter</On><Type>increment</Type><Condition>id:9 &lt; 5</Condition>`, false},
		{"1.26.2", `<Response>1</Response><Response>2</Response></Content></Pair>`, `</Content></Pair>`, false},
		{"1.26.3", `</Pairs>`, `<Pair id="2" ping="true"><Content><Command>1</Command><Response>1</Response></Content></Pair></Pairs>`, false},
		{"1.27.2", `overridePID="1"`, `overridePID=""`, false},
		{"1.27.4", `overridePID="1"`, `overridePID="99"`, false},
		{"1.27.5", `overridePID="1"`, `overridePID="9"`, false},
		{"8.1.1", `<Header key="Content-Type">text/plain</Header>`, ``, false},
		{"8.3.5", `verb="POST"`, `verb="GET"`, false},
		{"8.3.6", `<Headers>`, `<Headers><Header key="User-Agent">x</Header>`, false},
		{"8.3.7", `<Headers>`, `<Headers><Header key="Content-Length">5</Header>`, false},
	}
}

func moreParam() []breach {
	return []breach{
		{"2.5.1", `<CH>5</CH>`, ``, false},
		{"2.7.4", `<Description>Cell</Description><Type>read</Type><Display><RTDisplay>true`, `<Description>Cell</Description><Type>read</Type><Display><RTDisplay>false`, false},
		{"2.7.5", `<Param id="9"><Name>count</Name><Type>read</Type>`, `<Param id="9" trending="false"><Name>count</Name><Type>read</Type><Display><RTDisplay>true</RTDisplay></Display>`, false},
		{"2.8.4", `<Param id="9">`, `<Param id="9" trending="true">`, false},
		{"2.9.5", `<Description>Mode</Description><Type>read</Type>`, `<Description>Mode</Description><Type>read</Type><Display><Units>s</Units></Display>`, false},
		{"2.9.7", `<Units>dB</Units>`, ``, false},
		{"2.11.1", `<Range><Low>0</Low><High>9</High></Range>`, ``, false},
		{"2.14.6", `<Description>Mode</Description>`, `<Description>Level</Description>`, false},
		{"2.22.2", `<Page>Main</Page>`, ``, false},
		{"2.22.3", `<Page>Main</Page>`, `<Page/>`, false},
		{"2.22.5", `</Position>`, `</Position><Position><Page>main</Page><Row>9</Row><Column>0</Column></Position>`, false},
		{"2.24.2", `<Monitored disabledIf="2,1">true</Monitored>`, ``, false},
		{"2.24.3", `<Monitored disabledIf="2,1">true</Monitored>`, `<Monitored/>`, false},
		{"2.24.4", `>true</Monitored>`, `>yes</Monitored>`, false},
		{"2.24.6", `<Name>count</Name><Type>read</Type>`, `<Name>count</Name><Type>read</Type><Alarm><Monitored>true</Monitored><CH>1</CH></Alarm>`, false},
		{"2.32.7", `<Low>0</Low>`, `<Low>1</Low>`, false},
		{"2.33.7", `<High>9</High>`, `<High>8</High>`, false},
		{"2.40.2", `<Display>None</Display><Value>9`, `<Value>9`, false},
		{"2.40.5", `<Display>Off</Display><Value>8`, `<Display>None</Display><Value>8`, false},
		{"2.43.1", `<Row>1</Row>`, ``, false},
		{"2.43.2", `<Row>1</Row>`, `<Row/>`, false},
		{"2.43.3", `<Row>1</Row>`, `<Row>one</Row>`, false},
		{"2.44.1", `<Column>0</Column>`, ``, false},
		{"2.44.2", `<Column>0</Column>`, `<Column/>`, false},
		{"2.44.3", `<Column>0</Column>`, `<Column>-1</Column>`, false},
		{"2.44.5", `<Column>0</Column>`, `<Column>2</Column>`, false},
		{"2.46.1", ` index="0"`, ``, false},
		{"2.46.2", ` index="0"`, ` index=""`, false},
		{"2.46.4", ` index="0"`, ` index="5"`, false},
		{"2.46.9", `<Description>Key</Description><Type>read`, `<Description>Key</Description><Type>group`, false},
		{"2.54.3", `dependencyId="2"`, `dependencyId="two"`, false},
		{"2.54.4", `dependencyId="2"`, `dependencyId="99"`, false},
		{"2.54.6", `dependencyId="2"`, `dependencyId="9"`, false},
		{"2.56.3", `<Params>`, `<Params loadSequence="99">`, false},
		{"2.56.5", `<Params>`, `<Params loadSequence="9">`, false},
		{"2.59.3", `dependencyValues="12?"`, `dependencyValues="99"`, false},
		{"2.59.4", `dependencyValues="12?"`, `dependencyValues="12;9:x"`, false},
		{"2.62.3", `<Type id="5">read bit`, `<Type id="99">read bit`, false},
		{"2.62.4", `<Type id="1">response`, `<Type id="9">response`, false},
		{"2.62.5", `<Type id="11;12">`, `<Type id="11;99">`, false},
		{"2.62.6", `<Type id="5">read bit`, `<Type>read bit`, false},
		{"2.64.1", `<Description>Cell</Description><Type>read`, `<Description>Cell</Description><Type>dummy`, false},
		{"2.65.3", `naming=/12`, `naming=/99`, false},
		{"2.67.3", `<Dependencies><Id>2<`, `<Dependencies><Id>99<`, false},
		{"2.67.4", `<Name>count</Name><Type>read</Type>`, `<Name>count</Name><Type>read</Type><Dependencies><Id>2</Id></Dependencies>`, false},
		{"2.67.5", `<Dependencies><Id>2<`, `<Dependencies><Id>9<`, false},
		{"2.69.4", `<LengthType>next param<`, `<LengthType id="99">other param<`, false},
		{"2.70.1", `<Exception id="1" value="9">`, `<Exception id="1">`, false},
		{"2.71.1", `<Display>None</Display><Value>9</Value>`, `<Display>None</Display>`, false},
		{"2.71.3", `<Value>9</Value>`, `<Value>nine</Value>`, false},
		{"2.72.3", `disabledIf="2,1"`, `disabledIf="2"`, false},
		{"2.72.4", `disabledIf="2,1"`, `disabledIf="99,1"`, false},
		{"2.72.6", `disabledIf="2,1"`, `disabledIf="9,1"`, false},
		{"2.73.1", `<LengthType>next param</LengthType>`, ``, false},
		{"2.73.2", `<LengthType>next param</LengthType>`, `<LengthType/>`, false},
		{"2.73.3", `<LengthType>next param</LengthType>`, `<LengthType>rest</LengthType>`, false},
		{"2.74.1", `<Length>1</Length>`, ``, false},
		{"2.74.2", `<Length>1</Length>`, `<Length/>`, false},
		{"2.77.1", `<Content><Param>9</Param>`, `<Content><Param>5</Param>`, false},
	}
}

func moreLogic() []breach {
	return []breach{
		{"3.3.1", `CheckTrigger(2)`, `CheckTrigger(9)`, false},
		{"3.5.1", `221/*run*/, 2,`, `221/*run*/, 9,`, false},
		{"3.6.1", `GetParameter(1)`, `GetParameter(99)`, false},
		{"3.7.1", `SetParameter(2,`, `SetParameter(99,`, false},
		{"3.12.1", `entryPoint="begin"`, `entryPoint="QAction.start"`, false},
		{"5.7.1", `<Trigger id="1">`, `<Trigger id="1"><Condition>id:1 == 1</Condition>`, false},
		{"5.7.2", `<Action id="1">`, `<Action id="1"><Condition>id:1 == 1</Condition>`, false},
		{"5.7.3", `<Time>after startup</Time><Type>action</Type><Content><Id>1<`, `<Time>after startup</Time><Type>trigger</Type><Content><Id>2<`, false},
		{"5.7.4", `<Content><Id>1</Id>`, `<Content><Id>2</Id>`, false},
		{"5.7.5", `<Type>execute next<`, `<Type>add to execute<`, false},
		{"5.7.6", `<Type>poll action<`, `<Type>action<`, false},
		{"7.1.6", `<Time>9000<`, `<Time>5000<`, false},
		{"7.1.8", `<Time>9000<`, `<Time>5500<`, false},
		{"9.2.1", `<On>response</On><Type>clear`, `<On>response</On><Type>read`, false},
	}
}

// Copies in a circle end when the values are equal, and a group that polls a
// device waits for it: neither is an endless loop.
func TestLoopsThatEnd(t *testing.T) {
	copies := edit(t, sound(t), `<Action id="3"><On id="5">parameter</On><Type>increment</Type>`, `<Action id="3"><On id="9">parameter</On><Type id="5">copy</Type>`)
	polling := edit(t, edit(t, sound(t), `<Group id="2"><Content>`, `<Group id="2"><Content><!-- -->`), `</Triggers>`,
		`<Trigger id="3"><On id="2">group</On><Time>after</Time><Type>action</Type><Content><Id>5</Id></Content></Trigger></Triggers>`)
	polling = edit(t, polling, `</Actions>`, `<Action id="5"><On id="2">group</On><Type>execute next</Type></Action></Actions>`)
	for name, src := range map[string]string{"copies": copies, "polling": polling} {
		if found, _ := findings(t, src); hasID(found, "1.24.1") || hasID(found, "1.24.2") {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// Connections are written in one of two ways, not in both.
func TestMixedConnections(t *testing.T) {
	both := `<Connections><Connection id="0" name="a"><Http/></Connection><Connection id="1" name="b"><Type>http</Type></Connection></Connections>`
	src := `<Protocol><Name>x</Name><Version>1</Version>` + both + `</Protocol>`
	found, refused := findings(t, src)
	if !refused || !hasID(found, "FL-29") {
		t.Errorf("refused %v: %v", refused, found)
	}
	if found, refused = findings(t, strings.ReplaceAll(src, "<Http/>", "<Type>http</Type>")); refused || hasID(found, "FL-29") {
		t.Errorf("one way: refused %v: %v", refused, found)
	}
}
