package views_test

import (
	"fmt"
	"sync"
	"time"

	"fieldline/element"
	"fieldline/static"
	"fieldline/views"
)

// sampleNow is the server's clock on all sample pages.
var sampleNow = time.Date(2026, 11, 22, 14, 2, 11, 400_000_000, time.UTC)

func ago(d time.Duration) element.Time { return element.At(sampleNow.Add(-d)) }

// sampleFiles are made once: compressing them costs more than drawing a page.
var sampleFiles = sync.OnceValue(static.New)

func sampleLayout(base string) views.Layout {
	return views.Layout{
		URLs: views.NewURLs(base, sampleFiles()), Section: "elements", Now: sampleNow, Host: "lab-server", Version: "0.1.0",
		Fleet: element.Cursor{Epoch: "k3", Seq: 40}, Elements: sampleFleet(6),
	}
}

func openConnection() element.Connection {
	return element.Connection{
		ID: 1, Name: "WebSocket Connection", Type: "websocket", Status: element.ConnOpen,
		URL: "ws://10.4.2.8:8050/x-nmos/events/ws", Since: ago(3*time.Hour + 12*time.Minute), LastMessageAt: ago(400 * time.Millisecond),
	}
}

func tryingConnection() element.Connection {
	c := openConnection()
	c.Status, c.Attempt, c.Since, c.LastMessageAt = element.ConnWaiting, 7, ago(4*time.Minute), ago(5*time.Minute)
	c.NextTry = element.At(sampleNow.Add(12 * time.Second))
	c.LastCause = &element.Cause{Phase: "tcp", Code: "refused", Message: "10.4.2.8:8050 refuses connections: is the device's WebSocket service running?"}
	return c
}

func brokenConnection() element.Connection {
	c := openConnection()
	c.Status, c.Since, c.LastMessageAt = element.ConnClosed, ago(26*time.Minute), element.Time{}
	c.LastCause = &element.Cause{Phase: "http", Code: "http-status", Message: "401 Unauthorized: the device wants a login."}
	return c
}

func stoppedConnection() element.Connection {
	c := openConnection()
	c.Status, c.Since = element.ConnClosed, ago(time.Hour)
	return c
}

func sampleElement(c element.Connection) element.Element {
	return element.Element{
		ID: "e1", Name: "Stage left event source", Connector: "IS-07 Event Source", Version: "1.0.0.3",
		State: element.Active, Reconnect: element.Automatic, Connections: []element.Connection{c}, CreatedAt: ago(72 * time.Hour),
	}
}

func sampleFleet(n int) []element.Element {
	names := []string{"Stage left event source", "Stage right event source", "Rack 12 PDU", "Multiviewer MV-3", "Roof weather mast", "Studio B tally"}
	kinds := []element.Connection{openConnection(), openConnection(), tryingConnection(), brokenConnection(), stoppedConnection(), openConnection()}
	var es []element.Element
	for i := range n {
		k := i % len(names)
		e := sampleElement(kinds[k])
		e.ID, e.Name = element.ID(fmt.Sprintf("e%d", i+1)), names[k]
		if i >= len(names) {
			e.Name = fmt.Sprintf("%s %d", names[k], i/len(names)+1)
		}
		c := e.Connections[0]
		c.URL = fmt.Sprintf("ws://10.4.2.%d:8050/x-nmos/events/ws", i+8)
		e.Connections = []element.Connection{c}
		switch k {
		case 4:
			e.State = element.Stopped
		case 5:
			e.Timeout = i > len(names)
		}
		es = append(es, e)
	}
	return es
}

