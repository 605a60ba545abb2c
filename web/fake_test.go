package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"fieldline/element"
	"fieldline/element/feed"
)

// memory is small services that keep everything in memory. Its
// connector has what the tests need: a saved path (50, write twin 51), a
// number (60/61), a button that asks first (70), a table (1000).
type memory struct {
	hub *feed.Hub

	mu       sync.Mutex
	uploads  map[string]string // name and version to file
	elements []element.Element
	configs  map[element.ID]element.Config
	values   map[element.ID]map[element.ParamID]element.Value
	writes   []element.Write
	rows     []element.Row
	next     int
	panics   bool  // Elements and Element panic
	fails    error // what every View and Set returns
	trying   bool  // a handshake is tried already
}

const shipped = "Generic WebSocket"

// odd is a name that has to be percent-encoded in a path, 100% of it.
const odd = "Lab/Ünit 100%"

func newMemory() *memory {
	return &memory{
		hub: feed.New("boot-1", feed.Limits{}), uploads: map[string]string{shipped + "\n1.0.0.1": "<Protocol/>", odd + "\n1.0": "<Protocol>odd\r\n</Protocol>"},
		configs: map[element.ID]element.Config{}, values: map[element.ID]map[element.ParamID]element.Value{},
		rows: []element.Row{newRow("a/b c", "First", "one")},
	}
}

// services are the memory behind every door.
func (m *memory) services() Services {
	return Services{Connectors: m, Reports: m, Elements: m, Settings: m, Values: m, Versions: m, Diagnosis: m, News: m.hub}
}

func (m *memory) Connectors(context.Context) ([]element.ConnectorSummary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []element.ConnectorSummary
	for key := range m.uploads {
		name, version, _ := strings.Cut(key, "\n")
		out = append(out, element.ConnectorSummary{Name: name, Version: version, Source: "shipped", Findings: map[element.Severity]int{element.Minor: 2}})
	}
	slices.SortFunc(out, func(a, b element.ConnectorSummary) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(b.Version, a.Version))
	})
	return out, nil
}

func (m *memory) Connector(_ context.Context, name, version string) (element.ConnectorDetail, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, xml := range m.uploads {
		n, v, _ := strings.Cut(key, "\n")
		if n == name && (version == "" || v == version) {
			write := element.ParamID(51)
			return element.ConnectorDetail{
				Name: n, Version: v, Source: "shipped", XML: []byte(xml),
				Findings:    []element.Finding{{ID: "2.1.11", Severity: element.Minor, Line: 3, Column: 2, Message: "unit"}},
				Parameters:  []element.ConnectorParam{{ID: 50, Name: "path", Type: "read", WriteID: &write}},
				Connections: []element.ConnectionOption{{ID: 1, Name: "socket", Type: "websocket", TimeoutMs: 1500, Retries: 3}},
			}, nil
		}
	}
	return element.ConnectorDetail{}, element.Errorf(element.NotFound, "There is no connector %q %s.", name, version)
}

