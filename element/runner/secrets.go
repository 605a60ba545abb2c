package runner

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/link"
)

// secrets are the texts that nobody is shown: what the password parameters hold,
// and what the last opening handshakes used.
type secrets struct {
	params    *parameters
	passwords func() []string // what the password parameters hold now
	sent      []sentSecrets
}

// sentSecrets are what the last handshake of a connection used, the longest
// first.
type sentSecrets struct {
	connection int
	texts      []string
}

// sentBy takes what a handshake uses.
func (s *secrets) sentBy(connection int, texts []string) {
	s.forget(connection)
	s.sent = append(s.sent, sentSecrets{connection, texts})
}

// forget lets go of a connection that is not there any more.
func (s *secrets) forget(connection int) {
	s.sent = slices.DeleteFunc(s.sent, func(x sentSecrets) bool { return x.connection == connection })
}

// all are the texts, the longest first, since one may be a part of another.
func (s *secrets) all() []string {
	var all []string
	if held := s.passwords(); len(held) > 0 {
		all = link.Secrets(element.Destination{Secrets: held})
	} else if len(s.sent) <= 1 {
		for _, x := range s.sent {
			return x.texts // sorted already
		}
		return nil
	}
	for _, x := range s.sent {
		all = append(all, x.texts...)
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// maskEvent masks the secrets in the texts of an event. A device or a connector's
// logic may repeat them anywhere: in a message, a refusal, a Close frame.
// Values of parameters that are no passwords are left, but for the secrets in an
// address: they are what the device said and somebody may rely on.
func (s *secrets) maskEvent(body element.EventBody) element.EventBody {
	body = s.maskAddress(body)
	texts := s.all()
	if len(texts) == 0 {
		return body
	}
	mask := func(fields ...*string) {
		for _, text := range fields {
			*text = link.Mask(*text, texts...)
		}
	}
	switch b := body.(type) {
	case element.MessageIn:
		return element.MessageIn(maskMessage(element.Message(b), texts))
	case element.MessageOut:
		return element.MessageOut(maskMessage(element.Message(b), texts))
	case element.Open:
		mask(&b.URL, &b.Subprotocol, &b.Extensions)
		return b
	case element.Refused:
		mask(&b.Message, &b.Body)
		return b
	case element.Closed:
		mask(&b.Reason, &b.Message)
		return b
	case element.WriteMoved:
		mask(&b.Detail)
		return b
	case element.Log:
		mask(&b.Message)
		return b
	default:
		return body
	}
}

// maskAddress masks the secrets in the value of a parameter that feeds an
// address. The parameter itself keeps them: people have to see what they edit.
func (s *secrets) maskAddress(body element.EventBody) element.EventBody {
	address := func(id element.ParamID, v element.Value) string { // "" when there is nothing to mask
		if s.params.definition == nil {
			return ""
		}
		p := s.params.definition.Param(id)
		if p == nil || !p.HoldsAddress() {
			return ""
		}
		masked := element.MaskURL(v.String())
		if masked == v.String() {
			return ""
		}
		return masked
	}
	switch b := body.(type) {
	case element.ParameterChanged:
		if masked := address(b.Parameter, b.Value); masked != "" {
			b.Value, b.Display = element.Text(masked), element.MaskURL(b.Display)
			return b
		}
	case element.WriteMoved:
		if masked := address(b.Parameter, b.Value); masked != "" {
			b.Value = element.Text(masked)
			return b
		}
	}
	return body
}

// maskText masks the secrets in a sentence.
func (s *secrets) maskText(text string) string { return link.Mask(text, s.all()...) }

// maskMessage masks secrets in an excerpt, also one that the cut at its end
// left a part of.
func maskMessage(m element.Message, secrets []string) element.Message {
	text := m.Text
	if m.Opcode == "binary" {
		text = string(m.Base64)
	}
	clean := link.Mask(text, secrets...)
	if m.Truncated {
		clean = clean[:len(clean)-begun(clean, secrets)]
	}
	switch {
	case clean == text:
	case m.Opcode == "binary":
		m.Base64 = []byte(clean)
	default:
		m.Text = clean
	}
	return m
}

// begun is the length of the longest beginning of a secret that s ends with.
func begun(s string, secrets []string) int {
	for _, secret := range secrets { // the longest first
		for n := min(len(secret), len(s)); n > 0; n-- {
			if strings.HasSuffix(s, secret[:n]) {
				return n
			}
		}
	}
	return 0
}

// maskPayload masks the secrets of a message that is kept for download.
func (s *secrets) maskPayload(data []byte) []byte {
	texts := s.all()
	if len(texts) == 0 {
		return data
	}
	return []byte(link.Mask(string(data), texts...))
}
