package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// console collects what a page complains of: errors and warnings written to
// the console, exceptions that nothing caught, and what the browser itself
// reports (failed requests, a broken content security policy).
type console struct {
	mu       sync.Mutex
	heard    []string
	expected []string
}

// violationsToConsole makes each report of the content security policy a
// complaint of the page, in every document and frame from its first byte on:
// not all of them reach the browser's log.
const violationsToConsole = `addEventListener("securitypolicyviolation", (e) => console.error(
	"Content Security Policy, " + e.effectiveDirective + ": " + e.blockedURI + " at " + e.sourceFile + ":" + e.lineNumber + ":" + e.columnNumber + " " + e.sample), true)`

// hear is called by the tab's reader for each event; it must not block.
func (c *console) hear(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeWarning && e.Type != runtime.ConsoleAPICalledTypeAssert {
			return
		}
		var parts []string
		for _, arg := range e.Args {
			parts = append(parts, strings.Trim(fmt.Sprintf("%s %s", arg.Description, arg.Value), " \""))
		}
		text = string(e.Type) + ": " + strings.Join(parts, " ")
	case *runtime.EventExceptionThrown:
		text = "exception: " + e.ExceptionDetails.Text
		if ex := e.ExceptionDetails.Exception; ex != nil {
			text += " " + ex.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError && e.Entry.Level != log.EntryLevelWarning {
			return
		}
		text = fmt.Sprintf("%s (%s): %s %s", e.Entry.Level, e.Entry.Source, e.Entry.Text, e.Entry.URL)
	default:
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = append(c.heard, text)
}

// complaints returns what was heard and not expected.
func (c *console) complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
next:
	for _, text := range c.heard {
		for _, e := range c.expected {
			if strings.Contains(text, e) {
				continue next
			}
		}
		out = append(out, text)
	}
	return out
}

// Expect names parts of complaints that belong to the test: a page whose
// server was killed says that its socket failed.
func (tab *Tab) Expect(parts ...string) {
	tab.console.mu.Lock()
	defer tab.console.mu.Unlock()
	tab.console.expected = append(tab.console.expected, parts...)
}

// UntilComplaint waits until the page has complained of something that
// contains part.
func (tab *Tab) UntilComplaint(part string) {
	tab.t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for end := time.Now().Add(Patience); time.Now().Before(end); <-tick.C {
		tab.console.mu.Lock()
		heard := slices.ContainsFunc(tab.console.heard, func(s string) bool { return strings.Contains(s, part) })
		tab.console.mu.Unlock()
		if heard {
			return
		}
	}
	tab.t.Fatalf("the page never complained of %q", part)
}
