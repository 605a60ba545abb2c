package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestPagesSayWhatWasDone: after a post that leaves no other trace where it
// leads to, the page says so, once.
func TestPagesSayWhatWasDone(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		for _, c := range []struct{ path, form, to, says string }{
			{"/elements/e1/edit", "name=Lab+%3C1%3E&c1.host=10.0.0.1", "/elements/e1", "The settings were saved."},
			{"/elements/e1/delete", "confirm=yes", "/", "Lab &lt;1&gt; was deleted."},
		} {
			w := s.post(t, c.path, c.form)
			to, ok := strings.CutPrefix(w.Header().Get("Location"), base)
			if w.Code != http.StatusSeeOther || !ok || !strings.HasPrefix(to, c.to+"?done=") {
				t.Fatalf("%s: %d to %q", c.path, w.Code, to)
			}
			for _, want := range []bool{true, false} {
				body := s.ask(t, http.MethodGet, to, "").Body.String()
				if strings.Contains(body, `<p class="flash">`+c.says+`</p>`) != want {
					t.Errorf("%s: says so: %v, want %v", to, !want, want)
				}
			}
		}
		if body := s.ask(t, http.MethodGet, "/?done=%3Cscript%3E", "").Body.String(); strings.Contains(body, "flash") {
			t.Error("a page says what nobody did")
		}
	}
}

func TestFlashesAreBounded(t *testing.T) {
	f := newFlashes()
	first := f.keep("first")
	for n := range maxFlashes {
		f.keep(strconv.Itoa(n))
	}
	if f.take(first) != "" || len(f.texts) != maxFlashes || len(f.oldest) != maxFlashes {
		t.Errorf("%d sentences are kept, %d in order", len(f.texts), len(f.oldest))
	}
}
