package script_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/script"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

var midnight = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

// device is a connector with a text (10, written by 11), a number (12), a text
// that scripts write to (13), what the device says (20) and a table (1000).
const device = `<?xml version="1.0" encoding="utf-8"?>
<Protocol xmlns="http://www.skyline.be/protocol"><Name>Scripted</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="10"><Name>A</Name><Description>The text</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="11" setter="true"><Name>A</Name><Description>A</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="12"><Name>N</Name><Description>N</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="13"><Name>Out</Name><Description>Out</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="20"><Name>Message</Name><Description>Message</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1000"><Name>T</Name><Description>T</Description><Type>array</Type><ArrayOptions index="0"><ColumnOption idx="0" pid="1001" type="retrieved"/><ColumnOption idx="1" pid="1002" type="retrieved"/><ColumnOption idx="2" pid="1003" type="retrieved"/></ArrayOptions></Param>
<Param id="1001"><Name>Key</Name><Description>Key</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1002"><Name>Label</Name><Description>Label</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="1003"><Name>Level</Name><Description>Level</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params>
<Responses><Response id="1"><Name>R</Name><Content><Param>20</Param></Content></Response></Responses>
<Groups><Group id="4"><Name>g</Name><Description>g</Description><Type>trigger</Type><Content><Trigger>5</Trigger></Content></Group></Groups>
<Triggers><Trigger id="5"><Name>t</Name><Type>action</Type><Content><Id>6</Id></Content></Trigger>
<Trigger id="7"><Name>go</Name><Type>action</Type><Content><Id>8</Id></Content></Trigger></Triggers>
<Actions><Action id="6"><Name>a</Name><On id="12">parameter</On><Type>increment</Type></Action>
<Action id="8"><Name>b</Name><On id="4">group</On><Type>execute</Type></Action></Actions>
<QActions>%s</QActions></Protocol>`

// qaction writes a QAction; attributes may be empty.
func qaction(id int, triggers, attributes, code string) string {
	return fmt.Sprintf(`<QAction id="%d" name="q%d" encoding="jscript" triggers="%s" %s><![CDATA[%s]]></QAction>`, id, id, triggers, attributes, code)
}

