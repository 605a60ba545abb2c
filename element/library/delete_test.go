package library

import (
	"context"
	"slices"
	"testing"

	"fieldline/element"
)

func (d *disk) DeleteConnector(_ context.Context, name, version string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.stored = slices.DeleteFunc(d.stored, func(c element.StoredConnector) bool { return c.Name == name && c.Version == version })
	}
	return d.err
}

func TestDelete(t *testing.T) {
	inUse := element.Errorf(element.Conflict, "An element uses it.")
	for _, tt := range []struct {
		name, version string
		err           error // of the disk
		code          element.Code
	}{
		{"up", "1", nil, ""},
		{"up", "1", inUse, element.Conflict},
		{"up", "2", nil, element.NotFound},
		{"up", "", nil, element.NotFound},
		{"ship", "1", nil, element.Conflict},
		{"none", "1", nil, element.NotFound},
	} {
		d := &disk{stored: []element.StoredConnector{stored("up", "1", file("up", "1"))}}
		l := open(t, d, file("ship", "1"))
		d.err = tt.err
		err := l.Delete(t.Context(), tt.name, tt.version)
		if got := element.CodeOf(err); got != tt.code {
			t.Errorf("%s %s: %v, want %q", tt.name, tt.version, err, tt.code)
		}
		_, found := l.Detail("up", "1")
		if gone := element.CodeOf(found) == element.NotFound; gone != (tt.code == "") {
			t.Errorf("%s %s: gone is %v", tt.name, tt.version, gone)
		}
		if (len(d.stored) == 0) != (tt.code == "") {
			t.Errorf("%s %s: on disk are %v", tt.name, tt.version, d.stored)
		}
	}
}

// A connector of the program that an uploaded one stood before is there again,
// and the same name and version can be uploaded anew.
func TestDeleteBringsTheShippedOneBack(t *testing.T) {
	d := &disk{stored: []element.StoredConnector{stored("ship", "1", file("ship", "1", element.Minor))}}
	l := open(t, d, file("ship", "1"))
	if err := l.Delete(t.Context(), "ship", "1"); err != nil {
		t.Fatal(err)
	}
	got, err := l.Detail("ship", "1")
	if err != nil || got.Source != SourceShipped || len(got.Findings) != 0 {
		t.Errorf("detail is %+v, %v", got, err)
	}
	if _, created, err := l.Upload(t.Context(), file("ship", "2")); err != nil || !created {
		t.Errorf("uploaded anew: %v, %v", created, err)
	}
}

func TestADeletionThatWaitsCanBeGivenUp(t *testing.T) {
	l := open(t, &disk{})
	l.upload <- struct{}{} // somebody uploads
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Delete(ctx, "up", "1"); element.CodeOf(err) != element.Unavailable {
		t.Errorf("deleted: %v", err)
	}
}
