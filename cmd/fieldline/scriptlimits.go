package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"fieldline/element"
	"fieldline/element/runner"
	"fieldline/element/script"
	"fieldline/element/store"
	"fieldline/web"
)

// scripting are the flags that bound scripts.
type scripting struct {
	ScriptMemory      int64 `default:"268435456" placeholder:"BYTES" help:"Memory that the scripts of one element may hold; a script that holds more is stopped."`
	ScriptMemoryTotal int64 `default:"1073741824" placeholder:"BYTES" help:"Memory that all scripts may hold together; those of the element that holds most are stopped."`
	StartStopped      bool  `help:"Load all elements stopped this time; what they were is kept for the next start."`
}

const (
	minScriptMemory = 16 << 20
	// besideScripts is what the rest of the program may take before the
	// collector of garbage works harder.
	besideScripts = 1 << 30
)

func (c *scripting) check() error {
	if c.ScriptMemory < minScriptMemory {
		return fmt.Errorf("--script-memory: %d bytes are too few; use at least %d", c.ScriptMemory, minScriptMemory)
	}
	if c.ScriptMemoryTotal < c.ScriptMemory {
		return fmt.Errorf("--script-memory-total: %d bytes are less than --script-memory", c.ScriptMemoryTotal)
	}
	return nil
}

// limits are the options of scripts. Where nobody has set GOMEMLIMIT, it is
// what scripts may hold and room for the rest.
func (c *scripting) limits(crashes *store.Crashes) script.Options {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(c.ScriptMemoryTotal + besideScripts)
	}
	return script.Options{Memory: c.ScriptMemory, TotalMemory: c.ScriptMemoryTotal, Mark: crashes.Mark}
}

// quarantine has the fleet load elements stopped that are not to be started.
func (c *scripting) quarantine(o *runner.Options, crashes *store.Crashes) {
	o.Release = crashes.Release
	o.Quarantine = func(id element.ID) string {
		if why := crashes.Quarantine(id); why != "" || !c.StartStopped {
			return why
		}
		return "The program was started with --start-stopped, so the element was not started. It will be at the next start of the program without it."
	}
}

// memoryGauges say what scripts hold.
func memoryGauges(scripts *script.Compiler) []web.Gauge {
	return []web.Gauge{
		{
			Name: "fieldline_script_memory_bytes", Help: "Memory that the scripts of an element hold, as last weighed.", Labels: []string{"element"},
			Each: func(yield func(float64, ...string)) {
				for _, h := range scripts.Held() {
					yield(float64(h.Bytes), h.Element)
				}
			},
		},
		{
			Name: "fieldline_script_memory_total_bytes", Help: "Memory that all scripts hold together, as last weighed.",
			Read: func() float64 {
				var all int64
				for _, h := range scripts.Held() {
					all += h.Bytes
				}
				return float64(all)
			},
		},
	}
}
