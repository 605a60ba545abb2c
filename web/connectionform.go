package web

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"fieldline/element"
	"fieldline/views"
)

// textField is a text of a connection's block, and where a draft takes it.
type textField struct {
	name string
	text *string
	wish **string
}

func textFields(c *views.ConnectionForm, d *element.ConnectionDraft) []textField {
	return []textField{
		{views.FieldHost, &c.Host, &d.Host},
		{views.FieldBusAddress, &c.BusAddress, &d.BusAddress},
		{views.FieldProxy, &c.Proxy, &d.Proxy},
		{views.FieldMinTLS, &c.TLS.MinTLS, &d.MinTLS},
		{views.FieldServerName, &c.TLS.ServerName, &d.ServerName},
		{views.FieldFingerprint, &c.TLS.Fingerprint, &d.Fingerprint},
		{views.FieldCAFile, &c.TLS.CAFile, &d.CAFile},
		{views.FieldCertFile, &c.TLS.CertFile, &d.CertFile},
		{views.FieldKeyFile, &c.TLS.KeyFile, &d.KeyFile},
	}
}

// numberField is the text of a whole number, and where a draft takes it. An
// empty text says nothing, but for one that may be empty: there it is 0.
type numberField struct {
	name     string
	text     *string
	wish     **int
	mayEmpty bool
}

func numberFields(c *views.ConnectionForm, d *element.ConnectionDraft) []numberField {
	fields := []numberField{
		{views.FieldPort, &c.Port, &d.Port, true}, // no port: the address or the scheme decides
		{views.FieldTimeoutMs, &c.TimeoutMs, &d.TimeoutMs, false},
		{views.FieldRetries, &c.Retries, &d.Retries, false},
		{views.FieldPingMs, &c.PingMs, &d.PingMs, false},
		{views.FieldRetryMs, &c.Retry.First, &d.RetryMs, false},
		{views.FieldRetryMaxMs, &c.Retry.Longest, &d.RetryMaxMs, false},
		{views.FieldCommandWait, &c.CommandWait, &d.CommandWaitMs, false},
	}
	if s := c.Slow; s != nil {
		fields = append(fields,
			numberField{views.FieldSlowAfter, &s.After, &d.SlowAfter, false},
			numberField{views.FieldSlowAfterMs, &s.AfterMs, &d.SlowAfterMs, false},
			numberField{views.FieldSlowPingMs, &s.PingMs, &d.SlowPingMs, false})
	}
	return fields
}

// checkBox is a box of a connection's block, and where a draft takes it.
type checkBox struct {
	name    string
	checked *bool
	wish    **bool
}

func checkBoxes(c *views.ConnectionForm, d *element.ConnectionDraft) []checkBox {
	return []checkBox{
		{views.FieldKeepCookies, &c.KeepCookies, &d.KeepCookies},
		{views.FieldOldCiphers, &c.TLS.OldCiphers, &d.OldCiphers},
		{views.FieldCommonName, &c.TLS.CommonName, &d.CommonName},
		{views.FieldSkipVerify, &c.SkipVerify, &d.SkipVerify},
	}
}

// fillConnection lays what was posted over a connection's block. A box that is
// not checked posts nothing: the host tells that its block was on the form.
func fillConnection(c *views.ConnectionForm, posted url.Values) {
	var nowhere element.ConnectionDraft
	take := func(to *string, field string) {
		if name := views.ConnectionField(c.ID, field); posted.Has(name) {
			*to = posted.Get(name)
		}
	}
	for _, f := range textFields(c, &nowhere) {
		take(f.text, f.name)
	}
	for _, f := range numberFields(c, &nowhere) {
		take(f.text, f.name)
	}
	take(&c.Retry.StopCodes, views.FieldStopCodes)
	if posted.Has(views.ConnectionField(c.ID, views.FieldHost)) {
		for _, b := range checkBoxes(c, &nowhere) {
			*b.checked = posted.Get(views.ConnectionField(c.ID, b.name)) == "true"
		}
	}
}

// connectionDraft reads a filled block; only what was posted is said in the
// draft. refuse is called for each field that cannot be read.
func connectionDraft(c *views.ConnectionForm, posted url.Values, refuse func(field, sentence string)) element.ConnectionDraft {
	d := element.ConnectionDraft{ID: c.ID}
	at := func(field string) string { return views.ConnectionField(c.ID, field) }
	for _, f := range textFields(c, &d) {
		if posted.Has(at(f.name)) {
			*f.wish = f.text
		}
	}
	for _, f := range numberFields(c, &d) {
		text := strings.TrimSpace(*f.text)
		if !posted.Has(at(f.name)) || text == "" && !f.mayEmpty {
			continue
		}
		n := 0
		if text != "" {
			var err error
			if n, err = strconv.Atoi(text); err != nil {
				refuse(at(f.name), "\""+text+"\" is not a whole number.")
			}
		}
		*f.wish = &n
	}
	if posted.Has(at(views.FieldStopCodes)) {
		codes, bad := closeCodes(c.Retry.StopCodes)
		if bad != "" {
			refuse(at(views.FieldStopCodes), "\""+bad+"\" is not a close code; write numbers such as 4001, with commas between them.")
		}
		d.StopCodes = &codes
	}
	if posted.Has(at(views.FieldHost)) {
		for _, b := range checkBoxes(c, &d) {
			*b.wish = b.checked
		}
	}
	return d
}

// closeCodes reads numbers with commas or blanks between them; bad is the first
// that is none.
func closeCodes(text string) (codes []int, bad string) {
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, field
		}
		codes = append(codes, n)
	}
	return codes, ""
}
