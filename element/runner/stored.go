package runner

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// stored is the record of an element as it is on disk, but for a state that
// could not be saved yet.
type stored struct{ element.Record }

// readable returns why the settings on disk could not be read.
func (s *stored) readable() error {
	if s.Unreadable != "" {
		return element.Errorf(element.Conflict, "%s", s.Unreadable)
	}
	return nil
}

// damaged are the settings kept with other versions that cannot be read: why.
func (s *stored) damaged() []string {
	var all []string
	for _, k := range s.Kept {
		if k.Unreadable != "" {
			all = append(all, k.Unreadable)
		}
	}
	return all
}

// connection is the settings of a connection; ok is false when there are none.
func (s *stored) connection(id int) (cc element.ConnectionConfig, ok bool) {
	return connectionOf(s.Config, id)
}

func connectionOf(cfg element.Config, id int) (cc element.ConnectionConfig, ok bool) {
	for _, cc := range cfg.Connections {
		if cc.ID == id {
			return cc, true
		}
	}
	return element.ConnectionConfig{}, false
}

// previous is the version that one goes back to; nil when there is none.
func (s *stored) previous() *element.KeptVersion {
	for _, k := range s.Kept {
		if k.Version != s.Config.Version {
			return &k
		}
	}
	return nil
}

// keptWith is what is kept with a version; nil when nothing is.
func (s *stored) keptWith(version string) *element.KeptVersion {
	for _, k := range s.Kept {
		if k.Version == version {
			return &k
		}
	}
	return nil
}

// checkKept refuses what would need to keep one version too many.
func (s *stored) checkKept(c versionChange) error {
	n := 1
	for _, k := range s.Kept {
		gone := c.back && k.Version == c.config.Version
		if !gone && k.Version != s.Config.Version {
			n++
		}
	}
	if n > element.MaxKeptVersions {
		return element.Errorf(element.Conflict, "The values of %d versions are kept for this element already; forget one of them first.", element.MaxKeptVersions)
	}
	return nil
}

// versions lists what the element can use; all are the connectors there are.
func (s *stored) versions(all []element.ConnectorSummary, count map[connectorKey]int) element.Versions {
	v := element.Versions{
		Connector: s.Config.Connector, Version: s.Config.Version, State: s.State,
		Previous: s.previous(), Versions: []element.VersionChoice{},
	}
	for _, c := range all {
		if c.Name != v.Connector {
			continue
		}
		v.Versions = append(v.Versions, element.VersionChoice{
			Version: c.Version, Source: c.Source, Elements: count[connectorKey{c.Name, c.Version}],
			Current: c.Version == v.Version, Kept: s.keptWith(c.Version), Findings: c.Findings,
		})
	}
	return v
}

// configWith is what the settings would be.
func (s *stored) configWith(catalog Catalog, version string, back bool) (*connector.Definition, element.Config, error) {
	if back {
		return s.backConfig(catalog, version)
	}
	return configOf(catalog, s.Config, version)
}

// backConfig works out the settings after going back: those of today, and of
// connections that the present version does not have those that were kept.
func (s *stored) backConfig(catalog Catalog, version string) (*connector.Definition, element.Config, error) {
	kept := s.keptWith(version)
	if version == "" {
		kept = s.previous()
	}
	switch {
	case kept == nil && version == "":
		return nil, element.Config{}, element.Errorf(element.Conflict, "There is no version to go back to: no values are kept.")
	case kept == nil:
		return nil, element.Config{}, element.Errorf(element.NotFound, "No values are kept with version %q.", version)
	}
	d, err := catalog.Definition(s.Config.Connector, kept.Version)
	if err != nil {
		return nil, element.Config{}, err
	}
	cfg := s.Config
	cfg.Version = kept.Version
	cfg.Connections = defaultConnections(d)
	for i, cc := range cfg.Connections {
		for _, known := range [][]element.ConnectionConfig{s.Config.Connections, kept.Config.Connections} {
			at := slices.IndexFunc(known, func(x element.ConnectionConfig) bool { return x.ID == cc.ID })
			if at >= 0 {
				cfg.Connections[i] = known[at]
				break
			}
		}
	}
	return d, cfg, nil
}
