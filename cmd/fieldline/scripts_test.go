package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/simulator"
)

// TestScripts brings a connector with QActions to life in the whole program.
func TestScripts(t *testing.T) {
	file := filepath.Join("testdata", "scripted.xml")
	status, out, _ := command(t, "check", "--fail-on", "major", file)
	if status != exitFailed || !strings.Contains(out, ":32:5 critical 3.4.1 QAction 2 does not compile") {
		t.Errorf("check: %d\n%s", status, out)
	}
	xml, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"api/v1/connectors", bytes.NewReader(xml))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/xml")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	detail, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusCreated || !strings.Contains(string(detail), `"3.4.1"`) {
		t.Fatalf("upload: %d %s %v", res.StatusCode, detail, err)
	}
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Scripted", "connector": "Scripted", "connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
	set(t, p, e.ID, 11, 100)
	if got := parameter(t, p, e.ID, 12); got.Value != element.Number(212) {
		t.Errorf("parameter 12 is %v", got.Value)
	}
	set(t, p, e.ID, 11, -300)
	logs := func(says string) func([]map[string]any) bool {
		return func(events []map[string]any) bool {
			for _, ev := range events {
				if message, _ := ev["message"].(string); ev["kind"] == "log" && strings.Contains(message, says) {
					return true
				}
			}
			return false
		}
	}
	until(t, p, e.ID, "the script's error", logs("QAction 1 ended early: line 26: RangeError: colder than absolute zero."))
	until(t, p, e.ID, "the script that does not compile", logs("QAction 2 ended early: line 32: SyntaxError"))
	until(t, p, e.ID, "the script that is not run", logs("QAction 3 is not run here: it is written in csharp."))
	_, page := p.page(t, "elements/"+string(e.ID))
	for _, want := range []string{
		"1 Convert</th><td data-script-state>runs</td><td class=\"number\" data-script-calls>2</td><td class=\"number\" data-script-errors>1</td>",
		"2 Broken</th><td data-script-state>switched off</td>", "csharp is not run here",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	_, metrics := p.page(t, "metrics")
	const convert = `{connector="Scripted",name="Convert",qaction="1",version="1.0.0.1"} `
	for _, want := range []string{"fieldline_script_calls_total" + convert + "2\n", "fieldline_script_errors_total" + convert + "1\n", "fieldline_script_seconds_total" + convert} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in the metrics: %s", want, metrics)
		}
	}
}
