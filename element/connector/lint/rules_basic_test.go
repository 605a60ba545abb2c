package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

// Rules about ids, names, references and values, each by the change to the
// sound connector that breaks it.
func TestBasicRules(t *testing.T) {
	tests := slices.Concat(basicOwn(), basicProtocol(), basicParam(), basicLogic())
	ids := map[string]struct{ list, rules string }{
		"param": {`<Param id="9"`, "2.1"}, "group": {`<Group id="2"`, "4.8"}, "trigger": {`<Trigger id="2"`, "5.8"}, "action": {`<Action id="4"`, "6.2"},
		"timer": {`<Timer id="2"`, "7.6"}, "session": {`<Session id="1"`, "8.16"}, "pair": {`<Pair id="1"`, "9.3"}, "command": {`<Command id="1"`, "10.5"},
		"response": {`<Response id="2"`, "11.4"},
	}
	for _, item := range ids {
		open, _, _ := strings.Cut(item.list, " ")
		invalid := map[bool]string{true: ".3", false: ".4"}[item.rules == "2.1"]
		broken := map[string]string{".1": open, ".2": open + ` id=""`, invalid: open + ` id="x"`}
		if item.rules != "2.1" {
			broken[".3"] = strings.Replace(item.list, `"`, `" `, 1)
		}
		for rule, with := range broken {
			tests = append(tests, breach{item.rules + rule, item.list, with, false})
		}
		if twice := item.rules + ".5"; item.rules != "2.1" {
			tests = append(tests, breach{twice, item.list, item.list + "/>" + item.list, true})
		}
	}
	for rule, item := range map[string]string{"4.9": `<Group id="2">`, "5.5": `<Trigger id="2">`, "6.4": `<Action id="4">`, "7.4": `<Timer id="2">`, "9.7": `<Pair id="1" ping="true">`} {
		for end, condition := range map[string]string{".1": "id:1 = 1", ".2": "id:99 == 1"} {
			tests = append(tests, breach{rule + end, item, item + fmt.Sprintf("<Condition>%s</Condition>", condition), false})
		}
	}
	before, _ := findings(t, sound(t))
	for _, tt := range tests {
		if tt.id != "2.4.1" && hasID(before, tt.id) {
			t.Errorf("%s is found without cause: %v", tt.id, before)
		}
		after, refused := findings(t, edit(t, sound(t), tt.old, tt.with))
		if refused != tt.refused || !hasID(after, tt.id) {
			t.Errorf("%s is not found for %.60q (refused %v): %v", tt.id, tt.with, refused, after)
		}
	}
}

func basicOwn() []breach {
	return []breach{
		{"FL-15", `<Measurement><Type>discreet</Type>`, `<Measurement><Type>togglebutton</Type>`, false},
		{"FL-16", `<LengthType>next param</LengthType><Type>string`, `<LengthType>next param</LengthType><Type>low nibble`, false},
		{"FL-17", `<Type>double</Type>`, `<Type>double</Type><Sequence>sqrt:2</Sequence>`, false},
		{"FL-19", `<Groups>`, `<Groups><Group id="-1"/>`, false},
		{"FL-20", `<Timer id="1">`, `<Timer id="1" options="each:1000">`, false},
		{"FL-21", `<Time>change</Time>`, `<Time case="like" value="1">change</Time>`, false},
		{"FL-22", `<QAction id="1"`, `<QAction id="one"`, false},
		{"FL-23", `</QActions>`, `<QAction id="1" encoding="csharp"/></QActions>`, true},
		{"FL-24.1", `<QActions><QAction id="1" encoding="jscript" triggers="5" entryPoint="begin">`, `<QActions><QAction id="1" encoding="jscript"><Condition>id:1 = 1</Condition>`, false},
		{"FL-24.2", `<QActions><QAction id="1" encoding="jscript" triggers="5" entryPoint="begin">`, `<QActions><QAction id="1" encoding="jscript"><Condition>id:99 == 1</Condition>`, false},
		{"FL-27", `<On id="5">parameter</On><Type>increment`, `<On>protocol</On><Type nr="0">close`, false},
	}
}

