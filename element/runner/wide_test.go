package runner

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/link"
)

// wideConnector has two WebSocket connections and a polled one with a thread of
// its own. What each reports is in 10, 12 and 21; 13 and 14 are made of 10 when
// it changes and every three seconds. Version 2 has no connection 1; that of
// version 3 is polled.
func wideConnector(t *testing.T, version string) *connector.Definition {
	t.Helper()
	socket := func(id int, name string, status int) string {
		return fmt.Sprintf(`<Connection id="%d" name="%s"><Http><CommunicationOptions><WebSocket>true</WebSocket><NotifyConnectionPIDs><Connections>%d</Connections></NotifyConnectionPIDs></CommunicationOptions></Http></Connection>`, id, name, status)
	}
	text := func(id int, name, kind, options string) string {
		return fmt.Sprintf(`<Param id="%d"><Name>%s</Name><Description>%s</Description><Type options="%s">%s</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>`, id, name, name, options, kind)
	}
	aux, also := socket(1, "Aux", 8), ""
	switch version {
	case "1.0.0.2":
		aux = ""
	case "1.0.0.3":
		aux = `<Connection id="1" name="Aux"><Http><CommunicationOptions></CommunicationOptions></Http></Connection>`
		also = `<Group id="3" connection="1"><Name>g3</Name><Type>poll</Type><Content><Session>2</Session></Content></Group>`
	}
	d, err := connector.Parse([]byte(`<Protocol><Name>Wide</Name><Version>` + version + `</Version>
<Connections>` + socket(0, "Main", 7) + aux + `<Connection id="2" name="Web"><Http><CommunicationOptions></CommunicationOptions><UserSettings><TimeoutTime><DefaultValue>1000</DefaultValue></TimeoutTime><Retries><DefaultValue>1</DefaultValue></Retries></UserSettings></Http></Connection></Connections>
<Threads><Thread connection="2"/></Threads>
<HTTP><Session id="1" keepAlive="true"><Connection id="1"><Request url="/a"/><Response><Content pid="21"/></Response></Connection></Session><Session id="2"><Connection id="1"><Request url="/b"/><Response/></Connection></Session></HTTP>
<Params>` + text(7, "S0", "read", "") + text(8, "S1", "read", "") + text(10, "Main", "read", "") + text(12, "Aux", "read", "") +
		text(13, "Seen", "read", "") + text(14, "Now", "read", "") + text(21, "Web", "read", "") +
		text(60, "Address", "read", "dynamic ip 0") + strings.Replace(text(61, "Address", "write", ""), `id="61"`, `id="61" setter="true"`, 1) +
		text(62, "WebAddress", "read", "dynamic ip 2") + strings.Replace(text(63, "WebAddress", "write", ""), `id="63"`, `id="63" setter="true"`, 1) + `</Params>
<Responses><Response id="1" options="Connection:0"><Name>r1</Name><Content><Param>10</Param></Content></Response><Response id="2" options="Connection:1"><Name>r2</Name><Content><Param>12</Param></Content></Response></Responses>
<Groups><Group id="1" connection="2"><Name>g1</Name><Type>poll</Type><Content><Session>1</Session></Content></Group><Group id="2"><Name>g2</Name><Type>action</Type><Content><Action>2</Action></Content></Group>` + also + `</Groups>
<Triggers><Trigger id="1"><Name>t1</Name><On id="10">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>a1</Name><On id="13">parameter</On><Type id="10">copy</Type></Action><Action id="2"><Name>a2</Name><On id="14">parameter</On><Type id="10">copy</Type></Action></Actions>
<Timers><Timer id="1"><Name>Poll</Name><Time>2000</Time><Content><Group>1</Group>` + strings.Repeat("<Group>3</Group>", min(len(also), 1)) + `</Content></Timer><Timer id="2"><Name>Copy</Name><Time>3000</Time><Content><Group>2</Group></Content></Timer></Timers>
</Protocol>`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wide is an element with several connections that things happen to. What a
// device says begins with who says it: the session it is said on, or the host
// that was asked.
type wide struct {
	*world
	dice *rand.Rand
	id   element.ID

	mu       sync.Mutex
	answers  *rand.Rand
	kind     bool                   // the devices answer
	sessions map[string][]*scripted // by the path of their connection
}

// A value that looks live was said by the device that the element is connected
// to now, on the session that is open now, whatever happens in any order.
func TestNothingOldLooksLive(t *testing.T) {
	versions := catalog{wideConnector(t, "1.0.0.1"), wideConnector(t, "1.0.0.2"), wideConnector(t, "1.0.0.3")}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &wide{dice: rand.New(rand.NewPCG(seed, 7)), answers: rand.New(rand.NewPCG(seed, 8)), sessions: map[string][]*scripted{}}
				l.world = newWorld(t, func(o *Options) {
					o.Catalog = versions
					o.Exchanger = func() exchanger { return &talker{l} }
				})
				l.device.answer = l.dialled
				l.play()
			})
		})
	}
}

