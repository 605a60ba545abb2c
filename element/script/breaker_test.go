package script_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element/script"
)

// TestSwitchedOffIsTriedAgain: a QAction that used too much is off for a while,
// its values are not live, and one call that is let through decides whether it
// is on again.
func TestSwitchedOffIsTriedAgain(t *testing.T) {
	r := build(t, script.Options{Budget: 30 * time.Millisecond}, qaction(1, "11", "", `protocol.SetParameter(12, 7);
protocol.FillArray(1000, [["k", "label", 3]]); while (protocol.GetParameter(10) === "spin") {}`))
	set := func(value string, after time.Duration) string {
		r.now = r.now.Add(after - time.Minute)
		return strings.Join(r.set(value), "\n")
	}
	stale := func() bool {
		p, _ := r.Parameter(12)
		table, _ := r.Table(1000)
		if cell := table.Rows[0].Cells[1002].Stale; cell != p.Stale {
			t.Errorf("the cell is stale: %v, the parameter: %v", cell, p.Stale)
		}
		return p.Stale
	}
	set("go", time.Second)
	for range 3 {
		if stale() {
			t.Error("stale before it is switched off")
		}
		set("spin", time.Second)
	}
	s := r.scripts.Scripts()[0]
	if s.Runs || !strings.Contains(s.Off, "it ran longer than 30ms.") || !s.OffUntil.After(r.now) || !stale() {
		t.Errorf("after three times: %+v, stale %v", s, stale())
	}
	if got := set("go", time.Second); strings.Contains(got, "12 =") {
		t.Errorf("it ran while it is off: %s", got)
	}
	if got := set("spin", time.Minute); !strings.Contains(got, "is tried again in 1m0s") {
		t.Errorf("its second chance, that failed: %s", got)
	}
	if got := set("go", 31*time.Second); strings.Contains(got, "12 =") {
		t.Errorf("the wait did not grow: %s", got)
	}
	if got := set("go", time.Minute); !strings.Contains(got, "QAction 1 was tried again and runs again.") || stale() {
		t.Errorf("its third chance: %s", got)
	}
	if s := r.scripts.Scripts()[0]; !s.Runs || s.Off != "" || !s.OffUntil.IsZero() {
		t.Errorf("on again: %+v", s)
	}
	for range 3 {
		set("spin", time.Second)
	}
	if !r.scripts.Revive() || r.scripts.Revive() {
		t.Error("a person did not switch it on")
	}
	if got := set("go", time.Second); !strings.Contains(got, "12 = 7") || stale() {
		t.Errorf("after a person's wish: %s", got)
	}
}

// TestMemoryIsBounded: who holds too much is stopped by name, others go on.
func TestMemoryIsBounded(t *testing.T) {
	for name, code := range map[string]string{
		"at once":             `var x = "x".repeat(100000); globalThis.all = []; for (;;) all.push(x + all.length)`,
		"a text that doubles": `var s = "xé"; globalThis.all = []; for (;;) { if (s.length < 1000000) s += s; else all.push(s + all.length) }`,
		"buffers":             `globalThis.all = []; for (;;) all.push(new ArrayBuffer(4000000))`,
		"caught":              `globalThis.all = []; for (;;) { try { all.push(new Uint8Array(8000000)) } catch (e) {} }`,
		"call by call":        `var x = "x".repeat(50000); globalThis.all = globalThis.all || []; for (var i = 0; i < 100; i++) all.push(x + i)`,
	} {
		r := build(t, script.Options{Budget: 20 * time.Second, Memory: 48 << 20}, qaction(1, "11", "", code), qaction(2, "11", "", `protocol.Log("goes on")`))
		var got []string
		most := peak(func() {
			for range 30 {
				if got = append(got, r.set("x")...); !r.scripts.Scripts()[0].Runs {
					break
				}
			}
		})
		s := r.scripts.Scripts()[0]
		if s.Runs || !strings.Contains(s.Off, "it holds more memory than the 48 MiB that the scripts of an element may hold.") || most > 400<<20 {
			t.Errorf("%s: %+v, %d MiB\n%s", name, s, most>>20, strings.Join(got, "\n"))
		}
		if last := got[len(got)-1]; last != "info: goes on" || !r.scripts.Scripts()[1].Runs {
			t.Errorf("%s: another QAction did not go on: %s", name, last)
		}
	}
}

// TestGarbageIsNoMemory: a script that makes and forgets a lot holds little.
func TestGarbageIsNoMemory(t *testing.T) {
	r := build(t, script.Options{Budget: time.Minute, Memory: 48 << 20}, qaction(1, "11", "",
		`var x = "x".repeat(200000); for (var n = 0, i = 0; i < 3000; i++) n += (x + i).length; protocol.Log(String(n))`))
	if got := strings.Join(r.set("x"), "\n"); !strings.HasSuffix(got, "info: 600010890") {
		t.Errorf("got %s", got)
	}
}

// TestAllScriptsTogether: when all hold too much, those of the element that
// holds most lose what they keep.
func TestAllScriptsTogether(t *testing.T) {
	c := script.New(script.Options{Budget: time.Minute, Memory: 64 << 20, TotalMemory: 80 << 20})
	def := parse(t, qaction(1, "11", "", `globalThis.n = (globalThis.n || 0) + 1; protocol.Log("call " + n);
if (protocol.GetParameter(10) !== "look") { globalThis.all = []; var x = "x".repeat(100000); for (var i = 0; i < protocol.GetParameter(10) * 10; i++) all.push(x + i); }`))
	big, other := attach(def, c.Element(def), "big"), attach(def, c.Element(def), "other")
	big.set("50")
	if held := c.Held(); len(held) != 1 || held[0].Element != "big" || held[0].Bytes < 45e6 || held[0].Bytes > 60e6 {
		t.Errorf("held: %+v", held)
	}
	for range 20 {
		other.set("40")
		if held := c.Held(); held[0].Bytes == 0 {
			break // the big one's
		}
	}
	before := strings.Join(other.set("look"), "\n")
	got := strings.Join(big.set("look"), "\n")
	if !strings.Contains(got, "What the scripts kept in variables is gone: all scripts together hold more memory than the 80 MiB") || !strings.Contains(got, "info: call 1") {
		t.Errorf("the one that holds most: %s", got)
	}
	if strings.Contains(before, "gone") || strings.Contains(before, "info: call 1\n") {
		t.Errorf("the other one: %s", before)
	}
}
