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
	vd, err := askElement(ctx, f, id, func(r *Runner) (versionDiff, error) { return r.versionDiff(version, back) })
	if err != nil {
		return element.VersionChanges{}, err
	}
	return vd.answer(id), nil
}

// versionDiff takes what a comparison with another version needs.
func (r *Runner) versionDiff(version string, back bool) (versionDiff, error) {
	vd := versionDiff{old: r.params.definition, risks: map[column]string{}}
	var err error
	if vd.next, vd.config, err = r.record.configWith(r.o.Catalog, version, back); err != nil {
		return vd, err
	}
	if vd.now, err = r.saver.savedValues(); err != nil {
		return vd, err
	}
	vd.changes = element.VersionChanges{
		From: r.record.Config.Version, To: vd.config.Version, Back: back, State: r.record.State, Kept: r.record.keptWith(vd.config.Version),
		Settings: settingChanges(r.record.Config, vd.config, vd.next), Changes: []element.ConnectorChange{},
	}
	if vd.changes.From != vd.changes.To { // else it comes back, or nothing is changed
		vd.changes.Replaces = r.record.keptWith(vd.changes.From)
	}
	if back {
		vd.then, err = r.saver.keptValues(vd.config.Version)
	}
	return vd, err
}

// answer compares.
func (vd *versionDiff) answer(id element.ID) element.VersionChanges {
	c := &vd.changes
	if vd.old != nil {
		vd.compare(c)
	}
	if c.Back {
		c.Saved, c.Tables = vd.backValues(), vd.backCells()
		return *c
	}
	vd.tryOut(id, vd.config)
	c.Saved, c.Tables = vd.values(), vd.cells()
	return *c
}

// versionDiff compares what is saved with what another version makes of it.
type versionDiff struct {
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
func (vd *versionDiff) compare(c *element.VersionChanges) {
	found := diff.Compare(vd.old, vd.next)
	c.Changes = append(c.Changes, found.Changes...)
	for _, f := range found.Saved {
		if f.Fate == element.FateAtRisk {
			vd.risks[column{f.Table, f.Parameter}] = f.Reason
		}
	}
}

// tryOut loads the logic of the other version with what is saved now.
func (vd *versionDiff) tryOut(id element.ID, cfg element.Config) {
	vd.load = engine.New(vd.next, id, cfg)
	vd.load.Handle(time.Now(), engine.Load{Saved: vd.now, State: element.Stopped})
}

// params are a parameter as both versions have it, nil where they do not.
func (vd *versionDiff) params(id element.ParamID) (old, next *connector.Param) {
	if vd.old != nil {
		old = vd.old.Param(id)
	}
	return old, vd.next.Param(id)
}

// change starts the answer about one parameter: its name, and whether what it
// holds is shown to nobody.
func (vd *versionDiff) change(id element.ParamID) (element.SavedChange, *connector.Param, *connector.Param) {
	old, next := vd.params(id)
	c := element.SavedChange{Parameter: id}
	if p := cmp.Or(next, old); p != nil {
		c.Name, c.Description = p.Name, p.Description
	}
	c.Masked = old == nil && next == nil // what it holds was perhaps a secret
	for _, d := range []*connector.Definition{vd.old, vd.next} {
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

func (vd *versionDiff) values() []element.SavedChange {
	all := []element.SavedChange{}
	for _, v := range vd.now {
		if v.IsCell() {
			continue
		}
		c, old, next := vd.change(v.Parameter)
		c.Was, c.Becomes = v.Value, v.Value
		c.Fate, c.Reason = vd.fate(old, next, v.Value)
		if c.Fate == element.FateDropped {
			c.Becomes = element.Value{}
		}
		if next != nil {
			c.Becomes = vd.load.RawValue(v.Parameter)
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
func (vd *versionDiff) fate(old, next *connector.Param, v element.Value) (element.Fate, string) {
	if old != nil && !old.Saved && (next == nil || !next.Saved) {
		return element.FateDropped, "Neither version saves this parameter."
	}
	switch {
	case next == nil:
		return element.FateDropped, "The other version has no such parameter."
	case !next.Saved:
		return element.FateDropped, "The other version does not save this parameter."
	case vd.load.RawValue(next.ID).String() != v.String():
		if next.IsNumber {
			return element.FateDropped, "It is a number in the other version, and this text is not one."
		}
		return element.FateDropped, "The other version cannot take this value."
	}
	if why := vd.risks[column{0, next.ID}]; why != "" {
		return element.FateAtRisk, why
	}
	if wrong := accepts(vd.next, next, v); wrong != nil && (old == nil || accepts(vd.old, old, v) == nil) {
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
func (vd *versionDiff) backValues() []element.SavedChange {
	values := func(saved []element.SavedValue) map[element.ParamID]element.Value {
		m := map[element.ParamID]element.Value{}
		for _, v := range saved {
			if !v.IsCell() {
				m[v.Parameter] = v.Value
			}
		}
		return m
	}
	now, then := values(vd.now), values(vd.then)
	all := []element.SavedChange{}
	for _, id := range slices.Sorted(maps.Keys(merged(now, then))) {
		c, _, _ := vd.change(id)
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

func (vd *versionDiff) tableChange(at column, cells int) element.TableChange {
	name := func(id element.ParamID) string {
		old, next := vd.params(id)
		if p := cmp.Or(next, old); p != nil {
			return cmp.Or(p.Description, p.Name)
		}
		return fmt.Sprint(id)
	}
	return element.TableChange{Table: at.table, Column: at.id, Name: name(at.table) + ": " + name(at.id), Cells: cells}
}

// cells tells the fate of saved cells, column by column.
func (vd *versionDiff) cells() []element.TableChange {
	all := []element.TableChange{}
	saved := columnsOf(vd.now)
	for _, at := range sortedColumns(saved) {
		c := vd.tableChange(at, len(saved[at]))
		c.Fate, c.Reason = vd.columnFate(at, saved[at])
		all = append(all, c)
	}
	return all
}

func (vd *versionDiff) columnFate(at column, rows map[string]element.Value) (element.Fate, string) {
	table, ok := vd.load.Table(at.table)
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
	if why := vd.risks[at]; why != "" {
		return element.FateAtRisk, why
	}
	return element.FateKept, ""
}

// backCells compares the cells that were kept with those that are saved.
func (vd *versionDiff) backCells() []element.TableChange {
	now, then := columnsOf(vd.now), columnsOf(vd.then)
	all := []element.TableChange{}
	for _, at := range sortedColumns(merged(now, then)) {
		was, is := now[at]
		becomes, will := then[at]
		c := vd.tableChange(at, max(len(was), len(becomes)))
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
			all = append(all, element.SettingChange{Connection: c.ID, Change: "removed", Message: fmt.Sprintf("Connection %d goes; its settings are kept with version %s.", c.ID, old.Version)})
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
		all = append(all, element.SettingChange{Connection: c.ID, Change: "added", NeedsHost: c.Host == "", Message: fmt.Sprintf("Connection %d%s is new, with %s.", c.ID, name, to)})
	}
	return all
}
