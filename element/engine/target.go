package engine

import (
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

func httpScheme(s string) string {
	switch s {
	case "wss", "https":
		return "https"
	default:
		return "http"
	}
}

func httpPort(scheme string) int {
	if scheme == "https" {
		return 443
	}
	return 80
}

// httpTarget is where an HTTP connection leads (documentation page
// ConnectionsHttpHttps). The host field is https on port 443 or with that
// scheme; a dynamic IP is https only with the scheme, and takes the port of the
// settings when it names none.
func (as *addresses) httpTarget(c *connector.Connection) (element.Address, error) {
	cfg := as.status.connConfig(c.ID)
	a, err := element.ParseAddress(cfg.Host)
	port := a.Port
	if port == 0 {
		port = cfg.Port
	}
	if p, i := as.ix.param(c.DynamicIP); p != nil {
		if text := strings.TrimSpace(as.values.slots[i].value.String()); text != "" {
			d, err := element.ParseAddress(text)
			if err != nil {
				return d, element.Errorf(element.Invalid, "%s holds no address to ask. %s", capital(named(p)), element.MessageOf(err))
			}
			d.Scheme = httpScheme(d.Scheme) // its path is where the paths of requests begin
			if d.Port == 0 {
				d.Port = port
			}
			if d.Port == 0 {
				d.Port = httpPort(d.Scheme)
			}
			return d, nil
		}
	}
	if err != nil {
		return a, element.Errorf(element.Invalid, "The host of %s cannot be used. %s", connName(c), element.MessageOf(err))
	}
	if a.Scheme == "" && port == 443 {
		a.Scheme = "https"
	}
	a.Scheme, a.Port, a.Path = httpScheme(a.Scheme), port, ""
	if a.Port == 0 {
		a.Port = httpPort(a.Scheme)
	}
	return a, nil
}

// target is where a connection leads before its handshake adds a path.
type target struct {
	element.Address
	ownPath bool     // the dynamic IP named a path, which wins over the handshake's
	notes   []string // which choice was made, for the log
}

// target works out scheme, host, port and base path of a WebSocket connection:
// from the value of its dynamic IP parameter, else from the host field.
func (as *addresses) target(c *connector.Connection) (target, error) {
	cfg := as.status.connConfig(c.ID)
	wizard, wizardErr := wizardAddress(cfg)
	if p, i := as.ix.param(c.DynamicIP); p != nil {
		if text := strings.TrimSpace(as.values.slots[i].value.String()); text != "" {
			t, err := dynamicAddress(text, wizard, cfg)
			if err != nil {
				return target{}, element.Errorf(element.Invalid, "%s holds no address to connect to. %s", capital(named(p)), element.MessageOf(err))
			}
			t.notes = append([]string{"The address is that of " + named(p) + "."}, t.notes...)
			return t, nil
		}
	}
	if wizardErr != nil {
		return target{}, element.Errorf(element.Invalid, "The host of %s cannot be used. %s", connName(c), element.MessageOf(wizardErr))
	}
	return target{Address: wizard}, nil
}

// wizardAddress completes the host field of the element's settings: the
// scheme is wss on port 443 and ws otherwise, a port in the host field wins
// over the port field, and without any the scheme decides.
func wizardAddress(cfg element.ConnectionConfig) (element.Address, error) {
	a, err := element.ParseAddress(cfg.Host)
	if a.Port == 0 {
		a.Port = cfg.Port
	}
	a.Scheme = socketScheme(a.Scheme)
	if a.Scheme == "" {
		a.Scheme = "ws"
		if a.Port == 443 {
			a.Scheme = "wss"
		}
	}
	if a.Port == 0 {
		a.Port = defaultPort(a.Scheme)
	}
	return a, err
}

// dynamicAddress completes the value of a dynamic IP parameter. Without a
// scheme it takes that of the settings. Without a port, a complete URL (one
// with a path) takes the scheme's, anything shorter that of the settings.
func dynamicAddress(text string, wizard element.Address, cfg element.ConnectionConfig) (target, error) {
	a, err := element.ParseAddress(text)
	if err != nil {
		return target{}, err
	}
	t := target{Address: a, ownPath: a.Path != "" && a.Path != "/"}
	if t.Scheme = socketScheme(a.Scheme); t.Scheme == "" {
		t.Scheme = wizard.Scheme
	}
	if t.Port != 0 {
		return t, nil
	}
	set, _ := element.ParseAddress(cfg.Host)
	switch {
	case a.Path != "":
		t.Port = defaultPort(t.Scheme)
		t.notes = append(t.notes, "Port "+strconv.Itoa(t.Port)+" is that of "+t.Scheme+"://, because the address is a complete URL without a port.")
	case set.Port != 0 || cfg.Port != 0:
		t.Port = wizard.Port
		t.notes = append(t.notes, "Port "+strconv.Itoa(t.Port)+" is that of the element's settings, because the address names none.")
	default:
		t.Port = defaultPort(t.Scheme)
	}
	return t, nil
}

func socketScheme(s string) string {
	switch s {
	case "http":
		return "ws"
	case "https":
		return "wss"
	default:
		return s
	}
}

func defaultPort(scheme string) int {
	if scheme == "wss" {
		return 443
	}
	return 80
}
