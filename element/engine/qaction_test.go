package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

const scripted = `<Connections><Connection id="1" name="D"><Http><CommunicationOptions><WebSocket>true</WebSocket></CommunicationOptions></Http></Connection></Connections>
<Params>
<Param id="10"><Name>A</Name><Description>A</Description><Type>read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="11" setter="true"><Name>A</Name><Description>A</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="12"><Name>N</Name><Description>N</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params>
<Triggers><Trigger id="5"><Name>t</Name><Type>action</Type><Content><Id>6</Id></Content></Trigger></Triggers>
<Actions><Action id="6"><Name>a</Name><On id="12">parameter</On><Type>increment</Type></Action></Actions>
<QActions><QAction id="1" name="q" encoding="jscript" triggers="11"><![CDATA[var x;]]></QAction></QActions>`

// fake runs a function as every QAction.
type fake func(trigger element.ParamID, h engine.ScriptHost) error

func (fake) Runs(q *connector.QAction) bool { return q.Encoding == "jscript" }

func (f fake) Run(_ *connector.QAction, trigger element.ParamID, h engine.ScriptHost) error {
	return f(trigger, h)
}

func (fake) Reset() {}

func runScripted(t *testing.T, f fake) []string {
	def := parse(t, []byte(scripted))
	e := engine.New(def, "e1", config(def))
	e.UseScripts(f)
	e.Handle(midnight, engine.Start{})
	var got []string
	for _, f := range e.Handle(midnight, engine.Set{WriteID: "w1", Target: element.Target{Parameter: 11}, Named: 11, Value: element.Text("x"), By: "anna"}) {
		got = append(got, effect(f))
	}
	return got
}

func TestQActionRunsAfterTheSetterCopy(t *testing.T) {
	got := runScripted(t, func(trigger element.ParamID, h engine.ScriptHost) error {
		if trigger != 11 {
			t.Errorf("trigger parameter is %d", trigger)
		}
		h.Log("info", "A is "+h.Value(10).String())
		if h.SetValue(12, element.Text("no number")) || h.SetValue(99, element.Number(1)) {
			t.Error("a value that does not fit was taken")
		}
		for range 2 { // an equal value counts as well
			if !h.SetValue(12, element.Number(4)) {
				t.Error("a value that fits was refused")
			}
		}
		if !h.CheckTrigger(5) || h.CheckTrigger(7) {
			t.Error("CheckTrigger is wrong about which triggers exist")
		}
		return nil
	})
	want := []string{
		`write w1 of 11="x" accepted`, `changed 11="x" by anna`, `changed 10="x" by anna`,
		`info: A is x`, `changed 12=4 by logic`, `changed 12=4 by logic`, `changed 12=5 by logic`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestQActionThatFailsIsLogged(t *testing.T) {
	got := runScripted(t, func(element.ParamID, engine.ScriptHost) error { return errors.New("line 3: x is not defined.") })
	if last := got[len(got)-1]; last != "error: QAction 1 ended early: line 3: x is not defined." {
		t.Errorf("got %q", last)
	}
}

func TestQActionThatTriggersItselfIsCutOff(t *testing.T) {
	got := runScripted(t, func(_ element.ParamID, h engine.ScriptHost) error {
		h.SetValue(11, element.Text("again"))
		return nil
	})
	if !strings.Contains(strings.Join(got, "\n"), "error: The connector's logic causes itself") {
		t.Errorf("nothing says that the QAction went round in circles: %d effects", len(got))
	}
}
