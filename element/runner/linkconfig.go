package runner

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// linkConfig is an opening with the limits of the fleet.
func (c *connection) linkConfig(o engine.Opening) link.Config {
	r := c.r
	cfg := link.Config{
		Destination:  o.Destination,
		MaxMessage:   r.o.MaxMessage,
		WriteTimeout: r.o.WriteTimeout,
		Logins:       &r.logins,
		Cookies:      c.keptCookies(),
	}
	cfg.TLS = withPaths(o.TLS, r.o.TLSFolder)
	cfg.Secrets = append(r.passwordValues(), o.Secrets...)
	return cfg
}

// keptCookies are the element's, nil when the connection does not keep any.
func (c *connection) keptCookies() *link.Cookies {
	if s, ok := c.settings(); ok && s.KeepCookies {
		return &c.r.cookies
	}
	return nil
}

// linkConfig is that of a handshake, and the time between the pings of the
// session it opens, 0 for none.
func (s *socket) linkConfig(o engine.Opening) (cfg link.Config, ping time.Duration) {
	cfg, ping = s.c.linkConfig(o), o.Ping
	if settings, ok := s.c.settings(); !ok || settings.PingMs == nil {
		ping = s.c.r.o.PingInterval
	}
	// A ping is due once in an interval; its answer has half of one more.
	// Without pings a silent device is a quiet one. Pings that only keep the way
	// open come sooner; the device has as long to answer as ever.
	cfg.ReadTimeout = ping + ping/2
	return cfg, s.retry.series.cuts.ping(ping)
}

// withPaths names the files of t by their paths. A certificate without a key has
// it in its own file.
func withPaths(t element.TLS, folder string) element.TLS {
	file := func(name string) string {
		if name == "" {
			return ""
		}
		return filepath.Join(folder, name)
	}
	t.CAFile, t.CertFile, t.KeyFile = file(t.CAFile), file(t.CertFile), file(t.KeyFile)
	if t.KeyFile == "" {
		t.KeyFile = t.CertFile
	}
	return t
}

// openingURL is the target for people: tokens in the query and secret values
// are masked.
func openingURL(o element.Destination) string {
	host := element.Address{Host: o.Host, Port: o.Port}.HostPort()
	secure := o.Scheme == "wss" || o.Scheme == "https"
	if o.Port == 0 || !secure && o.Port == 80 || secure && o.Port == 443 {
		host = strings.TrimSuffix(host, ":"+strconv.Itoa(o.Port))
	}
	url := element.MaskURL(o.Scheme + "://" + host + o.Path)
	for _, secret := range o.Secrets {
		for _, written := range link.Written(secret) {
			url = strings.ReplaceAll(url, written, element.Mask)
		}
	}
	return url
}
