package connector_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fieldline/element/connector"
)

// chain is a connector in which a timer, a group, an action and a trigger each
// have several steps; %s stand for one more step of each.
const chain = `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params>
<Param id="1"><Name>in</Name><Type>write</Type></Param><Param id="2"><Name>out</Name><Type>read</Type></Param>
<Param id="3"><Name>bytes</Name><Type>fixed</Type><Interprete><LengthType>fixed</LengthType><Length>1</Length><Value>0x01</Value></Interprete></Param></Params>
<HTTP><Session id="1"><Connection id="1"><Request verb="GET" url="a"/></Connection></Session></HTTP>
<Commands><Command id="1"><Content><Param>3</Param></Content></Command></Commands>
<Responses><Response id="1"><Content><Param>2</Param></Content></Response></Responses>
<Pairs><Pair id="1"><Content><Command>1</Command><Response>1</Response>%[1]s</Content></Pair></Pairs>
<Groups><Group id="1"><Content><Session>1</Session>%[2]s</Content></Group><Group id="2"><Content><Pair>1</Pair></Content></Group></Groups>
<Timers><Timer id="1"><Time>5000</Time><Content>%[3]s<Group>1</Group></Content></Timer></Timers>
<Triggers><Trigger id="1"><On id="1">parameter</On><Time>change</Time><Type>action</Type><Content>%[4]s<Id>1</Id></Content></Trigger>
<Trigger id="2"><On id="%[6]s">parameter</On><Time>change</Time><Type>trigger</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><On id="1%[5]s">group</On><Type>execute</Type></Action></Actions></Protocol>`

// One id that leads nowhere takes its own step away and nothing else; each of
// several is named.
func TestOnlyTheStepIsLeftOut(t *testing.T) {
	tests := []struct {
		name  string
		steps [6]string
		rule  string
		named []string // what the findings of the rule say, one each
	}{
		{"a response", [6]string{`<Response>8</Response><Response>9</Response>`}, "9.5.5", []string{"response 8,", "response 9,"}},
		{"a bad response", [6]string{`<ResponseOnBadCommand>8</ResponseOnBadCommand>`}, "9.6.5", []string{"response 8,"}},
		{"sessions of a group", [6]string{1: `<Session>8</Session><Session>9</Session>`}, "4.5.1", []string{"session 8,", "session 9,"}},
		{"no id in a group", [6]string{1: `<Session>one</Session>`}, "4.5.1", []string{`"one"`}},
		{"an exchange that is none", [6]string{1: `<Session connection="7">1</Session>`}, "FL-30", []string{`Connection "7" of session 1`}},
		{"groups of a timer", [6]string{2: `<Group>8</Group><Group>x</Group><Group>9</Group>`}, "7.5.2", []string{"group 8,", `"x"`, "group 9,"}},
		{"actions of a trigger", [6]string{3: `<Id>8</Id><Id>9</Id>`}, "5.10.5", []string{"action 8,", "action 9,"}},
		{"targets of an action", [6]string{4: `;8;9`}, "6.3.5", []string{"group 8,", "group 9,"}},
		{"no id among targets", [6]string{4: `;eight`}, "6.3.4", []string{`"eight"`}},
		{"what a trigger is on", [6]string{5: `9`}, "5.1.6", []string{"parameter 9,"}},
	}
	for _, tt := range tests {
		if tt.steps[5] == "" {
			tt.steps[5] = "2"
		}
		src := fmt.Sprintf(chain, tt.steps[0], tt.steps[1], tt.steps[2], tt.steps[3], tt.steps[4], tt.steps[5])
		def := parse(t, src)
		var said []string
		for _, f := range def.Findings {
			if f.ID == tt.rule {
				said = append(said, f.Message)
			}
		}
		if len(said) != len(tt.named) || slices.ContainsFunc(tt.named, func(what string) bool {
			return !slices.ContainsFunc(said, func(m string) bool { return strings.Contains(m, what) })
		}) {
			t.Errorf("%s: %s says %q, want one each of %q", tt.name, tt.rule, said, tt.named)
		}
		if off := def.Disabled; len(off) != 0 {
			t.Errorf("%s: %v are disabled, want none", tt.name, off)
		}
		g, a := def.Groups[0], def.Actions[0]
		if len(def.Pairs[0].Responses) != 1 || len(def.Pairs[0].BadResponses) != 0 || len(g.Content) != 1 || g.Content[0].ID != 1 ||
			!slices.Equal(def.Timers[0].Groups, []int{1}) || !slices.Equal(a.OnIDs, []int{1}) || len(def.Triggers[0].Content) != 1 {
			t.Errorf("%s: what is left is %+v %+v %+v %+v %+v", tt.name, def.Pairs, g, def.Timers, a, def.Triggers)
		}
		if on := def.Triggers[1].On; (on == "") != (tt.rule == "5.1.6") {
			t.Errorf("%s: trigger 2 is on %q", tt.name, on)
		}
	}
}

