package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Opening is what the opening handshake of a connection says right now. Its
// Secrets are the values to mask wherever the handshake is shown.
type Opening struct {
	element.Destination
	Ping          time.Duration // between pings once it is open, 0 for none
	IgnoreTimeout bool          // a failure does not put the element in timeout
	Notes         []string      // for the log: which path was used, which header was left out
}

func (o *Opening) note(s string) { o.Notes = append(o.Notes, s) }

func (o *Opening) secret(v string) {
	if v != "" && !slices.Contains(o.Secrets, v) {
		o.Secrets = append(o.Secrets, v)
	}
}

// certificate refuses a session that logs in with a client certificate where
// the element's settings name none for the connection.
func (o *Opening) certificate(s *connector.Session, c *connector.Connection) error {
	if s.LoginMethod != "certificate" || o.TLS.CertFile != "" {
		return nil
	}
	return element.Errorf(element.Invalid,
		"Session %d logs in with a client certificate, and the element's settings name none for %s. Name its file in the settings.", s.ID, connName(c))
}

// security takes over what the element's settings say of proxies and TLS.
func (o *Opening) security(cfg element.ConnectionConfig) {
	o.Proxy.Bypass, o.TLS = cfg.BypassesProxy(), cfg.TLS
}

// applyProxy takes the proxy of the element's settings when the session names none
// and the bus address does not say to go without. What a proxy's address holds
// of a login is a secret wherever it comes from.
func (o *Opening) applyProxy(cfg element.ConnectionConfig) {
	if o.Proxy.URL != "" {
		if p, err := element.ParseProxy(o.Proxy.URL); err == nil {
			o.secret(p.Password)
		}
		if cfg.Proxy != "" {
			o.note("The proxy of the element's settings is not used: the connector's session names one.")
		}
		return
	}
	switch {
	case cfg.Proxy == "":
		return
	case o.Proxy.Bypass:
		o.note("The proxy of the element's settings is not used: the bus address is " + element.BypassProxy + ".")
		return
	}
	p, err := element.ParseProxy(cfg.Proxy)
	if err != nil { // settings were checked when they were made; the link says what is wrong
		o.Proxy.URL = cfg.Proxy
		return
	}
	o.Proxy.URL = p.URL
	if p.User != "" || p.Password != "" {
		o.Proxy.User, o.Proxy.Password = p.User, p.Password
		o.secret(p.Password)
	}
	o.note("The proxy is that of the element's settings.")
}
