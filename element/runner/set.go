package runner

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// randomID is a URL-safe name that nobody can guess: n random bytes in base32,
// lower case, without padding.
func randomID(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails since Go 1.24
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// set carries out a person's write, and takes the view that its page is drawn
// from in the same turn.
func (r *Runner) set(req element.SetRequest) (element.SetResult, error) {
	if r.engine == nil {
		return element.SetResult{}, r.trouble
	}
	w, err := r.setValue(req)
	result := element.SetResult{Write: w}
	if !req.WithView {
		return result, err
	}
	if view, failed := r.view(); failed == nil {
		result.View = &view
	}
	if table, none := r.table(req.Table); req.IsCell() && none == nil {
		result.Table = &table
	}
	return result, err
}

// setValue judges a write and applies it. What the write saves is on disk before
// anything of it is seen; when that fails nothing has happened.
func (r *Runner) setValue(req element.SetRequest) (element.Write, error) {
	c := check{&r.params, r.engine}
	param, value, err := c.value(req)
	if err != nil {
		return element.Write{}, err
	}
	r.follow()
	if err := c.row(req.Target); err != nil {
		return element.Write{}, err
	}
	if err := c.confirmed(param, value, req); err != nil {
		return element.Write{}, err
	}
	w := element.Write{
		ID: randomID(10), Parameter: req.Parameter, Row: req.Key, Value: value,
		Status: element.WriteAccepted, By: req.By, At: element.At(time.Now()),
	}
	return r.apply(w, param, engine.Set{Target: element.Target{Parameter: param.ID, Table: req.Table, Key: req.Key}})
}

// apply gives a write that was checked to the logic, saves what it saves and
// shows the rest.
func (r *Runner) apply(w element.Write, param *connector.Param, in engine.Set) (element.Write, error) {
	now := w.At.Time
	in.WriteID, in.Named, in.Value, in.By = w.ID, w.Parameter, w.Value, w.By
	before := r.engine.Checkpoint()
	saves, others := split(r.handler.Handle(now, in))
	if !saves.isEmpty() {
		if err := r.saver.saveNow(saves); err != nil {
			r.engine.Restore(before)
			return element.Write{}, &element.Error{
				Code: element.Unavailable, Op: "runner.set", Err: err,
				Msg: "The value could not be saved and was not applied: " + element.MessageOf(err),
			}
		}
	}
	if r.params.isPassword(param.ID) {
		w.Value = element.Value{}
	}
	r.writes.put(w)
	r.perform(others)
	r.follow()
	r.flush(now)
	return r.writes.byID[w.ID], nil
}

// split takes the values to save out of effects.
func split(effects []engine.Effect) (saves saving, others []engine.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case engine.Save:
			saves.values = append(saves.values, e.Values...)
		default:
			others = append(others, e)
		}
	}
	return saves, others
}
