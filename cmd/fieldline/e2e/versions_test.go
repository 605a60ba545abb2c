package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
)

// mixerFile is testdata/mixer.xml with changes, pairs of old and new, in a file.
func mixerFile(t *testing.T, changes ...string) string {
	t.Helper()
	xml, err := os.ReadFile("testdata/mixer.xml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(xml)
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("the mixer has no %q", changes[i])
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	path := filepath.Join(t.TempDir(), "mixer.xml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// createMixer makes a running element of the mixer.
func createMixer(t *testing.T, s *e2e.Program, d *e2e.Device) element.Element {
	t.Helper()
	return e2e.API[element.Element](t, s, http.MethodPost, "elements", map[string]any{
		"name": "Studio 1", "connector": "E2E Mixer",
		"connections": []map[string]any{{"id": 1, "host": fmt.Sprintf("%s:%d/x-nmos/events/ws", d.Host, d.Port)}},
	})
}

// upload brings a connector in by the form.
func upload(p *e2e.Tab, s *e2e.Program, path string) {
	p.Open(s.Base + "connectors")
	p.Upload("#upload-file", path)
	p.Click(".upload button")
}

// newer is the mixer's second version: its note is not saved any more, and it
// has a level.
func newer(t *testing.T) string {
	return mixerFile(t, "<Version>1.0.0.1", "<Version>2.0.0.1", `<Param id="13" save="true">`, `<Param id="13">`,
		"  </Params>", `    <Param id="14"><Name>Level</Name><Description>Level</Description><Type>read</Type>
      <Interprete><RawType>numeric text</RawType><LengthType>next param</LengthType><Type>double</Type></Interprete></Param>
  </Params>`)
}

// TestAVersionIsTriedAndUndone goes the whole way: a newer version is uploaded,
// what it changes is read, it is tried on a running element, and one click
// goes back, after a restart of the program even.
func TestAVersionIsTriedAndUndone(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	data := t.TempDir()
	s := serve(t, data)
	p := tab(t)
	upload(p, s, mixerFile(t))
	p.WaitText("h1", "E2E Mixer")
	e := createMixer(t, s, d)
	s.UntilOpen(e.ID, 1)
	s.Set(e.ID, 12, "Front of house")
	s.Set(e.ID, 13, "Ask Ruth")

	upload(p, s, newer(t))
	p.WaitText(".older", "1 element uses an older version")
	p.WaitText(".older li", "Studio 1")
	everywhere(t, p, "uploaded")
	p.Click(".older li a.button")
	p.WaitText("h1", "Try version 2.0.0.1")
	p.WaitText(".change-order", "The element is active. It has to be stopped")
	p.WaitText(".fates tbody tr:first-child", "dropped")
	p.WaitText(".fates tbody tr:first-child", "Ask Ruth")
	p.WaitText(".fates", "Front of house")
	p.WaitText("main", "Parameter 14 (Level) is new.")
	everywhere(t, p, "changes")
	p.Click(".change-order button.primary") // stop, change, start
	p.WaitText(`[data-p="12"] [data-value]`, "Front of house")
	p.WaitText(lineWord, "Open")
	p.WaitText(".back-offer", "its values from 1.0.0.1 are kept")
	everywhere(t, p, "tried")
	if got := s.Parameter(e.ID, 13); got.Initialized {
		t.Errorf("the note is %v, but this version does not save it", got.Value)
	}
	s.Set(e.ID, 12, "Balcony")

	p.Expect("WebSocket connection to", "net::ERR_") // the page hears the stop
	s.Stop()
	s = serve(t, data)
	s.UntilOpen(e.ID, 1)
	p.Open(s.Base + "elements/" + string(e.ID) + "/versions")
	p.WaitText(".back-offer", "Stop and go back to 1.0.0.1")
	everywhere(t, p, "versions")
	p.Open(s.Base + "elements/" + string(e.ID))
	p.Click(".back-offer button") // one click
	p.WaitText(`[data-p="13"] [data-value]`, "Ask Ruth")
	p.WaitText(`[data-p="12"] [data-value]`, "Front of house")
	p.WaitText(lineWord, "Open")
	got := e2e.API[element.Element](t, s, http.MethodGet, "elements/"+string(e.ID), nil)
	if got.Version != "1.0.0.1" || got.State != element.Active || got.PreviousVersion != "2.0.0.1" {
		t.Errorf("the element is %+v", got)
	}
	var who []string
	for _, event := range s.Events(e.ID) {
		if event.Kind() == "version" {
			who = append(who, fmt.Sprint(event["from"], " to ", event["to"], " by ", event["by"]))
		}
	}
	if want := "1.0.0.1 to 2.0.0.1 by 127.0.0.1, 2.0.0.1 to 1.0.0.1 by 127.0.0.1"; strings.Join(who, ", ") != want {
		t.Errorf("events: %q, want %q", who, want)
	}
}

// TestVersionsAreChangedOnStoppedElements by the API: what a script meets.
func TestVersionsAreChangedOnStoppedElements(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	p := tab(t)
	upload(p, s, mixerFile(t))
	p.WaitText("h1", "E2E Mixer")
	e := createMixer(t, s, d)
	upload(p, s, newer(t))
	p.WaitText("h1", "E2E Mixer")
	at := "elements/" + string(e.ID)
	status := func(method, path string, body any) int {
		t.Helper()
		got, _ := s.Call(method, path, body)
		return got
	}
	if got := status(http.MethodPost, at+"/back", nil); got != http.StatusConflict {
		t.Errorf("nothing to go back to: %d", got)
	}
	e2e.API[element.Element](t, s, http.MethodPost, at+"/stop", nil)
	if got := e2e.API[element.Element](t, s, http.MethodPatch, at, map[string]any{"version": "2.0.0.1"}); got.Version != "2.0.0.1" || got.State != element.Stopped {
		t.Errorf("the element is %+v", got)
	}
	for path, want := range map[string]int{"connectors/E2E%20Mixer/1.0.0.1": http.StatusConflict, "connectors/E2E%20Mixer/2.0.0.1": http.StatusConflict, "connectors/Generic%20WebSocket/1.0.0.1": http.StatusConflict} {
		if got := status(http.MethodDelete, path, nil); got != want {
			t.Errorf("DELETE %s: %d, want %d", path, got, want)
		}
	}
	if got := status(http.MethodDelete, at+"/versions/1.0.0.1/values", nil); got != http.StatusNoContent {
		t.Errorf("forgetting: %d", got)
	}
	p.Open(s.Base + "connectors/E2E%20Mixer/1.0.0.1")
	p.Click(`.danger a[href$="/delete"]`)
	p.WaitText("h1", "Delete E2E Mixer 1.0.0.1?")
	assertNoViolations(t, p, "delete connector")
	p.Click(`main form button[type="submit"]`)
	p.WaitText("h1", "Connectors")
	if got := status(http.MethodGet, "connectors/E2E%20Mixer/1.0.0.1", nil); got != http.StatusNotFound {
		t.Errorf("the deleted version answers %d", got)
	}
}

// TestReportStandsBesideTheText: a finding is on its line, without scripts, and
// the lines to show are chosen without them.
func TestReportStandsBesideTheText(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t, e2e.WithoutScripts)
	upload(p, s, mixerFile(t, `<Display defaultPage="Main" pageOrder="Main" />`, `<Display defaultPage="Main" pageOrder="Main" />
  <Chains><Chain name="unheard of"/></Chains>`, `<Param id="13" save="true">`, `<Param id="13" save="perhaps">`))
	p.WaitText("h1", "E2E Mixer")
	line := strings.TrimPrefix(e2e.Eval[string](p, `document.querySelector(".chunk .remarks").closest("li").id`), "L")
	p.WaitText("#L"+line+" > a", line)
	p.WaitText("#L"+line+" .remark", "1/")
	all := e2e.Eval[int](p, `document.querySelectorAll(".chunk li").length`)
	if shown := e2e.Eval[int](p, `[...document.querySelectorAll(".chunk li")].filter(l => l.checkVisibility()).length`); shown != all {
		t.Errorf("%d of %d lines are shown", shown, all)
	}
	p.Click(".pick.ignored")
	p.Until("only what is ignored", `[...document.querySelectorAll(".chunk li")].every(l => l.checkVisibility() === l.classList.contains("ignored"))`)
	p.WaitText("#L8", "unheard of")
	p.Click(`.pick:has([value="all"])`)
	if got := e2e.Eval[string](p, `fetch(document.querySelector("a[download]").href, {headers: {Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}}).then(r => r.text())`); !strings.Contains(got, "unheard of") {
		t.Errorf("the file is %.80q", got)
	}
	p.Click(".report-first")
	p.Until("the first finding", `document.querySelector("#F1").matches(":target")`)
	p.Open(e2e.Eval[string](p, "location.href.split('#')[0]") + "#L40")
	p.Until("line 40 in sight", `(r => r.top > 60 && r.bottom < innerHeight)(document.querySelector("#L40").getBoundingClientRect())`)
	everywhere(t, tabAt(t, strings.Split(p.URL(), "#")[0]), "report")
}

// tabAt is a page with scripts.
func tabAt(t *testing.T, url string) *e2e.Tab {
	t.Helper()
	p := tab(t)
	p.Open(url)
	return p
}

// TestARefusedConnectorIsMendedOnThePage: the text that was sent is there, and
// what is corrected is taken.
func TestARefusedConnectorIsMendedOnThePage(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t)
	p.Expect("status of 422")
	upload(p, s, mixerFile(t, "  <Version>1.0.0.1</Version>\n", ""))
	p.WaitText("h1", "was refused")
	p.WaitText(".chunk .wrong .remark", "critical")
	everywhere(t, p, "refused")
	p.Click(".correct > summary")
	e2e.Eval[bool](p, `(a => { a.value = a.value.replace("</Name>", "</Name>\n  <Version>1.0.0.7</Version>"); return true })(document.querySelector("#correct-text"))`)
	p.Click(".correct button")
	p.WaitText("h1", "E2E Mixer")
	p.WaitText(".page-head", "1.0.0.7")
}

// largeMost bounds what a page with a connector of 20,000 lines takes until it
// is first painted. It is ten times what it takes on a quiet machine.
const largeMost = 5000

// TestALargeConnectorStaysUsable: 20,000 lines and 900 kB.
func TestALargeConnectorStaysUsable(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t)
	var params strings.Builder
	for id := 1000; id < 4000; id++ {
		fmt.Fprintf(&params, "    <Param id=\"%d\">\n      <Name>Level%d</Name>\n      <Description>The level of input %d of the desk</Description>\n      <Type>read</Type>\n"+
			"      <Interprete><RawType>other</RawType><LengthType>next param</LengthType><Type>string</Type></Interprete>\n      <Icon>picture of a level meter, %d</Icon>\n    </Param>\n", id, id, id, id)
	}
	upload(p, s, mixerFile(t, "  </Params>", params.String()+"  </Params>"))
	p.WaitText("h1", "E2E Mixer")
	p.Until("the whole page", `document.readyState === "complete"`)
	p.Until("the first paint", `performance.getEntriesByName("first-contentful-paint").length`)
	painted := e2e.Eval[float64](p, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)
	size := e2e.Eval[string](p, `(n => n.encodedBodySize + " bytes over the wire, " + n.decodedBodySize + " bytes of HTML, answered after " + Math.round(n.responseEnd) + " ms")(performance.getEntriesByType("navigation")[0])`)
	lines := p.Count(".chunk li")
	t.Logf("%d lines, first paint after %.0f ms, %s", lines, painted, size)
	if lines < 20_000 || painted > largeMost {
		t.Errorf("%d lines, first paint after %.0f ms", lines, painted)
	}
	p.Open(p.URL() + "#L20000")
	p.Until("line 20000 in sight", `(r => r.top > 60 && r.bottom < innerHeight)(document.querySelector("#L20000").getBoundingClientRect())`)
	p.Click(".pick.wrong")
	p.Until("nothing but wrong lines", `![...document.querySelectorAll(".chunk li:not(.wrong)")].some(l => l.checkVisibility())`)
	p.Shoot("large")
}
