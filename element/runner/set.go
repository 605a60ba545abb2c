package runner

import (
	"cmp"
	"crypto/rand"
	"encoding/base32"
	"errors"
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
	if r.machine == nil {
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
	param, err := r.writable(req.Target)
	if err != nil {
		return element.Write{}, err
	}
	if err := r.checkIfValue(param, req.IfValue); err != nil {
		return element.Write{}, err
	}
	value, err := r.decode(param, req)
	if err != nil {
		return element.Write{}, inField(err, "value")
	}
	r.follow()
	if req.IsCell() && !r.machine.HasRow(req.Table, req.Key) {
		return element.Write{}, element.Errorf(element.NotFound, "Table %d has no row %q; it may have gone in the meantime.", req.Table, req.Key)
	}
	if question := questionOf(param, value); question != "" && !req.Confirmed {
		return element.Write{}, &element.NeedsConfirmation{Question: question}
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
	restore := r.machine.checkpoint()
	saves, others := split(r.machine.Handle(now, in))
	if !saves.isEmpty() {
		if err := r.saver.saveNow(saves); err != nil {
			restore()
			return element.Write{}, &element.Error{
				Code: element.Unavailable, Op: "runner.set", Err: err,
				Msg: "The value could not be saved and was not applied: " + element.MessageOf(err),
			}
		}
	}
	if r.secrets.isPassword(param.ID) {
		w.Value = element.Value{}
	}
	r.writes.put(w)
	r.perform(others)
	r.follow()
	r.flush(now)
	return r.writes.byID[w.ID], nil
}

// decode is the door for what a person sets: a choice of a context menu, whose
// values are those of other parameters, or a value.
func (r *Runner) decode(param *connector.Param, req element.SetRequest) (element.Value, error) {
	switch {
	case !req.Raw.IsSet():
		return element.Value{}, element.Errorf(element.Invalid, "No value was sent. Choose or enter one; nothing was changed.")
	case !param.IsMenu():
		return param.DecodeNow(req.Raw, r.lookupFor(param, req.Target))
	}
	choice, entry, ok := element.ParseMenu(req.Raw, param.Discreets)
	if !ok {
		return element.Value{}, element.Errorf(element.Invalid, "A choice from this menu is a list of texts: an empty one, the value of an entry, the values that it asks for, and the keys of rows.")
	}
	if trouble := entry.Trouble(choice, r.nameOf); trouble != "" {
		return element.Value{}, element.Errorf(element.Invalid, "%s", trouble)
	}
	for i, prompt := range entry.Prompts {
		asked := r.params[prompt.Param]
		if write := r.params[asked.WriteID]; write != nil {
			asked = write
		}
		if choice.Values[i] == "" {
			continue
		}
		v, err := asked.Decode(element.Text(choice.Values[i]))
		if err != nil {
			return element.Value{}, err
		}
		choice.Values[i] = v.String()
	}
	return choice.Value(), nil
}

// questionOf is what the connector asks before a value is set: the Message of
// the entry that the value is of, else that of the parameter; "" when nothing.
func questionOf(param *connector.Param, value element.Value) string {
	text := value.String()
	if _, entry, ok := element.ParseMenu(value, param.Discreets); ok {
		text = entry.Value
	}
	if d, ok := element.FindDiscreet(param.Discreets, text, param.IsNumber); ok && d.Confirm != "" {
		return d.Confirm
	}
	return param.Confirm
}

// nameOf is what pages call a parameter.
func (r *Runner) nameOf(id element.ParamID) string {
	return cmp.Or(r.params[id].Description, r.params[id].Name)
}

// lookup is the state of a parameter now.
func (r *Runner) lookup(id element.ParamID) element.Parameter {
	p, _ := r.machine.Parameter(id)
	return p
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

// writable finds the write parameter that a request means: the one it names,
// or the write twin of the one it names.
func (r *Runner) writable(t element.Target) (*connector.Param, error) {
	if t.IsCell() {
		return r.writableColumn(t)
	}
	p := r.param(t.Parameter)
	if p == nil {
		return nil, element.Errorf(element.NotFound, "The connector has no parameter %d.", t.Parameter)
	}
	if p.Type == connector.TypeWrite {
		return p, nil
	}
	if twin := r.param(p.WriteID); twin != nil {
		return twin, nil
	}
	return nil, element.Errorf(element.Invalid, "Parameter %d (%s) is read-only: the connector has no write parameter of its name.", t.Parameter, p.Name)
}

// checkIfValue refuses a write when the value is not what its writer saw: that
// of the read twin, or of the parameter itself when there is none.
func (r *Runner) checkIfValue(param *connector.Param, want *element.Value) error {
	if want == nil {
		return nil
	}
	id := param.ID
	if param.ReadID != 0 {
		id = param.ReadID
	}
	if r.secrets.isPassword(param.ID) {
		return element.FieldErrorf("ifValue", "A password cannot be compared; leave ifValue out.")
	}
	now, _ := r.machine.Parameter(id)
	if sameValue(now.Value, *want) {
		return nil
	}
	return &element.Error{
		Code: element.Conflict, Op: "runner.set", Field: "ifValue",
		Msg: "The value was changed by somebody else in the meantime; look at it again before you change it.",
	}
}

// sameValue compares as a person would: 12.5 and "12.5" are the same, and so
// are a value that was never set and an empty field.
func sameValue(a, b element.Value) bool {
	if a == b || a.String() == b.String() {
		return true
	}
	x, okX := a.Float()
	y, okY := b.Float()
	return okX && okY && x == y && (a.Kind() == element.KindNumber || b.Kind() == element.KindNumber)
}

// inField names the field of a request in an error about a value.
func inField(err error, field string) error {
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Field != "" {
		return err
	}
	named := *e
	named.Field = field
	return &named
}
