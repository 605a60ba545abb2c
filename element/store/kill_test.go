package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"fieldline/element"
)

// childFolder names the environment variable that makes the test program save
// values in a folder until it is killed.
const childFolder = "FIELDLINE_TEST_STORE_CHILD"

// saveUntilKilled saves numbers from several goroutines and prints each one
// after it was acknowledged.
func saveUntilKilled(dir string) int {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err == nil {
		err = s.CreateElement(ctx, record("a", "A"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var wg sync.WaitGroup
	for p := range 4 {
		wg.Go(func() {
			for i := p; ; i += 4 {
				err := s.SaveValues(ctx, "a", []element.SavedValue{{Target: element.Target{Parameter: element.ParamID(i)}, Value: element.Number(float64(i))}})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Println(i)
			}
		})
	}
	wg.Wait()
	return 1
}

// TestAcknowledgedValuesSurviveAKill starts this program as a child that saves
// values, kills it in the middle, and finds every acknowledged value.
func TestAcknowledgedValuesSurviveAKill(t *testing.T) {
	self, err := os.Executable()
	must(t, err)
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), childFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	acked := map[element.ParamID]bool{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			break // the kill cut the line
		}
		acked[element.ParamID(n)] = true
		if len(acked) == 300 {
			must(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil || len(acked) < 300 {
		t.Fatalf("the child ended by itself after %d values: %v", len(acked), err)
	}
	s := open(t, dir, Options{})
	values, err := s.SavedValues(t.Context(), "a")
	must(t, err)
	for _, v := range values {
		if f, _ := v.Value.Float(); f != float64(v.Parameter) {
			t.Errorf("parameter %d holds %v", v.Parameter, v.Value)
		}
		delete(acked, v.Parameter)
	}
	if len(acked) > 0 {
		t.Errorf("%d acknowledged values are lost", len(acked))
	}
}
