package connector

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// leftover is a construct of one path that Parse did not read.
type leftover struct {
	first Pos
	count int
}

// leftovers names what the file says and nobody read, once for each path, and
// names that are written in another casing than the schema's.
func (r *reader) leftovers(root *node) {
	if r.refused != "" {
		return
	}
	unread, cased := r.unrun, map[string]leftover{}
	add := func(m map[string]leftover, what string, at Pos) {
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

// unheard names children that are known and have no effect, and marks all of
// them as read.
func (r *reader) unheard(n *node, path string, names ...string) {
	for _, name := range names {
		for _, k := range n.children(name) {
			k.skipAll()
			r.idle(path+"/"+name, k.at())
		}
	}
}

// unheardAttrs names attributes that are known and have no effect.
func (r *reader) unheardAttrs(n *node, path string, names ...string) {
	for _, name := range names {
		if _, ok := n.lookup(name); ok {
			r.idle("Attribute "+name+" of "+path, n.at())
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
