package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// ignored takes down what rules look at and nothing here acts on. It stays
// unread: leftovers names it.
func (r *reader) ignored(root *node) {
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
