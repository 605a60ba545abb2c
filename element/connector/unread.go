package connector

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
)

// unused is a construct of one path that has no effect.
type unused struct {
	first Pos
	count int
}

// unread names what the file says and nobody read, once for each path, and
// names that are written in another casing than the schema's.
func (r *draft) unread(root *node) {
	if r.refused != "" {
		return
	}
	unread, cased := r.unused, map[string]unused{}
	add := func(m map[string]unused, what string, at Pos) {
		l := m[what]
		if l.count == 0 {
			l.first = at
		}
		l.count++
		m[what] = l
	}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if n.canon != "" {
			add(cased, n.name+" is written "+n.canon, n.pos)
		}
		for _, f := range n.folded {
			add(cased, "attribute "+f.have+" is written "+f.want, n.pos)
		}
		for i, a := range n.attrs {
			if n.seen&(1<<i) == 0 && a.Name.Space == "" && a.Name.Local != "xmlns" {
				add(unread, "Attribute "+a.Name.Local+" of "+path, n.pos)
			}
		}
		for _, k := range n.kids {
			if !k.used {
				add(unread, path+"/"+k.name, k.pos)
				continue
			}
			walk(k, path+"/"+k.name)
		}
	}
	walk(root, root.name)
	for _, what := range slices.Sorted(maps.Keys(unread)) {
		l := unread[what]
		if l.count == 1 {
			r.Note("FL-02", l.first, "%s has no effect in this program.", path(what))
			continue
		}
		r.Note("FL-02", l.first, "%s has no effect in this program (%d times, the first here).", path(what), l.count)
	}
	for _, what := range slices.Sorted(maps.Keys(cased)) {
		r.Note("FL-01", cased[what].first, "In the schema, %s; it was read all the same.", Shorten(what))
	}
}

// ignored takes down what rules look at and nothing here acts on. It stays
// unread, and is named with what has no effect.
func (r *draft) ignored(root *node) {
	d := &r.def.Ignored
	d.ShownElsewhere = slices.ContainsFunc(root.kids, func(k *node) bool {
		return strings.EqualFold(k.name, "TreeControls") || strings.EqualFold(k.name, "Relations") || strings.EqualFold(k.name, "DVEs")
	})
	for _, list := range root.unread("TreeControls") {
		for _, tree := range list.unread("TreeControl") {
			if id, err := strconv.Atoi(tree.peek("parameterId")); err == nil {
				d.Trees = append(d.Trees, element.ParamID(id))
			}
		}
	}
	for _, list := range root.unread("Relations") {
		for _, x := range list.unread("Relation") {
			if path := strings.TrimSpace(x.peek("path")); path != "" {
				d.Relations = append(d.Relations, Relation{path, x.at()})
			}
		}
	}
}

// path cuts the path of a construct at its front: its end says what it is.
func path(what string) string {
	const most = 100
	if utf8.RuneCountInString(what) <= most {
		return strings.ToValidUTF8(what, "\uFFFD")
	}
	all := []rune(strings.ToValidUTF8(what, "\uFFFD"))
	return "…" + string(all[len(all)-most:])
}