func (m *memory) UploadConnector(_ context.Context, xml []byte) (element.ConnectorDetail, bool, error) {
	text := string(xml)
	if !strings.HasPrefix(text, "<Protocol") {
		return element.ConnectorDetail{}, false, &element.Error{
			Code: element.Invalid, Msg: "The file is no connector.",
			Findings: []element.Finding{{ID: "XML", Severity: element.Critical, Line: 1, Column: 1, Message: "no Protocol"}},
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := "Uploaded\n2.0"
	was, there := m.uploads[key]
	if there && was != text {
		return element.ConnectorDetail{}, false, element.Errorf(element.Conflict, "Another file has this name and version.")
	}
	m.uploads[key] = text
	return element.ConnectorDetail{Name: "Uploaded", Version: "2.0"}, !there, nil
}

func (m *memory) Elements(context.Context) ([]element.Element, element.Cursor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.panics {
		panic("elements")
	}
	return slices.Clone(m.elements), m.hub.Cursor(element.FleetStream), nil
}

func (m *memory) at(id element.ID) (int, error) {
	i := slices.IndexFunc(m.elements, func(e element.Element) bool { return e.ID == id })
	if i < 0 {
		return -1, element.Errorf(element.NotFound, "There is no element %q.", id)
	}
	return i, nil
}

func (m *memory) Element(_ context.Context, id element.ID) (element.Element, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.panics {
		panic("element")
	}
	i, err := m.at(id)
	if err != nil {
		return element.Element{}, err
	}
	return m.elements[i], nil
}

func infos() map[element.ParamID]element.ParamInfo {
	return map[element.ParamID]element.ParamInfo{
		50:   {ID: 50, Name: "path", Description: "Path", Type: "read", Measurement: element.MeasureString, WriteID: 51},
		51:   {ID: 51, Name: "path_w", Description: "Path", Type: "write", Measurement: element.MeasureString, ReadID: 50},
		60:   {ID: 60, Name: "level", Description: "Level", Type: "read", Measurement: element.MeasureNumber, WriteID: 61, IsNumber: true},
		61:   {ID: 61, Name: "level_w", Description: "Level", Type: "write", Measurement: element.MeasureNumber, ReadID: 60, IsNumber: true},
		70:   {ID: 70, Name: "reboot", Description: "Reboot", Type: "write", Measurement: element.MeasureButton, Confirm: "Reboot the device?"},
		90:   {ID: 90, Name: "password", Description: "Password", Type: "read", Measurement: element.MeasureString, Password: true},
		1000: {ID: 1000, Name: "table", Description: "Channels", Type: "array", Measurement: element.MeasureTable, Menu: 1099},
		1099: {ID: 1099, Name: "table_ContextMenu", Type: "write", Measurement: element.MeasureDiscreet, Discreets: menuEntries()},
		1001: {ID: 1001, Name: "key", Description: "Key", Type: "read", Measurement: element.MeasureString},
		1002: {ID: 1002, Name: "label", Description: "Label", Type: "read", Measurement: element.MeasureString, WriteID: 1052},
		1052: {ID: 1052, Name: "label", Description: "Label", Type: "write", Measurement: element.MeasureString, ReadID: 1002},
	}
}

func (m *memory) View(_ context.Context, id element.ID) (element.View, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return element.View{}, err
	}
	if m.fails != nil {
		return element.View{}, m.fails
	}
	v := element.View{
		Element: m.elements[i], Config: m.configs[id].Masked(), Infos: infos(), Default: "general", Tables: map[element.ParamID]bool{1000: true},
		Pages: []element.Page{
			{Name: "General", Slug: "general", Rows: []element.PageRow{{Read: 50, Write: 51}, {Row: 1, Read: 60, Write: 61}, {Row: 2, Write: 70}}},
			{Name: "More", Slug: "more", Rows: []element.PageRow{{Read: 1000}}},
		},
		Cursor: m.hub.Cursor(string(id)),
	}
	for _, info := range infos() {
		p := element.Parameter{ID: info.ID, Name: info.Name, Description: info.Description, Type: info.Type, Value: m.values[id][info.ID]}
		if info.WriteID != 0 {
			write := info.WriteID
			p.WriteID = &write
		}
		p.Display, p.Initialized, p.Masked = p.Value.String(), p.Value.IsSet(), info.Password
		v.Parameters = append(v.Parameters, p)
	}
	slices.SortFunc(v.Parameters, func(a, b element.Parameter) int { return int(a.ID - b.ID) })
	return v, nil
}

func (m *memory) Create(_ context.Context, d element.Draft, by string) (element.Element, error) {
	base := element.Config{Version: "1.0.0.1", Reconnect: element.Automatic, Connections: []element.ConnectionConfig{{ID: 1, TimeoutMs: 1500, Retries: 3}}}
	config, err := d.Apply(base)
	if err == nil {
		err = config.Validate()
	}
	if err != nil {
		return element.Element{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	id := element.ID(fmt.Sprintf("e%d", m.next))
	e := element.Element{
		ID: id, Name: config.Name, Connector: config.Connector, Version: config.Version, Reconnect: config.Reconnect, State: element.Active,
		Connections: []element.Connection{{ID: 1, Name: "socket", Type: "websocket", Status: element.ConnConnecting, LastCause: &element.Cause{Phase: "tcp", Code: "refused", Message: "no"}}},
		CreatedAt:   element.At(time.Now()),
	}
	if d.Start != nil && !*d.Start {
		e.State = element.Stopped
	}
	m.elements = append(m.elements, e)
	m.configs[id], m.values[id] = config, map[element.ParamID]element.Value{}
	m.hub.Publish(string(id), []element.Update{{Event: &element.Event{At: element.At(time.Now()), Body: element.StateChanged{State: e.State, By: by}}}})
	m.hub.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Element: &e}}})
	return e, nil
}

// Problems are those of the settings alone.
func (m *memory) Problems(_ context.Context, id element.ID, d element.Draft) ([]*element.Error, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	base := element.Config{Version: "1.0.0.1", Reconnect: element.Automatic, Connections: []element.ConnectionConfig{{ID: 1, TimeoutMs: 1500, Retries: 3}}}
	if id != "" {
		base = m.configs[id]
	}
	config, err := d.Apply(base)
	problems := config.Problems()
	for _, e := range m.elements {
		if e.ID != id && strings.EqualFold(e.Name, config.Name) {
			problems = append(problems, element.NameTaken(config.Name))
		}
	}
	return problems, err
}

func (m *memory) Update(_ context.Context, id element.ID, d element.Draft, _ string) (element.Element, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return element.Element{}, err
	}
	config, err := d.Apply(m.configs[id])
	if err == nil {
		err = config.Validate()
	}
	if err != nil {
		return element.Element{}, err
	}
	m.configs[id], m.elements[i].Name = config, config.Name
	if d.Version == nil || *d.Version == m.elements[i].Version {
		return m.elements[i], nil
	}
	return m.setVersion(i, *d.Version, d.Start, d.OnlyStopped)
}

