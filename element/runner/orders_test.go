package runner

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
)

// TestOrdersAreCarriedOutWithoutADisk: a disk that is full keeps nobody from
// stopping, pausing or restarting an element; the state is saved when it can be.
func TestOrdersAreCarriedOutWithoutADisk(t *testing.T) {
	for _, tc := range []struct {
		order element.Order
		want  element.State
	}{
		{element.Stop, element.Stopped}, {element.Pause, element.Paused}, {element.Restart, element.Active},
	} {
		t.Run(string(tc.order), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				id := w.create()
				w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
				if e := w.do(id, tc.order); e.State != tc.want {
					t.Errorf("the element is %s, want %s", e.State, tc.want)
				}
				onDisk := func() element.State {
					w.disk.mu.Lock()
					defer w.disk.mu.Unlock()
					return w.disk.records[id].State
				}
				if got := onDisk(); got != element.Active {
					t.Errorf("on disk it is %s", got)
				}
				w.disk.fail(nil)
				pass(saveRetry + time.Second)
				if got := onDisk(); got != tc.want {
					t.Errorf("later it is %s on disk, want %s", got, tc.want)
				}
				said := ""
				for _, e := range w.events(id, element.KindLog) {
					said += e.Body.(element.Log).Message + "\n"
				}
				if !strings.Contains(said, "Could not save that the element is "+string(tc.want)+"; will try again: The disk is full.") || !strings.Contains(said, "It is saved now that the element is "+string(tc.want)+".") {
					t.Errorf("the log says %s", said)
				}
			})
		})
	}
}
