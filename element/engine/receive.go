package engine

import "fieldline/element/codec"

// receiver hands messages of devices to what waits for them.
type receiver struct {
	*turn
	ix          *index
	agenda      *agenda
	status      *status
	connections *connections
	receipts    *receipts
	values      *values
	lanes       *lanes
	targets     *targets
	slowPoll    *slowPoll
	messages    *messages
	logic       *logic
	runs        *runs
	pairs       *pairs
}

// unmatched notes a message that fits no response: it may be the device's word
// on what was sent.
func (rc *receiver) unmatched(in Received) {
	if !in.Text {
		return
	}
	said := beginning(string(in.Data[:min(len(in.Data), 4*most)]))
	rc.receipts.deviceSaid(in.Connection, said)
	rc.lanes.eachRunning(func(r *run) {
		if r.phase == phaseAnswer && r.conn == in.Connection {
			r.said = said
		}
	})
}

// received handles one whole message: the responses of the pair that waits on
// its connection, then those that the connection listens for (documentation
// page ConnectionsWebSocketsCommunication).
func (rc *receiver) received(in Received) {
	i, ok := rc.ix.conns[in.Connection]
	if !ok || rc.status.mode == modeIdle || rc.status.mode == modeStopped {
		return
	}
	rc.connections.list[i].heardAt = rc.now
	if rc.status.mode == modePaused {
		rc.targets.unread(i)
		return
	}
	answered := false
	rc.lanes.eachRunning(func(r *run) {
		if !answered && r.conn == in.Connection && (r.phase == phaseAnswer || r.phase == phaseConnecting && r.sent) {
			answered = rc.answerPair(r, in)
		}
	})
	if answered {
		return
	}
	for _, r := range rc.ix.listens[in.Connection] {
		if fields, ok := r.Match(in.Data, rc.values.value); ok {
			rc.respond(r, in.Connection, fields)
			return
		}
	}
	rc.unmatched(in)
	rc.logRarely("unmatched:"+itoa(in.Connection), levelInfo,
		"A message of %d bytes on %s fits no response of the connector.", len(in.Data), connName(&rc.ix.def.Connections[i]))
}

// answerPair tries the responses of the pair that waits. One for a bad command
// ends it too, and the writes that it goes back to have failed.
func (rc *receiver) answerPair(run *run, in Received) bool {
	p := rc.ix.pairs[run.group.Content[run.item].ID]
	for i, ids := range [][]int{p.Responses, p.BadResponses} {
		bad := i == 1
		for _, id := range ids {
			r := rc.ix.responses[id]
			if r == nil {
				continue
			}
			fields, ok := r.Match(in.Data, rc.values.value)
			if !ok {
				continue
			}
			rc.respond(r, in.Connection, fields)
			if bad {
				rc.receipts.fail(run.causes, "The device answered that it does not accept the command.")
			}
			rc.runs.withRun(run, rc.pairs.done)
			return true
		}
	}
	return false
}

// respond handles a matched response: "response before", which normally reads
// it, the parameters' change events, "change after response", "response
// after". The device responds, so the silence of its connection ends.
func (rc *receiver) respond(r *response, conn int, fields []codec.Field) {
	if c := &rc.connections.list[rc.ix.conns[conn]]; c.open {
		rc.slowPoll.answering(rc.ix.conns[conn])
	}
	rc.messages.reading, rc.hearing = &reading{conn: conn, r: r, fields: fields}, conn
	rc.logic.fireAll(occasion{itemResponse, onBefore, r.ID})
	if r.autoRead {
		mark := rc.agenda.mark()
		rc.messages.read(0)
		rc.logic.drain(mark)
	}
	for _, i := range rc.messages.reading.changed {
		id := int(rc.ix.params[i].ID)
		rc.logic.fireAll(occasion{itemParameter, onChangeAfterResponse, id})
	}
	rc.logic.fireAll(occasion{itemResponse, onAfter, r.ID})
	rc.messages.reading, rc.hearing = nil, nowhere
}