func basicProtocol() []breach {
	return []breach{
		{"1.6.2", `<Version>1.0.0.1</Version>`, `<Version/>`, true},
		{"1.8.1", `<Type communicationOptions="">http</Type>`, ``, true},
		{"1.8.3", `communicationOptions="">http<`, `communicationOptions="">htttp<`, false},
		{"1.11.7", `communicationOptions=""`, `advanced="htttp:x"`, false},
		{"1.22.12", `pageOrder="Main"`, `pageOrder="Main;Web#http://[id:9]/"`, false},
		{"1.23.1", `communicationOptions="">http</Type>`, `advanced="http:B">http</Type><PortSettings name="A"/><Ports><PortSettings name="C"/></Ports>`, false},
		{"1.23.3", `communicationOptions="">http</Type>`, `advanced="http:A">http</Type><PortSettings name="A"/><Ports><PortSettings name="A"/></Ports>`, false},
		{"1.23.5", `communicationOptions="">http</Type>`, `advanced="http:A">http</Type><PortSettings/>`, false},
		{"1.31.1", `<LengthType>fixed</LengthType>`, `<RawType>other</RawType><RawType>other</RawType><LengthType>fixed</LengthType>`, false},
		{"8.3.1", `<Headers>`, `<Headers><Header key="a b">x</Header>`, false},
		{"8.3.3", `<Headers>`, `<Headers><Header>x</Header>`, false},
		{"8.4.1", `<Session id="1">`, `<Session id="1" password="99">`, false},
		{"8.5.1", `<Session id="1">`, `<Session id="1" userName="99">`, false},
		{"8.6.1", `<Session id="1">`, `<Session id="1" proxyServer="99">`, false},
		{"8.7.1", `<Session id="1">`, `<Session id="1" proxyUser="99">`, false},
		{"8.8.1", `<Session id="1">`, `<Session id="1" proxyPassword="99">`, false},
		{"8.9.1", `verb="POST"`, `verb="POST" pid="99"`, false},
		{"8.9.3", `verb="POST"`, `verb="POST" pid="x"`, false},
		{"8.10.1", `</Headers>`, `</Headers><Data pid="99"/>`, false},
		{"8.10.3", `</Headers>`, `</Headers><Data pid="x"/>`, false},
		{"8.11.1", `<Headers>`, `<Headers><Header key="a" pid="99"/>`, false},
		{"8.11.3", `<Headers>`, `<Headers><Header key="a" pid="x"/>`, false},
		{"8.12.1", `</Headers>`, `</Headers><Parameters><Parameter key="a" pid="99"/></Parameters>`, false},
		{"8.12.3", `</Headers>`, `</Headers><Parameters><Parameter key="a" pid="x"/></Parameters>`, false},
		{"8.13.1", `</Request>`, `</Request><Response statusCode="99"/>`, false},
		{"8.13.3", `</Request>`, `</Request><Response statusCode="x"/>`, false},
		{"8.14.1", `</Request>`, `</Request><Response><Content pid="99"/></Response>`, false},
		{"8.14.3", `</Request>`, `</Request><Response><Content pid="x"/></Response>`, false},
		{"8.15.1", `</Request>`, `</Request><Response><Headers><Header key="a" pid="99"/></Headers></Response>`, false},
		{"8.15.3", `</Request>`, `</Request><Response><Headers><Header key="a" pid="x"/></Headers></Response>`, false},
		{"8.17.4", `<Connection id="1">`, `<Connection id="x">`, false},
		{"8.17.5", `<HTTP><Session id="1">`, `<HTTP><Session id="1"><Connection id="1"><Request/></Connection>`, true},
	}
}

func basicParam() []breach {
	return []breach{
		{"2.2.2", `<Name>count</Name>`, `<Name/>`, false},
		{"2.4.1", `<RTDisplay>true`, `<RTDisplay>true`, false},
		{"2.11.4", `<Low>0</Low>`, `<Low>99</Low>`, false},
		{"2.13.3", `<Display>Add</Display>`, ``, false},
		{"2.14.5", `<Description>Mode</Description>`, `<Description/>`, false},
		{"2.32.4", `<Low>0</Low>`, `<Low>low</Low>`, false},
		{"2.33.4", `<High>9</High>`, `<High>high</High>`, false},
		{"2.36.4", `<Name>level</Name><Description>Level</Description><Type>read`, `<Name>level2</Name><Description>Level</Description><Type>write`, false},
		{"2.37.10", `<Measurement><Type>string</Type>`, `<Measurement><Type/>`, false},
		{"2.46.3", `<ArrayOptions index="0"`, `<ArrayOptions index="first"`, false},
		{"2.46.3", `<ArrayOptions index="0"`, `<ArrayOptions index="-1"`, false},
		{"2.72.5", `disabledIf="2,1"`, `disabledIf="3,1"`, false},
		{"2.72.5", `disabledIf="2,1"`, `disabledIf="10,1"`, false},
		{"2.46.7", `<Description>Key</Description><Type>read</Type>`, `<Description>Key</Description><Type>read</Type><Interprete><LengthType>next param</LengthType><Type>double</Type></Interprete>`, false},
		{"2.51.1", `<Measurement><Type>string</Type>`, `<Measurement><Type>discreet</Type>`, false},
		{"2.52.1", `<Measurement><Type>string</Type>`, `<Measurement><Type>discreet</Type><Discreets/>`, false},
		{"2.57.2", `<Description>Mode</Description><Type>read</Type><Interprete><LengthType>next param</LengthType><Type>string</Type></Interprete>
 <Display><RTDisplay>true`, `<Description>Mode</Description><Type>read</Type><Display><RTDisplay>false`, false},
		{"2.61.1", `<Name>count</Name><Type>read</Type>`, `<Name>count</Name>`, false},
		{"2.61.2", `<Name>count</Name><Type>read</Type>`, `<Name>count</Name><Type/>`, false},
		{"2.63.1", `idx="1" pid="12"`, `idx="1"`, false},
		{"2.63.3", `idx="1" pid="12"`, `idx="1" pid=" 12"`, false},
		{"2.63.2", `idx="1" pid="12"`, `idx="1" pid="x"`, false},
		{"2.63.4", `idx="1" pid="12"`, `idx="1" pid="99"`, false},
		{"2.68.1", `<Length>1</Length>`, `<Length>1</Length><DefaultValue>1</DefaultValue>`, false},
		{"2.68.2", `<Description>Cell</Description><Type>read</Type>`, `<Description>Cell</Description><Type>read</Type><Interprete><LengthType>next param</LengthType><DefaultValue>1</DefaultValue></Interprete>`, false},
		{"2.69.1", `<LengthType>next param<`, `<LengthType>other param<`, false},
		{"2.69.2", `<LengthType>next param<`, `<LengthType id="x">other param<`, false},
	}
}

