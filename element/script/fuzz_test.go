package script_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/script"
)

// FuzzInput hands a message of a device to a script in every way there is.
func FuzzInput(f *testing.F) {
	for _, s := range []string{"", stateMessage, "\xff\xfe", "\xed\xa0\x80", strings.Repeat("[", 2000), `{"a":1e999}`, `{"__proto__":{"x":1}}`, "1e309", "NaN", "\x00"} {
		f.Add([]byte(s))
	}
	const code = `var s = protocol.GetParameter(20), b = protocol.GetInputParameter(0);
protocol.SetParameter(13, b); protocol.SetParameter(10, s);
try { protocol.SetParameter(12, s) } catch (e) {}
try { protocol.AddRow(1000, [s, b, s]); protocol.RowCount(1000); protocol.GetRow(1000, s) } catch (e) {}
try { var m = JSON.parse(s); protocol.SetParameter(13, JSON.stringify(m)); protocol.SetParameter(12, m.a); protocol.GetParameter(m); protocol.SetRow(1000, m, m) } catch (e) {}
protocol.Log(s); protocol.Log("end", LogType.Error)`
	f.Fuzz(func(t *testing.T, message []byte) {
		r := build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "20", `inputParameters="20" options="binary"`, code))
		got := r.handle(engine.Received{Connection: 1, Text: false, Data: message})
		if len(message) > 0 && (len(got) == 0 || got[len(got)-1] != "error: end") {
			t.Fatalf("the script ended early: %q", got)
		}
		if p, _ := r.Parameter(10); len(message) > 0 && p.Value.Kind() != element.KindText {
			t.Fatalf("parameter 10 holds %v", p.Value)
		}
	})
}

// FuzzCode compiles and runs whatever a connector calls JScript.
func FuzzCode(f *testing.F) {
	for _, s := range []string{stateScript, "for (;;) {}", "}); (function () {", "`${`", "/(?=a)+/", "class A extends B {}", "a=>a=>a", "//# sourceMappingURL=x", "return", "async () => { await 1 }"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if strings.ContainsAny(code, "\x00\r") || strings.Contains(code, "]]>") || !isXML(code) {
			t.Skip("no text of an XML file")
		}
		def := parse(t, qaction(1, "20", "", code))
		for _, found := range script.Check(def) {
			if found.Line < 21 || found.Line > 21+strings.Count(code, "\n") || found.Column < 1 || !strings.HasPrefix(found.Message, "QAction 1 ") {
				t.Errorf("finding %+v", found)
			}
		}
		e := script.New(script.Options{Budget: 20 * time.Millisecond}).Element(def)
		host := &quiet{message: element.Text("x"), values: map[element.ParamID]element.Value{}}
		if err := e.Run(&def.QActions[0], 20, host); err != nil {
			var line int
			if _, scan := fmt.Sscanf(err.Error(), "line %d: ", &line); scan != nil || line < 21 || line > 21+strings.Count(code, "\n") {
				t.Errorf("error %q has no line of the code", err)
			}
		}
	})
}

func isXML(s string) bool {
	for _, r := range s {
		if r == '\uFFFD' || r == '\uFFFE' || r == '\uFFFF' || r < ' ' && r != '\n' && r != '\t' {
			return false
		}
	}
	return true
}
