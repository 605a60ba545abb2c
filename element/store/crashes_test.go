package store

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReportNamesTheElement: what Go says when it dies blames the element whose
// goroutine it names, and only that.
func TestReportNamesTheElement(t *testing.T) {
	dir := t.TempDir()
	report := "fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw()\n\ngoroutine 12 gp=0x1 [running, labels:{\"element\": \"bad\"}]:\nmain.x()\n\ngoroutine 13 [select, labels:{\"element\": \"good\"}]:\n"
	for i := range 3 {
		c := OpenCrashes(dir, slog.New(slog.DiscardHandler))
		if why := c.Quarantine("bad"); strings.Contains(why, "died 2 times") != (i == 2) || c.Quarantine("good") != "" {
			t.Errorf("start %d: %q, %q", i, why, c.Quarantine("good"))
		}
		if i == 2 {
			c.Release("bad")
			if why := c.Quarantine("bad"); why != "" {
				t.Errorf("let go: %q", why)
			}
		}
		// The process dies: nobody says goodbye.
		close(c.poke)
		<-c.ended
		if err := os.WriteFile(filepath.Join(dir, "crashes", crashReport), []byte(report), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := OpenCrashes(dir, slog.New(slog.DiscardHandler))
	c.Mark("other", true)
	c.Close(10 * time.Second)
	c = OpenCrashes(dir, slog.New(slog.DiscardHandler))
	defer c.Close(10 * time.Second)
	if len(c.deaths) != 0 {
		t.Errorf("a goodbye left %v", c.deaths)
	}
}
