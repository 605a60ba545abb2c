package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestFormWithoutAValueSetsNothing: a form whose field was not sent, or that is
// no form, was read as one with an empty text and emptied the parameter.
func TestFormWithoutAValueSetsNothing(t *testing.T) {
	for path, page := range map[string]string{
		"/elements/e1/parameters/51": "page=general", "/elements/e1/tables/1000/a%2Fb%20c/1052": "page=more",
	} {
		for _, c := range []struct {
			kind, body string
			status     int
			says       string
		}{
			{"application/x-www-form-urlencoded", page, http.StatusUnprocessableEntity, "No value was sent"},
			{"", page, http.StatusUnprocessableEntity, "No value was sent"},
			{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\nx\r\n--b--\r\n", http.StatusBadRequest, "not urlencoded"},
			{"text/plain", "value=x", http.StatusBadRequest, "not urlencoded"},
			{"application/json", `{"value":"x"}`, http.StatusBadRequest, "not urlencoded"},
			{"application/x-www-form-urlencoded;charset=UTF-8", "value=x", http.StatusSeeOther, ""},
		} {
			s := newSite(t).withElement(t)
			w := s.ask(t, http.MethodPost, path, c.body, "Content-Type", c.kind)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s, %q: %d, want %d with %q", path, c.kind, w.Code, c.status, c.says)
			}
			if set := len(s.service.writes) > 0 || s.service.rows[0].Cells[1002].Display != "one"; set != (c.status == http.StatusSeeOther) {
				t.Errorf("%s, %q %q: set: %v", path, c.kind, c.body, set)
			}
		}
	}
}
