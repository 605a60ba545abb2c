package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// quote writes s as a JavaScript string.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // a string always has a JSON form
	}
	return string(b)
}

// Open loads an address and waits for the load event.
func (tab *Tab) Open(url string) {
	tab.t.Helper()
	tab.do("open "+url, chromedp.Navigate(url))
}

// Reload loads the page again.
func (tab *Tab) Reload() {
	tab.t.Helper()
	tab.do("reload", chromedp.Reload())
}

// URL is the address of the page.
func (tab *Tab) URL() string {
	tab.t.Helper()
	return Eval[string](tab, "location.href")
}

// Click clicks the first visible element of a CSS selector with the mouse.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	tab.settled(selector)
	tab.do("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// settled waits until an element stands where it stood a look ago: what moves
// between the press and the release of the button, because the page scrolls
// still or its socket has just come, is not clicked.
func (tab *Tab) settled(selector string) {
	tab.t.Helper()
	tab.Until(selector+" at rest", `((e) => {
		if (!e) return false;
		e.scrollIntoView({block: "nearest"});
		const b = e.getBoundingClientRect(), at = [b.x, b.y, b.width, b.height, location.href].join();
		const still = window.stoodAt === at;
		window.stoodAt = at;
		return still;
	})(document.querySelector(`+quote(selector)+`))`)
}

// Type replaces what is in a field by keystrokes.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	sel := chromedp.CSS(selector)
	tab.do("type into "+selector, chromedp.WaitVisible(sel), chromedp.Focus(sel),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(kb.Delete),
		chromedp.SendKeys(sel, text))
}

// Press sends keys to what has the focus: "\r" is Enter, kb.Tab and the like
// are in chromedp/kb.
func (tab *Tab) Press(keys string) {
	tab.t.Helper()
	tab.do("press keys", chromedp.KeyEvent(keys))
}

// Text is the text of the first element of a selector as it is seen, once it
// is there.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	tab.Until(selector, "document.querySelector("+quote(selector)+")")
	return strings.TrimSpace(Eval[string](tab, "document.querySelector("+quote(selector)+").innerText"))
}

// Count is the number of elements of a selector.
func (tab *Tab) Count(selector string) int {
	tab.t.Helper()
	return Eval[int](tab, "document.querySelectorAll("+quote(selector)+").length")
}

// Visible waits until an element of a selector is seen.
func (tab *Tab) Visible(selector string) time.Duration {
	tab.t.Helper()
	return tab.Until(selector, "[...document.querySelectorAll("+quote(selector)+")].some(e => e.checkVisibility())")
}

// WaitText waits until the first element of a selector is seen and contains
// text, and returns how long that took.
func (tab *Tab) WaitText(selector, text string) time.Duration {
	tab.t.Helper()
	return tab.Until(selector+" with "+quote(text),
		"(e => e && e.checkVisibility() && e.innerText.includes("+quote(text)+"))(document.querySelector("+quote(selector)+"))")
}

// Size sets the size of the page in CSS pixels.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	tab.do("set the size", chromedp.EmulateViewport(width, height))
}

// Scheme makes the system "light" or "dark".
func (tab *Tab) Scheme(scheme string) {
	tab.t.Helper()
	tab.do("set the scheme", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// Offline cuts the page from the network or connects it again. A socket that
// is open stays open and silent.
func (tab *Tab) Offline(offline bool) {
	tab.t.Helper()
	tab.do("change the network", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}},
		})
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: offline, DownloadThroughput: -1, UploadThroughput: -1,
		})
		return err
	}))
}

// Screenshot is the page as it is seen, as PNG.
func (tab *Tab) Screenshot() []byte {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatalf("no screenshot: %v", err)
	}
	return png
}

// ShotsEnv names the environment variable with the folder that Shoot writes
// to.
const ShotsEnv = "FIELDLINE_SHOTS"

// Shoot takes a screenshot and writes it to the folder of ShotsEnv, if there
// is one, as name.png.
func (tab *Tab) Shoot(name string) {
	tab.t.Helper()
	png := tab.Screenshot()
	dir := os.Getenv(ShotsEnv)
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		tab.t.Errorf("the screenshot is not kept: %v", err)
	}
}

// keep saves what a failed test saw beside its other artifacts (go test
// -artifacts).
func (tab *Tab) keep() {
	if !tab.t.Failed() {
		return
	}
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(tab.t.ArtifactDir(), "failed.png"), png, 0o600)
	}
	if err != nil {
		tab.t.Logf("no screenshot of the failure: %v", err)
	}
}

// FrameText waits until an element inside a frame contains text.
func (tab *Tab) FrameText(frame, selector, text string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	nodes, err := chromedp.Run(ctx, chromedp.Nodes(chromedp.CSS(frame)))
	if err != nil {
		tab.t.Fatalf("no frame %s: %v", frame, err)
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var got string
	for !strings.Contains(got, text) {
		got, err = chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector), chromedp.FromNode(nodes[0])))
		if err != nil {
			tab.t.Fatalf("%s in the frame never read %q: %v", selector, text, err)
		}
		<-tick.C
	}
}

// Focus moves the focus to an element.
func (tab *Tab) Focus(selector string) {
	tab.t.Helper()
	tab.do("focus "+selector, chromedp.Focus(chromedp.CSS(selector)))
}

// Upload chooses a file in a form.
func (tab *Tab) Upload(selector, path string) {
	tab.t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		tab.t.Fatal(err)
	}
	tab.do("choose "+path, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{absolute}))
}

// Back goes back in the tab's history.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.do("go back", chromedp.Evaluate[chromedp.Void]("history.back()"))
}
