package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

// TestHostileTextsLeaveThePageSmall: what a device sends to make pages grow
// does not, drawn by the server or put there by the script, folded or opened.
func TestHostileTextsLeaveThePageSmall(t *testing.T) {
	const most = 4096 // of an excerpt
	texts := map[string]string{
		"deep lists":   strings.Repeat("[", 2000) + strings.Repeat("]", 2000),
		"deep, cut":    strings.Repeat("[", 4000),
		"deep objects": strings.Repeat(`{"":`, 700) + "0" + strings.Repeat("}", 700),
		"wide, deep":   strings.Repeat("[", 900) + strings.Repeat("0,", 1000) + "0" + strings.Repeat("]", 900),
		"escapes":      "[" + strings.Repeat(`"\u0000",`, 400) + "0]",
		"saw":          "[" + strings.Repeat("[[[[[[[[]]]]]]]],", 200) + "0]",
		"empty lists":  "[" + strings.Repeat("[],", 1300) + "[]]",
		"digits":       "[" + strings.Repeat("1,", 2000) + "1]",
		"small keys":   "{" + strings.Repeat(`"k":1,`, 650) + `"k":1}`,
		"markup":       strings.Repeat("<", most),
		"bidi":         strings.Repeat("\u202e", most/3),
	}
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	n := 0
	for _, text := range texts {
		for range 3 {
			d.Send(text)
			n++
		}
	}
	const drawn = `document.querySelectorAll('#event-list .event[data-group="message"]').length >= %d`
	p.Until("all messages", fmt.Sprintf(drawn, n))
	for _, when := range []string{"live", "loaded"} {
		if got := e2e.Eval[int](p, `document.getElementById("event-list").outerHTML.length`); got > 8*n*most {
			t.Errorf("%s: the list is %d KiB for %d messages of 4 KiB", when, got>>10, n)
		}
		// One after the other is opened: the script colours it.
		grown := e2e.Eval[int](p, `(async () => {
			let worst = 0;
			for (const d of document.querySelectorAll("#event-list details")) {
				d.open = true;
				await new Promise((done) => setTimeout(done));
				const pre = d.querySelector("[data-full]");
				worst = Math.max(worst, pre.textContent.length, Math.ceil(pre.innerHTML.length / 2));
				d.open = false;
			}
			return worst;
		})()`)
		if grown > 4*most {
			t.Errorf("%s: a message of 4 KiB is %d KiB, or its markup twice that, when it is opened", when, grown>>10)
		}
		p.Reload()
		p.Until("all messages", fmt.Sprintf(drawn, n))
	}
	if got := e2e.Eval[int](p, "fetch(location.href).then((r) => r.text()).then((s) => s.length)"); got > 8*n*most {
		t.Errorf("the page is %d KiB for %d messages of 4 KiB", got>>10, n)
	}
}

// TestDeviceCannotTurnTextAround: marks of writing direction are seen, live and
// after a reload, in names, values and messages.
func TestDeviceCannotTurnTextAround(t *testing.T) {
	const odd, seen = "invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create(odd, connectorName, d)
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID) + connectionPage)
	p.WaitText("[data-hop1-word]", "Live")
	d.Send(odd)
	for range 2 {
		p.WaitText(`#event-list .event[data-group="message"] [data-text]`, seen)
		p.WaitText("h1", seen)
		p.WaitText("[data-el-name]", seen)
		if e2e.Eval[bool](p, `document.documentElement.outerHTML.includes("\u202e")`) {
			t.Error("the mark itself is on the page")
		}
		p.Reload()
	}
}

// TestFormsKeepThePolicy: each kind of form that is applied, from pages with
// sizes that a person changed, leaves no report of the content security policy
// (Tab listens for them) and no style in the page.
func TestFormsKeepThePolicy(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Expect("status of 422")
	// A field that was drawn larger has a style of its own, which nothing may
	// carry over to what the server draws.
	sized := func() {
		e2e.Eval[int](p, `[...document.querySelectorAll("[id]")].map((n) => (n.style.minHeight = "1px")).length`)
	}
	sized()
	set(p, "15", "permessage-deflate")
	p.WaitText(`[data-receipt="15"]`, "saved")
	sized()
	edit(p, "60")
	p.Type("#f-60", "a b:c")
	p.Click("#e-60 button.primary")
	p.Until("the refusal", `document.querySelector("#x-60, #e-60 .field-error")`)
	sized()
	p.Click(`[data-conn="1"] .hop-actions button`)
	s.UntilOpen(e.ID, 2)
	p.Click(`form[action$="/pause"] button`)
	p.WaitText("[data-el-word]", "Paused")
	p.Open(s.Base + "elements/" + string(e.ID) + "/edit")
	sized()
	p.Click(`form.form button.primary`)
	p.Until("the element again", `location.pathname.endsWith("/elements/`+string(e.ID)+`")`)
}
