package engine_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"fieldline/element"
	"fieldline/element/engine"
)

// split cuts a line into words; quoted words are Go strings.
func split(t *testing.T, line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimLeftFunc(line, unicode.IsSpace) {
		if line[0] == '"' {
			q, err := strconv.QuotedPrefix(line)
			if err != nil {
				t.Fatalf("bad quotes in %q", line)
			}
			s, _ := strconv.Unquote(q)
			words, line = append(words, s), line[len(q):]
			continue
		}
		n := strings.IndexFunc(line, unicode.IsSpace)
		if n < 0 {
			n = len(line)
		}
		words, line = append(words, line[:n]), line[n:]
	}
	return words
}

// saved reads saved values: 50=text, 51=#12 for a number, 52=!text for one
// that a device had reported.
func saved(words []string) []element.SavedValue {
	var all []element.SavedValue
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		if strings.Contains(key, "/") {
			continue // a cell
		}
		id, _ := strconv.Atoi(key)
		v := element.SavedValue{Target: element.Target{Parameter: element.ParamID(id)}, At: midnight.Add(-time.Hour)}
		value, v.FromDevice = strings.CutPrefix(value, "!")
		v.Value = element.Text(value)
		if num, ok := strings.CutPrefix(value, "#"); ok {
			f, _ := strconv.ParseFloat(num, 64)
			v.Value = element.Number(f)
		}
		all = append(all, v)
	}
	return all
}

// save lists cells, then parameters, each on a line of their own.
func save(values []element.SavedValue) string {
	var cells, parameters string
	for _, v := range values {
		if v.IsCell() {
			cells += " " + savedCell(v)
			continue
		}
		parameters += fmt.Sprintf(" %d=%s", v.Parameter, value(v.Value))
		if v.FromDevice {
			parameters += " from the device"
		}
	}
	var lines []string
	if cells != "" {
		lines = append(lines, "save cells"+cells)
	}
	if parameters != "" {
		lines = append(lines, "save"+parameters)
	}
	return strings.Join(lines, "\n")
}

// answer reads a status line, headers as Name:value and a body after body:.
func answer(conn int, words []string) engine.Answered {
	in := engine.Answered{Connection: conn, StatusLine: words[0]}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, ":")
		if name == "body" {
			in.Body = value
			continue
		}
		in.Headers = append(in.Headers, element.Header{Name: name, Value: value})
	}
	return in
}

func effect(f engine.Effect) string {
	switch f := f.(type) {
	case engine.Save:
		return save(f.Values)
	case engine.RowShown:
		return fmt.Sprintf("row of %d: %s", f.Row.Table, row(f.Row.Row))
	case engine.RowGone:
		return fmt.Sprintf("row of %d gone: %s", f.Table, f.Key)
	case engine.Changed:
		return "changed " + parameter(f.Parameter) + " by " + f.By
	case engine.Refreshed:
		return "refreshed " + parameter(f.Parameter)
	case engine.Connect:
		return fmt.Sprintf("reach %d", f.Connection)
	case engine.Disconnect:
		return fmt.Sprintf("hangup %d", f.Connection)
	case engine.Unsent:
		return fmt.Sprintf("unsent %d: %s", f.Connection, f.Reason)
	case engine.Send:
		kind := "binary"
		if f.Text {
			kind = "text"
		}
		return fmt.Sprintf("send %d %s %q", f.Connection, kind, f.Data)
	case engine.Request:
		return request(f)
	case engine.WriteAdvanced:
		return write(f.Write)
	case engine.Logged:
		return f.Level + ": " + f.Message
	case engine.SlowPolled:
		if f.Every == 0 {
			return fmt.Sprintf("slow poll of %d ends", f.Connection)
		}
		return fmt.Sprintf("slow poll of %d: every %s", f.Connection, f.Every)
	case engine.TimedOut:
		return fmt.Sprintf("timed out %v", f.On)
	default:
		return fmt.Sprintf("%#v", f)
	}
}

func parameter(p element.Parameter) string {
	s := fmt.Sprintf("%d=%s", p.ID, value(p.Value))
	if !p.Initialized {
		s = fmt.Sprintf("%d not initialized", p.ID)
	}
	if p.Masked {
		s += " masked"
	}
	if p.Stale {
		s += " stale"
	}
	return s
}

func value(v element.Value) string {
	switch v.Kind() {
	case element.KindText:
		return strconv.Quote(v.String())
	case element.KindNumber:
		return v.String()
	default:
		return "null"
	}
}

func write(w element.Write) string {
	s := fmt.Sprintf("write %s of %d=%s %s", w.ID, w.Parameter, value(w.Value), w.Status)
	if w.Row != "" {
		s = fmt.Sprintf("write %s of %d in row %s=%s %s", w.ID, w.Parameter, w.Row, value(w.Value), w.Status)
	}
	if w.Detail != "" {
		s += ": " + w.Detail
	}
	return s
}

func (p *player) opening(o engine.Opening, err error) {
	if err != nil {
		p.print("%s: %s", element.CodeOf(err), element.MessageOf(err))
		return
	}
	p.print("%s://%s port %d path %s", o.Scheme, o.Host, o.Port, o.Path)
	for _, h := range o.Headers {
		p.print("%s: %s", h.Name, h.Value)
	}
	if o.HasLogin {
		p.print("login %q %q", o.User, o.Password)
	}
	if o.Proxy.URL != "" || o.Proxy.Bypass {
		p.print("proxy %q %q %q bypass %v", o.Proxy.URL, o.Proxy.User, o.Proxy.Password, o.Proxy.Bypass)
	}
	p.print("timeout %v ignored %v skip verify %v", o.Timeout, o.IgnoreTimeout, o.TLS.SkipVerify)
	if line := tlsLine("tls", o.TLS); line != "" {
		p.print("%s", line)
	}
	if o.Ping != 30*time.Second {
		p.print("ping %v", o.Ping)
	}
	for _, s := range o.Secrets {
		p.print("secret %q", s)
	}
	for _, n := range o.Notes {
		p.print("note: %s", n)
	}
}

// clock writes a time as seconds since the script began.
func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return element.FormatNumber(t.Sub(midnight).Seconds()) + " s"
}

// tlsLine is what the settings say of TLS, but whether certificates are
// checked; "" when that is nothing.
func tlsLine(word string, s element.TLS) string {
	s.SkipVerify = false
	if s == (element.TLS{}) {
		return ""
	}
	return fmt.Sprintf("%s {ServerName:%s Fingerprint:%s CAFile:%s CertFile:%s KeyFile:%s MinVersion:%s OldCiphers:%t CommonName:%t}",
		word, s.ServerName, s.Fingerprint, s.CAFile, s.CertFile, s.KeyFile, s.MinVersion, s.OldCiphers, s.CommonName)
}
