package runner

import (
	"context"
	"slices"
	"time"

	"fieldline/element"
)

// versionChange is a wish to use another version of the connector: the
// settings with it, and whether the values that are kept with it come back.
type versionChange struct {
	config      element.Config
	back        bool
	start       *bool // active or stopped afterwards; nil: as it is
	onlyStopped bool
	by          string
}

// after is the state of an element when its version has changed.
func (c versionChange) after(was element.State) element.State {
	switch {
	case c.start == nil:
		return was
	case *c.start:
		return element.Active
	default:
		return element.Stopped
	}
}

// changeVersion runs the same element with another version of its connector.
// Saved values stay by their parameter's id; all that the old version had is
// kept on disk, in the same transaction, to go back to.
func (r *Runner) changeVersion(c versionChange) (element.Element, error) {
	was, from := r.record.State, r.record.Config.Version
	if was != element.Stopped && c.onlyStopped {
		return element.Element{}, &element.Error{
			Code: element.Conflict, Field: "version",
			Msg: "The element is " + string(was) + "; stop it before it uses another version of its connector.",
		}
	}
	if err := r.record.checkKept(c); err != nil {
		return element.Element{}, err
	}
	if was != element.Stopped {
		r.halt("another version of the connector is used")
	}
	left := element.KeptVersion{Version: from, At: element.At(time.Now().UTC().Truncate(time.Millisecond)), By: c.by, Config: r.record.Config}
	if err := r.storeVersion(c, left); err != nil {
		if was != element.Stopped {
			r.rebuild(was)
			r.settle()
		}
		return element.Element{}, err
	}
	if was != element.Stopped {
		r.enter(element.Stopped, c.by)
	}
	r.screen.event(element.VersionChanged{From: from, To: c.config.Version, Back: c.back, By: c.by})
	r.rebuild(element.Stopped)
	r.screen.touch()
	switch c.after(was) {
	case element.Active:
		return r.do(element.Start, nil, c.by)
	case element.Paused:
		if err := r.saver.saveState(element.Paused); err != nil {
			return element.Element{}, err
		}
		r.rebuild(element.Paused)
		r.enter(element.Paused, c.by)
	}
	r.settle()
	return *r.element(), nil
}

// storeVersion brings a change of the version to disk, after all values that
// wait to be saved, and takes it over.
func (r *Runner) storeVersion(c versionChange, left element.KeptVersion) error {
	r.saver.saveRest()
	if !r.saver.isEmpty() {
		return element.Errorf(element.Unavailable, "The last values could not be saved, so the version was not changed; try again when the disk takes them.")
	}
	record := r.record.Record
	record.Config, record.State = c.config, c.after(r.record.State) // a crash on the way leaves what was wanted
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if err := r.o.Storage.ChangeVersion(ctx, record, left, c.back); err != nil {
		return err
	}
	state := r.record.State // enter tells of its change
	r.record.Record = record
	r.record.State = state
	r.record.Kept = slices.DeleteFunc(r.record.Kept, func(k element.KeptVersion) bool {
		return k.Version == left.Version || c.back && k.Version == record.Config.Version
	})
	r.record.Kept = slices.Insert(r.record.Kept, 0, left)
	return nil
}

// back goes back to a version and the values that were kept with it.
func (r *Runner) back(wish element.VersionWish, by string) (element.Element, error) {
	_, cfg, err := r.record.backConfig(r.o.Catalog, wish.Version)
	if err == nil {
		err = cfg.Validate()
	}
	if err != nil {
		return element.Element{}, err
	}
	return r.changeVersion(versionChange{config: cfg, back: true, start: wish.Start, onlyStopped: wish.OnlyStopped, by: by})
}

// forgetVersion forgets what is kept with a version.
func (r *Runner) forgetVersion(version, by string) error {
	if r.record.keptWith(version) == nil {
		return element.Errorf(element.NotFound, "No values are kept with version %q.", version)
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if err := r.o.Storage.ForgetVersion(ctx, r.id, version); err != nil {
		return err
	}
	r.record.Kept = slices.DeleteFunc(r.record.Kept, func(k element.KeptVersion) bool { return k.Version == version })
	r.screen.log("info", "The values that were kept with version "+version+" of the connector were forgotten, by "+by+".")
	r.screen.touch()
	r.settle()
	return nil
}
