package runner

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/connector/diff"
	"fieldline/element/engine"
)

// versionChanges tells what another version of the connector would change. The
// owner takes what is compared; the comparing, which may take a while, is the
// caller's, so that no device waits for it. The fate of values is what the
// logic itself makes of them: it is loaded with the other version and asked;
// nothing of it reaches the element.
func (f *Fleet) versionChanges(ctx context.Context, id element.ID, version string, back bool) (element.VersionChanges, error) {
	w, err := askElement(ctx, f, id, func(r *Runner) (weighing, error) { return r.weigh(version, back) })
	if err != nil {
		return element.VersionChanges{}, err
	}
	return w.answer(id), nil
}

// weigh takes what a comparison with another version needs.
func (r *Runner) weigh(version string, back bool) (weighing, error) {
	w := weighing{old: r.definition, risks: map[column]string{}}
	var err error
	if w.next, w.config, err = r.configWith(version, back); err != nil {
		return w, err
	}
	if w.now, err = r.savedValues(); err != nil {
		return w, err
	}
	w.changes = element.VersionChanges{
		From: r.record.Config.Version, To: w.config.Version, Back: back, State: r.record.State, Kept: r.keptWith(w.config.Version),
		Settings: settingChanges(r.record.Config, w.config, w.next), Changes: []element.ConnectorChange{},
	}
	if w.changes.From != w.changes.To { // else it comes back, or nothing is changed
		w.changes.Replaces = r.keptWith(w.changes.From)
	}
	if back {
		w.then, err = r.keptValues(w.config.Version)
	}
	return w, err
}

// answer compares.
func (w *weighing) answer(id element.ID) element.VersionChanges {
	c := &w.changes
	if w.old != nil {
		w.compare(c)
	}
	if c.Back {
		c.Saved, c.Tables = w.backValues(), w.backCells()
		return *c
	}
	w.rehearse(id, w.config)
	c.Saved, c.Tables = w.values(), w.cells()
	return *c
}

// configWith is what the settings would be.
func (r *Runner) configWith(version string, back bool) (*connector.Definition, element.Config, error) {
	if back {
		return r.backConfig(version)
	}
	return configOf(r.o.Catalog, r.record.Config, version)
}

func (r *Runner) keptValues(version string) ([]element.SavedValue, error) {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	return r.o.Storage.KeptValues(ctx, r.id, version)
}

// weighing compares what is saved with what another version makes of it.
type weighing struct {
	old  *connector.Definition // nil when it cannot be read any more
	next *connector.Definition
	now  []element.SavedValue
	then []element.SavedValue // of going back: what was kept
	load *engine.Engine       // of another version: loaded with now

	config  element.Config         // with the other version
	changes element.VersionChanges // the answer as far as the owner knows it
	risks   map[column]string      // why a value may mean something else; of parameters the table is 0
}

// compare lists what differs between the connectors themselves.
func (w *weighing) compare(c *element.VersionChanges) {
	found := diff.Compare(w.old, w.next)
	c.Changes = append(c.Changes, found.Changes...)
	for _, f := range found.Saved {
		if f.Fate == element.FateAtRisk {
			w.risks[column{f.Table, f.Parameter}] = f.Reason
		}
	}
}

func (w *weighing) rehearse(id element.ID, cfg element.Config) {
	w.load = engine.New(w.next, id, cfg)
	w.load.Handle(time.Now(), engine.Load{Saved: w.now, State: element.Stopped})
}

// params are a parameter as both versions have it, nil where they do not.
func (w *weighing) params(id element.ParamID) (old, next *connector.Param) {
	if w.old != nil {
		old = w.old.Param(id)
	}
	return old, w.next.Param(id)
}

// change starts the answer about one parameter: its name, and whether what it
// holds is shown to nobody.
func (w *weighing) change(id element.ParamID) (element.SavedChange, *connector.Param, *connector.Param) {
	old, next := w.params(id)
	c := element.SavedChange{Parameter: id}
	if p := cmp.Or(next, old); p != nil {
		c.Name, c.Description = p.Name, p.Description
	}
	c.Masked = old == nil && next == nil // what it holds was perhaps a secret
	for _, d := range []*connector.Definition{w.old, w.next} {
		c.Masked = c.Masked || d != nil && hidden(d, id)
	}
	return c, old, next
}

