package runner

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// lifeConnector has a status, a dynamic IP that may be saved, a write that is
// confirmed by a report, one that goes out by a pair, and a timer that sends.
const lifeConnector = `<Protocol><Name>Life</Name><Version>1.0.0.1</Version>
<Connections><Connection id="1" name="Device"><Http><CommunicationOptions><WebSocket>true</WebSocket><NotifyConnectionPIDs><Connections>7</Connections></NotifyConnectionPIDs></CommunicationOptions><UserSettings><TimeoutTime><DefaultValue>1000</DefaultValue></TimeoutTime><Retries><DefaultValue>1</DefaultValue></Retries></UserSettings></Http></Connection></Connections>
<Params>
<Param id="7"><Name>Status</Name><Description>Status</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="10"><Name>Gain</Name><Description>Gain</Description><Type>read</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="11"><Name>Gain</Name><Description>Gain</Description><Type>write</Type><Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
<Param id="20"><Name>Set</Name><Description>Set</Description><Type>fixed</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Length>5</Length><Type>string</Type><Value>gain=</Value></Interprete></Param>
<Param id="22"><Name>Ok</Name><Description>Ok</Description><Type>fixed</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Length>2</Length><Type>string</Type><Value>OK</Value></Interprete></Param>
<Param id="23"><Name>Report</Name><Description>Report</Description><Type>fixed</Type><Interprete><RawType>other</RawType><LengthType>fixed</LengthType><Length>8</Length><Type>string</Type><Value>gain is </Value></Interprete></Param>
<Param id="60" save="true"><Name>Address</Name><Description>Address</Description><Type options="dynamic ip 1">read</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete></Param>
<Param id="61" setter="true"><Name>Address</Name><Description>Address</Description><Type>write</Type><Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete><Measurement><Type>string</Type></Measurement></Param>
</Params>
<Commands><Command id="1"><Name>c1</Name><WebSocketMessageType>text</WebSocketMessageType><Content><Param>20</Param><Param>11</Param></Content></Command></Commands>
<Responses><Response id="1"><Name>r1</Name><Content><Param>22</Param></Content></Response><Response id="2"><Name>r2</Name><Content><Param>23</Param><Param>10</Param></Content></Response></Responses>
<Pairs><Pair id="1"><Name>p1</Name><Content><Command>1</Command></Content></Pair><Pair id="2"><Name>p2</Name><Content><Command>1</Command><Response>1</Response></Content></Pair></Pairs>
<Groups><Group id="1"><Name>g1</Name><Type>poll</Type><Content><Pair>1</Pair></Content></Group><Group id="2"><Name>g2</Name><Type>poll</Type><Content><Pair>2</Pair></Content></Group></Groups>
<Triggers><Trigger id="1"><Name>t1</Name><On id="11">parameter</On><Time>change</Time><Type>action</Type><Content><Id>1</Id></Content></Trigger></Triggers>
<Actions><Action id="1"><Name>a1</Name><On id="1">group</On><Type>execute</Type></Action></Actions>
<Timers><Timer id="1"><Name>Poll</Name><Time>3000</Time><Content><Group>2</Group></Content></Timer></Timers>
</Protocol>`

// The whole of a life: whatever happens, in any order, the
// connection's parameter says what the wire is, every write comes to an end,
// and the stream of events has no hole.
func TestRandomLivesOfARealElement(t *testing.T) {
	definition, err := connector.Parse([]byte(lifeConnector))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &life{dice: rand.New(rand.NewPCG(seed, 2)), answers: rand.New(rand.NewPCG(seed, 3))}
				l.world = newWorld(t, func(o *Options) {
					o.Catalog = catalog{definition}
					o.handler = func(e *engine.Engine) handler {
						return &audited{engine: e, t: t, open: &l.opens, unsent: &l.unsent}
					}
				})
				l.play()
			})
		})
	}
}

// life is one element that things happen to.
type life struct {
	*world
	dice    *rand.Rand // of the steps
	answers *rand.Rand // of the device, in the order of its tries
	id      element.ID
	writes  []string // that were accepted
	opens   bool     // what the logic was told last
	unsent  int      // messages that the logic handed out and has not heard of
}

// audited is an engine that is watched for what it is told.
type audited struct {
	engine *engine.Engine
	t      *testing.T
	open   *bool
	unsent *int
}

func (a *audited) Handle(now time.Time, in engine.Input) []engine.Effect {
	switch in.(type) {
	case engine.Opened:
		if *a.open {
			a.t.Error("the logic was told twice that the connection is open")
		}
		*a.open = true
	case engine.Down:
		*a.open = false
	case engine.Received:
		if !*a.open {
			a.t.Error("the logic got a message of a connection that is not open")
		}
	case engine.Sent:
		*a.unsent--
	}
	effects := a.engine.Handle(now, in)
	for _, e := range effects {
		if _, sent := e.(engine.Send); sent {
			*a.unsent++
		}
	}
	return effects
}

