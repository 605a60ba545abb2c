package connector

import "strings"

// IsMenu reports whether the parameter is the context menu of a table, by its
// name.
func (p *Param) IsMenu() bool { return strings.HasSuffix(FoldName(p.Name), menuSuffix) }

const menuSuffix = "_contextmenu"
