package script_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/script"
)

// quiet is a host that keeps what it is told.
type quiet struct {
	engine.TableHost
	message element.Value
	values  map[element.ParamID]element.Value
}

func (q *quiet) Value(element.ParamID) element.Value { return q.message }
func (q *quiet) SetValue(id element.ParamID, v element.Value) bool {
	q.values[id] = v
	return true
}
func (q *quiet) SetQuietly(element.ParamID, element.Value) bool { return true }
func (q *quiet) CheckTrigger(int) bool                          { return true }
func (q *quiet) Log(string, string)                             {}
func (q *quiet) Context() engine.ScriptContext                  { return engine.ScriptContext{Now: midnight} }

// BenchmarkState measures one state message: taken apart by JavaScript alone,
// by a QAction, and by a QAction inside the engine with all that follows from
// three parameters that change.
func BenchmarkState(b *testing.B) {
	b.Run("goja", func(b *testing.B) {
		vm := goja.New()
		v, err := vm.RunString(`(function (s) { var m = JSON.parse(s); if (m.message_type === "state") return [m.payload.value, m.identity.source_id, m.timing.creation_timestamp]; })`)
		if err != nil {
			b.Fatal(err)
		}
		f, _ := goja.AssertFunction(v)
		b.ReportAllocs()
		for b.Loop() {
			list, err := f(goja.Undefined(), vm.ToValue(stateMessage))
			if err != nil {
				b.Fatal(err)
			}
			o := list.(*goja.Object)
			if o.Get("0").ToFloat() != 23.5 || o.Get("1").String() == "" || o.Get("2").String() == "" {
				b.Fatal("wrong values")
			}
		}
	})
	b.Run("qaction", func(b *testing.B) {
		def := parse(b, qaction(1, "20", "", stateScript))
		e := script.New(script.Options{}).Element(def)
		host := &quiet{message: element.Text(stateMessage), values: map[element.ParamID]element.Value{}}
		b.ReportAllocs()
		for b.Loop() {
			if err := e.Run(&def.QActions[0], 20, host); err != nil || len(host.values) != 3 {
				b.Fatal(err, host.values)
			}
		}
	})
	b.Run("engine", func(b *testing.B) {
		r := build(b, script.Options{}, qaction(1, "20", "", stateScript))
		messages := [][]byte{[]byte(stateMessage), []byte(strings.Replace(stateMessage, "23.5", "23.6", 1))}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if got := r.Handle(midnight.Add(time.Duration(i)), engine.Received{Connection: 1, Text: true, Data: messages[i%2]}); len(got) < 4 {
				b.Fatal(got)
			}
		}
	})
}

// A machine is what an element with scripts costs beside its values.
func BenchmarkMachine(b *testing.B) {
	def := parse(b, qaction(1, "20", "", "1"))
	c := script.New(script.Options{})
	host := &quiet{}
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Element(def).Run(&def.QActions[0], 20, host); err != nil {
			b.Fatal(err)
		}
	}
}
