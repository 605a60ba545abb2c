package runner

import (
	"context"
	"errors"
	"strings"
	"time"

	"fieldline/element"
)

// Create makes an element.
func (f *Fleet) Create(ctx context.Context, d element.Draft, by string) (element.Element, error) {
	r, err := f.store(ctx, d)
	if err != nil {
		return element.Element{}, err
	}
	return ask(ctx, r, func() (element.Element, error) {
		r.screen.event(element.StateChanged{State: r.record.State, By: by})
		r.settle()
		return *r.element(), nil
	})
}

// Problems returns all that is wrong with the settings that a draft makes, at
// most one error for each field: those of a new element when id is "". It
// changes nothing. Of the names, those that elements have now count; Storage has
// the last word.
func (f *Fleet) Problems(ctx context.Context, id element.ID, d element.Draft) ([]*element.Error, error) {
	cfg, err := f.draftedConfig(ctx, id, d)
	if e, ok := errors.AsType[*element.Error](err); ok && e.Code == element.Invalid {
		return []*element.Error{e}, nil
	}
	if err != nil {
		return nil, err
	}
	problems := cfg.Problems()
	for _, e := range f.summaries() {
		if e.ID != id && strings.EqualFold(e.Name, cfg.Name) {
			problems = append(problems, element.NameTaken(cfg.Name))
		}
	}
	return problems, nil
}

func (f *Fleet) draftedConfig(ctx context.Context, id element.ID, d element.Draft) (element.Config, error) {
	if id == "" {
		return newConfig(f.o.Catalog, d)
	}
	return askElement(ctx, f, id, func(r *Runner) (element.Config, error) {
		return changedConfig(f.o.Catalog, r.record.Config, d)
	})
}

// store brings a new element to disk and launches it.
func (f *Fleet) store(ctx context.Context, d element.Draft) (*Runner, error) {
	f.binding.RLock()
	defer f.binding.RUnlock()
	cfg, err := valid(newConfig(f.o.Catalog, d))
	if err != nil {
		return nil, err
	}
	if err := f.reserve(); err != nil {
		return nil, err
	}
	record := element.Record{
		ID: element.ID(randomID(10)), Config: cfg, State: element.Active,
		CreatedAt: time.Now().UTC().Truncate(time.Millisecond),
	}
	if d.Start != nil && !*d.Start {
		record.State = element.Stopped
	}
	return f.admit(record, f.o.Storage.CreateElement(ctx, record))
}

// reserve keeps a place for one more element.
func (f *Fleet) reserve() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.ctx == nil {
		return errStopping()
	}
	if len(f.runners)+f.coming >= f.o.MaxElements {
		return element.Errorf(element.TooMany, "There are %d elements; no more are allowed. Delete one that is not needed.", f.o.MaxElements)
	}
	f.coming++
	return nil
}

// admit gives the place back and, when the element was stored, launches it. An
// element that was stored while the fleet closes is launched by the next Start.
func (f *Fleet) admit(record element.Record, err error) (*Runner, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coming--
	if err != nil {
		return nil, err
	}
	if f.closed {
		return nil, errStopping()
	}
	return f.launch(record), nil
}

// Connectors are all connectors, with how many elements each has.
func (f *Fleet) Connectors(context.Context) ([]element.ConnectorSummary, error) {
	all := f.o.Catalog.Connectors()
	count := f.count()
	for i, c := range all {
		all[i].Elements = count[connectorKey{c.Name, c.Version}]
	}
	return all, nil
}

// Connector is one connector; version "" is the newest.
func (f *Fleet) Connector(_ context.Context, name, version string) (element.ConnectorDetail, error) {
	d, err := f.o.Catalog.Detail(name, version)
	d.Elements = f.count()[connectorKey{d.Name, d.Version}]
	return d, err
}

// UploadConnector stores a connector; created is false when the very same file
// was there.
func (f *Fleet) UploadConnector(ctx context.Context, xml []byte) (element.ConnectorDetail, bool, error) {
	d, created, err := f.o.Catalog.Upload(ctx, xml)
	d.Elements = f.count()[connectorKey{d.Name, d.Version}]
	return d, created, err
}

type connectorKey struct{ name, version string }

// count says how many elements each connector has.
func (f *Fleet) count() map[connectorKey]int {
	n := map[connectorKey]int{}
	for _, e := range f.summaries() {
		n[connectorKey{e.Connector, e.Version}]++
	}
	return n
}
