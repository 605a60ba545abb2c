package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"fieldline/element"
)

// heldAfter is how many deaths of the process while an element was handled
// hold that element back.
const heldAfter = 2

// Crashes remembers which element was handled when the process died, so that
// one that ends the process does not do so at every start. It needs no
// database: files in a folder of their own, written without waiting for the
// disk, since it is the process that dies and not the machine.
//
// A mark is a file that is there while a script of the element runs unusually
// long or takes unusually much. What Go itself says when it dies goes into a
// report; it names the element of the goroutine.
type Crashes struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	deaths map[element.ID]death
	wanted map[element.ID]bool // marks that are to be there
	poke   chan struct{}
	ended  chan struct{}
}

// death is how often the process died while an element was handled.
type death struct {
	Count int       `json:"count"`
	At    time.Time `json:"at"`
}

const (
	crashReport = "report.txt"
	crashCounts = "deaths.json"
	markSuffix  = ".mark"
)

// OpenCrashes reads what the last process left behind and begins to take notes.
// Its one goroutine, which writes marks, ends with Close. Where the folder
// cannot be written nobody is held back, and the log says so.
func OpenCrashes(dir string, log *slog.Logger) *Crashes {
	c := &Crashes{
		dir: filepath.Join(dir, "crashes"), log: log, deaths: map[element.ID]death{}, wanted: map[element.ID]bool{},
		poke: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	if err := c.begin(); err != nil {
		log.Warn("crashes of this run cannot be noted", "error", err)
	}
	go c.write()
	return c
}

func (c *Crashes) begin() error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	known, err := os.ReadFile(filepath.Join(c.dir, crashCounts))
	if err == nil {
		err = json.Unmarshal(known, &c.deaths)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.log.Warn("the crashes of earlier runs cannot be read", "error", err)
	}
	suspects := c.suspects()
	for id := range suspects {
		d := c.deaths[id]
		d.Count, d.At = d.Count+1, time.Now().UTC().Truncate(time.Second)
		c.deaths[id] = d
		c.log.Error("the program died while an element was handled", "element", string(id), "times", d.Count)
	}
	if len(suspects) > 0 {
		if err := c.save(); err != nil {
			return err
		}
	}
	// A report then has the labels of goroutines, and with them the element.
	if err := os.Setenv("GODEBUG", strings.TrimPrefix(os.Getenv("GODEBUG")+",tracebacklabels=1", ",")); err != nil {
		return err
	}
	report, err := os.Create(filepath.Join(c.dir, crashReport))
	if err != nil {
		return err
	}
	return errors.Join(debug.SetCrashOutput(report, debug.CrashOptions{}), report.Close())
}

// suspects are the elements that were handled when the last process died. Their
// marks are taken away.
func (c *Crashes) suspects() map[element.ID]bool {
	found := map[element.ID]bool{}
	marks, _ := filepath.Glob(filepath.Join(c.dir, "*"+markSuffix)) // the pattern is good
	for _, m := range marks {
		found[element.ID(strings.TrimSuffix(filepath.Base(m), markSuffix))] = true
		_ = os.Remove(m)
	}
	report, err := os.ReadFile(filepath.Join(c.dir, crashReport))
	if err != nil || len(report) == 0 {
		return found
	}
	c.log.Error("the last run of the program ended with a fault", "report", string(report[:min(len(report), 2000)]))
	first := regexp.MustCompile(`(?m)^goroutine \d+ .*$`).Find(report)
	if id := regexp.MustCompile(`"element": "([^"]+)"`).FindSubmatch(first); id != nil {
		found[element.ID(id[1])] = true
	}
	return found
}

// save writes the counts. The caller holds mu, or is alone.
func (c *Crashes) save() error {
	body, err := json.Marshal(c.deaths)
	if err != nil {
		return err
	}
	temporary := filepath.Join(c.dir, crashCounts+".new")
	if err := os.WriteFile(temporary, body, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(c.dir, crashCounts))
}

// Quarantine returns why an element is not to be started, "" when it may be.
func (c *Crashes) Quarantine(id element.ID) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.deaths[id]
	if d.Count < heldAfter {
		return ""
	}
	return fmt.Sprintf("The program died %d times while a script of this element was handled, last at %s, so the element was not started. Correct its connector, then start it.", d.Count, d.At.Format(time.DateTime+" UTC"))
}

// Release forgets the deaths of an element: a person has started it.
func (c *Crashes) Release(id element.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.deaths[id]; !known {
		return
	}
	delete(c.deaths, id)
	if err := c.save(); err != nil {
		c.log.Warn("the crashes of an element cannot be forgotten", "element", string(id), "error", err)
	}
}

// Mark notes that a script of an element may be the end of the process, and
// that it is not any more. It does not wait for the disk.
func (c *Crashes) Mark(id string, on bool) {
	c.mu.Lock()
	c.wanted[element.ID(id)] = on
	c.mu.Unlock()
	select {
	case c.poke <- struct{}{}:
	default:
	}
}

// write brings the marks to disk until Close.
func (c *Crashes) write() {
	defer close(c.ended)
	for range c.poke {
		c.mu.Lock()
		wanted := c.wanted
		c.wanted = map[element.ID]bool{}
		c.mu.Unlock()
		for id, on := range wanted {
			path := filepath.Join(c.dir, filepath.Base(string(id))+markSuffix)
			if on {
				_ = os.WriteFile(path, nil, 0o600) // without it the next start knows less
			} else {
				_ = os.Remove(path)
			}
		}
	}
}

// Close says that the process ends as it should: what was counted of elements
// that are not held back is forgotten. It does not wait for a disk that hangs.
func (c *Crashes) Close(within time.Duration) {
	close(c.poke)
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-c.ended
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = os.Remove(filepath.Join(c.dir, crashReport))
		marks, _ := filepath.Glob(filepath.Join(c.dir, "*"+markSuffix))
		for _, m := range marks {
			_ = os.Remove(m)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		before := len(c.deaths)
		for id, d := range c.deaths {
			if d.Count < heldAfter {
				delete(c.deaths, id)
			}
		}
		if len(c.deaths) != before {
			_ = c.save()
		}
	}()
	select {
	case <-done:
	case <-time.After(within):
	}
}
