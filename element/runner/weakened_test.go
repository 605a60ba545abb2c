package runner

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"fieldline/element"
)

// TestWeakenedTLSIsSaid: what makes TLS less safe is on the line for as long as
// it is on, and in what would be sent.
func TestWeakenedTLSIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) {
			d.Start = new(false)
			c := &d.Connections[0]
			c.Host, c.MinTLS, c.OldCiphers, c.CommonName = new("wss://127.0.0.1"), new("1.0"), new(true), new(true)
		})
		want := []string{"TLS 1.0 allowed", "old ciphers allowed", "common name counts"}
		if got := w.connection(id).Weakened; !slices.Equal(got, want) {
			t.Errorf("on the line %q, want %q", got, want)
		}
		r, err := w.fleet.DryRun(t.Context(), id, 1)
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(r.Notes, "\n")
		for _, part := range []string{"TLS 1.0 is allowed", "Old ciphers are allowed", "common name"} {
			if !strings.Contains(notes, part) {
				t.Errorf("%q is not said in:\n%s", part, notes)
			}
		}
		change := element.ConnectionDraft{ID: 1, MinTLS: new(""), OldCiphers: new(false), SkipVerify: new(true)}
		if _, err := w.fleet.Update(t.Context(), id, element.Draft{Connections: []element.ConnectionDraft{change}}, "tester"); err != nil {
			t.Fatal(err)
		}
		if got := w.connection(id).Weakened; !slices.Equal(got, []string{"certificate not checked"}) {
			t.Errorf("on the line %q", got)
		}
	})
}
