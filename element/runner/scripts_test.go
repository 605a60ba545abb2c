package runner

import (
	"errors"
	"maps"
	"strconv"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// fakeScripts runs every QAction by setting parameter 220 and failing with the
// value that triggered it.
type fakeScripts struct {
	calls uint64
	last  string
}

func (f *fakeScripts) Runs(*connector.QAction) bool { return true }
func (f *fakeScripts) Reset()                       {}
func (f *fakeScripts) Revive() bool                 { return false }

func (f *fakeScripts) Running() (call element.ScriptCall, ok bool) { return call, false }

func (f *fakeScripts) Run(_ *connector.QAction, trigger element.ParamID, h engine.ScriptHost) error {
	f.calls++
	h.SetValue(220, element.Text("set by a script"))
	f.last = "line 1: " + h.Value(trigger).String() + "."
	return errors.New(f.last)
}

func (f *fakeScripts) Scripts() []element.Script {
	return []element.Script{{ID: 1, Calls: f.calls, LastError: f.last}}
}

// Scripts run on the owner, the view says what they cost, and a password that
// a script repeats in its error is masked.
func TestScriptsOfAnElement(t *testing.T) {
	xml := strings.Replace(lampConnector, "</Params>", `<Param id="70"><Name>Key</Name><Description>Key</Description><Type>write</Type>
      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>
      <Measurement><Type options="password">string</Type></Measurement></Param></Params>
      <QActions><QAction id="1" name="q" encoding="jscript" triggers="70">x</QAction></QActions>`, 1)
	definition, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	d := newRealDevice(t)
	w := realWorld(t, func(o *Options) {
		o.Catalog = catalog{definition}
		o.Scripts = func(*connector.Definition) Scripts { return &fakeScripts{} }
	})
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Lamp"), Connector: new("Lamp"),
		Connections: []element.ConnectionDraft{{ID: 1, Host: &d.host, Port: &d.port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "open", func(e element.Element) bool { return e.Connections[0].Status == element.ConnOpen })
	if _, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 70}, Raw: element.Text("hunter2-hunter2"), By: "tester"}); err != nil {
		t.Fatal(err)
	}
	v, err := w.fleet.View(t.Context(), e.ID)
	if err != nil || len(v.Scripts) != 1 || v.Scripts[0].Calls != 1 {
		t.Fatalf("scripts are %+v, %v", v.Scripts, err)
	}
	shown := func() (last element.Script) {
		for _, p := range w.stage.patches(string(e.ID)) {
			if p.Script != nil {
				last = *p.Script
			}
		}
		return last
	}
	w.await(e.ID, "costs on pages", func(element.Element) bool { return shown() == v.Scripts[0] })
	if s := v.Scripts[0].LastError; strings.Contains(s, "hunter2") || !strings.HasPrefix(s, "line 1: ") {
		t.Errorf("the error shows the password: %q", s)
	}

	// The script sets 220 to what it is: no news. The person's own order is.
	if _, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Target: element.Target{Parameter: 70}, Raw: element.Text("hunter2-hunter2"), By: "tester"}); err != nil {
		t.Fatal(err)
	}
	listed := map[string]int{}
	for _, ev := range w.stage.Events(string(e.ID), nil, 10_000).Events {
		if c, ok := ev.Body.(element.ParameterChanged); ok && c.By != element.ByDevice && c.Parameter != 7 {
			listed[strconv.Itoa(int(c.Parameter))+" by "+c.By]++
		}
	}
	if want := map[string]int{"70 by tester": 2, "220 by logic": 1}; !maps.Equal(listed, want) {
		t.Errorf("listed changes are %v, want %v", listed, want)
	}
}
