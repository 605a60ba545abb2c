package connector

import "fieldline/element"

// Rule is one thing that may be said about a connector, by Parse or by package
// lint.
type Rule struct {
	ID       string
	Severity element.Severity
	Meaning  string
}

// Rules lists everything that is reported. Ids with three numbers are those
// of the public DataMiner validator, WS ids are about WebSockets, FL ids about
// this program.
func Rules() []Rule {
	return append(append(webSocketRules(), ownRules()...), validatorRules()...)
}

func webSocketRules() []Rule {
	return []Rule{
		{"WS-01", element.Critical, "WebSocketHandshake refers to a session that does not exist; the connector is refused"},
		{"WS-02", element.Critical, "the session of a handshake has not exactly one Connection; the connector is refused"},
		{"WS-03", element.Critical, "the verb of a handshake is not GET; the connector is refused"},
		{"WS-04", element.Critical, "the url of a handshake is a number, but there is no such parameter; the connector is refused"},
		{"WS-05", element.Warning, "the url of a handshake is a text; DataMiner takes a parameter only"},
		{"WS-06", element.Warning, "a header of a handshake is reserved, or has its value in the file"},
		{"WS-07", element.Warning, "the parameter of a handshake's path or header is not a string"},
		{"WS-08", element.Major, "NotifyConnectionPIDs refers to a parameter that does not exist; it is ignored"},
		{"WS-09", element.Warning, "the status parameter of a connection is not a double, or lacks the entries 0 and 1"},
		{"WS-10", element.Minor, "dynamic ip names a connection that does not exist; major when two parameters claim one connection"},
		{"WS-11", element.Warning, "a dynamic ip parameter is not of Type read, not a string, or not saved"},
		{"WS-12", element.Info, "a WebSocket connection has no dynamic ip; DataMiner could not reconnect it"},
		{"WS-13", element.Warning, "MakeCommandByProtocol is set, but no trigger makes the command before it is sent"},
		{"WS-14", element.Warning, "no trigger reads a response that has parameters of variable length"},
		{"WS-15", element.Warning, "WebSocketHandshake or MakeCommandByProtocol is set, but WebSocket is not true"},
		{"WS-16", element.Minor, "a response, group, pair or action names a connection that does not exist"},
		{"WS-17", element.Warning, "a pair waits for a response on a connection that also brings unasked messages"},
		{"WS-18", element.Info, "a command has no WebSocketMessageType; it is sent as binary"},
		{"WS-19", element.Warning, "WebSocketMessageType is used without a WebSocket connection"},
		{"WS-20", element.Warning, "the parameter of a generic response is never cleared: equal messages count once"},
		{"WS-21", element.Critical, "connection ids are used twice or are no numbers; info when there is no connection 0"},
		{"WS-22", element.Info, "a QAction is in a language that this program does not run"},
		{"WS-23", element.Warning, "a response parameter of a handshake does not exist; it is not filled"},
	}
}

func ownRules() []Rule {
	return []Rule{
		{"FL-01", element.Info, "a name is written in another casing than the schema's"},
		{"FL-02", element.Info, "the construct has no effect in this program"},
		{"FL-03", element.Critical, "the file is not well-formed XML in UTF-8; it is refused"},
		{"FL-04", element.Critical, "the file has a document type declaration; it is refused"},
		{"FL-05", element.Critical, "the file is nested too deep, has too many elements or attributes, or a name that is too long; it is refused"},
		{"FL-06", element.Info, "a rule was found more often than is listed"},
		{"FL-07", element.Minor, "a number is not one or is out of its range; it is ignored"},
		{"FL-08", element.Warning, "a value is neither true nor false; the default is used"},
		{"FL-09", element.Warning, "there are more connections or positions than are read"},
		{"FL-10", element.Info, "a connection is of a kind that this program does not run"},
		{"FL-12", element.Warning, "a verb cannot be sent; GET is used"},
		{"FL-13", element.Minor, "a reference is not the id of a parameter, or that parameter does not exist; it is ignored"},
		{"FL-14", element.Info, "parameters are monitored; this program raises no alarms on values"},
		{"FL-15", element.Minor, "a toggle button has not exactly two entries"},
		{"FL-16", element.Info, "an Interprete Type is read as a string"},
		{"FL-17", element.Info, "a step of a sequence is not run by this program"},
		{"FL-18", element.Minor, "WebSocketMessageType is neither text nor binary; binary is used"},
		{"FL-19", element.Info, "the ping group of slow poll has no pair and no session; it is disabled"},
		{"FL-20", element.Info, "the options of a multithreaded timer have no effect in this program"},
		{"FL-21", element.Major, "a trigger has an unknown Type or comparison; it is disabled"},
		{"FL-22", element.Major, "the id of a QAction is missing or no number; it is disabled"},
		{"FL-23", element.Critical, "two QActions have the same id; the connector is refused"},
		{"FL-24.1", element.Major, "the condition of a QAction cannot be read; it is disabled"},
		{"FL-24.2", element.Major, "the condition of a QAction refers to a missing parameter; it is disabled"},
		{"FL-26", element.Info, "an action is of a type that this program does not run"},
		{"FL-27", element.Info, "open and close work on WebSockets here; DataMiner knows them for serial connections"},
		{"FL-28", element.Critical, "the url of a handshake is an address that cannot be used; the connector is refused; major when it is that of another request, info when characters of it are percent-encoded"},
		{"FL-29", element.Critical, "connections say their kind in two ways, by Type and by tag; the connector is refused"},
		{"FL-30", element.Major, "a group runs one exchange of a session that does not have it; that step is left out"},
		{"FL-31", element.Info, "nothing that runs here fills a parameter on a page: it is set by a QAction, polled over a connection or filled by a session that is not run; it stays empty"},
		{"FL-40", element.Minor, "a thread cannot be made, or a group names one that does not exist; the main queue is used"},
		{"FL-41", element.Info, "a group polls parameters, which is for SNMP; they are not polled"},
		{"FL-42", element.Minor, "a parameter cannot repeat the value of another (duplicateAs); it does not"},
		{"FL-43", element.Info, "how many of the displayed values stay empty, and why"},
		{"FL-44", element.Info, "stands for several recommendations of DataMiner's validator where findings are folded"},
	}
}
