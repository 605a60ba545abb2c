package e2e_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

// The browser and the binary are shared by all tests and made by the first
// one that needs them.
var (
	browserOnce = sync.OnceValues(e2e.StartBrowser)
	binaryOnce  = sync.OnceValues(func() (string, error) { return e2e.Build(binaryDir) })
	binaryDir   string
	started     bool
)

func TestMain(m *testing.M) {
	var err error
	if binaryDir, err = os.MkdirTemp("", "fieldline-e2e"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	if started {
		if b, err := browserOnce(); err == nil {
			b.Close()
		}
	}
	if err := os.RemoveAll(binaryDir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}

// tab opens a page for a test.
func tab(t *testing.T, options ...e2e.TabOption) *e2e.Tab {
	t.Helper()
	started = true
	b, err := browserOnce()
	if err != nil {
		t.Fatal(err)
	}
	return b.Tab(t, options...)
}

// serve runs the program on a data folder.
func serve(t *testing.T, dir string, args ...string) *e2e.Program {
	t.Helper()
	return e2e.Start(t, binary(t), append([]string{"serve", "--data", dir}, args...)...)
}

func binary(t *testing.T) string {
	t.Helper()
	path, err := binaryOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
