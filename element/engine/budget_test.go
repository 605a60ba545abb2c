package engine_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

// said is what a Handle wrote to the element's log as errors.
func said(effects []engine.Effect) string {
	var b strings.Builder
	for _, f := range effects {
		if l, ok := f.(engine.Logged); ok && l.Level == "error" {
			b.WriteString(l.Message + "\n")
		}
	}
	return b.String()
}

// Logic that takes too long is cut off, with the chain that led there.
func TestLogicThatTakesTooLongIsCutOff(t *testing.T) {
	def := fromScript(t, "4.7-triggers.txtar", "loop")
	play := func(tick time.Duration) string {
		e, passed := engine.New(def, "e1", config(def)), time.Duration(0)
		e.UseStopwatch(func() time.Duration { passed += tick; return passed })
		e.Handle(midnight, engine.Start{})
		return said(e.Handle(midnight, engine.Set{WriteID: "w", Target: element.Target{Parameter: 14}, Named: 14, Value: element.Text("go"), By: "anna"}))
	}
	if slow := play(engine.MaxTime / 4); !strings.Contains(slow, "takes longer than 10 s") || !strings.Contains(slow, "→ parameter 16 → trigger 2 → action 3") {
		t.Errorf("slow logic is cut off with %q", slow)
	}
	if fast := play(time.Microsecond); !strings.Contains(fast, "100 levels deep") {
		t.Errorf("fast logic is cut off with %q", fast)
	}
}

// Work that does not nest has an end too: so many steps for one input.
func TestLogicOfTooManyStepsIsCutOff(t *testing.T) {
	var triggers, actions strings.Builder
	for i := range 40 { // each runs all of the next: 40 levels, but 2 to the 40th steps
		id, next := strconv.Itoa(i+1), strconv.Itoa(i+2)
		triggers.WriteString(`<Trigger id="` + id + `"><Name>t` + id + `</Name><Type>trigger</Type><Content><Id>` + next + `</Id><Id>` + next + `</Id></Content></Trigger>`)
	}
	triggers.WriteString(`<Trigger id="41"><Name>end</Name><Type>action</Type><Content><Id>1</Id></Content></Trigger>
<Trigger id="50"><Name>begin</Name><On id="14">parameter</On><Time>change</Time><Type>trigger</Type><Content><Id>1</Id></Content></Trigger>`)
	actions.WriteString(`<Action id="1"><Name>a</Name><On id="15">parameter</On><Type>increment</Type></Action>`)
	def := parse(t, []byte(`<Type>http</Type><Params>
<Param id="14"><Name>Go</Name><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="15"><Name>Count</Name><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
</Params><Triggers>`+triggers.String()+`</Triggers><Actions>`+actions.String()+`</Actions>`))
	e := engine.New(def, "e1", config(def))
	e.Handle(midnight, engine.Start{})
	got := said(e.Handle(midnight, engine.Set{WriteID: "w", Target: element.Target{Parameter: 14}, Named: 14, Value: element.Text("go"), By: "anna"}))
	if !strings.Contains(got, "does not come to an end (20000 steps)") || !strings.Contains(got, "trigger 30 → trigger 31") {
		t.Errorf("it is cut off with %q", got)
	}
	// what follows is heard again
	if again := said(e.Handle(midnight.Add(time.Minute), engine.Tick{})); again != "" {
		t.Errorf("a later input says %q", again)
	}
}
