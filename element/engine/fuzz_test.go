package engine_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// FuzzHandle plays random inputs on the connectors of the scripts and on those
// that ship with the program: Handle returns, does not panic, does the same
// after Restore, and asks for no Tick again and again without time passing.
func FuzzHandle(f *testing.F) {
	var defs []*connector.Definition
	for _, xml := range knownConnectors(f) {
		if def := parse(f, xml); len(def.Params) > 0 {
			defs = append(defs, def)
		}
	}
	f.Add(byte(0), []byte{0, 3, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
	f.Add(byte(1), []byte{0, 3, 9, 9, 9, 12, 200, 13, 1, 2, 0})
	f.Fuzz(func(t *testing.T, which byte, moves []byte) {
		def := defs[int(which)%len(defs)]
		m := &mover{t: t, def: def, moves: moves, now: midnight, e: engine.New(def, "fuzz", config(def))}
		for range 60 {
			if len(m.moves) == 0 {
				return
			}
			m.move()
		}
	})
}

// knownConnectors are the connectors of the scripts and those that ship with
// the program.
func knownConnectors(f *testing.F) (list [][]byte) {
	shipped, err := filepath.Glob("../connector/examples/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range shipped {
		xml, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		list = append(list, xml)
	}
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range scripts {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range archive.Files {
			if strings.HasSuffix(part.Name, ".connector") {
				list = append(list, expand(f, part.Data))
			}
		}
	}
	return list
}

// FuzzEdits writes another text in the place of an attribute or a value of a
// known connector, beside it or instead of it: whatever is read can be run.
func FuzzEdits(f *testing.F) {
	all := knownConnectors(f)
	values := regexp.MustCompile(`="[^"]*"|>[^<>]+<`)
	for i, text := range []string{"", "1;2", "dynamic ip 1", "each", "id:1 == 1", "confirm:\u023a", "-1", "99999999999", "array", "next param", "naming=;1"} {
		f.Add(uint16(i), uint16(7*i), text, byte(i), []byte{0, 3, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
	}
	f.Fuzz(func(t *testing.T, which, place uint16, text string, how byte, moves []byte) {
		xml := string(all[int(which)%len(all)])
		places := values.FindAllStringIndex(xml, -1)
		at := places[int(place)%len(places)]
		from, to := at[0]+1, at[1]-1
		if xml[at[0]] == '=' {
			from++
		}
		switch how % 3 { // else it stands instead
		case 0:
			from = to
		case 1:
			to = from
		}
		text = strings.NewReplacer("<", "&lt;", `"`, "&quot;", "&", "&amp;").Replace(text)
		xml = xml[:from] + text + xml[to:]
		if !strings.Contains(xml, "<Protocol") {
			xml = "<Protocol><Name>Test</Name><Version>1.0.0.1</Version>" + xml + "</Protocol>"
		}
		def, err := connector.Parse([]byte(xml))
		if err != nil || len(def.Params) == 0 {
			return
		}
		m := &mover{t: t, def: def, moves: moves, now: midnight, e: engine.New(def, "fuzz", config(def))}
		for range 60 {
			if len(m.moves) == 0 {
				return
			}
			m.move()
		}
	})
}

// mover turns bytes into inputs.
type mover struct {
	t        *testing.T
	def      *connector.Definition
	moves    []byte
	now      time.Time
	e        *engine.Engine
	tokens   []uint64
	requests []uint64
}

func (m *mover) byte() int {
	if len(m.moves) == 0 {
		return 0
	}
	b := m.moves[0]
	m.moves = m.moves[1:]
	return int(b)
}

func (m *mover) text() string {
	n := min(m.byte()%24, len(m.moves))
	s := string(m.moves[:n])
	m.moves = m.moves[n:]
	return s
}

func (m *mover) connection() int { return m.def.Connections[m.byte()%len(m.def.Connections)].ID }

func (m *mover) move() {
	switch m.byte() % 19 {
	case 0, 1:
		m.handle(engine.Start{Saved: m.saved()})
	case 2:
		m.handle(engine.Stop{})
	case 3, 4:
		m.handle(engine.Opened{Connection: m.connection()})
	case 5:
		m.handle(engine.Down{Connection: m.connection(), Reason: m.text()})
	case 6, 7:
		m.handle(engine.Received{Connection: m.connection(), Text: true, Data: []byte(m.text())})
	case 8, 9:
		p := m.def.Params[m.byte()%len(m.def.Params)]
		m.handle(engine.Set{WriteID: "w", Target: element.Target{Parameter: p.ID}, Named: p.ID, Value: m.value(p), By: "fuzz"})
	case 10:
		m.handle(engine.Answered{Connection: m.connection(), StatusLine: m.text(), Body: m.text()})
	case 11:
		if len(m.tokens) > 0 {
			token := m.tokens[0]
			m.tokens = m.tokens[1:]
			m.handle(engine.Sent{Token: token, Err: m.text()})
		}
	case 12:
		m.now = m.now.Add(time.Duration(m.byte()) * 250 * time.Millisecond)
		m.handle(engine.Tick{})
	case 13:
		m.ticks()
	case 14:
		m.handle(engine.Pause{})
	case 15:
		m.handle(engine.Resume{})
	case 16:
		m.handle(engine.Configure{Config: m.settings()})
	default:
		m.reply()
	}
	for _, c := range m.def.Connections {
		if _, err := m.e.Opening(c.ID); err != nil && element.CodeOf(err) != element.Invalid {
			m.t.Fatalf("Opening: %v", err)
		}
	}
}

// reply ends one of the requests that are under way, any of them.
func (m *mover) reply() {
	if len(m.requests) == 0 {
		return
	}
	i := m.byte() % len(m.requests)
	in := engine.Replied{Token: m.requests[i]}
	m.requests = slices.Delete(m.requests, i, i+1)
	switch m.byte() % 3 {
	case 0:
		in.Err, in.Cause, in.Retry = "No answer came.", "http/silent", m.byte()%2 == 0
	case 1:
		in.Status, in.StatusLine, in.Body = 200, "HTTP/1.1 200 OK", []byte(m.text())
	default:
		in.Status, in.StatusLine = 503, "HTTP/1.1 503 Busy"
	}
	m.handle(in)
}

// settings are those of the start with another slow poll and other retries.
func (m *mover) settings() element.Config {
	cfg := config(m.def)
	for i := range cfg.Connections {
		cfg.Connections[i].Retries = m.byte() % 4
	}
	if len(cfg.Connections) > 0 {
		c := &cfg.Connections[0]
		c.SlowAfter, c.SlowAfterMs, c.SlowPingMs = new(m.byte()%3), new(m.byte()%2*1000), new(1000+m.byte()*10)
	}
	return cfg
}

func (m *mover) saved() []element.SavedValue {
	p := m.def.Params[m.byte()%len(m.def.Params)]
	return []element.SavedValue{{Target: element.Target{Parameter: p.ID}, Value: m.value(p), At: m.now}}
}

func (m *mover) value(p *connector.Param) element.Value {
	if p.IsNumber {
		return element.Number(float64(m.byte() - 128))
	}
	return element.Text(m.text())
}

// ticks follows Due for a while: time has to pass.
func (m *mover) ticks() {
	before := m.now
	for range 20 {
		at, ok := m.e.Due()
		if !ok {
			return
		}
		if at.After(m.now) {
			m.now = at
		}
		m.handle(engine.Tick{})
	}
	if !m.now.After(before) {
		m.t.Fatal("20 Ticks and no time passed")
	}
}

func (m *mover) handle(in engine.Input) {
	mark := m.e.Checkpoint()
	first := m.e.Handle(m.now, in)
	m.e.Restore(mark)
	again := m.e.Handle(m.now, in)
	if a, b := essence(first), essence(again); a != b {
		m.t.Fatalf("the same input after Restore does something else:\n%s\n---\n%s", a, b)
	}
	for _, f := range again {
		if s, ok := f.(engine.Send); ok {
			m.tokens = append(m.tokens, s.Token)
		}
		if r, ok := f.(engine.Request); ok {
			m.requests = append(m.requests, r.Token)
		}
	}
}

// essence lists effects without the log, which Restore does not put back.
func essence(effects []engine.Effect) string {
	s := ""
	for _, f := range effects {
		if _, ok := f.(engine.Logged); !ok {
			s += effect(f) + "\n"
		}
	}
	return s
}
