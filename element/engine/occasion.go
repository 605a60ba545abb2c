package engine

// itemKind is a kind of items that triggers and actions are about.
type itemKind uint8

const (
	itemNone itemKind = iota
	itemProtocol
	itemParameter
	itemCommand
	itemResponse
	itemPair
	itemGroup
	itemTimer
	itemSession
	itemCommunication
)

// itemOf reads what a trigger or an action of the connector is on.
func itemOf(on string) itemKind {
	switch on {
	case "protocol":
		return itemProtocol
	case "parameter":
		return itemParameter
	case "command":
		return itemCommand
	case "response":
		return itemResponse
	case "pair":
		return itemPair
	case "group":
		return itemGroup
	case "timer":
		return itemTimer
	case "session":
		return itemSession
	case "communication":
		return itemCommunication
	default:
		return itemNone
	}
}

// moment is a Time of triggers.
type moment uint8

const (
	never moment = iota // what does not happen here: link files
	onBefore
	onAfter
	onChange
	onChangeAfterResponse
	onSucceeded
	onTimeout
	onAfterRetries
	onStartup
	onFailure // communication: the text says which
)

// momentOf reads the Time of a trigger.
func momentOf(on itemKind, time string) moment {
	if on == itemCommunication {
		return onFailure
	}
	switch time {
	case "before":
		return onBefore
	case "after":
		return onAfter
	case "change":
		return onChange
	case "change after response":
		return onChangeAfterResponse
	case "succeeded":
		return onSucceeded
	case "timeout":
		return onTimeout
	case "timeout after retries":
		return onAfterRetries
	case "after startup":
		return onStartup
	default:
		return never
	}
}

// subject is the item that fired a trigger; actions without ids act on it.
type subject struct {
	kind itemKind
	id   int
}

// occasion is what a trigger waits for. Those of the protocol and of
// communication have no id.
type occasion struct {
	on   itemKind
	when moment
	id   int
}

func (o occasion) subject() subject { return subject{o.on, o.id} }
