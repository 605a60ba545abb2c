package runner

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// logics makes the scripted machines of a world and remembers their inputs.
type logics struct {
	// extra adds effects to those of the machine, when not nil.
	extra func(m *scriptedLogic, in engine.Input) []engine.Effect

	forgetful bool // do not remember inputs

	mu     sync.Mutex
	inputs []engine.Input
}

func (l *logics) make(d *connector.Definition, id element.ID, cfg element.Config) machine {
	m := &scriptedLogic{logics: l, id: id, cfg: cfg, values: map[element.ParamID]element.Value{}, params: map[element.ParamID]*connector.Param{}}
	for _, p := range d.Params {
		m.params[p.ID] = p
	}
	return m
}

func (l *logics) seen(match func(engine.Input) bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, in := range l.inputs {
		if match(in) {
			n++
		}
	}
	return n
}

func isOf[T engine.Input](in engine.Input) bool {
	_, ok := in.(T)
	return ok
}

// scriptedLogic stands for an engine: a Set is copied to the read twin, saved
// and shown; an address reconnects; a message "id=text" sets a parameter, and
// "panic" is a fault.
type scriptedLogic struct {
	logics *logics
	id     element.ID
	cfg    element.Config
	params map[element.ParamID]*connector.Param
	values map[element.ParamID]element.Value
	timed  bool
	due    time.Time
}

func (m *scriptedLogic) Handle(now time.Time, in engine.Input) []engine.Effect {
	m.logics.mu.Lock()
	if !m.logics.forgetful {
		if r, ok := in.(engine.Received); ok {
			r.Data = slices.Clone(r.Data) // it is used again
			in = r
		}
		m.logics.inputs = append(m.logics.inputs, in)
	}
	extra := m.logics.extra
	m.logics.mu.Unlock()
	effects := m.own(now, in)
	if extra != nil {
		effects = append(effects, extra(m, in)...)
	}
	return effects
}

func (m *scriptedLogic) own(now time.Time, in engine.Input) []engine.Effect {
	switch in := in.(type) {
	case engine.Start:
		m.fill(in.Saved)
		return []engine.Effect{engine.Connect{Connection: 1}}
	case engine.Load:
		m.fill(in.Saved)
	case engine.Configure:
		before, _ := m.Opening(1)
		m.cfg = in.Config
		if after, _ := m.Opening(1); after.Host != before.Host || after.Port != before.Port {
			return []engine.Effect{engine.Connect{Connection: 1}}
		}
	case engine.Set:
		return m.set(now, in)
	case engine.Received:
		return m.received(now, in)
	case engine.Tick:
		m.due = time.Time{}
	}
	return nil
}

func (m *scriptedLogic) fill(saved []element.SavedValue) {
	for _, v := range saved {
		m.values[v.Parameter] = v.Value
	}
}

func (m *scriptedLogic) set(now time.Time, in engine.Set) []engine.Effect {
	p := m.params[in.Parameter]
	id := p.ID
	if p.ReadID != 0 {
		id = p.ReadID
	}
	effects := m.assign(now, id, in.Value, in.By)
	status := element.WriteAccepted
	if m.params[id].Saved {
		status = element.WriteSaved
	}
	w := element.Write{ID: in.WriteID, Parameter: in.Named, Value: in.Value, Status: element.WriteAccepted, By: in.By, At: element.At(now)}
	effects = append(effects, engine.WriteAdvanced{Write: w})
	w.Status = status
	effects = append(effects, engine.WriteAdvanced{Write: w})
	if m.params[id].Feeds.Address {
		effects = append(effects, engine.Connect{Connection: 1})
	}
	return effects
}

func (m *scriptedLogic) assign(now time.Time, id element.ParamID, v element.Value, by string) []engine.Effect {
	m.values[id] = v
	p, _ := m.Parameter(id)
	effects := []engine.Effect{engine.Changed{Parameter: p, By: by}}
	if m.params[id].Saved {
		effects = append(effects, engine.Save{Values: []element.SavedValue{{Target: element.Target{Parameter: id}, Value: v, At: now}}})
	}
	return effects
}

func (m *scriptedLogic) received(now time.Time, in engine.Received) []engine.Effect {
	text := string(in.Data)
	if text == "panic" {
		panic("a fault of the logic")
	}
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return nil
	}
	id := map[string]element.ParamID{"path": 50, "uptime": 70}[name]
	return m.assign(now, id, element.Text(value), element.ByDevice)
}

func (m *scriptedLogic) Due() (time.Time, bool) { return m.due, !m.due.IsZero() }

func (m *scriptedLogic) Opening(id int) (engine.Opening, error) {
	o := engine.Opening{Destination: element.Destination{Scheme: "ws", Path: "/" + string(m.id), Timeout: 5 * time.Second}}
	for _, cc := range m.cfg.Connections {
		if cc.ID == id {
			o.Host, o.Port = cc.Host, cmp.Or(cc.Port, 8050)
		}
	}
	if v := m.values[60].String(); v != "" {
		a, err := element.ParseAddress(v)
		if err != nil {
			return engine.Opening{}, err
		}
		o.Host = a.Host
	}
	if v := m.values[95].String(); v != "" {
		o.Headers = []element.Header{{Name: "X-Header", Value: v}}
	}
	return o, nil
}

func (m *scriptedLogic) Parameter(id element.ParamID) (element.Parameter, bool) {
	p := m.params[id]
	if p == nil {
		return element.Parameter{}, false
	}
	out := element.Parameter{ID: id, Name: p.Name, Type: p.ParamInfo.Type, Value: m.values[id], Masked: p.Password, Saved: p.Saved}
	if p.Password {
		out.Value = element.Value{}
	}
	return out, true
}

func (m *scriptedLogic) Table(element.ParamID) (element.Table, bool) { return element.Table{}, false }

func (m *scriptedLogic) HTTPTarget(int) (element.Address, error) {
	return element.Address{}, element.Errorf(element.Invalid, "There is no HTTP here.")
}

func (m *scriptedLogic) HasRow(element.ParamID, string) bool { return false }

func (m *scriptedLogic) RawValue(id element.ParamID) element.Value { return m.values[id] }

func (m *scriptedLogic) Parameters() []element.Parameter {
	var all []element.Parameter
	for _, id := range slices.Sorted(maps.Keys(m.params)) {
		p, _ := m.Parameter(id)
		all = append(all, p)
	}
	return all
}

func (m *scriptedLogic) General() []element.Parameter { return nil }

func (m *scriptedLogic) Receipts() []element.Write { return nil }
func (m *scriptedLogic) TimedOut() bool            { return m.timed }

func (m *scriptedLogic) checkpoint() func() {
	values := maps.Clone(m.values)
	return func() { m.values = values }
}
