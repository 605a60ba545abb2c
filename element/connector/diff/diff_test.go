package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/diff"
)

// compared is the connector of which the tests change something.
const compared = `<Protocol><Name>Encoder</Name><Version>1.0.0.1</Version>
<Connections><Connection id="0" name="Device"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions>
<UserSettings><IPport><DefaultValue>80</DefaultValue></IPport></UserSettings></Http></Connection></Connections>
<Display pageOrder="Main" defaultPage="Main"/>
<Params>
<Param id="1" save="true"><Name>Gain</Name><Description>Gain</Description><Type>read</Type>
<Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete>
<Display><RTDisplay>true</RTDisplay><Units>dB</Units><Range><Low>0</Low><High>10</High></Range><Positions><Position><Page>Main</Page><Row>0</Row><Column>0</Column></Position></Positions></Display>
<Measurement><Type>number</Type></Measurement></Param>
<Param id="2" save="true"><Name>Mode</Name><Description>Mode</Description><Type>read</Type>
<Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>
<Measurement><Type>discreet</Type><Discreets><Discreet><Display>Off</Display><Value>0</Value></Discreet><Discreet><Display>On</Display><Value>1</Value></Discreet></Discreets></Measurement></Param>
<Param id="3"><Name>Note</Name><Description>Note</Description><Type>read</Type>
<Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="4" save="true"><Name>Pass</Name><Description>Pass</Description><Type>read</Type>
<Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type><DefaultValue>hunter2</DefaultValue></Interprete>
<Measurement><Type options="password">string</Type></Measurement></Param>
<Param id="100"><Name>Rows</Name><Description>Rows</Description><Type>array</Type>
<ArrayOptions index="0"><ColumnOption idx="0" pid="101" type="retrieved"/><ColumnOption idx="1" pid="102" type="retrieved" options=";save"/></ArrayOptions></Param>
<Param id="101"><Name>Key</Name><Description>Key</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="102"><Name>Level</Name><Description>Level</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
</Params>
<Commands><Command id="1"><Name>Hello</Name><WebSocketMessageType>text</WebSocketMessageType><Content><Param>3</Param></Content></Command></Commands>
<Triggers><Trigger id="1"><Name>Go</Name><On id="1">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>Clear</Name><On id="3">parameter</On><Type>clear</Type></Action></Actions>
<QActions><QAction id="1" name="Work" encoding="jscript" triggers="3">var x;</QAction></QActions>
</Protocol>`

