package connectortest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parse reads one line of shorthand.
func parse(line string) (*node, error) {
	w, err := split(line)
	if err != nil {
		return nil, err
	}
	kind := w.next()
	read, known := map[string]func(*node, *words) error{
		"connection": connection, "param": param, "command": command, "response": response, "pair": pair,
		"group": group, "timer": timer, "trigger": trigger, "action": action,
	}[kind]
	if !known {
		return nil, fmt.Errorf("there is no shorthand %q", kind)
	}
	item := &node{name: strings.ToUpper(kind[:1]) + kind[1:]}
	id := w.id()
	if id == "" {
		return nil, errors.New("the item has no number")
	}
	item.set("@id", id)
	if kind != "param" && kind != "connection" {
		item.set("Name", kind[:1]+id)
	}
	return item, read(item, &w)
}

func connection(item *node, w *words) error {
	name, ok := w.name()
	if !ok {
		return errors.New("a connection has a name, in quotes")
	}
	item.set("@name", name)
	switch w.oneOf("websocket", "http") {
	case "websocket":
		item.set("Http/CommunicationOptions/WebSocket", "true")
	case "http":
		item.child("Http").child("CommunicationOptions")
	default:
		return errors.New("a connection is a websocket or http")
	}
	settings := map[string]string{
		"timeout": "TimeoutTime", "retries": "Retries", "port": "IPport", "bus": "BusAddress", "slowPoll": "SlowPoll",
		"slowPollBase": "SlowPollBase", "pingInterval": "PingInterval", "elementTimeout": "TimeoutTimeElement",
	}
	options := map[string]string{"handshake": "WebSocketHandshake", "status": "NotifyConnectionPIDs/Connections", "make": "MakeCommandByProtocol"}
	return w.options(item, func(key, value string) bool {
		if s := settings[key]; s != "" {
			item.set("Http/UserSettings/"+s+"/DefaultValue", value)
			return true
		}
		o := options[key]
		if o == "" {
			return false
		}
		if key == "make" {
			value = "true"
		}
		item.set("Http/CommunicationOptions/"+o, value)
		return true
	})
}

func param(item *node, w *words) error {
	kind := w.next()
	value := w.oneOf("string", "number")
	if value == "" && kind != "array" {
		return errors.New("a param holds string or number")
	}
	name, ok := w.name()
	if !ok {
		return errors.New("a param has a name, in quotes")
	}
	description, ok := w.name()
	if !ok {
		description = name
	}
	item.set("Name", name)
	item.set("Description", description)
	item.set("Type", kind)
	switch value {
	case "string":
		interprete(item, "other", "next param", "string")
	case "number":
		interprete(item, "numeric text", "next param", "double")
	default:
		item.set("ArrayOptions@index", "0")
	}
	return w.options(item, func(key, value string) bool { return paramOption(item, key, value) })
}

func interprete(item *node, raw, length, kind string) {
	item.set("Interprete/RawType", raw)
	item.set("Interprete/LengthType", length)
	item.set("Interprete/Type", kind)
}

func paramOption(item *node, key, value string) bool {
	switch key {
	case "save", "setter":
		item.set("@"+key, "true")
	case "raw":
		item.set("Interprete/RawType", value)
	case "length":
		item.set("Interprete/LengthType", "fixed")
		item.set("Interprete/Length", value)
	case "value":
		item.set("Interprete/LengthType", "fixed")
		item.set("Interprete/Length", strconv.Itoa(len(value)))
		item.set("Interprete/Value", value)
	case "column":
		column(item.child("ArrayOptions"), value)
	default:
		return false
	}
	return true
}

// column adds a column: PID[:TYPE[:OPTIONS]].
func column(table *node, value string) {
	idx := 0
	for _, c := range table.children {
		if c.name == "ColumnOption" {
			idx++
		}
	}
	parts := strings.SplitN(value, ":", 3)
	c := table.add("ColumnOption", "")
	c.set("@idx", strconv.Itoa(idx))
	c.set("@pid", parts[0])
	kind := "retrieved"
	if len(parts) > 1 && parts[1] != "" {
		kind = parts[1]
	}
	c.set("@type", kind)
	if len(parts) > 2 {
		c.set("@options", parts[2])
	}
}

// content adds what an item consists of.
func content(item *node, kind string, ids []string) {
	c := item.child("Content")
	for _, id := range ids {
		c.add(kind, id)
	}
}

func command(item *node, w *words) error {
	if kind := w.oneOf("text", "binary"); kind != "" {
		item.set("WebSocketMessageType", kind)
	}
	content(item, "Param", w.ids())
	return w.options(item, nil)
}

func response(item *node, w *words) error {
	content(item, "Param", w.ids())
	return w.options(item, nil)
}

func pair(item *node, w *words) error {
	if w.oneOf("command") != "" {
		content(item, "Command", w.ids())
	}
	if w.oneOf("response") != "" {
		content(item, "Response", w.ids())
	}
	return w.options(item, nil)
}

func group(item *node, w *words) error {
	kinds := []string{"pair", "session", "action", "trigger"}
	kind := w.oneOf(kinds...)
	if next := w.oneOf(kinds...); next != "" || kind == "" { // the type may be called like what the group holds
		if kind == "" {
			kind = w.next()
			next = w.oneOf(kinds...)
		}
		item.set("Type", kind)
		kind = next
	}
	if kind == "" {
		return errors.New("a group holds pairs, sessions, actions or triggers")
	}
	content(item, strings.ToUpper(kind[:1])+kind[1:], w.ids())
	return w.options(item, nil)
}

func timer(item *node, w *words) error {
	item.set("Time", w.next())
	if w.oneOf("group") == "" {
		return errors.New("a timer has groups")
	}
	content(item, "Group", w.ids())
	return w.options(item, nil)
}

// on reads what an item works on.
func on(item *node, w *words) {
	if w.oneOf("on") == "" {
		return
	}
	item.set("On", w.next())
	if id := w.id(); id != "" {
		item.set("On@id", id)
	}
}

func trigger(item *node, w *words) error {
	on(item, w)
	kind := w.oneOf("action", "trigger")
	if kind == "" {
		item.set("Time", w.next())
		kind = w.oneOf("action", "trigger")
	}
	if kind == "" {
		return errors.New("a trigger runs actions or triggers")
	}
	item.set("Type", kind)
	content(item, "Id", w.ids())
	return w.options(item, nil)
}

func action(item *node, w *words) error {
	on(item, w)
	item.set("Type", w.next())
	return w.options(item, nil)
}
