package engine

// rounds starts the rounds of timers whose time has come.
type rounds struct {
	*turn
	ix       *index
	budget   *budget
	values   *values
	lanes    *lanes
	timers   *timers
	slowPoll *slowPoll
	logic    *logic
	groups   *groups
}

// run starts a round of every timer whose time has come, and reports
// whether there was one.
func (rs *rounds) run() bool {
	fired := false
	if rs.now.Before(rs.timers.notBefore) {
		return false
	}
	for i := range rs.timers.list {
		t := &rs.timers.list[i]
		if !t.running || t.looping || rs.now.Before(t.next) || rs.budget.tripped {
			continue
		}
		def := &rs.ix.def.Timers[i]
		t.next = t.next.Add(rs.timers.interval(def))
		if !t.next.After(rs.now) {
			t.next = rs.now.Add(rs.timers.interval(def))
		}
		fired = true
		rs.runOne(timerIndex(i))
	}
	if rs.budget.tripped {
		rs.timers.notBefore = rs.now.Add(loopPause)
	}
	return fired
}

// runOne queues the groups of a timer; those of type action and trigger run
// at once (documentation page Timers).
func (rs *rounds) runOne(i timerIndex) {
	def := &rs.ix.def.Timers[i]
	if !rs.budget.enter("timer", def.ID) {
		return
	}
	defer rs.budget.leave()
	if !rs.values.holds(def.Condition, "timer", def.ID) {
		return
	}
	rs.logic.fireAll(occasion{itemTimer, onBefore, def.ID})
	for _, id := range def.Groups {
		g := rs.ix.groups[id]
		switch {
		case g == nil, rs.slowPoll.state.on && rs.lanes.asksMain(g):
		case immediate(g):
			rs.groups.runNow(g)
		case !rs.lanes.queued(id):
			rs.logic.enqueue(g, rankTimer, i)
		}
	}
	rs.timers.list[i].looping = def.Loop && rs.lanes.timerBusy(i)
}