func (l *wide) dialled(_ int, cfg link.Config) plan {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := plan{after: time.Duration(l.answers.IntN(1500)) * time.Millisecond}
	if l.answers.IntN(4) == 0 && !l.kind {
		p.failure = refusal("refused", "Nobody listens.")
		return p
	}
	p.session = newScripted()
	p.session.lag = time.Duration(l.answers.IntN(3)) * 400 * time.Millisecond
	l.sessions[cfg.Path] = append(l.sessions[cfg.Path], p.session)
	return p
}

// talker is the polled device: it says which host it was asked as.
type talker struct{ l *wide }

func (d *talker) Exchange(ctx context.Context, req link.Request) link.Response {
	d.l.mu.Lock()
	lag, dice := time.Duration(d.l.answers.IntN(1500))*time.Millisecond, d.l.answers.IntN(8)
	if d.l.kind {
		lag, dice = 0, 1
	}
	d.l.mu.Unlock()
	failed := func(code string) link.Response {
		return link.Response{Failure: refusal(code, "It did not answer.")}
	}
	select {
	case <-ctx.Done():
		return failed("canceled")
	case <-time.After(min(lag, req.Timeout)):
	}
	switch {
	case lag >= req.Timeout:
		return failed("timeout")
	case dice == 0:
		return failed("refused")
	default:
		return link.Response{Answered: true, Status: 200, StatusLine: "HTTP/1.1 200 OK", Body: []byte(req.Host + "#")}
	}
}

func (d *talker) Close() {}

func (l *wide) play() {
	l.start()
	l.id = l.create(func(d *element.Draft) {
		d.Connector, d.Version = new("Wide"), new("1.0.0.1")
		d.Connections = []element.ConnectionDraft{
			{ID: 0, Host: new("ws://10.0.0.1/main")}, {ID: 1, Host: new("ws://10.0.0.2/aux")}, {ID: 2, Host: new("10.0.1.1")},
		}
	})
	for range 150 {
		l.step()
		if l.dice.IntN(3) > 0 { // sometimes several at once
			pass(time.Duration(l.dice.IntN(3000)) * time.Millisecond)
		}
		l.wantTruth()
	}
	l.wantTransitions()
	l.wantAllOpen()
	_, _ = l.fleet.Do(l.t.Context(), l.id, element.Reconnect, nil, "tester")
	if err := l.fleet.Delete(l.t.Context(), l.id, "tester"); err != nil {
		l.t.Fatal(err)
	}
	l.device.check(l.t)
}

func (l *wide) step() {
	ctx := l.t.Context()
	orders := []element.Order{element.Start, element.Start, element.Start, element.Stop, element.Pause, element.Restart, element.Reconnect}
	host := fmt.Sprintf("10.0.1.%d", l.dice.IntN(3)+1)
	switch l.dice.IntN(14) {
	case 0, 1:
		_, _ = l.fleet.Do(ctx, l.id, orders[l.dice.IntN(len(orders))], nil, "tester") // may be refused
	case 2:
		l.write(61, []string{"", "ws://10.0.0.1/main", "ws://10.0.0.3/main"}[l.dice.IntN(3)])
	case 3:
		l.write(63, []string{"", host}[l.dice.IntN(2)])
	case 4:
		_, _ = l.fleet.Update(ctx, l.id, element.Draft{Connections: []element.ConnectionDraft{{ID: 2, Host: &host}}}, "tester")
	case 5:
		mode := []element.ReconnectMode{element.Automatic, element.Automatic, element.Manual}[l.dice.IntN(3)]
		_, _ = l.fleet.Update(ctx, l.id, element.Draft{Reconnect: &mode}, "tester")
	case 6:
		version := []string{"1.0.0.1", "1.0.0.1", "1.0.0.2", "1.0.0.3"}[l.dice.IntN(4)]
		_, _ = l.fleet.Update(ctx, l.id, element.Draft{Version: &version}, "tester")
	case 7:
		_, _ = l.fleet.Back(ctx, l.id, element.VersionWish{}, "tester")
	case 8:
		if s, _ := l.latest([]string{"/main", "/aux"}[l.dice.IntN(2)]); s != nil {
			s.drop(1011, "overload")
		}
	default:
		l.say([]string{"/main", "/main", "/aux"}[l.dice.IntN(3)])
	}
}

