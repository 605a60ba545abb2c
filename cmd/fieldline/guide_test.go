package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/connector"
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

// TestGuide follows docs/connector-guide.md: every step loads without a
// warning, and the last one does what it says.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "connector-guide.md"))
	if err != nil {
		t.Fatal(err)
	}
	file := ""
	for i, block := range xmlBlock.FindAllStringSubmatch(string(text), -1) {
		if i == 0 {
			file = block[1]
		} else {
			file = addTo(t, file, block[1])
		}
		def, err := connector.Parse([]byte(file))
		if err != nil {
			t.Fatalf("step %d: %v\n%s", i+1, err, file)
		}
		for _, x := range def.Findings {
			if x.Severity.AtLeast(element.Warning) {
				t.Errorf("step %d: line %d: %s %s", i+1, x.Line, x.ID, x.Message)
			}
		}
	}

	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
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
