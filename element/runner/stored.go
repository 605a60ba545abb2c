package runner

import (
	"fieldline/element"
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
