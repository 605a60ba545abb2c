package runner

import (
	"errors"
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
		o.newMachine, o.Catalog = nil, catalog{definition}
		o.Scripts = func(*connector.Definition) Scripts { return &fakeScripts{} }
	})
	e, err := w.fleet.Create(t.Context(), element.Draft{
		Name: new("Lamp"), Connector: new("Lamp"),
		Connections: []element.ConnectionDraft{{ID: 1, Host: &d.host, Port: &d.port}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.fleet.Set(t.Context(), e.ID, element.SetRequest{Parameter: 70, Raw: element.Text("hunter2-hunter2"), By: "tester"}); err != nil {
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
}
