package engine

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// maxFixedFill bounds the bytes a fixed-length parameter starts with.
const maxFixedFill = 64 << 10

// start brings the element to life in the order of chapter "start-up" of
// documentation page InnerWorkings: values, connections, timers, "after
// startup".
func (e *Engine) start(in Start) {
	switch {
	case e.active():
		return
	case e.s.mode == modePaused && e.s.started:
		e.resume()
		return
	}
	e.fill(in.Saved)
	e.s.mode = modeActive
	e.begin()
}

// begin is the part of a start that runs logic.
func (e *Engine) begin() {
	e.s.started = true
	for i := range e.def.Connections {
		if e.def.Connections[i].WebSocket {
			e.reach(i)
		}
	}
	e.startTimers()
	e.runTimers()
	e.fireAll(occasion{on: itemProtocol, when: onStartup})
}

// load fills the parameters of an element that does not run.
func (e *Engine) load(in Load) {
	e.fill(in.Saved)
	e.s.mode = modeStopped
	if in.State == element.Paused {
		e.s.mode = modePaused
	}
}

// fill sets all parameters as they are before any logic: what the element is,
// then what was saved, then defaults for what was never set. Nothing of it is
// a change event; what looks different than before is shown.
func (e *Engine) fill(saved []element.SavedValue) {
	before, tables := e.s.slots, e.s.tables
	e.s = state{cfg: e.s.cfg, receipts: e.s.receipts, nextToken: e.s.nextToken, nextCause: e.s.nextCause, slowShown: e.s.slowShown}
	e.s.init(e.ix)
	e.fillFixed()
	e.fillElement()
	e.fillSaved(saved)
	e.fillCells(saved)
	e.fillDefaults()
	for i := range e.def.Connections {
		e.software(e.def.Connections[i].NotifyParam, element.Number(0))
	}
	e.fillAddresses()
	e.copyAll()
	e.effects = slices.DeleteFunc(e.effects, func(f Effect) bool { _, ok := f.(Refreshed); return ok })
	for i := range e.s.slots {
		if e.s.slots[i] != before[i] {
			e.emit(Refreshed{Parameter: e.shown(i)})
		}
	}
	e.showFilled(tables)
}

// fillFixed sets constants, and the filler of parameters with a fixed length:
// those are never empty (documentation page InnerWorkingsInternalStorage).
func (e *Engine) fillFixed() {
	for i, p := range e.ix.params {
		in := &p.Interprete
		switch {
		case in.Constant:
			if v, ok := fit(p, element.Text(string(in.Fixed))); ok && in.Fixed != nil {
				e.s.slots[i].value = v
			}
		case p.Type == connector.TypeRead, p.Type == connector.TypeDummy:
			if in.LengthType != codec.LengthFixed || in.Length < 1 || in.Length > maxFixedFill || p.HasDefault {
				continue
			}
			e.s.slots[i].value = in.Filler()
		}
	}
}

// fillElement sets the parameters that say which element this is.
func (e *Engine) fillElement() {
	for _, p := range e.ix.params {
		switch p.Type {
		case connector.TypeElementName:
			e.software(p.ID, element.Text(e.s.cfg.Name))
		case connector.TypeElementID:
			e.software(p.ID, element.Text(string(e.id)))
		case connector.TypeElementDMA:
			e.software(p.ID, element.Text("1/"+string(e.id)))
		case connector.TypeInfo:
			e.software(p.ID, element.Text("1;Fieldline;;"))
		default:
		}
	}
}

// fillAddresses sets the parameters that hold the addresses of the element's
// connections, in the connector's order and separated by semicolons.
func (e *Engine) fillAddresses() {
	var bus, hosts, ports []string
	for i := range e.def.Connections {
		cfg := e.connConfig(e.def.Connections[i].ID)
		bus = append(bus, cfg.BusAddress)
		t, err := e.ends(&e.def.Connections[i])
		if err != nil {
			hosts, ports = append(hosts, ""), append(ports, "")
			continue
		}
		hosts = append(hosts, t.Host)
		ports = append(ports, element.Address{Host: t.Host, Port: t.Port}.HostPort())
	}
	for _, p := range e.ix.params {
		switch p.Type {
		case connector.TypeBus:
			e.software(p.ID, element.Text(strings.Join(bus, ";")))
		case connector.TypeIP:
			e.software(p.ID, element.Text(strings.Join(ports, ";")))
		case connector.TypePollingIP:
			e.software(p.ID, element.Text(strings.Join(hosts, ";")))
		default:
		}
	}
}

// ends is the host and port that a connection leads to.
func (e *Engine) ends(c *connector.Connection) (element.Address, error) {
	if !c.WebSocket {
		return e.httpTarget(c)
	}
	t, err := e.target(c)
	return t.Address, err
}

// fillSaved puts saved values back. What a device had reported is stale until
// it reports again. Values of parameters that are no longer saved are left.
func (e *Engine) fillSaved(saved []element.SavedValue) {
	for _, v := range saved {
		p, i := e.param(v.Parameter)
		if v.IsCell() || p == nil || !p.Saved && !e.ix.saved[p.ID] || !v.Value.IsSet() {
			continue
		}
		w, ok := fit(p, v.Value)
		if !ok {
			e.logf(levelWarning, "The saved value of %s is not a number any more and is not used; it is on disk until another one is saved.", named(p))
			continue
		}
		s := &e.s.slots[i]
		s.value, s.changedAt, s.receivedAt = w, v.At, v.At
		s.fromDevice, s.stale = v.FromDevice, v.FromDevice
	}
}

func (e *Engine) fillDefaults() {
	for i, p := range e.ix.params {
		if p.HasDefault && !e.s.slots[i].value.IsSet() {
			if v, ok := fit(p, p.Default); ok {
				e.s.slots[i].value = v
			}
		}
	}
}

// connConfig returns the settings of a connection, those of the connector
// where the element has none.
func (e *Engine) connConfig(id int) element.ConnectionConfig {
	for _, c := range e.s.cfg.Connections {
		if c.ID == id {
			return c
		}
	}
	c, _ := e.def.Connection(id)
	return element.ConnectionConfig{
		ID: id, Host: c.Host, Port: c.Port, BusAddress: c.BusAddress,
		TimeoutMs: c.TimeoutMs, Retries: c.Retries, SkipVerify: c.SkipVerify,
	}
}

// connName writes a connection for a sentence: connection 1 (WebSocket).
func connName(c *connector.Connection) string {
	s := "connection " + strconv.Itoa(c.ID)
	if c.Name != "" {
		s += " (" + c.Name + ")"
	}
	return s
}