func sampleInfos() map[element.ParamID]element.ParamInfo {
	infos := []element.ParamInfo{
		{ID: 50, Name: "WebsocketUrl", Description: "WebSocket URL", Type: "read", Measurement: element.MeasureString, Saved: true, WriteID: 51, Tooltip: "This is the last part of the WebSocket connection URL.", Feeds: element.Feeds{Path: true, Connections: []int{1}}},
		{ID: 51, Name: "WebsocketUrl", Description: "WebSocket URL", Type: "write", Measurement: element.MeasureString, ReadID: 50, High: new(200.0), Feeds: element.Feeds{Path: true, Connections: []int{1}}},
		{ID: 60, Name: "DeviceAddress", Description: "Device address", Type: "read", Measurement: element.MeasureString, Saved: true, WriteID: 61, Feeds: element.Feeds{Address: true, Connections: []int{1}}},
		{ID: 61, Name: "DeviceAddress", Description: "Device address", Type: "write", Measurement: element.MeasureString, ReadID: 60, Feeds: element.Feeds{Address: true, Connections: []int{1}}},
		{ID: 100, Name: "Level", Description: "Input level", Type: "read", Measurement: element.MeasureAnalog, Units: "dBFS", Low: new(-60.0), High: new(0.0), IsNumber: true},
		{ID: 101, Name: "Temperature", Description: "Board temperature", Type: "read", Measurement: element.MeasureNumber, Units: "°C", IsNumber: true},
		{ID: 110, Name: "Gain", Description: "Gain", Type: "read", Measurement: element.MeasureNumber, Units: "dB", IsNumber: true, WriteID: 111},
		{ID: 111, Name: "Gain", Description: "Gain", Type: "write", Measurement: element.MeasureNumber, Units: "dB", IsNumber: true, ReadID: 110, Low: new(-20.0), High: new(12.0), Step: new(0.5)},
		{ID: 120, Name: "Mute", Description: "Output", Type: "read", Measurement: element.MeasureToggleButton, Discreets: []element.Discreet{{Value: "0", Display: "Live"}, {Value: "1", Display: "Muted"}}, WriteID: 121},
		{ID: 121, Name: "Mute", Description: "Output", Type: "write", Measurement: element.MeasureToggleButton, ReadID: 120, Discreets: []element.Discreet{{Value: "0", Display: "Live"}, {Value: "1", Display: "Muted"}}},
		{ID: 130, Name: "Mode", Description: "Reference clock", Type: "read", Measurement: element.MeasureDiscreet, WriteID: 131, Saved: true},
		{ID: 131, Name: "Mode", Description: "Reference clock", Type: "write", Measurement: element.MeasureDiscreet, ReadID: 130, Confirm: "Changing the reference interrupts the output. Go on?", Discreets: []element.Discreet{{Value: "1", Display: "PTP"}, {Value: "2", Display: "Black burst"}, {Value: "3", Display: "Free run"}}},
		{ID: 140, Name: "Reboot", Description: "Reboot the device", Type: "write", Measurement: element.MeasureButton, Discreets: []element.Discreet{{Value: "1", Display: "Reboot"}}},
		{ID: 150, Name: "Token", Description: "Access token", Type: "read", Measurement: element.MeasureString, Password: true, Saved: true, WriteID: 151},
		{ID: 151, Name: "Token", Description: "Access token", Type: "write", Measurement: element.MeasureString, Password: true, ReadID: 150},
		{ID: 160, Name: "Note", Description: "Notes for the crew", Type: "read", Measurement: element.MeasureString, Saved: true, WriteID: 161},
		{ID: 161, Name: "Note", Description: "Notes for the crew", Type: "write", Measurement: element.MeasureString, Multiline: true, ReadID: 160},
		{ID: 170, Name: "Header", Description: "Handshake", Type: "fixed", Measurement: element.MeasureTitle, Title: "Handshake"},
		{ID: 171, Name: "Device", Description: "Device", Type: "fixed", Measurement: element.MeasureTitle, Title: "Device"},
		{ID: 270, Name: "StatusLine", Description: "Last answer", Type: "read", Measurement: element.MeasureString},
		{ID: 1000, Name: "Sources", Description: "Event sources", Type: "array", Measurement: element.MeasureTable},
		{ID: 180, Name: "More", Description: "Maintenance", Type: "write", Measurement: element.MeasurePageButton, Discreets: []element.Discreet{{Value: "Maintenance", Display: "Maintenance"}}},
	}
	m := map[element.ParamID]element.ParamInfo{}
	for _, i := range infos {
		m[i.ID] = i
	}
	return m
}

func sampleParameter(i element.ParamInfo, v element.Value, display string, changed time.Duration) element.Parameter {
	return element.Parameter{
		ID: i.ID, Name: i.Name, Description: i.Description, Type: i.Type, Value: v, Display: display, Units: i.Units,
		Initialized: true, Saved: i.Saved, ChangedAt: ago(changed), ReceivedAt: ago(800 * time.Millisecond),
	}
}

