package runner

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/link"
)

// isPassword reports whether a parameter, or the twin that holds the same
// value, is a password: its value is shown to nobody.
func (r *Runner) isPassword(id element.ParamID) bool {
	info := r.infos[id]
	return info.Password || r.infos[info.ReadID].Password || r.infos[info.WriteID].Password
}

// held are the present values of the password parameters.
func (r *Runner) held() []string {
	var all []string
	if r.machine != nil {
		for _, id := range r.passwords {
			if v := r.machine.Held(id).String(); v != "" {
				all = append(all, v)
			}
		}
	}
	return all
}

// secrets are the texts that nobody is shown: what the password parameters
// hold, and what the last opening handshakes used. The longest come first,
// since one may be a part of another.
func (r *Runner) secrets() []string {
	var all []string
	if held := r.held(); len(held) > 0 {
		all = link.Secrets(link.Config{Secrets: held})
	} else if len(r.connections) == 1 {
		return r.connections[0].secrets // sorted already
	}
	for _, c := range r.connections {
		all = append(all, c.secrets...)
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// scrub masks the secrets in the texts of an event. A device or a connector's
// logic may repeat them anywhere: in a message, a refusal, a Close frame.
// Values of parameters that are no passwords are left, but for the secrets in an
// address: they are what the device said and somebody may rely on.
func (r *Runner) scrub(body element.EventBody) element.EventBody {
	body = r.scrubAddress(body)
	secrets := r.secrets()
	if len(secrets) == 0 {
		return body
	}
	mask := func(texts ...*string) {
		for _, s := range texts {
			*s = link.Mask(*s, secrets...)
		}
	}
	switch b := body.(type) {
	case element.MessageIn:
		return element.MessageIn(scrubMessage(element.Message(b), secrets))
	case element.MessageOut:
		return element.MessageOut(scrubMessage(element.Message(b), secrets))
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

// scrubAddress masks the secrets in the value of a parameter that feeds an
// address. The parameter itself keeps them: people have to see what they edit.
func (r *Runner) scrubAddress(body element.EventBody) element.EventBody {
	maskAddress := func(id element.ParamID, v element.Value) string { // "" when there is nothing to mask
		if r.definition == nil {
			return ""
		}
		p := r.definition.Param(id)
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
		if masked := maskAddress(b.Parameter, b.Value); masked != "" {
			b.Value, b.Display = element.Text(masked), element.MaskURL(b.Display)
			return b
		}
	case element.WriteMoved:
		if masked := maskAddress(b.Parameter, b.Value); masked != "" {
			b.Value = element.Text(masked)
			return b
		}
	}
	return body
}

// scrubText masks the secrets in a sentence.
func (r *Runner) scrubText(s string) string { return link.Mask(s, r.secrets()...) }

// scrubMessage masks secrets in an excerpt, also one that the cut at its end
// left a part of.
func scrubMessage(m element.Message, secrets []string) element.Message {
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

// scrubPayload masks the secrets of a message that is kept for download.
func (r *Runner) scrubPayload(data []byte) []byte {
	secrets := r.secrets()
	if len(secrets) == 0 {
		return data
	}
	return []byte(link.Mask(string(data), secrets...))
}