func basicLogic() []breach {
	return []breach{
		{"6.7.8", "</Triggers>\n<Actions>", `<Trigger id="9"><On id="1">group</On><Time>before</Time><Type>action</Type><Content><Id>9</Id></Content></Trigger></Triggers><Actions><Action id="9"><On nr="1;2">pair</On><Type id="9">timeout</Type></Action>`, false},
		{"3.2.3", `triggers="5"`, `triggers="x"`, false},
		{"3.2.4", `triggers="5"`, `triggers="99"`, false},
		{"3.2.5", `triggers="5"`, `triggers="99" options="group"`, false},
		{"3.2.6", `triggers="5"`, `triggers="5;5"`, false},
		{"4.2.1", `<Session connection="1">1</Session>`, `<Param>99</Param>`, false},
		{"4.3.1", `<Action>2</Action>`, `<Action>99</Action>`, false},
		{"4.5.1", `<Session connection="1">1</Session>`, `<Session>99</Session>`, false},
		{"4.6.1", `<Type>poll action</Type><Content><Action>2</Action>`, `<Type>poll trigger</Type><Content><Trigger>99</Trigger>`, false},
		{"4.7.2", `<Group id="2">`, `<Group id="2" connectionPID="x">`, false},
		{"4.7.3", `<Group id="2">`, `<Group id="2" connectionPID="99">`, false},
		{"4.10.4", `<Action>2</Action>`, strings.Repeat(`<Action>2</Action>`, 11), false},
		{"4.10.5", `<Session connection="1">1</Session>`, ``, false},
		{"5.1.1", `<On id="9">`, `<On>`, false},
		{"5.1.4", `<On id="9">`, `<On id="9;5">`, false},
		{"5.1.5", `<On id="9">`, `<On id="x">`, false},
		{"5.3.1", `</Triggers>`, `<Trigger id="9"><On>protocol</On><Time>after startup</Time><Content><Id>1</Id></Content></Trigger></Triggers>`, false},
		{"5.6.2", `</Triggers>`, `<Trigger id="9"><On id="9">parameter</On><Time>change</Time><Content><Id>2</Id></Content></Trigger></Triggers>`, false},
		{"5.10.1", `<Content><Id>3</Id></Content>`, ``, false},
		{"6.3.4", `<On id="5">parameter</On><Type>increment`, `<On id="x">parameter</On><Type>increment`, false},
		{"6.5.1", `<On id="5">parameter</On><Type>increment</Type>`, `<On id="5">parameter</On>`, false},
		{"6.5.2", `<Type>increment</Type>`, `<Type/>`, false},
		{"6.5.4", `<Type>increment</Type>`, `<Type>inkrement</Type>`, false},
		{"6.7.1", `<Type>increment</Type>`, `<Type>stop</Type>`, false},
		{"10.4.2", `<Command id="1">`, `<Command id="1" ascii="x">`, false},
		{"10.4.3", `<Command id="1">`, `<Command id="1" ascii="6;99">`, false},
		{"6.6.4", `<On id="5">parameter</On><Type>increment`, `<On id="5">paramter</On><Type>increment`, false},
		{"6.7.2", `<On id="1">group</On>`, `<On>group</On>`, false},
		{"6.7.5", `<Type>increment`, `<Type id="99">increment`, false},
		{"7.1.1", `<Time>5000</Time>`, ``, false},
		{"7.1.2", `<Time>5000</Time>`, `<Time> </Time>`, false},
		{"7.1.3", `<Time>5000</Time>`, `<Time> 5000 </Time>`, false},
		{"7.1.4", `<Time>5000</Time>`, `<Time>soon</Time>`, false},
		{"7.1.5", `<Time>5000</Time>`, `<Time>2100000000</Time>`, false},
		{"7.1.7", `<Time>5000</Time>`, `<Time>500</Time>`, false},
		{"7.5.5", `<Group id="2"><Content><Session connection="1">1</Session>`, `<Group id="2"><Type>action</Type><Content><Action>2</Action>`, false},
		{"9.4.1", `<Command>1</Command>`, ``, false},
		{"9.5.5", `<Response>1</Response>`, `<Response>99</Response>`, false},
		{"9.6.5", `<Response>1</Response>`, `<ResponseOnBadCommand>99</ResponseOnBadCommand>`, false},
	}
}

