package runner

import (
	"maps"
	"path/filepath"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// linkConfig is an opening with the limits of the fleet, and the time between
// the pings of the session it opens, 0 for none.
func (c *connection) linkConfig(o engine.Opening) (cfg link.Config, ping time.Duration) {
	cfg, ping = c.r.linkConfig(o), o.Ping
	cfg.Logins, cfg.Cookies = &c.r.logins, c.keptCookies()
	if cc, ok := c.r.connectionConfig(c.id); !ok || cc.PingMs == nil {
		ping = c.r.o.PingInterval
	}
	// A ping is due once in an interval; its answer has half of one more.
	// Without pings a silent device is a quiet one. Pings that only keep the way
	// open come sooner; the device has as long to answer as ever.
	cfg.ReadTimeout = ping + ping/2
	return cfg, c.series.cuts.ping(ping)
}

// keptCookies are the element's, nil when the connection does not keep any.
func (c *connection) keptCookies() *link.Cookies {
	if cc, ok := c.r.connectionConfig(c.id); ok && cc.KeepCookies {
		return &c.r.cookies
	}
	return nil
}

// timeFirst completes the record of the open connection with the time to its
// first message. Records are never changed: those that were handed out are
// read by others.
func (c *connection) timeFirst() {
	if c.last == nil {
		return
	}
	if _, known := c.last.PhasesMs[element.PhaseFirstMessage]; known {
		return
	}
	record := *c.last
	record.PhasesMs = maps.Clone(record.PhasesMs)
	if record.PhasesMs == nil {
		record.PhasesMs = map[string]int64{}
	}
	record.PhasesMs[element.PhaseFirstMessage] = c.session.FirstMessage().Sub(c.session.Opened()).Milliseconds()
	c.last = &record
	c.succeeded(&record)
}

// tlsSettings are those of the element, with the files where they are. A
// certificate without a key has it in its own file.
func (r *Runner) tlsSettings(o engine.Opening) link.TLS {
	file := func(name string) string {
		if name == "" {
			return ""
		}
		return filepath.Join(r.o.TLSFolder, name)
	}
	t := link.TLS{
		SkipVerify: o.SkipVerify, ServerName: o.TLS.ServerName, Fingerprint: o.TLS.Fingerprint,
		CAFile: file(o.TLS.CAFile), CertFile: file(o.TLS.CertFile), KeyFile: file(o.TLS.KeyFile),
		MinVersion: o.TLS.MinVersion, OldCiphers: o.TLS.OldCiphers, CommonName: o.TLS.CommonName,
	}
	if t.KeyFile == "" {
		t.KeyFile = t.CertFile
	}
	return t
}
