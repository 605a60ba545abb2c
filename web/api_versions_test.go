package web

import (
	"net/url"
	"testing"
)

func versionCalls() []call {
	const conflict, invalid = "conflict", "invalid"
	name := "/connectors/" + url.PathEscape(odd) + "/1.0"
	return []call{
		{"report", "GET", "/connectors/Generic%20WebSocket/1.0.0.1/report", "", "", 200, "", "", []string{`"verdict":"wrong"`, `"counts":{"runs":0,"ignored":0,"wrong":1,"findings":1}`}},
		{"report of none", "GET", "/connectors/none/1/report", "", "", 404, "not-found", "", nil},
		{"delete a shipped one", "DELETE", "/connectors/Generic%20WebSocket/1.0.0.1", "", "", 409, conflict, "", nil},
		{"delete an uploaded one", "DELETE", name, "", "", 204, "", "", nil},
		{"delete it again", "DELETE", name, "", "", 404, "not-found", "", nil},

		{"versions", "GET", "/elements/e1/versions", "", "", 200, "", "", []string{`"version":"1.0.0.1","state":"active","previous":null`, `"kept":null`, `"critical":0,"info":0,"major":1,"minor":0,"warning":0`}},
		{"versions of none", "GET", "/elements/none/versions", "", "", 404, "not-found", "", nil},
		{"changes", "GET", "/elements/e1/versions/2/changes", "", "", 200, "", "", []string{`"from":"1.0.0.1","to":"2","back":false`, `"fate":"dropped"`, `"needsHost":true`, `"becomes":"dBm"`}},
		{"changes of going back", "GET", "/elements/e1/versions/2/changes?back=true", "", "", 200, "", "", []string{`"back":true`}},
		{"changes perhaps", "GET", "/elements/e1/versions/2/changes?back=perhaps", "", "", 400, invalid, "back", nil},
		{"changes of no version", "GET", "/elements/e1/versions/9/changes", "", "", 404, "not-found", "", nil},
		{"active", "PATCH", "/elements/e1", `{"version":"2"}`, "", 200, "", "", []string{`"version":"2"`, `"state":"active"`}},
		{"back while active", "POST", "/elements/e1/back", "", "", 200, "", "", []string{`"version":"1.0.0.1"`, `"state":"active"`}},
		{"stop", "POST", "/elements/e1/stop", "", "", 202, "", "", nil},
		{"stopped", "PATCH", "/elements/e1", `{"version":"2"}`, "", 200, "", "", []string{`"version":"2"`, `"state":"stopped"`, `"previousVersion":"1.0.0.1"`}},
		{"versions with a previous one", "GET", "/elements/e1/versions", "", "", 200, "", "", []string{`"previous":{"version":"1.0.0.1","at":"2026-11-22T14:02:00.000Z","by":"ruth"}`}},
		{"back and start", "POST", "/elements/e1/back", `{"version":"1.0.0.1","start":true}`, "", 200, "", "", []string{`"version":"1.0.0.1"`, `"state":"active"`, `"previousVersion":"2"`}},
		{"back with a wish", "POST", "/elements/e1/back", `{"values":"old"}`, "", 400, invalid, "values", nil},
		{"back of none", "POST", "/elements/none/back", "", "", 404, "not-found", "", nil},
		{"in one step", "PATCH", "/elements/e1", `{"version":"2","start":true}`, "", 200, "", "", []string{`"version":"2"`, `"state":"active"`}},
		{"forget none", "DELETE", "/elements/e1/versions/9/values", "", "", 404, "not-found", "", nil},
		{"forget", "DELETE", "/elements/e1/versions/1.0.0.1/values", "", "", 204, "", "", nil},
		{"nothing kept", "GET", "/elements/e1", "", "", 200, "", "", []string{`"version":"2"`}},
	}
}

func TestVersionsAPI(t *testing.T) { makeCalls(t, versionCalls()) }

// An upload tells which elements use an older version.
func TestUploadTellsOfOlderElements(t *testing.T) {
	s := newSite(t)
	s.service.uploads["Uploaded\n1.0"] = "<Protocol/>"
	for _, body := range []string{`"connector":"Uploaded","version":"1.0"`, `"connector":"Uploaded","version":"2.0"`, `"connector":"Generic WebSocket"`} {
		w := s.ask(t, "POST", apiPrefix+"/elements", `{"name":"N",`+body+`,"connections":[{"id":1,"host":"h"}]}`)
		if w.Code != 201 {
			t.Fatal(w.Body)
		}
	}
	w := s.ask(t, "POST", apiPrefix+"/connectors", "<Protocol/>")
	got := decoded[uploaded](t, w.Body)
	if w.Code != 201 || len(got.OlderElements) != 1 || got.OlderElements[0] != "e1" {
		t.Errorf("%d: %+v", w.Code, got)
	}
}