func (l *wide) write(pid element.ParamID, text string) {
	_, _ = l.fleet.Set(l.t.Context(), l.id, element.SetRequest{Target: element.Target{Parameter: pid}, Raw: element.Text(text), By: "tester"})
}

// latest is the session of a connection that was opened last, and how its
// messages begin.
func (l *wide) latest(path string) (*scripted, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.sessions[path])
	if n == 0 {
		return nil, ""
	}
	return l.sessions[path][n-1], fmt.Sprintf("%s %d#", path, n)
}

func (l *wide) say(path string) {
	synctest.Wait()
	s, who := l.latest(path)
	if s == nil {
		return
	}
	select {
	case s.in <- link.Message{Text: true, Data: fmt.Appendf(nil, "%s%d", who, l.dice.IntN(3))}:
	default: // nobody reads
	}
}

// wantTruth compares what looks live with who could have said it.
func (l *wide) wantTruth() {
	l.t.Helper()
	synctest.Wait()
	v, err := l.fleet.View(l.t.Context(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	open := map[int]bool{}
	for _, c := range v.Element.Connections {
		open[c.ID] = c.Status == element.ConnOpen
	}
	if want := map[string]int{"1.0.0.1": 3, "1.0.0.2": 2, "1.0.0.3": 3}[v.Element.Version]; len(v.Element.Connections) != want {
		l.t.Fatalf("version %s has %d connections, want %d", v.Element.Version, len(v.Element.Connections), want)
	}
	web := ""
	for _, p := range v.Parameters {
		if p.ID == 62 {
			web = p.Value.String()
		}
	}
	if web == "" {
		i := slices.IndexFunc(v.Config.Connections, func(c element.ConnectionConfig) bool { return c.ID == 2 })
		web = v.Config.Connections[i].Host
	}
	_, main := l.latest("/main")
	_, aux := l.latest("/aux")
	for _, p := range v.Parameters {
		said, possible := p.Value.String(), true
		var by string
		switch p.ID {
		case 7, 8:
			if up := open[int(p.ID-7)]; up != (said == "1") && (p.ID == 7 || v.Element.Version == "1.0.0.1") {
				l.t.Fatalf("parameter %d is %q, its connection is open: %t", p.ID, said, up)
			}
			continue
		case 10, 13, 14:
			by, possible = main, open[0]
		case 12:
			by, possible = aux, open[1]
		case 21:
			by = web + "#"
		default:
			continue
		}
		if p.Initialized && !p.Stale && (!possible || !strings.HasPrefix(said, by)) {
			l.t.Fatalf("parameter %d looks live and is %q; the one to hear is %q, open: %t, the element is %s", p.ID, said, by, possible, v.Element.State)
		}
	}
	l.device.mu.Lock()
	defer l.device.mu.Unlock()
	if l.device.most > 1 {
		l.t.Fatalf("%d tries or sessions of one connection at a time", l.device.most)
	}
}

// wantTransitions wants a status to be listed only when it moves.
func (l *wide) wantTransitions() {
	l.t.Helper()
	last := map[element.ParamID]string{}
	for _, e := range l.stage.Events(string(l.id), nil, 100_000).Events {
		if _, ok := e.Body.(element.StateChanged); ok {
			clear(last) // a start begins with 0 and lists nothing of it
		}
		if c, ok := e.Body.(element.ParameterChanged); ok && (c.Parameter == 7 || c.Parameter == 8) {
			if now := c.Value.String(); now == last[c.Parameter] {
				l.t.Errorf("status %d is listed as %s twice", c.Parameter, now)
			}
			last[c.Parameter] = c.Value.String()
		}
	}
}

// wantAllOpen wants an element that is left alone, with devices that answer, to
// have found all of them.
func (l *wide) wantAllOpen() {
	l.t.Helper()
	l.mu.Lock()
	l.kind = true
	l.mu.Unlock()
	ctx, mode := l.t.Context(), element.Automatic
	if _, err := l.fleet.Update(ctx, l.id, element.Draft{Reconnect: &mode}, "tester"); err != nil {
		l.t.Fatal(err)
	}
	l.do(l.id, element.Start)
	pass(2 * time.Minute)
	e, err := l.fleet.Element(ctx, l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range e.Connections {
		if c.Status != element.ConnOpen {
			l.t.Errorf("connection %d of version %s is %s for good", c.ID, e.Version, c.Status)
		}
	}
}
