package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/library"
	"fieldline/element/script"
	"fieldline/element/simulator"
)

var (
	xmlBlock = regexp.MustCompile("(?s)```xml\n(.*?)```")
	xmlList  = regexp.MustCompile(`(?ms)^<(\w+)>\n(.*?)^</\w+>\n`)
)

// addTo puts the lists of a later step of the guide into a connector, as the
// guide tells its reader to.
func addTo(t *testing.T, file, step string) string {
	t.Helper()
	if rest := strings.TrimSpace(xmlList.ReplaceAllString(step, "")); rest != "" {
		t.Fatalf("a step of the guide has more than lists: %s", rest)
	}
	for _, list := range xmlList.FindAllStringSubmatch(step, -1) {
		end, added := "</"+list[1]+">", list[2]
		if !strings.Contains(file, end) {
			end, added = "</Protocol>", list[0]
		}
		at := strings.LastIndex(file, end)
		file = file[:at] + added + file[at:]
	}
	return file
}

// guide returns the blocks of the guide: the steps, and the patterns for other
// devices, which are added to the first step.
func guide(t *testing.T) (steps, patterns []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "connector-guide.md"))
	if err != nil {
		t.Fatal(err)
	}
	first, rest, ok := strings.Cut(string(text), "\n## Other devices\n")
	if !ok {
		t.Fatal("the guide has no chapter for other devices")
	}
	for _, block := range xmlBlock.FindAllStringSubmatch(first, -1) {
		steps = append(steps, block[1])
	}
	for _, block := range xmlBlock.FindAllStringSubmatch(rest, -1) {
		patterns = append(patterns, block[1])
	}
	return steps, patterns
}

// loads expects a file to load without a warning.
func loads(t *testing.T, what, file string) {
	t.Helper()
	def, err := library.Parse([]byte(file), script.Check)
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, file)
	}
	for _, x := range def.Findings {
		if x.Severity.AtLeast(element.Warning) {
			t.Errorf("%s: line %d: %s %s", what, x.Line, x.ID, x.Message)
		}
	}
}

// upload gives a connector to the program.
func upload(t *testing.T, p *program, file string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"api/v1/connectors", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/xml")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	var answer bytes.Buffer
	_, err = io.Copy(&answer, res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("upload: %d %s %v", res.StatusCode, answer.String(), err)
	}
}

// TestGuide follows docs/connector-guide.md: every step loads without a
// warning, and the last one does what it says.
func TestGuide(t *testing.T) {
	steps, _ := guide(t)
	file := ""
	for i, step := range steps {
		if i == 0 {
			file = step
		} else {
			file = addTo(t, file, step)
		}
		loads(t, fmt.Sprintf("step %d", i+1), file)
	}

	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	upload(t, p, file)
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Thermometer", "connector": "Thermometer", "connections": []map[string]any{{"id": 1, "host": host, "port": port}},
	})
	seen(t, d, "the subscription and health", func(log []simulator.Entry) bool {
		return len(log) > 0 && received(log[0], subscription+temperature) == 1 && received(log[0], health) >= 1
	})
	until(t, p, e.ID, "a temperature", func(events []map[string]any) bool {
		for _, ev := range events {
			if value, ok := ev["value"].(float64); ok && ev["kind"] == "parameter" && ev["parameter"] == 300.0 && value > 20 && value < 22 {
				return true
			}
		}
		return false
	})
	if v := parameter(t, p, e.ID, 300); v.Units != "°C" {
		t.Errorf("the temperature reads %+v", v)
	}
}

// TestGuidePatterns does the same for the guide's patterns for other devices.
func TestGuidePatterns(t *testing.T) {
	steps, patterns := guide(t)
	if len(patterns) != 2 {
		t.Fatalf("the guide has %d patterns", len(patterns))
	}
	for i, name := range []string{"JSON-RPC", "REST"} {
		patterns[i] = strings.Replace(addTo(t, steps[0], patterns[i]), "<Name>Thermometer</Name>", "<Name>"+name+"</Name>", 1)
		loads(t, name, patterns[i])
	}
	p := startProgram(t, "serve", "--data", t.TempDir())
	create := func(name string, connections ...map[string]any) element.ID {
		return get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{"name": name, "connector": name, "connections": connections}).ID
	}

	player := simulator.NewPlayer()
	_, host, port := device(t, simulator.Options{Player: player, Path: simulator.DefaultPath, Interval: -1})
	upload(t, p, patterns[0])
	id := create("JSON-RPC", map[string]any{"id": 1, "host": host, "port": port})
	untilShows(t, p, id, 310, "stopped")
	if err := player.Call("core.playback.play"); err != nil {
		t.Fatal(err)
	}
	untilShows(t, p, id, 310, "playing")

	_, restHost, restPort := serveREST(t, simulator.RESTOptions{})
	upload(t, p, patterns[1])
	id = create("REST", map[string]any{"id": 1, "host": host, "port": port}, map[string]any{"id": 2, "host": restHost, "port": restPort})
	untilShows(t, p, id, 322, "-12.5")
	shows(t, p, id, map[int]string{320: "HTTP/1.1 200 OK"})
}
