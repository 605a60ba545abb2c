package engine

import "fieldline/element/connector"

// onTimer carries out start, stop, restart timer and reschedule.
func (as *actions) onTimer(a *connector.Action, id int) {
	i, ok := as.ix.timers[id]
	if !ok {
		return
	}
	t := &as.timers.list[i]
	switch a.Type {
	case "start":
		if !t.running {
			*t = timerState{running: true, next: as.now}
		}
	case "stop":
		*t = timerState{}
	case "restart timer": // the timer itself goes on as it is (LogicActionRestartTimer)
		as.lanes.drop(func(q entry) bool { return q.timer == i })
		if a.Reschedule {
			*t = timerState{running: true, next: as.now}
			return
		}
		as.timers.roundEnded(i)
	case "reschedule": // after the present round, or now (LogicActionReschedule)
		if t.running {
			t.again = true
			as.timers.roundEnded(i)
		}
	default:
		as.unsupported(a)
	}
}
