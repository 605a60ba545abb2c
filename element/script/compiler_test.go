package script

import (
	"runtime"
	"testing"
	"time"

	"fieldline/element/connector"
)

// TestProgramsGoWithTheirConnector: a connector that was deleted leaves no
// compiled code behind; one that is used keeps it.
func TestProgramsGoWithTheirConnector(t *testing.T) {
	c := New(Options{})
	used := &connector.Definition{QActions: []connector.QAction{{ID: 1, Encoding: jscript, Code: "1"}, {ID: 2, Encoding: jscript, Code: "2"}}}
	for i := range used.QActions {
		c.program(&used.QActions[i])
	}
	deleted := &connector.Definition{QActions: []connector.QAction{{ID: 1, Encoding: jscript, Code: "var = "}, {ID: 2, Encoding: jscript, Code: "2"}}}
	for i := range deleted.QActions {
		c.program(&deleted.QActions[i])
	}
	if n := c.compiled(); n != 4 {
		t.Fatalf("%d programs", n)
	}
	deleted = nil //nolint:ineffassign,wastedassign // nobody holds it from here on
	for end := time.Now().Add(10 * time.Second); c.compiled() != 2 && time.Now().Before(end); {
		runtime.GC() // cleanups run a moment after it
		runtime.Gosched()
	}
	if n := c.compiled(); n != 2 {
		t.Errorf("%d programs are left, want those of the connector that is used", n)
	}
	kept := c.program(&used.QActions[0])
	if again := c.program(&used.QActions[0]); again != kept {
		t.Error("a QAction was compiled again")
	}
	runtime.KeepAlive(used)
}

func (c *Compiler) compiled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.programs)
}
