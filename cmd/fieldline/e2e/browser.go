package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ChromiumEnv names the environment variable with the path of the browser;
// without it the usual names are tried.
const ChromiumEnv = "FIELDLINE_CHROMIUM"

// Browser is a running Chromium.
type Browser struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// StartBrowser starts Chromium without a window and with a fresh profile.
func StartBrowser() (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // containers have no user namespaces to build one from
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-smooth-scrolling", true), // what scrolls under the mouse is not clicked
		chromedp.Flag("no-proxy-server", true),          // loopback only
	)
	if path := os.Getenv(ChromiumEnv); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	b := &Browser{ctx: ctx, cancel: func() { stop(); stopAlloc() }}
	if err := chromedp.Do(ctx); err != nil {
		b.cancel()
		return nil, fmt.Errorf("no Chromium to test with: install the package chromium, or name its path in %s: %w", ChromiumEnv, err)
	}
	return b, nil
}

// Close ends the browser and waits until it is gone.
func (b *Browser) Close() { b.cancel() }

// TabOption changes a new tab.
type TabOption func(*Tab) chromedp.Action[chromedp.Void]

// WithoutScripts is a browser whose person has turned JavaScript off.
func WithoutScripts(*Tab) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// Tab is one page. Its methods fail the test when they cannot do what they
// say; they belong to the test's goroutine.
type Tab struct {
	t       *testing.T
	ctx     context.Context
	console console
}

// Tab opens a page in a profile of its own. When the test ends the tab is
// closed, and the test fails if the page complained of anything that was not
// expected (see Expect).
func (b *Browser) Tab(t *testing.T, options ...TabOption) *Tab {
	t.Helper()
	tab := &Tab{t: t}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.console.hear))
	tab.ctx = ctx
	t.Cleanup(func() {
		tab.keep()
		cancel()
		for _, complaint := range tab.console.complaints() {
			t.Errorf("the page complained: %s", complaint)
		}
	})
	// The tab lives as long as the context of this first call.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("no tab: %v", err)
	}
	tab.do("listen for violations", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: violationsToConsole})
		return err
	}))
	tab.Size(1280, 800)
	for _, o := range options {
		tab.do("prepare the tab", o(tab))
	}
	return tab
}

// do runs steps with Patience.
func (tab *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.t.Fatalf("cannot %s: %v\n%s", what, err, tab.excerpt())
	}
}

// Eval returns the value of a JavaScript expression.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Until waits until a JavaScript expression is true and returns how long that
// took. It goes on over navigations.
func (tab *Tab) Until(what, expression string) time.Duration {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	began := time.Now()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if ok && err == nil {
			return time.Since(began)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tab.t.Fatalf("the page never showed %s (%s; %v)\n%s", what, expression, err, tab.excerpt())
		}
	}
}

// excerpt is the text of the page, for messages of failed tests.
func (tab *Tab) excerpt() string {
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + (document.body ? document.body.innerText : '')"))
	if err != nil {
		return "(the page cannot be read: " + err.Error() + ")"
	}
	const most = 4000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
