package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// disableWrite begins the option of a column whose cells cannot be set while
// another cell of their row has a value.
const disableWrite = "custom=disablewrite:"

// locked reads pid=value.
func (r *reader) locked(n *node, p *Param, text string) {
	id, value, _ := strings.Cut(text, "=")
	what := "The option custom=disableWrite of parameter " + strconv.Itoa(int(p.ID))
	if of := r.pid(n, what, strings.TrimSpace(id), "FL-13"); of != 0 {
		p.Locked = &element.Condition{Param: of, Values: []string{strings.TrimSpace(value)}}
	}
}

// locks gives each option custom=disableWrite to the parameter that writes the
// column, and leaves out those that name no other column of its table.
func (r *reader) locks() {
	at := r.columnsAt()
	for _, p := range r.def.Params {
		if p.Locked == nil {
			continue
		}
		lock, column, write := p.Locked, p.ID, p
		p.Locked = nil
		if p.Type.IsWrite() {
			column = p.ReadID
		} else {
			write = r.def.params[p.WriteID]
		}
		switch table := at[column].table; {
		case table == nil || lock.Param == column || at[lock.Param].table != table:
			r.Note("FL-13", p.Pos, "The option custom=disableWrite of parameter %d names parameter %d, which is no other column of its table; it is ignored.", p.ID, lock.Param)
		case write == nil:
			r.Note("FL-02", p.Pos, "The option custom=disableWrite of parameter %d has no effect in this program: no parameter writes the column.", p.ID)
		default:
			write.Locked = lock
		}
	}
}
