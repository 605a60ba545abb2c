package runner

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"fieldline/element"
)

// disk is a Storage in memory that can be told to fail or to take its time.
type disk struct {
	mu         sync.Mutex
	records    map[element.ID]element.Record
	values     map[element.ID]map[element.ParamID]element.SavedValue
	cells      map[element.ID][]element.SavedValue
	events     []element.Event
	handshakes []element.KeptHandshake
	calls      int // of SaveValues
	broken     error
	unreadable error
	slow       time.Duration
	kept       map[string]keptShelf // by element and version
}

func (d *disk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = err
}

func (d *disk) saved(id element.ID, pid element.ParamID) element.Value {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[id][pid].Value
}

func (d *disk) Elements(context.Context) ([]element.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []element.Record
	for _, r := range d.records {
		all = append(all, r)
	}
	return all, nil
}

func (d *disk) CreateElement(ctx context.Context, r element.Record) error {
	return d.UpdateElement(ctx, r)
}

func (d *disk) SaveState(_ context.Context, id element.ID, state element.State) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	r, ok := d.records[id]
	if !ok {
		return element.Errorf(element.NotFound, "There is no element %q.", id)
	}
	r.State = state
	d.records[id] = r
	return nil
}

func (d *disk) UpdateElement(_ context.Context, r element.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	if r.Unreadable != "" {
		return element.Errorf(element.Conflict, "%s", r.Unreadable)
	}
	for id, other := range d.records {
		if id != r.ID && other.Config.Name == r.Config.Name {
			return element.Errorf(element.Conflict, "There is an element %q already.", r.Config.Name)
		}
	}
	d.records[r.ID] = r
	return nil
}

func (d *disk) DeleteElement(_ context.Context, id element.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	delete(d.records, id)
	delete(d.values, id)
	return nil
}

func (d *disk) SavedValues(_ context.Context, id element.ID) ([]element.SavedValue, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unreadable != nil {
		return nil, d.unreadable
	}
	var all []element.SavedValue
	for _, v := range d.values[id] {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b element.SavedValue) int { return cmp.Compare(a.Parameter, b.Parameter) })
	return append(all, d.cells[id]...), nil
}

func (d *disk) SaveValues(ctx context.Context, id element.ID, values []element.SavedValue) error {
	d.mu.Lock()
	slow := d.slow
	d.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return element.Errorf(element.Unavailable, "The disk did not answer in time.")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.broken != nil {
		return d.broken
	}
	if d.values[id] == nil {
		d.values[id] = map[element.ParamID]element.SavedValue{}
	}
	for _, v := range values {
		if v.IsCell() {
			d.saveCell(id, v)
		} else {
			d.values[id][v.Parameter] = v
		}
	}
	return nil
}

func (d *disk) saveCell(id element.ID, c element.SavedValue) {
	if d.cells == nil {
		d.cells = map[element.ID][]element.SavedValue{}
	}
	d.cells[id] = slices.DeleteFunc(d.cells[id], func(o element.SavedValue) bool {
		return o.Row() == c.Row() && (c.Removed || o.Parameter == c.Parameter)
	})
	if !c.Removed {
		d.cells[id] = append(d.cells[id], c)
	}
}

func (d *disk) RecentEvents(context.Context, element.ID, [element.EventClasses]int) ([]element.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events), nil
}

func (d *disk) Handshakes(context.Context, element.ID) ([]element.KeptHandshake, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.handshakes), nil
}