func sampleView(e element.Element) element.View {
	infos := sampleInfos()
	p := func(id element.ParamID, v element.Value, display string, changed time.Duration) element.Parameter {
		return sampleParameter(infos[id], v, display, changed)
	}
	params := []element.Parameter{
		p(50, element.Text("x-nmos/events/ws"), "x-nmos/events/ws", 20*time.Hour),
		p(60, element.Text("10.4.2.8:8050"), "10.4.2.8:8050", 70*time.Hour),
		p(100, element.Number(-18.3), "-18.3", 400*time.Millisecond),
		p(101, element.Number(41.5), "41.5", 12*time.Second),
		p(110, element.Number(3.5), "3.5", 26*time.Minute),
		p(120, element.Text("0"), "Live", 2*time.Hour),
		p(130, element.Text("1"), "PTP", 40*time.Hour),
		p(150, element.Value{}, "••••••", 40*time.Hour),
		p(160, element.Text("Patched to MV-3.\nAsk Ruth before moving."), "Patched to MV-3.\nAsk Ruth before moving.", 30*time.Hour),
		p(270, element.Value{}, "", 0),
	}
	params[7].Masked = true
	params[9].Initialized, params[9].ChangedAt, params[9].ReceivedAt = false, element.Time{}, element.Time{}
	return element.View{
		Element: e, Parameters: params, Infos: infos, Default: "general",
		Config: element.Config{Name: e.Name, Connector: e.Connector, Version: e.Version, Reconnect: e.Reconnect, Connections: []element.ConnectionConfig{{ID: 1, Host: "10.4.2.8", Port: 8050, BusAddress: "byPassProxy", TimeoutMs: 5000, Retries: 3}}},
		Pages: []element.Page{
			{Name: "General", Slug: "general", Rows: []element.PageRow{
				{Read: 171},
				{Read: 100},
				{Read: 101},
				{Read: 110, Write: 111},
				{Read: 120, Write: 121},
				{Read: 130, Write: 131},
				{Read: 160, Write: 161},
				{Write: 140},
				{Read: 1000},
				{Write: 180},
				{Read: 170},
				{Read: 60, Write: 61},
				{Read: 50, Write: 51},
				{Read: 150, Write: 151},
				{Read: 270},
			}},
			{Separator: true},
			{Name: "Handshake", Slug: "handshake", Rows: []element.PageRow{{Read: 50, Write: 51}}},
			{Name: "Maintenance", Slug: "maintenance", Popup: true, Rows: []element.PageRow{{Write: 140}}},
			{Name: "Web page", Slug: "web", Link: "http://10.4.2.8/"},
		},
		Tables: map[element.ParamID]bool{1000: true},
		Cursor: element.Cursor{Epoch: "k3", Seq: 812},
	}
}

func sampleEvents() []element.Event {
	health := `{"type":"health","origin_timestamp":"1763820131:400000000","creation_timestamp":"1763820131:400000000"}`
	state := `{"identity":{"source_id":"0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e3f40","flow_id":"5c2d9a11-04f5-4e31-a7c0-91d0a6f2c8b7"},"event_type":"number/temperature/C","timing":{"creation_timestamp":"1763820131:100000000"},"payload":{"value":415,"scale":10},"message_type":"state"}`
	bodies := []element.EventBody{
		element.StateChanged{State: element.Active, By: "127.0.0.1"},
		element.Connecting{Connection: 1, Attempt: 1, URL: "ws://10.4.2.8:8050/x-nmos/events/ws"},
		element.Refused{Connection: 1, Phase: "tcp", Code: "refused", Message: "10.4.2.8:8050 refuses connections.", Count: 9, LastAt: ago(5 * time.Hour)},
		element.Open{Connection: 1, URL: "ws://10.4.2.8:8050/x-nmos/events/ws", Extensions: "permessage-deflate"},
		element.MessageOut{Connection: 1, Opcode: "text", Size: 74, Text: `{"command":"subscription","sources":["0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e3f40"]}`},
		element.WriteMoved{ID: "w7", Parameter: 111, Value: element.Number(3.5), Status: element.WriteConfirmed, By: "ruth"},
		element.ParameterChanged{Parameter: 110, Value: element.Number(3.5), Display: "3.5", By: element.ByDevice},
		element.MessageIn{Connection: 1, Opcode: "text", Size: 300, Text: state},
		element.ParameterChanged{Parameter: 101, Value: element.Number(41.5), Display: "41.5", By: element.ByDevice},
		element.MessageOut{Connection: 1, Opcode: "text", Size: 60, Text: `{"command":"health","timestamp":"1763820131:400000000"}`},
		element.MessageIn{Connection: 1, Opcode: "text", Size: len(health), Text: health},
		element.MessageIn{Connection: 1, Opcode: "binary", Size: 24, Base64: []byte("\x00\x01meter\xff\x10\x20\x30 24 bytes..!")},
		element.Closed{Connection: 1, Code: 1011, Reason: "overload", By: "device"},
		element.Log{Level: "warning", Message: "Response 3 did not match: 12 bytes were left over."},
	}
	var events []element.Event
	for i, b := range bodies {
		events = append(events, element.Event{Seq: uint64(790 + i), At: ago(time.Duration(len(bodies)-i) * 1700 * time.Millisecond), Body: b})
	}
	return events
}

func samplePage(base string, c element.Connection) views.ElementPage {
	e := sampleElement(c)
	l := sampleLayout(base)
	l.Title, l.Current = e.Name, e.ID
	return views.ElementPage{Layout: l, View: sampleView(e), Events: sampleEvents()}
}