// hidden reports whether a parameter or its twin is a password.
func hidden(d *connector.Definition, id element.ParamID) bool {
	p := d.Param(id)
	if p == nil {
		return false
	}
	for _, twin := range []element.ParamID{p.ReadID, p.WriteID} {
		if t := d.Param(twin); t != nil && t.Password {
			return true
		}
	}
	return p.Password
}

func (w *weighing) values() []element.SavedChange {
	all := []element.SavedChange{}
	for _, v := range w.now {
		if v.IsCell() {
			continue
		}
		c, old, next := w.change(v.Parameter)
		c.Was, c.Becomes = v.Value, v.Value
		c.Fate, c.Reason = w.fate(old, next, v.Value)
		if c.Fate == element.FateDropped {
			c.Becomes = element.Value{}
		}
		if next != nil {
			c.Becomes = w.load.Held(v.Parameter)
		}
		if c.Masked {
			c.Was, c.Becomes = element.Value{}, element.Value{}
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b element.SavedChange) int { return cmp.Compare(a.Parameter, b.Parameter) })
	return all
}

// fate says what becomes of a value, with the reason.
func (w *weighing) fate(old, next *connector.Param, v element.Value) (element.Fate, string) {
	if old != nil && !old.Saved && (next == nil || !next.Saved) {
		return element.FateDropped, "Neither version saves this parameter."
	}
	switch {
	case next == nil:
		return element.FateDropped, "The other version has no such parameter."
	case !next.Saved:
		return element.FateDropped, "The other version does not save this parameter."
	case w.load.Held(next.ID).String() != v.String():
		if next.IsNumber {
			return element.FateDropped, "It is a number in the other version, and this text is none."
		}
		return element.FateDropped, "The other version cannot take this value."
	}
	if why := w.risks[column{0, next.ID}]; why != "" {
		return element.FateAtRisk, why
	}
	if wrong := accepts(w.next, next, v); wrong != nil && (old == nil || accepts(w.old, old, v) == nil) {
		return element.FateAtRisk, "The other version would not accept it: " + element.MessageOf(wrong)
	}
	return element.FateKept, ""
}

// accepts reports whether a person could set the value; a parameter that
// nobody can set takes all.
func accepts(d *connector.Definition, p *connector.Param, v element.Value) error {
	write := d.Param(p.WriteID)
	if write == nil {
		return nil
	}
	_, err := write.Decode(v)
	return err
}

// backValues compares what was kept with what is saved.
func (w *weighing) backValues() []element.SavedChange {
	values := func(saved []element.SavedValue) map[element.ParamID]element.Value {
		m := map[element.ParamID]element.Value{}
		for _, v := range saved {
			if !v.IsCell() {
				m[v.Parameter] = v.Value
			}
		}
		return m
	}
	now, then := values(w.now), values(w.then)
	all := []element.SavedChange{}
	for _, id := range slices.Sorted(maps.Keys(merged(now, then))) {
		c, _, _ := w.change(id)
		was, is := now[id]
		becomes, will := then[id]
		c.Was, c.Becomes = was, becomes
		c.Fate, c.Reason = backFate(is, will, was == becomes)
		if c.Masked {
			c.Was, c.Becomes = element.Value{}, element.Value{}
		}
		all = append(all, c)
	}
	return all
}

func merged[K comparable, V any](a, b map[K]V) map[K]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// backFate is that of something which is saved now and will be after going back.
func backFate(is, will, same bool) (element.Fate, string) {
	switch {
	case !will:
		return element.FateDropped, "It was not saved when this version was left; it stays kept with the version that is left now."
	case !is:
		return element.FateRestored, "It was saved when this version was left."
	case same:
		return element.FateKept, ""
	}
	return element.FateReplaced, "It is what it was when this version was left."
}

// column names a column of a table.
type column struct{ table, id element.ParamID }

