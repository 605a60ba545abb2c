package link

import (
	"strings"
)

// wrongFrame says in words what gorilla/websocket found wrong with a frame. It
// has no types for that, only texts, several at once with commas between.
func wrongFrame(err error) *frameError {
	text := strings.TrimPrefix(err.Error(), "websocket: ")
	var words []string
	for part := range strings.SplitSeq(text, ", ") {
		if w := frameWords(part); w != "" && (len(words) == 0 || words[len(words)-1] != w) {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return protocolError("something that is not a WebSocket frame")
	}
	return protocolError("%s", strings.Join(words, " and "))
}

func frameWords(part string) string {
	switch part {
	case "RSV1 set", "RSV2 set", "RSV3 set":
		return "a frame with a reserved bit set that no extension uses"
	case "len > 125 for control":
		return "a control frame of more than 125 bytes"
	case "FIN not set on control":
		return "a control frame in fragments"
	case "data before FIN":
		return "a new message before the last one was complete"
	case "continuation after FIN":
		return "a continuation without a message that it continues"
	case "bad MASK":
		return "a masked frame, which only clients may send"
	case "invalid utf8 payload in close frame":
		return "a Close frame with a reason that is not UTF-8"
	}
	if op, ok := strings.CutPrefix(part, "bad opcode "); ok {
		return "a frame with the unknown opcode " + op
	}
	if code, ok := strings.CutPrefix(part, "bad close code "); ok {
		return "a Close frame with the code " + code + ", which may not be sent"
	}
	return ""
}
