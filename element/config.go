package element

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ID identifies an element for ever; it is URL-safe and never reused.
type ID string

// ReconnectMode says who opens a connection again after it was lost.
type ReconnectMode string

// The modes. Manual is what DataMiner does: somebody presses Reconnect or sets
// the dynamic IP again.
const (
	Automatic ReconnectMode = "automatic"
	Manual    ReconnectMode = "manual"
)

// Limits of a configuration.
const (
	MaxNameLength  = 200     // characters of an element's name
	MaxTimeoutMs   = 120_000 // of a single command and of the opening handshake
	MinTimeoutMs   = 10
	MaxRetries     = 10
	DefaultTimeout = 1500 // milliseconds, when the connector says nothing
	DefaultRetries = 3
)

// BypassProxy is the bus address that means "use no proxy", in any casing.
const BypassProxy = "bypassProxy"

// Config is what a person decides about an element.
type Config struct {
	Name        string             `json:"name"`
	Connector   string             `json:"connector"`
	Version     string             `json:"version"`
	Reconnect   ReconnectMode      `json:"reconnect"`
	Connections []ConnectionConfig `json:"connections"`
}

// ConnectionConfig is the address of one connection and how patient to be.
// Host may carry a scheme, a port and a path (ParseAddress); Port is 0 when
// the host or the scheme decides.
type ConnectionConfig struct {
	ID         int    `json:"id"`
	Host       string `json:"host"`
	Port       int    `json:"port"`
	BusAddress string `json:"busAddress"`
	TimeoutMs  int    `json:"timeoutMs"`
	Retries    int    `json:"retries"`
	TLS               // for wss and https

	PingMs        *int   `json:"pingMs,omitempty"`        // between pings; 0 never, nil DefaultPingMs
	SlowAfter     *int   `json:"slowAfter,omitempty"`     // failures in a row before slow poll; 0 never, nil the connector's
	SlowAfterMs   *int   `json:"slowAfterMs,omitempty"`   // time in the timeout state before slow poll; 0 never, nil the connector's
	SlowPingMs    *int   `json:"slowPingMs,omitempty"`    // between pings of slow poll; nil the connector's
	RetryMs       *int   `json:"retryMs,omitempty"`       // longest wait before the first retry; nil DefaultRetryMs
	RetryMaxMs    *int   `json:"retryMaxMs,omitempty"`    // longest wait of a series of retries; nil DefaultRetryMaxMs
	StopCodes     []int  `json:"stopCodes,omitempty"`     // close codes of the device after which only a person reconnects
	CommandWaitMs *int   `json:"commandWaitMs,omitempty"` // how long what a person gives waits for a connection that is not open; 0 not at all, nil DefaultCommandWaitMs
	KeepCookies   bool   `json:"keepCookies,omitempty"`   // cookies of answers are kept for the connection, not for one exchange only
	Proxy         string `json:"proxy,omitempty"`         // ParseProxy; for sessions that name none, unless the bus address bypasses it
}

// TLS says how a device that speaks TLS is trusted, and who we are to it. Files
// are PEM; settings name them inside the folder for certificates, the link by
// their paths.
type TLS struct {
	SkipVerify  bool   `json:"skipVerify"`            // the device's certificate is not checked
	ServerName  string `json:"serverName,omitempty"`  // what the certificate has to be made out to; the host when ""
	Fingerprint string `json:"fingerprint,omitempty"` // pinned SHA-256 of the certificate in hex, colons allowed

	// What is weakened for devices that speak old TLS.
	MinVersion string `json:"minTLS,omitempty"`     // oldest version: "1.0", "1.1", "1.2" or "1.3"; DefaultMinTLS when ""
	OldCiphers bool   `json:"oldCiphers,omitempty"` // also those without forward secrecy, with CBC or with 3DES
	CommonName bool   `json:"commonName,omitempty"` // a certificate without alternative names counts for its common name

	CAFile   string `json:"caFile,omitempty"`   // authorities beside the system's
	CertFile string `json:"certFile,omitempty"` // client certificate
	KeyFile  string `json:"keyFile,omitempty"`  // its key; in CertFile too when ""
}

// BypassesProxy reports whether the bus address says so, in any casing.
func (c ConnectionConfig) BypassesProxy() bool {
	return strings.EqualFold(strings.TrimSpace(c.BusAddress), BypassProxy)
}

