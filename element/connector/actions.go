package connector

import (
	"slices"
	"strconv"
	"strings"
)

// actionReader reads Actions.
type actionReader struct{ *draft }

func (r actionReader) actions(n *node) {
	for _, x := range n.children("Action") {
		id, ok := r.itemID(x, "action", idRules{"6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", 1})
		if !ok {
			x.skipAll()
			continue
		}
		r.action(x, id)
	}
}

func (r actionReader) action(x *node, id int) {
	k := Item{"action", id}
	on, kind := x.child("On"), x.child("Type")
	a := Action{
		ID: id, Name: x.value("Name"), On: on.lower(), OnNr: on.attr("nr"), Type: kind.lower(), TypeNr: kind.attr("nr"),
		TypeValue: kind.attr("value"), Options: kind.attr("options"), Reschedule: strings.EqualFold(kind.attr("reschedule"), "true"),
		Start: r.number(kind, "Type@startoffset", kind.attr("startoffset"), 0, 1<<20),
		End:   r.number(kind, "Type@endoffset", kind.attr("endoffset"), 0, 1<<20),
		Pos:   x.at(), Condition: r.condition(x, k, "6.4"),
	}
	r.ignoreAttrs(kind, "Protocol/Actions/Action/Type", "returnValue")
	r.def.Actions = append(r.def.Actions, a)
	at := &r.def.Actions[len(r.def.Actions)-1]
	types, known := actionTypes()[a.On]
	unsupported := unsupportedActions()[a.On]
	switch {
	case !known:
		r.disable(k, "6.6.4", x.at(), "Action %d is on %q, which does not exist; it is disabled.", id, Shorten(a.On))
		return
	case slices.Contains(types, a.Type):
	case a.Type == "":
		r.disable(k, pick(kind == nil, "6.5.1", "6.5.2"), x.at(), "Action %d has no Type; it is disabled.", id)
		return
	case slices.Contains(unsupported, a.Type):
		r.Note("FL-26", kind.at(), "Action %d (%s on %s) is not run by this program.", id, a.Type, a.On)
	case !knownAction(a.Type):
		r.disable(k, "6.5.4", kind.at(), "Action %d is of the unknown Type %q; it is disabled.", id, Shorten(a.Type))
		return
	default:
		r.disable(k, "6.7.1", x.at(), "Action %d is %q on %s, which does not exist; it is disabled.", id, Shorten(a.Type), a.On)
		return
	}
	r.actionTargets(on, at)
	r.typeID(kind, at)
	if a.On == "protocol" && (a.Type == "open" || a.Type == "close") {
		if nr, ok := r.connectionNr(kind, "Action "+strconv.Itoa(id), pick(a.TypeNr == "", "0", a.TypeNr)); ok {
			at.TypeNr = strconv.Itoa(nr)
		}
		r.Note("FL-27", kind.at(), "Action %d uses %s on a connection, which DataMiner runs for serial connections only; this program runs it for WebSockets.", id, a.Type)
	}
}

// actionTargets reads On@id.
func (r actionReader) actionTargets(on *node, a *Action) {
	k := Item{"action", a.ID}
	text, seen := on.attr("id"), map[int]bool{}
	if a.On == "protocol" {
		return
	}
	given := false
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" || len(a.OnIDs) >= maxContent {
			continue
		}
		given = true
		if id, ok := r.stepID(on, part, k, "6.3.4"); ok && !seen[id] {
			seen[id] = true
			r.refer(k, Item{a.On, id}, "6.3.5", on.at(), lossTarget)
			a.OnIDs = append(a.OnIDs, id)
		}
	}
	if given && len(a.OnIDs) == 0 { // without ids it would be on what fired the trigger
		r.disable(k, "6.3.4", on.at(), "No id of action %d is that of an item; it is disabled.", a.ID)
	}
	if len(a.OnIDs) == 0 && !r.off[k] && (a.On == "group" || a.On == "timer") {
		r.Note("6.7.2", on.at(), "Action %d does not say which %s it is on; it works on the one that fired the trigger.", a.ID, a.On)
	}
}

// typeID reads Type@id: the parameter that an action takes its value from.
func (r actionReader) typeID(kind *node, a *Action) {
	text := kind.attr("id")
	value := a.TypeValue != ""
	switch {
	case a.On != "pair":
	case a.Type == "timeout" && text == "":
		r.Note("6.7.3", kind.at(), "Action %d sets the timeout of a pair, but its Type@id names no parameter with it.", a.ID)
	case a.Type == "set next" && text == "" && !value:
		r.Note("6.7.6", kind.at(), "Action %d sets what is waited after a pair, but has neither Type@id nor Type@value.", a.ID)
	case a.Type == "set next" && text != "" && value:
		r.Note("6.7.7", kind.at(), "Action %d sets what is waited after a pair by Type@id and by Type@value; one of them is enough.", a.ID)
	}
	if text == "" {
		if a.Type == "replace" && a.On == "command" {
			r.disable(Item{"action", a.ID}, "FL-26", kind.at(), "Action %d replaces a part of a command without a Type@id, which is not run by this program; it is disabled.", a.ID)
		}
		return
	}
	k := Item{"action", a.ID}
	id, ok := r.refID(kind, text, k, "6.7.5")
	if !ok {
		return
	}
	a.TypeID, a.HasTypeID = id, true
	switch a.On {
	case "parameter", "pair", "command", "protocol":
		r.need(k, Item{"parameter", id}, "6.7.5", kind.at())
	}
}

// actionTypes are the types that each kind of action knows and this program
// runs (documentation page LogicActions).
func actionTypes() map[string][]string {
	return map[string][]string{
		"command":   {"make", "replace", "replace data"},
		"response":  {"read", "clear"},
		"parameter": {"clear", "clear on display", "copy", "copy reverse", "reverse", "replace data", "append", "append data", "increment", "multiply", "pow", "run actions", "save", "read", "go"},
		"group":     {"add to execute", "execute", "execute next", "execute one", "execute one now", "execute one top", "force execute"},
		"pair":      {"timeout", "set next"},
		"timer":     {"start", "stop", "restart timer", "reschedule"},
		"protocol":  {"open", "close", "sleep", "stop current group", "lock", "unlock", "priority lock", "priority unlock"},
	}
}

// unsupportedActions are types that the schema knows and this program does not run.
func unsupportedActions() map[string][]string {
	return map[string][]string{
		"command":  {"crc", "length", "stuffing"},
		"response": {"clear length info", "crc", "length", "read stuffing", "stuffing", "replace", "replace data"},
		"parameter": {
			"set", "normalize", "change length", "set info", "aggregate", "set with wait",
			"set and get with wait",
		},
		"group":    {"set", "set with wait"},
		"protocol": {"read file", "merge", "swap column", "wmi"},
	}
}

// knownAction reports whether any kind of action knows the type.
func knownAction(name string) bool {
	for _, types := range []map[string][]string{actionTypes(), unsupportedActions()} {
		for _, list := range types {
			if slices.Contains(list, name) {
				return true
			}
		}
	}
	return false
}
