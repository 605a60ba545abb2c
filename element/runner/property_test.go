package runner

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// Whatever people, devices and the disk do, in any order: a connection never
// has two sessions, an active element finds its device again, and nothing is
// left behind (Close returns, and the bubble ends only without goroutines).
func TestRandomOrdersAndFailures(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { randomLife(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func randomLife(t *testing.T, dice *rand.Rand) {
	w := newWorld(t)
	plans := make(chan plan, 10_000)
	for range cap(plans) {
		plans <- randomPlan(dice)
	}
	calm := make(chan struct{})
	w.device.answer = func(int, link.Config) plan {
		select {
		case <-calm:
			return plan{}
		default:
			return <-plans
		}
	}
	w.start()
	id := w.create()
	for range 150 {
		randomStep(w, id, dice)
		pass(time.Duration(dice.IntN(1500)) * time.Millisecond)
	}
	close(calm)
	w.disk.fail(nil)
	w.do(id, element.Restart)
	pass(5 * time.Second)
	w.wantStatus(id, element.ConnOpen)
	if opened, closed := len(w.events(id, element.KindOpen)), len(w.events(id, element.KindClosed)); opened != closed+1 {
		t.Errorf("%d opened and %d closed, want one closed for each that ended", opened, closed)
	}
	w.close()
	w.device.check(t)
}

func randomPlan(dice *rand.Rand) plan {
	p := plan{after: time.Duration(dice.IntN(3000)) * time.Millisecond}
	switch dice.IntN(5) {
	case 0:
		p.failure = refusal("refused", "Nobody listens.")
	case 1:
		p.failure, p.status = &link.Failure{LoginRefused: true}, 401
	case 2:
		p.session = newScripted()
		p.session.lag = time.Duration(dice.IntN(5000)) * time.Millisecond
	}
	return p
}

func randomStep(w *world, id element.ID, dice *rand.Rand) {
	ctx := w.t.Context()
	orders := []element.Order{element.Start, element.Stop, element.Pause, element.Restart, element.Reconnect, element.Reconnect}
	switch dice.IntN(8) {
	case 0, 1, 2:
		// Orders may be refused: of a stopped element, or by the disk.
		_, _ = w.fleet.Do(ctx, id, orders[dice.IntN(len(orders))], nil, "tester")
	case 3, 4:
		_, _ = w.fleet.Set(ctx, id, element.SetRequest{Target: element.Target{Parameter: 61}, Raw: element.Text(fmt.Sprintf("10.0.0.%d", dice.IntN(250)+1)), By: "tester"})
	case 5:
		w.device.dropLast()
	case 6:
		_, _ = w.fleet.Update(ctx, id, element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Host: new(fmt.Sprintf("10.0.1.%d", dice.IntN(250)+1))}}}, "tester")
	case 7:
		var broken error
		if dice.IntN(2) == 0 {
			broken = element.Errorf(element.Unavailable, "The disk is full.")
		}
		w.disk.fail(broken)
	}
}
