package lint_test

import (
	"strings"
	"testing"
)

// looped is a connector in which a change of parameter 1 runs an action on
// it, by way of a group.
const looped = `<Protocol><Name>x</Name><Version>1</Version><Type>http</Type><Params>
<Param id="1"><Name>a</Name><Type>read</Type></Param><Param id="2"><Name>b</Name><Type>read</Type></Param></Params>
<Groups><Group id="1"><Type>poll action</Type><Content><Action>2</Action></Content></Group></Groups>
<Triggers><Trigger id="1"><On id="1">parameter</On><Time>change</Time><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><On id="1">group</On><Type>execute</Type></Action>
<Action id="2"><On id="1">parameter</On>%</Action></Actions></Protocol>`

// A loop goes on for ever, or ends by a condition, or by a value that stays as
// it is: of the latter two that is uncertain.
func TestLoopsThatMayEnd(t *testing.T) {
	for action, want := range map[string]string{
		`<Type>increment</Type>`:                                     "1.24.1 for ever",
		`<Type value="2">increment</Type>`:                           "1.24.1 for ever",
		`<Type>append</Type>`:                                        "1.24.1 for ever",
		`<Type>go</Type>`:                                            "1.24.1 for ever",
		`<Type id="2">copy</Type>`:                                   "1.24.2 until a value stays as it is",
		`<Type id="2">increment</Type>`:                              "1.24.2 until a value stays as it is",
		`<Type value="0">increment</Type>`:                           "1.24.2 until a value stays as it is",
		`<Type value="2">multiply</Type>`:                            "1.24.2 until a value stays as it is",
		`<Type value="2">pow</Type>`:                                 "1.24.2 until a value stays as it is",
		`<Type>increment</Type><Condition>id:1 &lt; 9</Condition>`:   "1.24.2 only a condition",
		`<Type id="2">copy</Type><Condition>id:1 &lt; 9</Condition>`: "1.24.2 only a condition",
		`<Type>clear</Type>`:                                         "",
		`<Type>save</Type>`:                                          "",
		`<Type>increment</Type></Action><Action id="3"><On id="1">parameter</On><Type id="2">copy</Type>`: "1.24.1 for ever",
	} {
		found, refused := findings(t, strings.Replace(looped, "%", action, 1))
		id, words, _ := strings.Cut(want, " ")
		if refused || hasID(found, "1.24.1") != (id == "1.24.1") || hasID(found, "1.24.2") != (id == "1.24.2") || want != "" && !strings.Contains(messages(found, id), words) {
			t.Errorf("%s: want %q, have %q %q (refused %v)", action, want, messages(found, "1.24.1"), messages(found, "1.24.2"), refused)
		}
		if m := messages(found, "1.24.2"); m != "" && !strings.HasPrefix(m, "Uncertain: ") {
			t.Errorf("%s: 1.24.2 does not say that it is uncertain: %s", action, m)
		}
	}
}
