package web

import (
	"context"
	"net/http"

	"fieldline/element"
	"fieldline/views/present"

	"github.com/labstack/echo/v4"
)

// newsOf is a batch as the page gets it; ok is false when nothing is left.
func newsOf(t topic, b element.Batch) (m message, ok bool) {
	m = message{Type: "news", Stream: t.Stream, Cursor: &b.Cursor}
	if b.Reset {
		m.Type = "reset"
		return m, true
	}
	m.Patches = presenter(t.Stream).Patches(b.Patches)
	if t.Events {
		m.Events, m.Missed = b.Events, b.Missed
	}
	return m, len(m.Patches)+len(m.Events) > 0 || m.Missed > 0
}

func presenter(stream string) present.Stream {
	return present.Stream{Fleet: stream == element.FleetStream}
}

// snapshots answer with the whole state of a stream in one piece of news, for a
// page that cannot go on from where it was or that no socket reaches.
type snapshots struct {
	elements  Elements
	values    Values
	diagnosis Diagnosis
}

func (s *snapshots) get(c echo.Context) error {
	take, stream := s.ofElement, param(c, "stream")
	if stream == element.FleetStream {
		take = s.ofFleet
	}
	m, err := take(c.Request().Context(), stream)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, m)
}

func (s *snapshots) ofFleet(ctx context.Context, stream string) (message, error) {
	all, cursor, err := s.elements.Elements(ctx)
	if err != nil {
		return message{}, err
	}
	var patches []element.Patch
	for i := range all {
		patches = append(patches, element.Patch{Element: &all[i], Seq: cursor.Seq})
	}
	return message{Type: "snapshot", Stream: stream, Cursor: &cursor, Patches: presenter(stream).Patches(patches)}, nil
}

func (s *snapshots) ofElement(ctx context.Context, stream string) (message, error) {
	v, err := s.values.View(ctx, element.ID(stream))
	if err != nil {
		return message{}, err
	}
	events, err := eventsUpTo(ctx, s.diagnosis, v)
	if err != nil {
		return message{}, err
	}
	return message{Type: "snapshot", Stream: stream, Cursor: &v.Cursor, Patches: presenter(stream).Patches(patchesOf(v)), Events: events}, nil
}

// patchesOf is a view as the news that would bring it about.
func patchesOf(v element.View) []element.Patch {
	all := []element.Patch{{Element: &v.Element}}
	for _, p := range v.Parameters {
		p = p.Excerpt()
		all = append(all, element.Patch{Parameter: &p})
	}
	for i := range v.Scripts {
		all = append(all, element.Patch{Script: &v.Scripts[i]})
	}
	for i := range all {
		all[i].Seq = v.Cursor.Seq
	}
	return all
}