func (m *memory) Delete(_ context.Context, id element.ID, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return err
	}
	m.elements = slices.Delete(m.elements, i, i+1)
	m.hub.Publish(element.FleetStream, []element.Update{{Patch: &element.Patch{Removed: id}}})
	m.hub.Drop(string(id))
	return nil
}

func (m *memory) Do(_ context.Context, id element.ID, o element.Order, connection *int, _ string) (element.Element, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := m.at(id)
	if err != nil {
		return element.Element{}, err
	}
	e := &m.elements[i]
	switch o {
	case element.Start, element.Restart:
		e.State = element.Active
	case element.Stop:
		e.State = element.Stopped
	case element.Pause:
		e.State = element.Paused
	case element.Reconnect:
		if connection != nil && *connection != 1 {
			return *e, element.Errorf(element.NotFound, "There is no connection %d.", *connection)
		}
		if e.State == element.Stopped {
			return *e, element.Errorf(element.Conflict, "The element is stopped; start it first.")
		}
	}
	return *e, nil
}

func (m *memory) Set(ctx context.Context, id element.ID, req element.SetRequest) (element.SetResult, error) {
	w, err := m.set(id, req)
	result := element.SetResult{Write: w}
	if view, failed := m.View(ctx, id); req.WithView && failed == nil {
		result.View = &view
	}
	if table, failed := m.Table(ctx, id, req.Table); req.WithView && failed == nil {
		result.Table = &table
	}
	return result, err
}

func (m *memory) set(id element.ID, req element.SetRequest) (element.Write, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.at(id); err != nil {
		return element.Write{}, err
	}
	if m.fails != nil {
		return element.Write{}, m.fails
	}
	if !req.Raw.IsSet() {
		return element.Write{}, element.FieldErrorf("value", "No value was sent.")
	}
	if req.IsCell() {
		return m.setCell(id, req)
	}
	info, ok := infos()[req.Parameter]
	if !ok {
		return element.Write{}, element.Errorf(element.NotFound, "There is no parameter %d.", req.Parameter)
	}
	read := info.ID
	if info.ReadID != 0 {
		read = info.ReadID
	}
	if req.IfValue != nil && req.IfValue.String() != m.values[id][read].String() {
		return element.Write{}, element.Errorf(element.Conflict, "The value is %q by now.", m.values[id][read].String())
	}
	if err := m.ask(info, req); err != nil {
		return element.Write{}, err
	}
	value := req.Raw
	if info.IsNumber {
		f, ok := value.Float()
		if !ok {
			return element.Write{}, element.FieldErrorf("value", "%q is not a number.", value.String())
		}
		value = element.Number(f)
	} else if err := element.CheckPath(value.String()); err != nil && req.Parameter != 1099 {
		return element.Write{}, element.FieldErrorf("value", "%s", element.MessageOf(err))
	}
	m.values[id][read] = value
	w := element.Write{ID: fmt.Sprintf("w%d", len(m.writes)+1), Parameter: req.Parameter, Value: value, Status: element.WriteSaved, By: req.By, At: element.At(time.Now())}
	m.writes = append(m.writes, w)
	m.hub.Publish(string(id), []element.Update{
		{Patch: &element.Patch{Parameter: &element.Parameter{ID: read, Value: value, Display: value.String()}}},
		{Event: &element.Event{At: w.At, Body: element.ParameterChanged{Parameter: read, Value: value, By: req.By}}},
	})
	return w, nil
}

// ask judges a choice of the menu, and asks what has to be confirmed.
func (m *memory) ask(info element.ParamInfo, req element.SetRequest) error {
	question := info.Confirm
	if choice, entry, ok := element.ParseMenu(req.Raw, info.Discreets); ok {
		if trouble := entry.Trouble(choice, func(id element.ParamID) string { return infos()[id].Description }); trouble != "" {
			return element.FieldErrorf("value", "%s", trouble)
		}
		question = entry.Confirm
	}
	if question != "" && !req.Confirmed {
		return &element.NeedsConfirmation{Question: question}
	}
	return nil
}

func (m *memory) Write(_ context.Context, _ element.ID, writeID string) (element.Write, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, w := range m.writes {
		if w.ID == writeID {
			return w, nil
		}
	}
	return element.Write{}, element.Errorf(element.NotFound, "There is no write %q.", writeID)
}

func (m *memory) Events(ctx context.Context, id element.ID, after *element.Cursor, limit int, kinds ...element.EventKind) (element.EventPage, error) {
	if _, err := m.Element(ctx, id); err != nil {
		return element.EventPage{}, err
	}
	return m.hub.Events(string(id), after, limit, kinds...), nil
}

func (m *memory) Handshake(_ context.Context, _ element.ID, connection int, which element.Which) (element.Handshake, error) {
	if connection != 1 || which == element.WhichLastSuccess {
		return element.Handshake{}, element.Errorf(element.NotFound, "There was no such handshake.")
	}
	return element.Handshake{
		At: element.At(time.Now()), Request: "GET / HTTP/1.1\r\n\r\n", Status: 401,
		Error: &element.Cause{Phase: "http", Code: "http-status", Message: "401"},
	}, nil
}
