package engine

import "fieldline/element/connector"

// groups runs the items of the groups whose turn it is.
type groups struct {
	*turn
	ix        *index
	budget    *budget
	agenda    *agenda
	values    *values
	lanes     *lanes
	deadlines *deadlines
	scripts   *scripts
	logic     *logic
	runs      *runs
	pairs     *pairs
	exchanges *exchanges
}

// step does one thing of a lane, and reports whether it did.
func (gs *groups) step(l *lane) bool {
	if gs.now.Before(later(gs.lanes.quietUntil, l.pauseUntil)) {
		return false
	}
	r := l.running()
	switch {
	case r == nil || len(l.forced) > 0 && (r.phase == phaseReady || r.phase == phasePause):
		if !l.next() {
			return false
		}
		gs.lanes.park(l)
	case r.phase == phasePause:
		if gs.now.Before(r.until) {
			return false
		}
		r.phase = phaseReady
	case r.phase == phaseReply:
		return false
	case r.phase == phaseConnecting || r.phase == phaseAnswer:
		if gs.now.Before(r.until) {
			return false
		}
		gs.runs.withRun(r, gs.pairs.timedOut)
	case gs.lanes.mustWait(r):
		return false
	default:
		gs.runs.withRun(r, gs.runItem)
	}
	return true
}

// runItem begins the group, or runs its next item, or ends it.
func (gs *groups) runItem(r *run) {
	g := r.group
	if !r.begun {
		if r.behind != nowhere && gs.deadlines.overdue(&r.entry, r.behind) {
			r.conn = r.behind
			gs.runs.refuse(r, "group "+itoa(g.ID))
			return
		}
		if !gs.values.holds(g.Condition, "group", g.ID) {
			gs.runs.end(r)
			return
		}
		r.begun = true
		gs.logic.fireAll(occasion{itemGroup, onBefore, g.ID})
		return
	}
	if r.item >= len(g.Content) || r.dropped {
		if !r.dropped {
			gs.logic.fireAll(occasion{itemGroup, onAfter, g.ID})
			gs.scripts.runOfGroup(g.ID)
		}
		gs.runs.end(r)
		return
	}
	item := g.Content[r.item]
	if item.Kind == connector.ItemPair {
		gs.pairs.start(r, gs.ix.pairs[item.ID])
		return
	}
	if item.Kind == connector.ItemSession {
		gs.exchanges.start(r)
		return
	}
	gs.runSimple(item, g.ID)
	gs.runs.advance(r)
}

// runSimple runs an item that waits for nothing.
func (gs *groups) runSimple(item connector.GroupItem, group int) {
	who, mark := subject{itemGroup, group}, gs.agenda.mark()
	switch item.Kind {
	case connector.ItemAction:
		if a := gs.ix.actions[item.ID]; a != nil {
			gs.agenda.add(task{do: workAct, action: a, who: who})
		}
	case connector.ItemTrigger:
		if t := gs.ix.triggers[item.ID]; t != nil {
			gs.agenda.add(task{do: workFire, trigger: t, who: who})
		}
	default:
		gs.logOnce("item:"+string(item.Kind), levelWarning, "Group %d holds a %s, which is not run here.", group, item.Kind)
	}
	gs.logic.drain(mark)
}

// runNow runs a group of actions or triggers outside the queue.
func (gs *groups) runNow(g *connector.Group) {
	if !gs.budget.enter("group", g.ID) {
		return
	}
	defer gs.budget.leave()
	if !gs.values.holds(g.Condition, "group", g.ID) {
		return
	}
	gs.logic.fireAll(occasion{itemGroup, onBefore, g.ID})
	for _, item := range g.Content {
		gs.runSimple(item, g.ID)
	}
	gs.logic.fireAll(occasion{itemGroup, onAfter, g.ID})
	gs.scripts.runOfGroup(g.ID)
}