// Draft is a wish for a Config: what is nil was not said. It is the body of
// POST and PATCH /elements and what the element's form posts.
type Draft struct {
	Name        *string           `json:"name"`
	Connector   *string           `json:"connector"`
	Version     *string           `json:"version"`
	Reconnect   *ReconnectMode    `json:"reconnect"`
	Connections []ConnectionDraft `json:"connections"`
	Start       *bool             `json:"start"` // with another Version: active or stopped afterwards; as before when nil
	// OnlyStopped refuses another Version while the element is not stopped:
	// for whoever was shown a stopped one.
	OnlyStopped bool `json:"-"`
}

// ConnectionDraft is a wish for one ConnectionConfig, found by its ID.
type ConnectionDraft struct {
	ID         int     `json:"id"`
	Host       *string `json:"host"` // masked as people see it: the one there is
	Port       *int    `json:"port"`
	BusAddress *string `json:"busAddress"`
	TimeoutMs  *int    `json:"timeoutMs"`
	Retries    *int    `json:"retries"`
	SkipVerify *bool   `json:"skipVerify"`

	PingMs        *int    `json:"pingMs"`
	SlowAfter     *int    `json:"slowAfter"`
	SlowAfterMs   *int    `json:"slowAfterMs"`
	SlowPingMs    *int    `json:"slowPingMs"`
	RetryMs       *int    `json:"retryMs"`
	RetryMaxMs    *int    `json:"retryMaxMs"`
	StopCodes     *[]int  `json:"stopCodes"`
	CommandWaitMs *int    `json:"commandWaitMs"`
	KeepCookies   *bool   `json:"keepCookies"`
	MinTLS        *string `json:"minTLS"`
	OldCiphers    *bool   `json:"oldCiphers"`
	CommonName    *bool   `json:"commonName"`
	Proxy         *string `json:"proxy"` // masked as people see it: the one there is
	ServerName    *string `json:"serverName"`
	Fingerprint   *string `json:"fingerprint"`
	CAFile        *string `json:"caFile"`
	CertFile      *string `json:"certFile"`
	KeyFile       *string `json:"keyFile"`
}

// Apply returns base with what the draft says laid over it. Connections that
// base does not have are an error: the connector decides which exist. The
// result is not validated yet.
func (d Draft) Apply(base Config) (Config, error) {
	c := base
	c.Connections = slices.Clone(base.Connections)
	set(&c.Name, d.Name)
	set(&c.Connector, d.Connector)
	set(&c.Version, d.Version)
	set(&c.Reconnect, d.Reconnect)
	c.Name = strings.TrimSpace(c.Name)
	seen := map[int]bool{}
	for i, cd := range d.Connections {
		at := slices.IndexFunc(c.Connections, func(x ConnectionConfig) bool { return x.ID == cd.ID })
		if at < 0 {
			return c, FieldErrorf(connectionField(i, "id"), "The connector has no connection %d.", cd.ID)
		}
		if seen[cd.ID] {
			return c, FieldErrorf(connectionField(i, "id"), "Connection %d is given twice.", cd.ID)
		}
		seen[cd.ID] = true
		cd.apply(&c.Connections[at])
	}
	return c, nil
}

// apply lays what the draft says over x.
func (cd ConnectionDraft) apply(x *ConnectionConfig) {
	if cd.Host != nil && strings.TrimSpace(*cd.Host) != MaskURL(x.Host) {
		x.Host = *cd.Host
	}
	set(&x.Port, cd.Port)
	set(&x.BusAddress, cd.BusAddress)
	set(&x.TimeoutMs, cd.TimeoutMs)
	set(&x.Retries, cd.Retries)
	set(&x.SkipVerify, cd.SkipVerify)
	for _, choice := range []struct{ to, wish **int }{
		{&x.PingMs, &cd.PingMs},
		{&x.SlowAfter, &cd.SlowAfter},
		{&x.SlowAfterMs, &cd.SlowAfterMs},
		{&x.SlowPingMs, &cd.SlowPingMs},
		{&x.RetryMs, &cd.RetryMs},
		{&x.RetryMaxMs, &cd.RetryMaxMs},
		{&x.CommandWaitMs, &cd.CommandWaitMs},
	} {
		if *choice.wish != nil {
			*choice.to = new(**choice.wish)
		}
	}
	if cd.Proxy != nil && (x.Proxy == "" || strings.TrimSpace(*cd.Proxy) != MaskProxy(x.Proxy)) {
		x.Proxy = *cd.Proxy
	}
	if cd.StopCodes != nil {
		x.StopCodes = sortedCodes(*cd.StopCodes)
	}
	set(&x.KeepCookies, cd.KeepCookies)
	set(&x.MinVersion, cd.MinTLS)
	set(&x.OldCiphers, cd.OldCiphers)
	set(&x.CommonName, cd.CommonName)
	set(&x.ServerName, cd.ServerName)
	set(&x.Fingerprint, cd.Fingerprint)
	set(&x.CAFile, cd.CAFile)
	set(&x.CertFile, cd.CertFile)
	set(&x.KeyFile, cd.KeyFile)
	for _, text := range []*string{&x.Host, &x.Proxy, &x.MinVersion, &x.ServerName, &x.Fingerprint, &x.CAFile, &x.CertFile, &x.KeyFile} {
		*text = strings.TrimSpace(*text)
	}
}

