package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"fieldline/element"
)

// Message of the fake knows a text (7), bytes (8) and, for all others, that
// they have left memory.
func (m *memory) Message(ctx context.Context, id element.ID, at element.Cursor) (element.Payload, error) {
	if _, err := m.Element(ctx, id); err != nil {
		return element.Payload{}, err
	}
	switch {
	case at.Epoch != "" && at.Epoch != "boot-1":
		return element.Payload{}, element.Errorf(element.NotFound, "The message is of an earlier start.")
	case at.Seq == 7:
		return element.Payload{Seq: 7, Text: true, Data: []byte(`{"large":"<script>"}`)}, nil
	case at.Seq == 8:
		return element.Payload{Seq: 8, Data: []byte{0, 255}}, nil
	}
	return element.Payload{}, element.Errorf(element.NotFound, "The message has left memory.")
}

func TestDownloads(t *testing.T) {
	s := newSite(t).withElement(t)
	s.service.values["e1"][50] = element.Text(strings.Repeat("x", 3*element.MaxExcerpt))
	s.service.values["e1"][51] = element.Text("\xff\x00")
	s.service.values["e1"][60] = element.Number(12.5)
	s.service.values["e1"][70] = element.Text("")
	for _, tt := range []struct {
		path, kind, file, body string
		status                 int
	}{
		{path: "/messages/7", status: 200, kind: "text/plain; charset=utf-8", file: "message-7.txt", body: `{"large":"<script>"}`},
		{path: "/messages/7?epoch=boot-1", status: 200, kind: "text/plain; charset=utf-8", file: "message-7.txt", body: `{"large":"<script>"}`},
		{path: "/messages/8", status: 200, kind: "application/octet-stream", file: "message-8.bin", body: "\x00\xff"},
		{path: "/messages/7?epoch=boot-0", status: 404, body: "earlier start"},
		{path: "/messages/9", status: 404, body: "left memory"},
		{path: "/messages/seven", status: 404, body: "number of their event"},
		{path: "/messages/-1", status: 404, body: "number of their event"},
		{path: "/parameters/50/value", status: 200, kind: "text/plain; charset=utf-8", file: "parameter-50.txt", body: strings.Repeat("x", 3*element.MaxExcerpt)},
		{path: "/parameters/51/value", status: 200, kind: "application/octet-stream", file: "parameter-51.bin", body: "\xff\x00"},
		{path: "/parameters/60/value", status: 200, kind: "text/plain; charset=utf-8", file: "parameter-60.txt", body: "12.5"},
		{path: "/parameters/70/value", status: 200, kind: "text/plain; charset=utf-8", file: "parameter-70.txt", body: ""},
		{path: "/parameters/61/value", status: 404, body: "never set"},
		{path: "/parameters/90/value", status: 403, body: "password"},
		{path: "/parameters/999/value", status: 404, body: "no parameter 999"},
	} {
		for _, prefix := range []string{apiPrefix, ""} {
			t.Run(prefix+tt.path, func(t *testing.T) {
				w := s.ask(t, "GET", prefix+"/elements/e1"+tt.path, "")
				if w.Code != tt.status {
					t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
				}
				if tt.status != http.StatusOK {
					if !strings.Contains(w.Body.String(), tt.body) {
						t.Errorf("body %s does not say %q", w.Body, tt.body)
					}
					return
				}
				h := w.Result().Header
				if got := h.Get("Content-Type"); got != tt.kind {
					t.Errorf("Content-Type %q, want %q", got, tt.kind)
				}
				if got, want := h.Get("Content-Disposition"), `attachment; filename="`+tt.file+`"`; got != want {
					t.Errorf("Content-Disposition %q, want %q", got, want)
				}
				if h.Get("X-Content-Type-Options") != "nosniff" {
					t.Error("the browser may guess what is in the file")
				}
				if got := w.Body.String(); got != tt.body {
					t.Errorf("%d bytes, want %d", len(got), len(tt.body))
				}
			})
		}
	}
}

// TestValuesAreCutOnlyOnRequest holds that the API never cuts by itself.
func TestValuesAreCutOnlyOnRequest(t *testing.T) {
	s := newSite(t).withElement(t)
	long := strings.Repeat("é", element.MaxExcerpt)
	s.service.values["e1"][50] = element.Text(long)
	for _, tt := range []struct {
		path      string
		status    int
		want      string
		truncated bool
	}{
		{"/parameters", 200, long, false},
		{"/parameters?excerpt=false", 200, long, false},
		{"/parameters?excerpt=true", 200, long[:element.MaxExcerpt], true},
		{"/parameters?excerpt=yes", 400, "", false},
	} {
		w := s.ask(t, "GET", apiPrefix+"/elements/e1"+tt.path, "")
		if w.Code != tt.status {
			t.Errorf("%s: status %d, want %d", tt.path, w.Code, tt.status)
		}
		if tt.status != http.StatusOK {
			continue
		}
		got := decoded[struct {
			Parameters []element.Parameter `json:"parameters"`
			Cursor     json.RawMessage     `json:"cursor"`
		}](t, w.Body)
		p := got.Parameters[0]
		if p.ID != 50 || p.Value != element.Text(tt.want) || p.Display != tt.want || p.Truncated != tt.truncated || tt.truncated && p.Size != len(long) {
			t.Errorf("%s: parameter %d has %d bytes, truncated %t, size %d", tt.path, p.ID, len(p.Value.String()), p.Truncated, p.Size)
		}
	}
}
