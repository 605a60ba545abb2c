package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/connector/examples"
)

// What ships is an example to others: check finds nothing worse than notes.
func TestShippedConnectorsPassCheck(t *testing.T) {
	shipped := examples.All()
	files, err := filepath.Glob(filepath.Join("..", "..", "element", "connector", "examples", "*.xml"))
	if err != nil || len(files) != len(shipped) || len(files) < 4 {
		t.Fatalf("%d connectors ship of the files %v %v", len(shipped), files, err)
	}
	status, out, errOut := command(t, append([]string{"check", "--fail-on", "warning"}, files...)...)
	if status != exitOK {
		t.Errorf("exit status %d\n%s%s", status, out, errOut)
	}
}

// rows returns the rows of a table by their keys.
func rows(t *testing.T, p *program, id element.ID, table string) map[string]element.Row {
	t.Helper()
	byKey := map[string]element.Row{}
	for _, row := range get[element.Table](t, p, http.StatusOK, "GET", "/elements/"+string(id)+"/tables/"+table, nil).Rows {
		byKey[row.Key] = row
	}
	return byKey
}

// untilRows asks for a table until ok holds for its rows.
func untilRows(t *testing.T, p *program, id element.ID, table, what string, ok func(map[string]element.Row) bool) map[string]element.Row {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		got := rows(t, p, id, table)
		if ok(got) {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("table %s never showed %s: %v", table, what, got)
		}
	}
}

// untilShows waits until a parameter is displayed as text.
func untilShows(t *testing.T, p *program, id element.ID, pid int, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		got := parameter(t, p, id, pid)
		if got.Display == text {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("parameter %d never showed %q: %+v", pid, text, got)
		}
	}
}

// shows expects what parameters display, by id.
func shows(t *testing.T, p *program, id element.ID, want map[int]string) {
	t.Helper()
	for pid, text := range want {
		if got := parameter(t, p, id, pid); got.Display != text {
			t.Errorf("parameter %d (%s) shows %q, want %q", pid, got.Name, got.Display, text)
		}
	}
}

// untilWrite waits until the last write of a parameter has a status.
func untilWrite(t *testing.T, p *program, id element.ID, write string, status element.WriteStatus) element.Write {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		w := get[element.Write](t, p, http.StatusOK, "GET", "/elements/"+string(id)+"/writes/"+write, nil)
		if w.Status == status {
			return w
		}
		if time.Now().After(deadline) {
			t.Fatalf("write %s never was %s: %+v", write, status, w)
		}
	}
}

// logSays looks for a line of the log.
func logSays(text string) func([]map[string]any) bool {
	return func(events []map[string]any) bool {
		for _, ev := range events {
			if message, _ := ev["message"].(string); ev["kind"] == "log" && strings.Contains(message, text) {
				return true
			}
		}
		return false
	}
}
