package connector

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
)

// The longest texts that Decode takes, in bytes.
const (
	MaxText = 1 << 20  // as much as the body of a request can hold
	MaxFed  = 64 << 10 // of what feeds an address, a path, a header or a login
)

// Decode is the door for values that a person or a script sets: it returns the
// value in the parameter's own type, or an Invalid *element.Error (without
// Field) whose sentence names what is allowed: type, length, range, step,
// discreets, and what the address, path or header the parameter feeds can
// take. The range of a discreet parameter is its list; both the raw value and
// the display text of a discreet are understood.
func (p *Param) Decode(raw element.Value) (element.Value, error) {
	if !raw.IsSet() {
		return element.Value{}, p.wrong("needs a value")
	}
	if v, ok := p.discreet(raw); ok {
		return v, nil
	}
	if p.Enumerated() {
		return element.Value{}, p.wrong("is one of " + p.choices())
	}
	if p.IsNumber {
		return p.decodeNumber(raw)
	}
	return p.decodeText(raw.String())
}

// wrong is an error about this parameter's value.
func (p *Param) wrong(what string) error {
	return element.Errorf(element.Invalid, "%s %s.", p.title(), what)
}

func (p *Param) title() string {
	if p.Description != "" {
		return p.Description
	}
	return p.Name
}

// discreet finds the entry that raw means: by value, then by display.
func (p *Param) discreet(raw element.Value) (element.Value, bool) {
	if d, ok := element.FindDiscreet(p.Discreets, raw.String(), p.IsNumber); ok {
		return p.Interprete.Typed(d.Value)
	}
	return element.Value{}, false
}

func (p *Param) choices() string {
	const most = 10
	names := make([]string, 0, most)
	for i, d := range p.Discreets {
		if i == most {
			return strings.Join(names, ", ") + " and " + strconv.Itoa(len(p.Discreets)-most) + " more"
		}
		names = append(names, strconv.Quote(d.Display))
	}
	return strings.Join(names, ", ")
}

func (p *Param) decodeNumber(raw element.Value) (element.Value, error) {
	f, ok := p.number(raw)
	if !ok {
		return element.Value{}, p.wrong(p.numberWords())
	}
	low, high := p.Low, p.High
	switch {
	case low != nil && high != nil && (f < *low || f > *high):
		return element.Value{}, p.wrong("can be " + p.amount(*low) + " to " + p.amount(*high))
	case low != nil && f < *low:
		return element.Value{}, p.wrong("can be " + p.amount(*low) + " or more")
	case high != nil && f > *high:
		return element.Value{}, p.wrong("can be " + p.amount(*high) + " or less")
	}
	if p.Step != nil && *p.Step > 0 {
		base := 0.0
		if low != nil {
			base = *low
		}
		n := (f - base) / *p.Step
		if math.Abs(n-math.Round(n)) > 1e-6 {
			return element.Value{}, p.wrong("goes in steps of " + p.amount(*p.Step) + " from " + p.amount(base))
		}
	}
	return element.Number(f), nil
}

// number reads a number as it is typed: with a point or a comma, as a date or
// a duration, as 0x and hexadecimal digits.
func (p *Param) number(raw element.Value) (float64, bool) {
	text := strings.TrimSpace(raw.String())
	if f, ok := element.ParseNumber(text); ok {
		return f, true
	}
	if p.Clock != "" {
		return p.Clock.Parse(text)
	}
	digits, isHex := strings.CutPrefix(strings.ToLower(text), "0x")
	if !p.Hex || !isHex {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 16, 53)
	return float64(n), err == nil
}

func (p *Param) numberWords() string {
	switch {
	case p.Clock.IsDate():
		return "is a date, such as " + p.Clock.Example()
	case p.Clock != "":
		return "is a time in hours, minutes and seconds, such as " + p.Clock.Example()
	case p.Hex:
		return "is a number, such as 31 or 0x1F"
	}
	return "is a number, such as 12.5"
}

func (p *Param) amount(f float64) string {
	if text := p.Clock.Text(f); p.Clock != "" && text != "" {
		return text
	}
	if text := hexadecimal(f); p.Hex && text != "" {
		return text
	}
	if p.Units == "" {
		return element.FormatNumber(f)
	}
	return element.FormatNumber(f) + " " + p.Units
}

func (p *Param) decodeText(s string) (element.Value, error) {
	most := MaxText
	if p.sent().Any() {
		most = MaxFed
	}
	if len(s) > most {
		return element.Value{}, p.wrong("can be " + strconv.Itoa(most) + " bytes long; this text has " + strconv.Itoa(len(s)))
	}
	if !utf8.ValidString(s) {
		return element.Value{}, p.wrong("is text in UTF-8; this has other bytes")
	}
	switch p.letters {
	case "upper":
		s = strings.ToUpper(s)
	case "lower":
		s = strings.ToLower(s)
	}
	if _, ok := element.ParseNumber(strings.TrimSpace(s)); p.Numeric && s != "" && !ok {
		return element.Value{}, p.wrong("is a number, such as 12.5")
	}
	n := float64(utf8.RuneCountInString(s))
	if p.Type == TypeWrite || p.WriteID != 0 {
		if p.Low != nil && n < *p.Low {
			return element.Value{}, p.wrong("has at least " + element.FormatNumber(*p.Low) + " characters")
		}
		if p.High != nil && n > *p.High {
			return element.Value{}, p.wrong("has at most " + element.FormatNumber(*p.High) + " characters; this text has " + element.FormatNumber(n))
		}
	}
	s, err := p.checkFeed(s)
	if err != nil {
		return element.Value{}, err
	}
	return element.Text(s), nil
}

