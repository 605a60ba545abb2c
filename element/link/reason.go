package link

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostReason = 200 // bytes of a reason that is quoted in a sentence
)

// reasonIn is what the body of a refusal says for people: a short text, or the
// message in a JSON object; "" when it is neither, or says no more than the
// status does.
func reasonIn(body string, status int) string {
	text := strings.TrimSpace(body)
	if strings.HasPrefix(text, "{") {
		text = messageIn(text)
	}
	text = strings.TrimRight(strings.Join(strings.Fields(text), " "), ". ")
	if text == "" || len(text) > mostReason || !utf8.ValidString(text) || strings.ContainsAny(text, "<>{}") ||
		strings.ContainsFunc(text, unicode.IsControl) || saysOnly(text, status) {
		return ""
	}
	return text
}

// messageIn is the sentence in a JSON object, wherever APIs have it (RFC 9457
// and others).
func messageIn(text string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &fields) != nil {
		return ""
	}
	for _, name := range []string{"detail", "message", "error_description", "reason", "description", "error", "msg", "title"} {
		var s string
		if raw, ok := fields[name]; ok && json.Unmarshal(raw, &s) == nil && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// saysOnly reports whether a text holds nothing but the status and words that
// say nothing.
func saysOnly(text string, status int) bool {
	known := map[string]bool{"error": true, "http": true, "page": true, "code": true, "status": true, "the": true, "url": true, "bad": true}
	for word := range strings.FieldsSeq(strings.ToLower(http.StatusText(status))) {
		known[word] = true
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		if !known[word] {
			return false
		}
	}
	return true
}
