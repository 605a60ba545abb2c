package runner

import (
	"context"
	"fmt"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// trial is one opening handshake beside the live connection, which does not
// notice it. The record and err belong to the trial's goroutine until ended is
// closed.
type trial struct {
	by     string // who tries
	cancel context.CancelFunc
	ended  chan struct{} // closed by the owner
	record element.Handshake
	err    error // it was not even tried
}

// Try makes one opening handshake beside the live connection, which does not
// notice it, and closes again. TooMany while another one of the element is tried.
func (f *Fleet) Try(ctx context.Context, id element.ID, connection int, by string) (element.Handshake, error) {
	t, err := askElement(ctx, f, id, func(r *Runner) (*trial, error) { return r.beginTrial(connection, by) })
	if err != nil {
		return element.Handshake{}, err
	}
	select {
	case <-t.ended:
		return t.record, t.err
	case <-ctx.Done():
		t.cancel()
		return element.Handshake{}, &element.Error{Code: element.Unavailable, Op: "runner.Try", Msg: "The handshake was cancelled.", Err: ctx.Err()}
	}
}

// beginTrial starts the trial's goroutine. An element has one at a time.
func (r *Runner) beginTrial(connection int, by string) (*trial, error) {
	p, err := r.preview(connection)
	if err != nil {
		return nil, err
	}
	if r.trial != nil {
		return nil, element.Errorf(element.TooMany, "A handshake of this element is being tried already; wait for its result.")
	}
	ctx, cancel := context.WithCancel(context.Background())
	t := &trial{by: by, cancel: cancel, ended: make(chan struct{})}
	if p.cause != nil {
		t.record = element.Handshake{At: element.At(time.Now()), PhasesMs: map[string]int64{}, Error: p.cause}
		r.trialEnded(t)
		return t, nil
	}
	r.trial = t
	go t.run(ctx, p.cfg, r.dialSlots, r.o.Dial, r.reports)
	return t, nil
}

// run shakes hands when a turn is free, closes again and reports. The link's
// timeout bounds the handshake, and the same time the wait for a turn.
func (t *trial) run(ctx context.Context, cfg link.Config, dialSlots chan struct{}, dial func(context.Context, link.Config) (session, link.Attempt), reports chan<- report) {
	defer func() { reports <- report{trial: t} }()
	patience := cfg.Timeout
	if patience <= 0 {
		patience = link.DefaultTimeout
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case dialSlots <- struct{}{}:
	case <-ctx.Done():
		t.err = element.Errorf(element.Unavailable, "The element is stopping; try again later.")
		return
	case <-timer.C:
		t.err = element.Errorf(element.TooMany, "Too many connections are being made right now; try again later.")
		return
	}
	s, attempt := dial(ctx, cfg)
	<-dialSlots
	t.record = attempt.Record
	if attempt.Failure != nil {
		t.record.Error = &attempt.Failure.Cause
	}
	if s != nil {
		_ = s.Close(closeNormal, "", closeWait) // it was tried, nothing more
	}
}

// trialEnded lists the outcome and answers who waits for it.
func (r *Runner) trialEnded(t *trial) {
	t.cancel()
	r.trial = nil
	switch {
	case t.err != nil:
	case t.record.Error != nil:
		r.screen.log("warning", t.by+" tried the handshake: "+t.record.Error.Message)
	default:
		r.screen.log("info", fmt.Sprintf("%s tried the handshake: the device answered with status %d. The connection was closed again.", t.by, t.record.Status))
	}
	close(t.ended)
}
