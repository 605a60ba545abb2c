package runner

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"fieldline/element"
)

// TestKeptCookiesLiveAsLongAsTheElementRuns: where the setting says so they go
// with the next try, and a restart begins without them.
func TestKeptCookiesLiveAsLongAsTheElementRuns(t *testing.T) {
	for _, keep := range []bool{false, true} {
		got := make(chan string, 10)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got <- r.Header.Get("Cookie")
			w.Header().Set("Set-Cookie", "sid=1")
			w.WriteHeader(http.StatusNotFound)
		}))
		t.Cleanup(server.Close)
		host, port := splitAddress(t, server.URL)
		w := realWorld(t)
		e, err := w.fleet.Create(t.Context(), draft(manual, func(d *element.Draft) {
			d.Connections[0].Host, d.Connections[0].Port, d.Connections[0].KeepCookies = &host, &port, &keep
		}), "tester")
		if err != nil {
			t.Fatal(err)
		}
		kept := map[bool]string{true: "sid=1"}[keep]
		for _, step := range []struct {
			order element.Order
			want  string
		}{{"", ""}, {element.Reconnect, kept}, {element.Reconnect, kept}, {element.Restart, ""}, {element.Reconnect, kept}} {
			if step.order != "" {
				w.await(e.ID, "closed", status(element.ConnClosed))
				if _, err := w.fleet.Do(t.Context(), e.ID, step.order, nil, "tester"); err != nil {
					t.Fatal(err)
				}
			}
			if cookie := <-got; cookie != step.want {
				t.Errorf("keepCookies %t, after %q: the device got %q, want %q", keep, step.order, cookie, step.want)
			}
		}
	}
}