func parse(t testing.TB, qactions ...string) *connector.Definition {
	t.Helper()
	def, err := connector.Parse(fmt.Appendf(nil, device, strings.Join(qactions, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	if len(def.QActions) != len(qactions) {
		t.Fatalf("%d of %d QActions are left: %v", len(def.QActions), len(qactions), def.Findings)
	}
	return def
}

// rig is an element with the device's connection open.
type rig struct {
	*engine.Engine
	scripts *script.Element
	now     time.Time
}

func build(t testing.TB, o script.Options, qactions ...string) *rig {
	t.Helper()
	return begin(parse(t, qactions...), o)
}

// begin starts an element of a connector and opens its connection.
func begin(def *connector.Definition, o script.Options) *rig {
	return attach(def, script.New(o).Element(def), "e1")
}

// attach starts the element of an id.
func attach(def *connector.Definition, scripts *script.Element, id element.ID) *rig {
	r := &rig{
		Engine:  engine.New(def, id, element.Config{Name: "Panel", Connections: []element.ConnectionConfig{{ID: 1, Host: "localhost", Port: 80}}}),
		scripts: scripts, now: midnight,
	}
	r.UseScripts(r.scripts)
	r.handle(engine.Start{})
	r.handle(engine.Opened{Connection: 1})
	return r
}

// handle returns the values that changed by logic and the lines of the log.
func (r *rig) handle(in engine.Input) []string {
	r.now = r.now.Add(time.Minute) // past what the log holds back
	var got []string
	for _, f := range r.Handle(r.now, in) {
		switch f := f.(type) {
		case engine.Changed:
			if f.By == element.ByLogic {
				got = append(got, fmt.Sprintf("%d = %s", f.Parameter.ID, f.Parameter.Value))
			}
		case engine.Logged:
			got = append(got, f.Level+": "+f.Message)
		}
	}
	return got
}

func (r *rig) set(value string) []string {
	return r.handle(engine.Set{WriteID: "w", Target: element.Target{Parameter: 11}, Named: 11, Value: element.Text(value), By: "anna"})
}

func (r *rig) hear(message string) []string {
	return r.handle(engine.Received{Connection: 1, Text: true, Data: []byte(message)})
}

// scriptCase is a QAction and what it does, line by line.
type scriptCase struct {
	name, attributes, code string
	want                   []string
}

// throws begins what is said of a QAction that ends with an error.
const throws = "error: QAction 1 ended early: line 21: "

func TestScripts(t *testing.T) {
	runScripts(t, []scriptCase{
		{"reads and writes", "", `protocol.SetParameter(12, 4); protocol.SetParameter(13, protocol.GetParameter(10) + protocol.GetParameter(12));`, []string{"12 = 4", "13 = x4"}},
		{"an equal value is an event", "", `protocol.SetParameter(12, 4); protocol.SetParameter(12, "4");`, []string{"12 = 4", "12 = 4"}},
		{"lists", "", `protocol.SetParameters([12, 13], [1.5, true]); protocol.Log(protocol.GetParameters([10, 12, 13]).join());`, []string{"12 = 1.5", "13 = true", "info: x,1.5,true"}},
		{"what is not set", "", `protocol.Log([protocol.GetParameter(12), protocol.IsEmpty(12), protocol.IsEmpty(10)].join("|"))`, []string{"info: |true|false"}},
		{"null takes a value away", "", `protocol.SetParameter(10, null); protocol.Log(String(protocol.GetParameter(10)))`, []string{"10 = ", "info: null"}},
		{"names", "", `var p = protocol; p.Log([p.GetParameterByName("a"), p.GetParameterDescription(10), p.ElementID, p.ElementName, p.DataMinerID, p.ProtocolName, p.ProtocolVersion, p.UserInfo, p.QActionID, p.GetTriggerParameter()].join())`, []string{"info: x,The text,e1,Panel,1,Scripted,1.0.0.1,anna,1,11"}},
		{"no event", "", `protocol.SetParameterBinary(13, new Uint8Array([65, 66])); protocol.Log(protocol.GetParameter(13))`, []string{"info: AB"}},
		{
			"bytes", "", `protocol.SetParameter(13, new Uint8Array([255, 65])); var d = protocol.GetData("PARAMETER", 13); protocol.Log(d[0] + " " + d.length + " " + protocol.GetParameter(13).charCodeAt(0))`,
			[]string{"13 = \xffA", "info: 255 2 65533"},
		},
		{"inputs", `inputParameters="10;12"`, `protocol.SetParameter(10, "y"); protocol.Log(protocol.GetInputParameter(0) + arguments[1] + protocol.GetInputParameter(1))`, []string{"10 = y", "info: xxnull"}},
		{"inputs as bytes", `inputParameters="10" options="binary"`, `protocol.Log(protocol.GetInputParameter(0)[0] + " " + (protocol.GetInputParameter(0) instanceof Uint8Array))`, []string{"info: 120 true"}},
		{"triggers", "", `protocol.SetParameter(12, 1); protocol.CheckTrigger(5); protocol.Log("after " + protocol.GetParameter(12))`, []string{"12 = 1", "12 = 2", "info: after 2"}},
		{"types and levels of lines", "", `protocol.Log("a", LogType.Error, LogLevel.NoLogging); protocol.Log("b", LogType.Information, LogLevel.Level5); protocol.Log("c", LogType.DebugInfo, LogLevel.DevelopmentLogging)`, []string{"error: a", "info: b"}},
		{"the time is that of the input", "", `protocol.Log(new Date().toISOString() + " " + Date.now())`, []string{"info: 2026-01-02T00:03:00.000Z 1767312180000"}},
		{"returns early", "", `if (true) return; protocol.Log("no")`, nil},
		{"json", "", `var o = JSON.parse('{"a":[1,{"b":2}]}'); protocol.SetParameter(13, JSON.stringify(o.a[1]))`, []string{`13 = {"b":2}`}},
		{"queued", `options="queued"`, `protocol.Log("later")`, []string{"info: later"}},
		{"a promise", "", `(async function () { await null; protocol.SetParameter(12, 3); })()`, []string{"12 = 3"}},
		{"a promise that fails", "", `(async function () { throw new Error("no") })()`, []string{throws + "a promise was rejected: Error: no."}},
	})
}

func TestScriptsThatFail(t *testing.T) {
	runScripts(t, []scriptCase{
		{"throws", "", `throw new Error("no good")`, []string{throws + "Error: no good."}},
		{"throws on a later line", "", "\n\n  noSuchThing();", []string{"error: QAction 1 ended early: line 23: ReferenceError: noSuchThing is not defined."}},
		{"catches", "", `try { protocol.GetParameter(99) } catch (e) { protocol.Log(e.message) }`, []string{"info: GetParameter: the connector has no parameter 99."}},
		{"what was done stays done", "", `protocol.SetParameter(12, 1); var o; o.x`, []string{"12 = 1", throws + "TypeError: Cannot read property 'x' of undefined."}},
		{"no number", "", `protocol.SetParameter(12, "abc")`, []string{throws + "TypeError: SetParameter: parameter 12 (N) holds numbers, and the value is not one."}},
		{"not a number", "", `protocol.SetParameter(12, 0/0)`, []string{throws + "TypeError: SetParameter: the value is NaN, which is not a number."}},
		{"undefined", "", `protocol.SetParameter(12, {}.x)`, []string{throws + "TypeError: SetParameter: the value is undefined."}},
		{"an object", "", `protocol.SetParameter(13, {})`, []string{throws + "TypeError: SetParameter: the value is an object; hand over a text, a number or a Uint8Array (JSON.stringify makes a text of an object)."}},
		{"no id", "", `protocol.SetParameter("a", 1)`, []string{throws + `TypeError: SetParameter: a parameter id is a whole number, not "a".`}},
		{"no trigger", "", `protocol.CheckTrigger(99)`, []string{throws + "TypeError: CheckTrigger: the connector has no trigger 99."}},
		{"no code from text", "", `new Function("return 1")()`, []string{throws + "TypeError: code cannot be made from text here."}},
		{"no code from text, hidden", "", `(async function () {}).constructor("return 1")()`, []string{throws + "TypeError: code cannot be made from text here."}},
		{"no eval", "", `eval("1")`, []string{throws + "ReferenceError: eval is not defined."}},
		{"no files", "", `require("fs")`, []string{throws + "ReferenceError: require is not defined."}},
		{"does not compile", "", "\nvar = 3;", []string{"error: QAction 1 ended early: line 22: SyntaxError: Unexpected token =."}},
		{"leaves its function", "", `}); (function () {`, []string{throws + "SyntaxError: a closing brace has no opening one."}},
		{"too large a text", "", `var s = "xxxxxxxxxxxxxxxx"; while (s.length <= 16 << 20) s += s; protocol.SetParameter(13, s)`, []string{throws + "TypeError: SetParameter: the text has 33554432 bytes; at most 16777216 are allowed."}},
		{"too long a list", "", `protocol.GetParameters(new Array(2000000))`, []string{throws + "TypeError: GetParameters: ids has 2000000 entries; at most 1048576 are allowed."}},
		{"endless recursion", "", `function f() { return f() + 1 } f()`, []string{throws + "functions call one another more than 1000 deep."}},
		{"deep json", "", `JSON.parse("[".repeat(5000))`, []string{throws + "TypeError: JSON.parse: arrays and objects are nested more than 1000 deep."}},
	})
}

func runScripts(t *testing.T, tests []scriptCase) {
	t.Helper()
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "11", tc.attributes, tc.code))
			var got []string
			for _, line := range r.set("x") {
				if line != "10 = x" {
					got = append(got, line)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A state message of an IS-07 device, in a QAction.
const stateScript = `var m = JSON.parse(protocol.GetParameter(20));
if (m.message_type === "state") {
	protocol.SetParameter(12, m.payload.value);
	protocol.SetParameter(13, m.identity.source_id);
	protocol.SetParameter(10, m.timing.creation_timestamp);
}`

const stateMessage = `{"message_type":"state","event_type":"number/temperature","identity":{"source_id":"8a2b1f0c-5d1e-4c43-a5d4-3f2f0f2f1c11","flow_id":"2b6b0e2a-71c5-4d8c-8b0b-6a4e7e0f3a10"},"timing":{"creation_timestamp":"1441700172:318426300","origin_timestamp":"1441700172:318426300"},"payload":{"value":23.5}}`

func TestMessageOfTheDevice(t *testing.T) {
	r := build(t, script.Options{}, qaction(1, "20", "", stateScript))
	want := []string{"12 = 23.5", "13 = 8a2b1f0c-5d1e-4c43-a5d4-3f2f0f2f1c11", "10 = 1441700172:318426300"}
	if diff := cmp.Diff(want, r.hear(stateMessage)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got := r.hear("[1, {\"x\"")
	if len(got) != 1 || !strings.HasPrefix(got[0], "error: QAction 1 ended early: line 21: SyntaxError: Unexpected end of JSON input") {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff(want, r.hear(stateMessage)); diff != "" {
		t.Errorf("after an error: -want +got:\n%s", diff)
	}
	for _, s := range r.scripts.Scripts() {
		if s.ID != 1 || !s.Runs || s.Calls != 3 || s.Errors != 1 || s.TotalMs <= 0 || s.LongestMs > s.TotalMs || !strings.Contains(s.LastError, "JSON") {
			t.Errorf("cost: %+v", s)
		}
	}
}

func TestEntryPoints(t *testing.T) {
	code := `var n = 0; var Other = { run: function (p) { n += 10; p.Log("other " + n) } };
function Run(p, input) { n++; p.Log("run " + n + " " + input + " " + (p === protocol)) }`
	r := build(t, script.Options{}, qaction(1, "11;12", `entryPoint="Run;Other.run" inputParameters="10"`, code), qaction(2, "11", "", "protocol.SetParameter(12, 1)"))
	want := []string{"10 = x", "info: run 1 x true", "12 = 1", "info: other 11"}
	if diff := cmp.Diff(want, r.set("x")[0:]); diff != "" && !strings.Contains(diff, "10 = x") {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := r.set("y"); got[len(got)-1] != "info: other 22" {
		t.Errorf("what the script keeps is gone: %q", got)
	}
	r.handle(engine.Stop{})
	r.handle(engine.Start{})
	if got := r.set("z"); !strings.Contains(strings.Join(got, "\n"), "info: run 1 z true") {
		t.Errorf("a stop did not forget what the script kept: %q", got)
	}
	for entry, says := range map[string]string{"Missing": "entryPoint Missing is not a function", "a b": "is neither Function nor Object.function", "Other.x": "entryPoint Other.x is not a function"} {
		r := build(t, script.Options{}, qaction(1, "11", `entryPoint="`+entry+`"`, code))
		if got := strings.Join(r.set("x"), "\n"); !strings.Contains(got, says) {
			t.Errorf("%s: %s", entry, got)
		}
	}
}

func TestTriggers(t *testing.T) {
	r := build(t, script.Options{},
		qaction(1, "11", `options="queued"`, `protocol.Log("first, queued")`),
		qaction(2, "11", "", `protocol.Log("second"); protocol.SetParameter(12, 1); protocol.CheckTrigger(7)`),
		qaction(3, "12", "", `protocol.Log("third, " + protocol.GetParameter(12))`),
		qaction(4, "4", `options="group"`, `protocol.Log("after group " + protocol.GetTriggerParameter())`),
		qaction(5, "1003", `row="true"`, `protocol.Log([protocol.RowKey(), protocol.RowIndex(), protocol.OldRow()[2], protocol.NewRow()[2]].join())`),
		qaction(6, "12", "", `if (!protocol.Exists(1000, "k")) protocol.AddRow(1000, "k"); protocol.SetParameterIndexByKey(1000, "k", 3, protocol.GetParameter(12))`),
		`<QAction id="7" name="c" encoding="csharp" triggers="11">class QAction {}</QAction>`)
	got := r.set("x")
	want := []string{
		"info: second", "12 = 1", "info: third, 1", "info: k,1,,1",
		"warning: QAction 7 is not run here: it is written in csharp.",
		"info: first, queued", "12 = 2", "info: third, 2", "info: k,1,1,2", "info: after group 4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPromisesAreTheirCallsOwn: a rejected promise is told of the call that
// made it, and of no other.
func TestPromisesAreTheirCallsOwn(t *testing.T) {
	inner := qaction(2, "12", "", `protocol.Log("inner")`)
	for _, tc := range []struct{ code, want string }{
		{`Promise.reject(1); throw 2`, "error: QAction 1 ended early: line 21: 2."},
		{`var p = Promise.reject(1); protocol.SetParameter(12, 1); p.catch(function () {})`, "12 = 1\ninfo: inner"},
		{`Promise.reject(1); protocol.SetParameter(12, 1)`, "12 = 1\ninfo: inner\nerror: QAction 1 ended early: line 21: a promise was rejected: 1."},
	} {
		r := build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "11", "", tc.code), inner, qaction(3, "11", "", `protocol.Log("last")`))
		got := strings.TrimPrefix(strings.Join(r.set("x"), "\n"), "10 = x\n")
		if got != tc.want+"\ninfo: last" {
			t.Errorf("%s: %s", tc.code, got)
		}
	}
}

func TestBudgets(t *testing.T) {
	const quick = 30 * time.Millisecond
	endless := qaction(1, "11", "", "for (;;) {}")
	t.Run("an endless loop", func(t *testing.T) {
		r := build(t, script.Options{Budget: quick, TurnBudget: time.Minute}, endless, qaction(2, "11", "", `protocol.Log("goes on")`))
		for i := range 4 {
			got := strings.Join(r.set("x"), "\n")
			if !strings.HasSuffix(got, "info: goes on") {
				t.Errorf("the connector did not go on: %s", got)
			}
			if says := strings.Contains(got, "QAction 1 ended early: line 21: it ran longer than 30ms."); says != (i < 2) {
				t.Errorf("call %d: %s", i, got)
			}
			if off := strings.Contains(got, "QAction 1 is switched off: line 21: it ran longer than 30ms. It is tried again in "); off != (i >= 2) {
				t.Errorf("call %d: %s", i, got)
			}
		}
		r.handle(engine.Stop{})
		r.handle(engine.Start{})
		if got := strings.Join(r.set("x"), "\n"); !strings.Contains(got, "longer than 30ms") {
			t.Errorf("a start did not switch it on: %s", got)
		}
	})
	t.Run("an endless loop in a call that another waits for", func(t *testing.T) {
		r := build(t, script.Options{Budget: quick}, qaction(1, "11", "", `try { protocol.SetParameter(12, 1) } catch (e) {} protocol.Log("not reached")`), qaction(2, "12", "", "for (;;) {}"))
		got := strings.Join(r.set("x"), "\n")
		if strings.Contains(got, "not reached") || strings.Count(got, "ran longer") != 2 {
			t.Errorf("got %s", got)
		}
		r.set("x")
		r.set("x")
		r.now = r.now.Add(-time.Minute) // before it is tried again
		for _, s := range r.scripts.Scripts() {
			if s.Runs != (s.ID == 1) {
				t.Errorf("who used up the time is switched off, who waited is not: %+v", s)
			}
		}
		if got := r.set("x"); got[len(got)-1] != "info: not reached" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("all that one input leads to", func(t *testing.T) {
		r := build(t, script.Options{Budget: quick, TurnBudget: quick}, endless, qaction(2, "11", "", `protocol.Log("no")`))
		if got := strings.Join(r.set("x"), "\n"); !strings.HasSuffix(got, "together ran longer than 30ms.") {
			t.Errorf("got %s", got)
		}
	})
	t.Run("a regular expression that backtracks", func(t *testing.T) {
		r := build(t, script.Options{Budget: quick}, qaction(1, "11", "", `/^(?=(a+)+$)(a+)+$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")`))
		if got := strings.Join(r.set("x"), "\n"); !strings.Contains(got, "ran longer") {
			t.Errorf("got %s", got)
		}
	})
	t.Run("a thrown object whose text is endless", func(t *testing.T) {
		r := build(t, script.Options{Budget: quick}, qaction(1, "11", "", `throw { toString: function () { for (;;) {} } }`))
		if got := strings.Join(r.set("x"), "\n"); !strings.Contains(got, "a value was thrown that has no text") {
			t.Errorf("got %s", got)
		}
	})
}

func TestScriptThatTriggersItself(t *testing.T) {
	r := build(t, script.Options{Budget: time.Minute}, qaction(1, "12", "", `protocol.SetParameter(12, protocol.GetParameter(12) + 1)`), qaction(2, "11", "", `protocol.SetParameter(12, 1); protocol.Log("done")`))
	got := r.set("x")
	if len(got) < engine.MaxDepth || got[len(got)-1] != "info: done" || !strings.Contains(strings.Join(got, "\n"), "causes itself 100 levels deep") {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
}

func TestLinesAreBounded(t *testing.T) {
	r := build(t, script.Options{Budget: time.Minute}, qaction(1, "11", "", `for (var i = 0; i < 1000; i++) protocol.Log("x".repeat(10000))`))
	got := r.set("x")
	if len(got) != 101 || len(got[0]) > 4200 || !strings.Contains(got[100], "left out") {
		t.Errorf("%d lines, the last %.60q", len(got), got[len(got)-1])
	}
}

func TestCheck(t *testing.T) {
	def := parse(t, qaction(1, "11", "", "ok()"), qaction(2, "11", "", "\n  var = 3"), `<QAction id="3" name="c" encoding="csharp" triggers="11">class {}</QAction>`,
		qaction(4, "11", "", strings.Repeat("[", 300)), qaction(5, "11", "", strings.Repeat("a=>", 3000)+"1"), qaction(6, "11", "", strings.Repeat(" ", script.MaxCode+1)),
		qaction(7, "11", "", "//# sourceMappingURL=/etc/hostname\nok()"))
	var got []string
	for _, f := range script.Check(def) {
		got = append(got, fmt.Sprintf("%s %s %d:%d %s", f.ID, f.Severity, f.Line, f.Column, f.Message))
	}
	want := []string{
		"3.4.1 critical 23:7 QAction 2 does not compile and is not run: SyntaxError: Unexpected token =.",
		"3.4.1 critical 25:1 QAction 4 does not compile and is not run: brackets are nested more than 256 deep.",
		"3.4.1 critical 26:1 QAction 5 does not compile and is not run: the script has 3000 arrow functions; at most 2000 are allowed.",
		"3.4.1 critical 27:1 QAction 6 does not compile and is not run: the script has 262145 bytes; at most 262144 are allowed.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