func (l *life) play() {
	l.device.answer = func(int, link.Config) plan { return randomPlan(l.answers) }
	l.start()
	l.id = l.create(func(d *element.Draft) { d.Connector, d.Version = new("Life"), nil })
	for range 120 {
		l.step()
		if l.dice.IntN(3) > 0 { // sometimes several at once
			pass(time.Duration(l.dice.IntN(4000)) * time.Millisecond)
		}
		l.wantTruth()
	}
	l.disk.fail(nil)
	pass(time.Minute) // the longest that a write waits is 30 s
	l.wantTruth()
	l.wantFinalWrites()
	l.wantNoHoles()
}

func (l *life) step() {
	ctx := l.t.Context()
	orders := []element.Order{element.Start, element.Start, element.Stop, element.Pause, element.Restart, element.Reconnect}
	switch l.dice.IntN(9) {
	case 0, 1:
		_, _ = l.fleet.Do(ctx, l.id, orders[l.dice.IntN(len(orders))], nil, "tester") // may be refused
	case 2:
		l.write(61, fmt.Sprintf("10.0.0.%d", l.dice.IntN(250)+1))
	case 3, 4:
		l.write(11, fmt.Sprint(l.dice.IntN(5)))
	case 5:
		l.device.dropLast()
	case 6, 7:
		l.say([]string{"OK", fmt.Sprintf("gain is %d", l.dice.IntN(5)), "what?"}[l.dice.IntN(3)])
	case 8:
		var broken error
		if l.dice.IntN(3) == 0 {
			broken = element.Errorf(element.Unavailable, "The disk is full.")
		}
		l.disk.fail(broken)
	}
}

func (l *life) write(pid element.ParamID, text string) {
	w, err := l.fleet.Set(l.t.Context(), l.id, element.SetRequest{Target: element.Target{Parameter: pid}, Raw: element.Text(text), By: "tester"})
	if err == nil {
		l.writes = append(l.writes, w.ID)
	}
}

// say is the device sending a text on the session opened last, when there is
// one that is read.
func (l *life) say(text string) {
	l.device.mu.Lock()
	sessions := slices.Clone(l.device.sessions)
	l.device.mu.Unlock()
	if len(sessions) == 0 {
		return
	}
	synctest.Wait()
	select {
	case sessions[len(sessions)-1].in <- link.Message{Text: true, Data: []byte(text)}:
	default:
	}
}

// wantTruth compares what the logic says of the connection with what it is.
func (l *life) wantTruth() {
	l.t.Helper()
	synctest.Wait()
	v, err := l.fleet.View(l.t.Context(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	want := element.Number(0)
	if v.Element.Connections[0].Status == element.ConnOpen {
		want = element.Number(1)
	}
	i := slices.IndexFunc(v.Parameters, func(p element.Parameter) bool { return p.ID == 7 })
	if got := v.Parameters[i].Value; got != want && got.IsSet() {
		l.t.Fatalf("the connection is %s, its parameter says %v", v.Element.Connections[0].Status, got)
	}
	l.device.mu.Lock()
	defer l.device.mu.Unlock()
	if l.device.most > 1 {
		l.t.Fatalf("%d tries or sessions at a time", l.device.most)
	}
	if v.Element.State == element.Stopped && v.Element.Connections[0].Status == element.ConnOpen {
		l.t.Fatal("a stopped element has an open connection")
	}
}

// wantFinalWrites wants every accepted write to wait for nothing any more, and
// every message to have come to an end.
func (l *life) wantFinalWrites() {
	l.t.Helper()
	for _, id := range l.writes {
		w, err := l.fleet.Write(l.t.Context(), l.id, id)
		if err != nil {
			l.t.Errorf("write %s: %v", id, err)
			continue
		}
		if strings.HasPrefix(w.Detail, "Waits") {
			l.t.Errorf("write %s of %d to %v is still %s (%s) after %s", id, w.Parameter, w.Value, w.Status, w.Detail, time.Since(w.At.Time))
		}
	}
	if l.unsent != 0 {
		l.t.Errorf("of %d messages the logic has not heard what became of them", l.unsent)
	}
}

// wantNoHoles wants the numbers of events and patches to follow each other, and
// what an event replaces to be there.
func (l *life) wantNoHoles() {
	l.t.Helper()
	seen, lines := map[uint64]bool{}, map[uint64]uint64{}
	last := uint64(0)
	for _, e := range l.stage.Events(string(l.id), nil, 100_000).Events {
		if e.Seq <= last {
			l.t.Errorf("event %d follows %d", e.Seq, last)
		}
		if e.Replaces != 0 && !seen[e.Replaces] {
			l.t.Errorf("event %d replaces %d, which is not there", e.Seq, e.Replaces)
		}
		if line := cmp.Or(lines[e.Replaces], e.Replaces); e.Line != line {
			l.t.Errorf("event %d is of line %d, want %d", e.Seq, e.Line, line)
		}
		seen[e.Seq], lines[e.Seq], last = true, e.Line, e.Seq
	}
	opened, closed := len(l.events(l.id, element.KindOpen)), len(l.events(l.id, element.KindClosed))
	open := 0
	if l.connection(l.id).Status == element.ConnOpen {
		open = 1
	}
	if opened != closed+open {
		l.t.Errorf("%d openings and %d closings are listed, %d is open", opened, closed, open)
	}
}