// sent is what the parameter feeds of anything that is sent.
func (p *Param) sent() element.Feeds {
	f := p.Feeds
	f.Path, f.Header = f.Path || p.asks.Path, f.Header || p.asks.Header
	return f
}

// HoldsAddress reports whether the parameter feeds an address or a path, which may
// carry secrets.
func (p *Param) HoldsAddress() bool { return p.Feeds.Address || p.Feeds.Path || p.asks.Path }

// checkFeed applies the rules of what the parameter feeds. Empty is allowed
// everywhere: the element's own settings count then.
func (p *Param) checkFeed(s string) (string, error) {
	f := p.sent()
	if f.Address || f.Path {
		s = strings.Trim(s, " ")
	}
	if s == "" {
		return s, nil
	}
	if f.Address {
		if _, err := element.ParseAddress(s); err != nil {
			return s, err
		}
	}
	if f.Path {
		if err := element.CheckPath(s); err != nil {
			return s, err
		}
		if element.IsAbsolute(s) {
			if _, err := element.ParseAddress(s); err != nil {
				return s, err
			}
		}
	}
	if f.Header || f.Login {
		return s, element.CheckHeaderValue(s)
	}
	return s, nil
}

// dots stand for a password of any length.
const dots = "••••••••"

// Display returns the text that a page shows for the value, without units:
// exceptions, discreets, decimals, date and time options. "" when never set;
// passwords are dots.
func (p *Param) Display(v element.Value) string {
	if !v.IsSet() {
		return ""
	}
	if p.Password {
		if v.IsEmpty() {
			return ""
		}
		return dots
	}
	if word := p.word(v); word != "" {
		return word
	}
	raw := v.String()
	if !p.IsNumber {
		return validText(raw)
	}
	f, ok := v.Float()
	if !ok {
		return validText(raw)
	}
	if p.Clock != "" {
		if s := p.Clock.Text(f); s != "" {
			return s
		}
	}
	if p.Hex {
		if s := hexadecimal(f); s != "" {
			return s
		}
	}
	if p.notation != "" {
		decimals := 0
		if p.Decimals != nil {
			decimals = *p.Decimals
		}
		return scientific(f, p.notation, decimals)
	}
	if p.Decimals == nil {
		return raw
	}
	s := strconv.FormatFloat(f, 'f', *p.Decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// validText replaces what is not UTF-8; most texts are and stay as they are.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// word is the text that an exception or a discreet shows for a value, "" when
// there is none.
func (p *Param) word(v element.Value) string {
	raw := v.String()
	same := func(text string) bool { return element.SameValue(text, raw, p.IsNumber) }
	for _, e := range p.Interprete.Exceptions {
		if e.Display != "" && (same(e.Value) || e.Match != "" && same(e.Match)) {
			return e.Display
		}
	}
	for _, o := range p.Interprete.Others {
		if o.Display != "" && same(o.Value) {
			return o.Display
		}
	}
	for _, d := range p.Discreets {
		if same(d.Value) {
			return d.Display
		}
	}
	return ""
}

// DecodeNow is the door for what a person sets at this moment: Decode, what it
// depends on has a value, and a closed list takes only what it offers now.
func (p *Param) DecodeNow(raw element.Value, of element.Lookup) (element.Value, error) {
	v, err := p.Decode(raw)
	if err == nil && p.IsLocked(of) {
		err = p.wrong("cannot be set in this row")
	}
	if err == nil {
		err = p.ready(of)
	}
	if err != nil || !p.Closed() || len(p.Watches()) == 0 {
		return v, err
	}
	var names []string
	for _, o := range p.Offers(of) {
		same := element.SameValue(o.Value, v.String(), p.IsNumber)
		switch {
		case same && !o.Disabled:
			return v, nil
		case !o.Disabled && len(names) < 10:
			names = append(names, strconv.Quote(o.Display))
		}
	}
	if len(names) == 0 {
		return element.Value{}, p.wrong("offers nothing at the moment")
	}
	return element.Value{}, p.wrong("offers at the moment " + strings.Join(names, ", "))
}

// ready refuses a set while a parameter that it depends on, or the twin of that,
// was never set (documentation page
// Protocol.Params.Param.Dependencies.Id-postSet).
func (p *Param) ready(of element.Lookup) error {
	var names []string
	for _, q := range p.needs {
		set := of(q.ID).Initialized || q.ReadID != 0 && of(q.ReadID).Initialized || q.WriteID != 0 && of(q.WriteID).Initialized
		if !set && len(names) < 10 {
			names = append(names, strconv.Quote(q.title()))
		}
	}
	if len(names) > 0 {
		return p.wrong("is set once these have a value: " + strings.Join(names, ", "))
	}
	return nil
}