// What looks like a fault and is none.
func TestAllowed(t *testing.T) {
	tests := []struct{ id, old, with string }{
		{"4.10.5", `<Groups><Group id="1"><Type>poll action</Type><Content><Action>2</Action></Content></Group><Group id="2"><Content><Session connection="1">1</Session></Content></Group></Groups>`, `<Groups><Group id="2"/></Groups>`},
		{"4.10.4", `<Session connection="1">1</Session></Content>`, `</Content></Group><Group id="3"><Content multipleGet="true">` + strings.Repeat(`<Param>9</Param>`, 15) + `</Content>`},
		{"7.5.2", `<Timer id="1"><Time>5000</Time><Content>`, `<Timer id="1" options="each:1000"><Time>5000</Time><Content><Group>col:1:2</Group>`},
		{"3.2.4", `triggers="5"`, `triggers="65008"`},
		{"3.6.1", `GetParameter(1)`, `GetParameter(65008)`},
		{"2.7.4", `<Description>Cell</Description><Type>read</Type><Display><RTDisplay>true</RTDisplay></Display></Param>
</Params>`, `<Description>Cell</Description><Type>read</Type></Param></Params>`},
		{"2.22.5", `<Positions><Position><Page>Main</Page><Row>1</Row><Column>0</Column></Position></Positions></Display><Measurement><Type>string`, `<Positions><Position><Page>Main</Page><Row>1</Row><Column>0</Column></Position><Position><Page>Main</Page><Row>3</Row><Column>0</Column></Position></Positions></Display><Measurement><Type options="end">title`},
	}
	for _, tt := range tests {
		src := edit(t, sound(t), `<Measurement><Type>table`, `<Measurement><Type options="tab=columns:11|0,lines:5">table`)
		src = edit(t, src, tt.old, tt.with)
		if found, _ := findings(t, src); hasID(found, tt.id) {
			t.Errorf("%s is found for %.60q: %v", tt.id, tt.with, found)
		}
	}
	found, _ := findings(t, edit(t, sound(t), `<Type id="5">read bit</Type>`, `<Type id="5">write bit</Type><Measurement><Type>button</Type><Discreets><Discreet><Display>x</Display><Value>1</Value></Discreet></Discreets></Measurement>`))
	if hasID(found, "2.37.9") {
		t.Errorf("a bit that is written may be a button: %v", found)
	}
}

// What is found too often is counted, and what is too much is not read.
func TestManyFindings(t *testing.T) {
	connections, headers := "", ""
	for i := range 101 {
		connections += fmt.Sprintf(`<Connection id="%d" name="c%d"><Http/></Connection>`, i, i)
		headers += "<Header>1</Header><Header>2</Header><Header>3</Header>"
	}
	found, _ := findings(t, edit(t, edit(t, sound(t), `<Type communicationOptions="">http</Type>`, "<Connections>"+connections+"</Connections>"), `<Headers>`, "<Headers>"+headers))
	count := 0
	for _, f := range found {
		if f.ID == "8.3.3" {
			count++
		}
	}
	if count != 200 || !hasID(found, "FL-06") || !hasID(found, "FL-09") {
		t.Errorf("8.3.3 is listed %d times; found %v", count, hasID(found, "FL-09"))
	}
}

// Rules that load with a warning are as severe as in the public validator.
func TestSeverities(t *testing.T) {
	rules := connector.Rules()
	for id, want := range map[string]element.Severity{
		"2.1.6": element.Critical, "2.1.8": element.Critical, "2.1.9": element.Critical, "2.1.10": element.Critical,
		"3.4.1": element.Critical, "8.3.1": element.Major, "8.3.3": element.Minor, "8.3.6": element.Warning, "8.3.7": element.Major,
	} {
		i := slices.IndexFunc(rules, func(r connector.Rule) bool { return r.ID == id })
		if i < 0 || rules[i].Severity != want {
			t.Errorf("rule %s: %+v, want %s", id, rules[max(i, 0)], want)
		}
	}
}
