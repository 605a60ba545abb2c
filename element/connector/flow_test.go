package connector_test

import (
	"slices"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
)

// flowing is a connector with two threads, a ping group and slow poll.
const flowing = `<Protocol><Name>x</Name><Version>1</Version>
<Type relativeTimers="true with reset" advanced="http:B">http</Type>
<PortSettings name="A"><SlowPoll><DefaultValue>3</DefaultValue></SlowPoll><SlowPollBase><DefaultValue>number</DefaultValue></SlowPollBase><PingInterval><DefaultValue>5000</DefaultValue><Disabled>true</Disabled></PingInterval></PortSettings>
<Ports><PortSettings name="B"/></Ports>
<HTTP><Session id="1"><Connection id="1"><Request url="/"/></Connection></Session></HTTP>
<Threads><Thread id="1" connection="0" name="Poll"/><Thread id="2" connection="0,1"/></Threads>
<Groups><Group id="-1"><Content><Session>1</Session></Content></Group><Group id="1" threadId="2"><Content><Session>1</Session></Content></Group></Groups>
</Protocol>`

func TestFlow(t *testing.T) {
	def := parse(t, flowing)
	if hasID(def.Findings, "FL-40") || hasID(def.Findings, "FL-19") {
		t.Errorf("found %v", def.Findings)
	}
	if !def.RelativeTimers || !def.TimersReset || len(def.Threads) != 2 || !slices.Equal(def.Threads[1].Connections, []int{0, 1}) {
		t.Errorf("flow is %+v", def.Flow)
	}
	main := def.Connections[0]
	if (main.SlowPoll != element.SlowPoll{After: 3, PingMs: 5000}) || !slices.Contains(main.Locked, "slowPingMs") || slices.Contains(main.Locked, "slowAfter") {
		t.Errorf("slow poll is %+v, locked are %v", main.SlowPoll, main.Locked)
	}
	if len(def.Groups) != 2 || def.Groups[0].ID != connector.PingGroup || def.Groups[1].ThreadID != 2 {
		t.Errorf("groups are %+v", def.Groups)
	}
	by := func(with string) element.SlowPoll {
		return parse(t, edit(t, flowing, `<DefaultValue>3</DefaultValue></SlowPoll><SlowPollBase><DefaultValue>number</DefaultValue></SlowPollBase>`, with)).Connections[0].SlowPoll
	}
	if s := by(`<DefaultValue>30000</DefaultValue></SlowPoll><SlowPollBase><DefaultValue>time</DefaultValue></SlowPollBase>`); s.AfterMs != 30_000 || s.After != 0 {
		t.Errorf("slow poll by time is %+v", s)
	}
	if s := by(`<DefaultValue>30000</DefaultValue></SlowPoll>`); s.AfterMs != 30_000 {
		t.Errorf("slow poll without a base is %+v", s)
	}
	if s := by(`</SlowPoll>`); s.After+s.AfterMs > 0 {
		t.Errorf("slow poll without a value is %+v", s)
	}
}

// What is wrong with a flow is named and leaves the rest as it is.
func TestFlowRules(t *testing.T) {
	tests := []struct{ id, old, with string }{
		{"FL-40", `<Thread id="2" connection="0,1"/>`, `<Thread connection="1"/>`},
		{"FL-40", `<Thread id="2" connection="0,1"/>`, `<Thread id="1" connection="1"/>`},
		{"FL-40", `<Thread id="2" connection="0,1"/>`, `<Thread id="2" connection="x"/>`},
		{"FL-40", `<Thread id="2" connection="0,1"/>`, `<Thread id="2" connection="1004"/><Thread id="3" connection="1004"/>`},
		{"FL-40", `threadId="2"`, `threadId="9"`},
		{"FL-41", `<Group id="1" threadId="2"><Content><Session>1</Session>`, `<Group id="1"><Content><Param>5</Param>`},
		{"FL-07", `<DefaultValue>3</DefaultValue>`, `<DefaultValue>501</DefaultValue>`},
		{"FL-07", `<DefaultValue>number</DefaultValue>`, `<DefaultValue>years</DefaultValue>`},
		{"FL-07", `<DefaultValue>5000</DefaultValue>`, `<DefaultValue>500</DefaultValue>`},
		{"FL-08", `true with reset`, `yes`},
		{"FL-19", `<Group id="-1"><Content><Session>1</Session></Content></Group>`, `<Group id="-1"/>`},
		{"4.8.5", `<Group id="1" `, `<Group id="-1"/><Group id="1" `},
	}
	src := strings.Replace(flowing, `<HTTP>`, `<Params><Param id="5"><Name>p</Name><Type>read</Type></Param></Params><HTTP>`, 1)
	clean, _ := findings(t, src)
	for _, test := range tests {
		if hasID(clean, test.id) {
			t.Errorf("%s is found without the change", test.id)
		}
		if found, _ := findings(t, edit(t, src, test.old, test.with)); !hasID(found, test.id) {
			t.Errorf("%s is not found with %s: %v", test.id, test.with, found)
		}
	}
	other := edit(t, src, `<PortSettings name="B"/>`, `<PortSettings name="B"><SlowPoll><DefaultValue>3</DefaultValue></SlowPoll></PortSettings>`)
	if found, _ := findings(t, other); !slices.ContainsFunc(found, func(f element.Finding) bool {
		return strings.Contains(f.Message, "slow poll of connection 1 has no effect")
	}) {
		t.Errorf("the second slow poll is not named: %v", found)
	}
}

// A group may name a number that only a thread has: it is no connection.
func TestVirtualThread(t *testing.T) {
	src := edit(t, flowing, `<Thread id="1" connection="0" name="Poll"/><Thread id="2" connection="0,1"/>`, `<Thread connection="1004"/>`)
	src = edit(t, src, `threadId="2"`, `connection="1004"`)
	def := parse(t, src)
	if hasID(def.Findings, "WS-16") || def.Groups[1].Virtual != 1 || def.Groups[1].HasConnection {
		t.Errorf("group is %+v, findings %v", def.Groups[1], def.Findings)
	}
}
