package runner

import (
	"cmp"
	"fmt"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// defaultConnections are the settings of a new element before anybody said
// anything.
func defaultConnections(d *connector.Definition) []element.ConnectionConfig {
	var all []element.ConnectionConfig
	for _, c := range d.Connections {
		if c.RunsHere() {
			all = append(all, defaultConnection(d, c))
		}
	}
	return all
}

func defaultConnection(d *connector.Definition, c connector.Connection) element.ConnectionConfig {
	cc := c.Settings()
	if s := cc.SlowPoll(c.SlowPoll); d.Connections[0].ID == c.ID && (s.After > 0 || s.AfterMs > 0) {
		// What the connector says is for new elements: a later version of it leaves them alone.
		cc.SlowAfter, cc.SlowAfterMs, cc.SlowPingMs = &s.After, &s.AfterMs, &s.PingMs
	}
	if cc.TimeoutMs == 0 {
		cc.TimeoutMs = element.DefaultTimeout
	}
	if cc.Host == "" && c.DynamicIP != 0 {
		// An element needs a host; the address that the connector itself would
		// use is one.
		if p := d.Param(c.DynamicIP); p != nil && p.HasDefault {
			cc.Host = p.Default.String()
		}
	}
	return cc
}

// valid passes settings on that were worked out, when they can be.
func valid(cfg element.Config, err error) (element.Config, error) {
	if err != nil {
		return cfg, err
	}
	return cfg, cfg.Validate()
}

// newConfig works out the settings of a new element. They may not be valid.
func newConfig(catalog Catalog, d element.Draft) (element.Config, error) {
	if d.Connector == nil || *d.Connector == "" {
		return element.Config{}, element.FieldErrorf("connector", "Choose a connector.")
	}
	version := ""
	if d.Version != nil {
		version = *d.Version
	}
	definition, err := catalog.Definition(*d.Connector, version)
	if err != nil {
		return element.Config{}, err
	}
	base := element.Config{Reconnect: element.Automatic, Connections: defaultConnections(definition)}
	return lay(definition, base, d)
}

// changedConfig works out the settings of an element after a change. They may
// not be valid.
func changedConfig(catalog Catalog, old element.Config, d element.Draft) (element.Config, error) {
	if d.Connector != nil && *d.Connector != old.Connector {
		return old, element.FieldErrorf("connector", "The connector of an element cannot be changed; make a new element with the other connector.")
	}
	version := old.Version
	if d.Version != nil {
		version = *d.Version
	}
	definition, base, err := configOf(catalog, old, version)
	if err != nil {
		return old, err
	}
	return lay(definition, base, d)
}

// configOf is an element's settings with a version of its connector, before
// anybody said anything of what that version has anew.
func configOf(catalog Catalog, old element.Config, version string) (*connector.Definition, element.Config, error) {
	definition, err := catalog.Definition(old.Connector, version)
	if err != nil {
		return nil, old, err
	}
	base := old
	base.Version = definition.Version
	base.Connections = defaultConnections(definition)
	for i, cc := range base.Connections {
		at := slices.IndexFunc(old.Connections, func(x element.ConnectionConfig) bool { return x.ID == cc.ID })
		if at >= 0 {
			base.Connections[i] = old.Connections[at]
		}
	}
	return definition, base, nil
}

// lay lays the draft over base.
func lay(definition *connector.Definition, base element.Config, d element.Draft) (element.Config, error) {
	if err := checkLocked(definition, base, d); err != nil {
		return base, err
	}
	cfg, err := d.Apply(base)
	if err != nil {
		return base, err
	}
	cfg.Connector, cfg.Version = definition.Name, definition.Version
	return cfg, nil
}

// checkLocked refuses to change what the connector fixes.
func checkLocked(definition *connector.Definition, base element.Config, d element.Draft) error {
	for i, draft := range d.Connections {
		c, ok := definition.Connection(draft.ID)
		at := slices.IndexFunc(base.Connections, func(x element.ConnectionConfig) bool { return x.ID == draft.ID })
		if !ok || at < 0 {
			continue
		}
		now := base.Connections[at]
		changes := map[string]bool{
			"host":       differs(draft.Host, now.Host),
			"port":       differs(draft.Port, now.Port),
			"busAddress": differs(draft.BusAddress, now.BusAddress),
			"timeoutMs":  differs(draft.TimeoutMs, now.TimeoutMs),
			"retries":    differs(draft.Retries, now.Retries),
			"skipVerify": differs(draft.SkipVerify, now.SkipVerify),

			"slowAfter":   chosen(draft.SlowAfter, now.SlowAfter, c.SlowPoll.After),
			"slowAfterMs": chosen(draft.SlowAfterMs, now.SlowAfterMs, c.SlowPoll.AfterMs),
			"slowPingMs":  chosen(draft.SlowPingMs, now.SlowPingMs, cmp.Or(c.SlowPoll.PingMs, element.DefaultSlowPing)),
		}
		for _, field := range c.Locked {
			if changes[field] {
				return element.FieldErrorf(fmt.Sprintf("connections[%d].%s", i, field), "The connector fixes this field; it cannot be changed.")
			}
		}
	}
	return nil
}

// chosen is differs for what the connector says as long as nobody chose.
func chosen(wish, now *int, fallback int) bool {
	if now == nil {
		now = &fallback
	}
	return differs(wish, *now)
}

func differs[T comparable](wish *T, now T) bool { return wish != nil && *wish != now }