func set[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}

// Validate is the door for an element's settings: it returns an Invalid Error
// that names the field, the first of Problems, or nil.
func (c Config) Validate() error {
	if problems := c.Problems(); len(problems) > 0 {
		return problems[0]
	}
	return nil
}

// Problems returns everything that is wrong with the settings, at most one
// Invalid Error for each field, in document order. Whether the name is taken
// only a store knows.
func (c Config) Problems() []*Error {
	var out []*Error
	if e := nameProblem(c.Name); e != nil {
		out = append(out, e)
	}
	if c.Connector == "" {
		out = append(out, FieldErrorf("connector", "Choose a connector."))
	}
	if c.Reconnect != Automatic && c.Reconnect != Manual {
		out = append(out, FieldErrorf("reconnect", "Reconnect is %q; it is either %q or %q.", c.Reconnect, Automatic, Manual))
	}
	for i, cc := range c.Connections {
		out = append(out, cc.problems(i)...)
	}
	return out
}

func nameProblem(name string) *Error {
	n := utf8.RuneCountInString(name)
	switch {
	case strings.TrimSpace(name) == "":
		return FieldErrorf("name", "The element needs a name.")
	case n > MaxNameLength:
		return FieldErrorf("name", "The name has %d characters; at most %d are allowed.", n, MaxNameLength)
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(name):
		return FieldErrorf("name", "The name has a control character; use printable text.")
	}
	return nil
}

// NameTaken is the Conflict of a name that another element has, in any casing.
func NameTaken(name string) *Error {
	return &Error{Code: Conflict, Field: "name", Msg: fmt.Sprintf("An element named %q exists already; choose another name.", name)}
}

func (c ConnectionConfig) problems(i int) []*Error {
	var out []*Error
	wrong := func(field, format string, args ...any) {
		out = append(out, FieldErrorf(connectionField(i, field), format, args...))
	}
	if strings.Contains(c.Host, Mask) {
		wrong("host", "The secret in the address is hidden here; type it again, since the rest of the address changed.")
	} else if _, err := ParseAddress(c.Host); err != nil {
		wrong("host", "%s", MessageOf(err))
	}
	if c.Port < 0 || c.Port > 65535 {
		wrong("port", "%d is not a port; a port is a number from 1 to 65535.", c.Port)
	}
	if c.TimeoutMs < MinTimeoutMs || c.TimeoutMs > MaxTimeoutMs {
		wrong("timeoutMs", "The timeout is %d ms; it can be %d to %d ms.", c.TimeoutMs, MinTimeoutMs, MaxTimeoutMs)
	}
	if c.Retries < 0 || c.Retries > MaxRetries {
		wrong("retries", "%d retries are not possible; allowed are 0 to %d.", c.Retries, MaxRetries)
	}
	if len(c.BusAddress) > MaxNameLength {
		wrong("busAddress", "The bus address is too long; at most %d bytes are allowed.", MaxNameLength)
	}
	c.reachProblems(wrong)
	c.slowProblems(i == 0, wrong)
	c.retryProblems(wrong)
	return out
}

// connectionField names a field of the i-th connection as JSON bodies and
// forms spell it.
func connectionField(i int, name string) string {
	return "connections[" + FormatNumber(float64(i)) + "]." + name
}
