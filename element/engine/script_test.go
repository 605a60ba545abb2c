package engine_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/connectortest"
	"fieldline/element/engine"
)

var update = flag.Bool("update", false, "write what the engine does into the scripts of testdata")

// TestScripts plays the scripts of testdata. A file holds connectors
// (x.connector, in the shorthand of connectortest) and scripts; a script plays against the last connector before it. Lines that
// start with > are what the engine does in answer to the line above them;
// "start" leaves out what a start only fills in, "start-shown" lists it.
//
// The files are named after the chapters of the language, as in testdata's
// README.md; comments at the head of a script that begin with "runs:" name the
// constructs that it proves.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { playFile(t, file) })
	}
}

func playFile(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var def *connector.Definition
	for i := range archive.Files {
		part := &archive.Files[i]
		if strings.HasSuffix(part.Name, ".connector") {
			def = parse(t, expand(t, part.Data))
			continue
		}
		t.Run(part.Name, func(t *testing.T) {
			got := play(t, def, string(part.Data))
			if *update {
				part.Data = []byte(got)
				return
			}
			if diff := cmp.Diff(string(part.Data), got); diff != "" {
				t.Errorf("the engine does something else (-want +got):\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// expand returns the XML of a connector in shorthand.
func expand(t testing.TB, shorthand []byte) []byte {
	t.Helper()
	xml, err := connectortest.XML(string(shorthand))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(xml)
}

// parse reads a connector, completing the frame that all test connectors
// share.
func parse(t testing.TB, body []byte) *connector.Definition {
	t.Helper()
	xml := string(body)
	if !strings.Contains(xml, "<Protocol") {
		xml = "<Protocol><Name>Test</Name><Version>1.0.0.1</Version>" + xml + "</Protocol>"
	}
	def, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatalf("the connector was refused: %v", err)
	}
	return def
}

// midnight is when every script starts.
var midnight = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

// player plays one script.
type player struct {
	t        *testing.T
	def      *connector.Definition
	cfg      element.Config
	e        *engine.Engine
	now      time.Time
	tokens   []uint64
	requests []uint64
	writes   int
	mark     engine.Checkpoint
	quiet    bool // what a start fills in is not listed
	out      strings.Builder
}

func play(t *testing.T, def *connector.Definition, script string) string {
	t.Helper()
	if def == nil {
		t.Fatal("there is no connector before the script")
	}
	p := &player{t: t, def: def, now: midnight, cfg: config(def)}
	p.e = engine.New(def, "e1", p.cfg)
	p.e.UseScripts(rowScripts{})
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, ">") {
			continue
		}
		fmt.Fprintln(&p.out, line)
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			p.do(line)
		}
	}
	return p.out.String()
}

func config(def *connector.Definition) element.Config {
	cfg := element.Config{Name: "Camera", Connector: def.Name, Version: def.Version, Reconnect: element.Automatic}
	for _, c := range def.Connections {
		host := c.Host
		if host == "" {
			host = "10.0.0.1"
		}
		cfg.Connections = append(cfg.Connections, element.ConnectionConfig{
			ID: c.ID, Host: host, Port: c.Port, BusAddress: c.BusAddress, TimeoutMs: c.TimeoutMs, Retries: c.Retries,
		})
	}
	return cfg
}

func (p *player) do(line string) {
	words := split(p.t, line)
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	conn, _ := strconv.Atoi(arg(1))
	switch words[0] {
	case "start", "start-shown":
		p.quiet = words[0] == "start"
		p.handle(engine.Start{Saved: append(saved(words[1:]), savedCells(words[1:])...)})
		p.quiet = false
	case "load":
		p.handle(engine.Load{State: element.State(arg(1)), Saved: append(saved(words[2:]), savedCells(words[2:])...)})
	case "stop":
		p.handle(engine.Stop{})
	case "pause":
		p.handle(engine.Pause{})
	case "resume":
		p.handle(engine.Resume{})
	case "open":
		p.handle(engine.Opened{Connection: conn})
	case "down":
		cause, reason := caused(words[2:]) // cause=phase/code first
		p.handle(engine.Down{Connection: conn, Reason: reason, Cause: cause})
	case "answer":
		p.handle(answer(conn, words[2:]))
	case "recv":
		p.handle(engine.Received{Connection: conn, Text: true, Data: []byte(arg(2))})
	case "sent":
		if len(p.tokens) == 0 {
			p.t.Fatalf("%q: nothing was sent", line)
		}
		token := p.tokens[0]
		p.tokens = p.tokens[1:]
		p.handle(engine.Sent{Token: token, Err: strings.Join(words[1:], " ")})
	case "set":
		p.set(element.ParamID(conn), arg(2), arg(3))
	case "setcell": // parameter, table, row, value
		table, _ := strconv.Atoi(arg(2))
		p.setCell(element.ParamID(conn), element.ParamID(table), arg(3), arg(4))
	case "reply": // status, headers as Name:value, body:text
		p.reply(words[1:])
	case "reply-last": // to the newest request
		if n := len(p.requests); n > 0 {
			p.requests = append([]uint64{p.requests[n-1]}, p.requests[:n-1]...)
		}
		p.reply(words[1:])
	case "hold", "let-go": // connection, session/exchange or all, refusal
		p.holdBack(words[0], conn, arg(2), strings.Join(words[min(3, len(words)):], " "))
	case "wait":
		p.wait(arg(1))
	case "config":
		p.configure(words[1:])
	case "checkpoint":
		p.mark = p.e.Checkpoint()
	case "restore":
		p.e.Restore(p.mark)
	default:
		p.ask(words[0], conn)
	}
}

// ask answers a question about the engine's state.
func (p *player) ask(what string, id int) {
	switch what {
	case "opening":
		o, err := p.e.Opening(id)
		p.opening(o, err)
	case "param":
		x, _ := p.e.Parameter(element.ParamID(id))
		p.print("%s", parameter(x))
	case "shown":
		x, _ := p.e.Parameter(element.ParamID(id))
		p.print("%q", x.Display)
	case "times":
		x, _ := p.e.Parameter(element.ParamID(id))
		p.print("changed %s received %s", clock(x.ChangedAt.Time), clock(x.ReceivedAt.Time))
	case "receipts":
		for _, w := range p.e.Receipts() {
			p.print("%s", write(w))
		}
	case "table":
		x, ok := p.e.Table(element.ParamID(id))
		p.print("%v, %d columns", ok, len(x.Columns))
		for _, r := range x.Rows {
			p.print("%s", row(r))
		}
	case "params":
		for _, x := range p.e.Parameters() {
			p.print("%s", parameter(x))
		}
	case "due":
		at, ok := p.e.Due()
		p.print("due %v %s", ok, clock(at))
	case "timedout":
		p.print("%v", p.e.TimedOut())
	default:
		p.t.Fatalf("unknown line %q", what)
	}
}

func (p *player) print(format string, args ...any) { fmt.Fprintf(&p.out, "> "+format+"\n", args...) }

func (p *player) handle(in engine.Input) {
	for _, f := range p.e.Handle(p.now, in) {
		if s, ok := f.(engine.Send); ok {
			p.tokens = append(p.tokens, s.Token)
		}
		if s, ok := f.(engine.Request); ok {
			p.requests = append(p.requests, s.Token)
		}
		if _, ok := f.(engine.Refreshed); !ok || !p.quiet {
			p.print("%s", effect(f))
		}
	}
}

// set writes a value the way the runner does: decoded, with the parameter that
// a person named.
func (p *player) set(id element.ParamID, text, target string) {
	def := p.def.Param(id)
	if def == nil {
		p.t.Fatalf("no parameter %d", id)
	}
	v, err := def.DecodeNow(element.Text(text), p.lookup)
	if err != nil {
		p.print("refused: %s", element.MessageOf(err))
		return
	}
	p.writes++
	in := engine.Set{WriteID: "w" + strconv.Itoa(p.writes), Target: element.Target{Parameter: id}, Named: id, Value: v, By: "anna"}
	if n, err := strconv.Atoi(target); err == nil {
		in.Named = element.ParamID(n)
	}
	p.handle(in)
}

func (p *player) lookup(id element.ParamID) element.Parameter {
	x, _ := p.e.Parameter(id)
	return x
}

// wait lets time pass, with a Tick whenever the engine wants one.
func (p *player) wait(text string) {
	d, err := time.ParseDuration(text)
	if err != nil {
		p.t.Fatal(err)
	}
	end := p.now.Add(d)
	for range 10_000 {
		at, ok := p.e.Due()
		if !ok || at.After(end) {
			p.now = end
			return
		}
		if at.After(p.now) {
			p.now = at
		}
		fmt.Fprintf(&p.out, ">> %s\n", clock(p.now))
		p.handle(engine.Tick{})
	}
	p.t.Fatalf("the engine wants a Tick again and again")
}

func (p *player) configure(words []string) {
	p.cfg.Connections = append([]element.ConnectionConfig(nil), p.cfg.Connections...)
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		c := &p.cfg.Connections[len(p.cfg.Connections)-1]
		n, _ := strconv.Atoi(value)
		switch key {
		case "host":
			c.Host = value
		case "port":
			c.Port = n
		case "bus":
			c.BusAddress = value
		case "retries":
			c.Retries = n
		case "timeout":
			c.TimeoutMs = n
		case "name":
			p.cfg.Name = value
		case "reconnect":
			p.cfg.Reconnect = element.ReconnectMode(value)
		case "skipVerify":
			c.SkipVerify = value == "true"
		case "ping":
			c.PingMs = &n
		case "commandWait":
			c.CommandWaitMs = &n
		case "slowAfter":
			c.SlowAfter = &n
		case "slowAfterMs":
			c.SlowAfterMs = &n
		case "slowPingMs":
			c.SlowPingMs = &n
		case "proxy":
			c.Proxy = value
		case "serverName":
			c.ServerName = value
		case "fingerprint":
			c.Fingerprint = value
		case "ca":
			c.CAFile = value
		case "cert":
			c.CertFile = value
		case "key":
			c.KeyFile = value
		default:
			p.t.Fatalf("unknown setting %q", key)
		}
	}
	p.handle(engine.Configure{Config: p.cfg})
}