// What cannot be without the missing item is disabled, and only that: an
// action without its only target, a trigger without its only step, a pair
// without its only response, a command without a part, what has a condition
// that cannot be worked out.
func TestWhatCannotBeWithoutIsDisabled(t *testing.T) {
	tests := []struct {
		old, with string
		rules     []string
		off       []string
	}{
		{`<Param>3</Param>`, `<Param>8</Param><Param>9</Param>`, []string{"10.3.1", "10.3.1", "9.4.5", "4.4.1"}, []string{"command 1", "pair 1"}},
		{`<Response>1</Response>`, `<Response>8</Response>`, []string{"9.5.5", "4.4.1"}, []string{"pair 1"}},
		{`<Response>1</Response>`, `<Response>one</Response>`, []string{"9.5.5", "4.4.1"}, []string{"pair 1"}},
		{`<On id="1">group`, `<On id="8;9">group`, []string{"6.3.5", "6.3.5", "5.10.5", "5.10.5"}, []string{"action 1", "trigger 1", "trigger 2"}},
		{`<On id="1">group`, `<On id="one">group`, []string{"6.3.4", "6.3.4", "5.10.5", "5.10.5"}, []string{"action 1", "trigger 1", "trigger 2"}},
		{`<Group id="1">`, `<Group id="1"><Condition>id:8 == 1 OR id:9 == 1</Condition>`, []string{"4.9.2", "4.9.2", "7.5.2", "6.3.5", "5.10.5", "5.10.5"}, []string{"action 1", "group 1", "trigger 1", "trigger 2"}},
		{`<Timer id="1">`, `<Timer id="1"><Condition>id:8 == 1</Condition>`, []string{"7.4.2"}, []string{"timer 1"}},
		{`<Param id="3"><Name>bytes</Name>`, `<Param id="3">`, []string{"2.2.1", "10.3.1", "9.4.5", "4.4.1"}, []string{"command 1", "pair 1", "parameter 3"}},
	}
	for _, tt := range tests {
		def := parse(t, edit(t, fmt.Sprintf(chain, "", "", "", "", "", "2"), tt.old, tt.with))
		var off []string
		for _, item := range def.Disabled {
			off = append(off, item.String())
		}
		if !slices.Equal(off, tt.off) {
			t.Errorf("%s: %v are disabled, want %v", tt.with, off, tt.off)
		}
		for _, rule := range tt.rules {
			if n, want := countID(def, rule), count(tt.rules, rule); n != want {
				t.Errorf("%s: %s is said %d times, want %d: %v", tt.with, rule, n, want, def.Findings)
			}
		}
	}
}

func countID(def *connector.Definition, id string) int {
	n := 0
	for _, f := range def.Findings {
		n += boolInt(f.ID == id)
	}
	return n
}

func count(list []string, what string) int {
	n := 0
	for _, s := range list {
		n += boolInt(s == what)
	}
	return n
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