func parse(t testing.TB, xml string) *connector.Definition {
	t.Helper()
	def, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func edit(t *testing.T, xml, old, with string) string {
	t.Helper()
	if !strings.Contains(xml, old) {
		t.Fatalf("the connector has no %q", old)
	}
	return strings.Replace(xml, old, with, 1)
}

// change is an edit of the connector and what the comparison says of it.
type change struct {
	name, old, with string
	want            []string // messages
}

func changesOfParameters() []change {
	return []change{
		{"nothing", `1.0.0.1`, `1.0.0.2`, nil},
		{"a comment moves every line", `<Display`, "<!-- x -->\n\n<Display", nil},
		{"another port", `<DefaultValue>80<`, `<DefaultValue>81<`, []string{"Connection 0 (Device): port was 80 and becomes 81."}},
		{"another kind", `<WebSocket>true<`, `<WebSocket>false<`, []string{"Connection 0 (Device): kind was WebSocket and becomes HTTP."}},
		{
			"a connection more", `</Connections>`, `<Connection id="1" name="Second"><Http/></Connection></Connections>`,
			[]string{"Connection 1 (Second) is new."},
		},
		{"a unit", `<Units>dB<`, `<Units>dBm<`, []string{"Parameter 1 (Gain): unit was dB and becomes dBm."}},
		{"a unit less", `<Units>dB</Units>`, ``, []string{"Parameter 1 (Gain): unit was dB and becomes none."}},
		{"a range", `<High>10<`, `<High>5<`, []string{"Parameter 1 (Gain): range was 0 to 10 and becomes 0 to 5."}},
		{"a range with one end", `<High>10</High>`, ``, []string{"Parameter 1 (Gain): range was 0 to 10 and becomes 0 to …."}},
		{"saved no more", `<Param id="2" save="true">`, `<Param id="2">`, []string{"Parameter 2 (Mode): saved was yes and becomes no."}},
		{"renamed", `<Name>Note<`, `<Name>Remark<`, []string{"Parameter 3 (Remark): name was Note and becomes Remark."}},
		{
			"another raw type", `<RawType>numeric text<`, `<RawType>other<`,
			[]string{"Parameter 1 (Gain): raw type was numeric text and becomes other."},
		},
		{
			"an entry less", `<Discreet><Display>Off</Display><Value>0</Value></Discreet>`, ``,
			[]string{"Parameter 2 (Mode): entries was 0=Off, 1=On and becomes 1=On."},
		},
		{"the value of a password", `hunter2`, `correct horse`, nil},
		{
			"another id", `<Param id="4" save="true"><Name>Pass<`, `<Param id="5" save="true"><Name>Pass<`,
			[]string{"Parameter 4 (Pass) is gone. Parameter 5 has its name and is new: values do not move from one id to another.", "Parameter 5 (Pass) is new."},
		},
	}
}

func changesOfTablesAndLogic() []change {
	return []change{
		{
			"a column less", `<ColumnOption idx="1" pid="102" type="retrieved" options=";save"/>`, ``,
			[]string{"Column 102 (Level) is gone."},
		},
		{"a column is saved no more", ` options=";save"`, ``, []string{"Column 102 (Level): saved was yes and becomes no."}},
		{"a volatile table", `<ArrayOptions index="0">`, `<ArrayOptions index="0" options="volatile">`, []string{"Table 100 (Rows): forgotten at a restart was no and becomes yes."}},
		{
			"another page", `<Page>Main<`, `<Page>Other<`,
			[]string{"Parameter 1 (Gain): places was Main, row 0, column 0 and becomes Other, row 0, column 0.", "Page (Main) is gone.", "Page (Other) is new."},
		},
		{"a trigger runs something else", `<Id>1</Id>`, `<Id>1</Id><Id>1</Id>`, []string{"Trigger 1 (Go) has changed."}},
		{"other code", `var x;`, `var y;`, []string{"QAction 1 (Work) has changed."}},
		{
			"C# instead of JScript", `encoding="jscript"`, `encoding="csharp"`,
			[]string{"QAction 1 (Work) ran and does not run any more: it is written in csharp, which this program does not run."},
		},
		{
			"an action that is not run", `<Type>clear<`, `<Type>set<`,
			[]string{"Action 1 (Clear) ran and does not run any more: it is set on parameter, which this program does not run."},
		},
		{
			"a command that cannot be", `<Param>3</Param>`, `<Param>33</Param>`,
			[]string{"Command 1 ran and does not run any more: it is disabled by a finding."},
		},
		{"an action less", `<Actions><Action id="1"><Name>Clear</Name><On id="3">parameter</On><Type>clear</Type></Action></Actions>`, ``, []string{
			"Action 1 (Clear) is gone.", "Trigger 1 ran and does not run any more: it is disabled by a finding.",
		}},
	}
}

// Each change of the connector is one change of the comparison, in words.
func TestCompare(t *testing.T) {
	tests := slices.Concat(changesOfParameters(), changesOfTablesAndLogic())
	from := parse(t, compared)
	for _, tt := range tests {
		to := parse(t, edit(t, compared, tt.old, tt.with))
		there := diff.Compare(from, to)
		var got []string
		for _, c := range there.Changes {
			got = append(got, c.Message)
			if c.Area == "" || c.Kind == "" || c.Item == "" || (c.Kind == element.ChangeAltered) != (c.Property != "") {
				t.Errorf("%s: incomplete change %+v", tt.name, c)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		back := diff.Compare(to, from)
		if len(back.Changes) != len(there.Changes) || back.From != to.Version || back.To != from.Version {
			t.Errorf("%s: there are %d changes back", tt.name, len(back.Changes))
		}
	}
}

// What did not run and does is said when one goes the other way.
func TestCompareRuns(t *testing.T) {
	to := parse(t, compared)
	for old, with := range map[string]string{`encoding="jscript"`: `encoding="vbscript"`, `<Type>clear<`: `<Type>set<`, `<Param>3</Param>`: `<Param>33</Param>`} {
		all := diff.Compare(parse(t, edit(t, compared, old, with)), to).Changes
		if len(all) != 1 || all[0].Kind != element.ChangeRuns || !strings.HasSuffix(all[0].Message, "did not run here and does now.") {
			t.Errorf("%s: %+v", with, all)
		}
	}
}

// What becomes of saved values, one line for each that is not kept.
func TestCompareSaved(t *testing.T) {
	tests := []struct {
		name, old, with string
		want            []string
	}{
		{"nothing", `1.0.0.1`, `1.0.0.2`, nil},
		{"a wider range", `<High>10<`, `<High>20<`, nil},
		{"an entry more", `</Discreets>`, `<Discreet><Display>Auto</Display><Value>2</Value></Discreet></Discreets>`, nil},
		{"a narrower range", `<High>10<`, `<High>5<`, []string{"at-risk: The range of parameter 1 is narrower: a value outside of it stays, but could not be set again."}},
		{"another unit", `<Units>dB<`, `<Units>dBm<`, []string{"at-risk: Parameter 1 was in dB and is in dBm: the number stays as it is."}},
		{"another meaning", `<Name>Mode<`, `<Name>Input<`, []string{"at-risk: Parameter 2 was named Mode and is named Input: it may mean something else."}},
		{
			"an entry less", `<Discreet><Display>Off</Display><Value>0</Value></Discreet>`, ``,
			[]string{`at-risk: Parameter 2 has no entry "Off" any more.`},
		},
		{
			"a text for a number", "<Type>double</Type>", `<Type>string</Type>`,
			[]string{"at-risk: Parameter 1 held numbers and holds texts: the number is read as a text."},
		},
		{"not saved", `<Param id="2" save="true">`, `<Param id="2">`, []string{"dropped: Parameter 2 is not saved any more."}},
		{"gone", `<Param id="4" save="true">`, `<Param id="5" save="true">`, []string{"dropped: There is no parameter 4 any more."}},
		{"a column is not saved", ` options=";save"`, ``, []string{"dropped: Column 102 of table 100 is not saved any more."}},
		{"a volatile table", `<ArrayOptions index="0">`, `<ArrayOptions index="0" options="volatile">`, []string{
			"dropped: Table 100 is volatile now: nothing of it is saved.", "dropped: Table 100 is volatile now: nothing of it is saved.",
		}},
		{"another key", `<ArrayOptions index="0">`, `<ArrayOptions index="1">`, []string{
			"dropped: The key of table 100 is another column: rows that were saved cannot be found by it.",
			"dropped: The key of table 100 is another column: rows that were saved cannot be found by it.",
		}},
	}
	from := parse(t, compared)
	for _, tt := range tests {
		var got []string
		all := diff.Compare(from, parse(t, edit(t, compared, tt.old, tt.with))).Saved
		for _, s := range all {
			if s.Fate != element.FateKept {
				got = append(got, string(s.Fate)+": "+s.Reason)
			} else if s.Reason != "" {
				t.Errorf("%s: a value that is kept has a reason: %+v", tt.name, s)
			}
		}
		if len(all) != 5 { // 1, 2, 4 and the columns 101 and 102
			t.Errorf("%s: %d values are saved: %+v", tt.name, len(all), all)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// No password is in a comparison.
func TestCompareKeepsSecrets(t *testing.T) {
	to := edit(t, compared, `hunter2`, `correct horse`)
	to = edit(t, to, `<Measurement><Type options="password">string</Type></Measurement>`, ``)
	for _, c := range diff.Compare(parse(t, compared), parse(t, to)).Changes {
		if strings.Contains(c.Message+c.Was+c.Becomes, "hunter2") {
			t.Errorf("the password is shown: %+v", c)
		}
	}
}

// The largest connectors are compared in the time of a page.
func BenchmarkCompare(b *testing.B) {
	var params, triggers strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&params, `<Param id="%d"><Name>p%d</Name><Type>read</Type></Param>`, i+1, i)
		fmt.Fprintf(&triggers, `<Trigger id="%d"><On id="%d">parameter</On><Time>change</Time><Content><Id>1</Id></Content></Trigger>`, i+1, i+1)
	}
	def := parse(b, `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params>`+params.String()+`</Params><Triggers>`+triggers.String()+
		`</Triggers><Actions><Action id="1"><On id="1">parameter</On><Type>clear</Type></Action></Actions></Protocol>`)
	for b.Loop() {
		if n := len(diff.Compare(def, def).Changes); n != 0 {
			b.Fatalf("%d changes", n)
		}
	}
}