// columnsOf sorts the cells of what is saved into columns, by the key of their row.
func columnsOf(saved []element.SavedValue) map[column]map[string]element.Value {
	all := map[column]map[string]element.Value{}
	for _, c := range saved {
		if !c.IsCell() {
			continue
		}
		at := column{c.Table, c.Parameter}
		if c.Removed {
			for of, rows := range all {
				if of.table == c.Table {
					delete(rows, c.Key)
				}
			}
			continue
		}
		if all[at] == nil {
			all[at] = map[string]element.Value{}
		}
		all[at][c.Key] = c.Value
	}
	maps.DeleteFunc(all, func(_ column, rows map[string]element.Value) bool { return len(rows) == 0 })
	return all
}

func sortedColumns[V any](m map[column]V) []column {
	return slices.SortedFunc(maps.Keys(m), func(a, b column) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.id, b.id))
	})
}

func (w *weighing) tableChange(at column, cells int) element.TableChange {
	name := func(id element.ParamID) string {
		old, next := w.params(id)
		if p := cmp.Or(next, old); p != nil {
			return cmp.Or(p.Description, p.Name)
		}
		return fmt.Sprint(id)
	}
	return element.TableChange{Table: at.table, Column: at.id, Name: name(at.table) + ": " + name(at.id), Cells: cells}
}

// cells tells the fate of saved cells, column by column.
func (w *weighing) cells() []element.TableChange {
	all := []element.TableChange{}
	saved := columnsOf(w.now)
	for _, at := range sortedColumns(saved) {
		c := w.tableChange(at, len(saved[at]))
		c.Fate, c.Reason = w.columnFate(at, saved[at])
		all = append(all, c)
	}
	return all
}

func (w *weighing) columnFate(at column, rows map[string]element.Value) (element.Fate, string) {
	table, ok := w.load.Table(at.table)
	if !ok {
		return element.FateDropped, "The other version has no such table."
	}
	i := slices.IndexFunc(table.Columns, func(c element.TableColumn) bool { return c.ID == at.id })
	switch {
	case i < 0:
		return element.FateDropped, "The table has no such column in the other version."
	case !table.Columns[i].Saved:
		return element.FateDropped, "The other version does not save this column."
	}
	lost := len(rows)
	for _, row := range table.Rows {
		if v, ok := rows[row.Key]; ok && (row.Cells[at.id].Masked || row.Cells[at.id].Value.String() == v.String()) {
			lost--
		}
	}
	if lost > 0 {
		return element.FateAtRisk, fmt.Sprintf("The other version cannot take %d of the cells.", lost)
	}
	if why := w.risks[at]; why != "" {
		return element.FateAtRisk, why
	}
	return element.FateKept, ""
}

// backCells compares the cells that were kept with those that are saved.
func (w *weighing) backCells() []element.TableChange {
	now, then := columnsOf(w.now), columnsOf(w.then)
	all := []element.TableChange{}
	for _, at := range sortedColumns(merged(now, then)) {
		was, is := now[at]
		becomes, will := then[at]
		c := w.tableChange(at, max(len(was), len(becomes)))
		c.Fate, c.Reason = backFate(is, will, maps.Equal(was, becomes))
		all = append(all, c)
	}
	return all
}

// settingChanges tells what becomes of the connections in the settings.
func settingChanges(old, next element.Config, d *connector.Definition) []element.SettingChange {
	all := []element.SettingChange{}
	has := func(c element.Config, id int) bool {
		return slices.ContainsFunc(c.Connections, func(x element.ConnectionConfig) bool { return x.ID == id })
	}
	for _, c := range old.Connections {
		if !has(next, c.ID) {
			all = append(all, element.SettingChange{Connection: c.ID, Change: "removed", Message: fmt.Sprintf("Connection %d goes; its settings stay kept with version %s.", c.ID, old.Version)})
		}
	}
	for _, c := range next.Connections {
		if has(old, c.ID) {
			continue
		}
		name := ""
		if dc, ok := d.Connection(c.ID); ok && dc.Name != "" {
			name = " (" + dc.Name + ")"
		}
		to := "no host yet: say which"
		if c.Host != "" {
			to = "host " + c.Host
			if c.Port != 0 {
				to += fmt.Sprintf(", port %d", c.Port)
			}
		}
		all = append(all, element.SettingChange{Connection: c.ID, Change: "added", NeedsHost: c.Host == "", Message: fmt.Sprintf("Connection %d%s comes, with %s.", c.ID, name, to)})
	}
	return all
}
