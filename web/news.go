package web

import (
	"context"
	"net/http"

	"fieldline/element"
	"fieldline/views/present"

	"github.com/labstack/echo/v4"
)

// presenter turns the news of one stream into what its pages show.
type presenter struct {
	present.Stream
	name    string
	values  Values
	version string // of the connector that Infos are of; "" while they are not known
}

func newPresenter(stream string, values Values) *presenter {
	return &presenter{name: stream, values: values, Stream: present.Stream{Fleet: stream == element.FleetStream}}
}

// news is a batch as a page gets it; ok is false when nothing is left.
func (p *presenter) news(ctx context.Context, b element.Batch, events bool) (m message, ok bool) {
	m = message{Type: "news", Stream: p.name, Cursor: &b.Cursor}
	if b.Reset {
		m.Type = "reset"
		return m, true
	}
	p.learn(ctx, b.Patches)
	m.Patches = p.Patches(b.Patches)
	if events {
		m.Events, m.Missed = present.Events(p.Infos, b.Events), b.Missed
	}
	return m, len(m.Patches)+len(m.Events) > 0 || m.Missed > 0
}

// learn asks what the connector says of its parameters: at first, and when the
// element uses another version. While the element does not answer, its values
// are shown without.
func (p *presenter) learn(ctx context.Context, patches []element.Patch) {
	if p.Fleet {
		return
	}
	for _, x := range patches {
		if x.Element != nil && x.Element.Version != p.version {
			p.version = ""
		}
	}
	if p.version != "" {
		return
	}
	if v, err := p.values.View(ctx, element.ID(p.name)); err == nil {
		p.Infos, p.version = v.Infos, v.Element.Version
	}
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
	return message{Type: "snapshot", Stream: stream, Cursor: &cursor, Patches: present.Stream{Fleet: true}.Patches(patches)}, nil
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
	of := present.Stream{Infos: v.Infos}
	return message{
		Type: "snapshot", Stream: stream, Cursor: &v.Cursor,
		Patches: of.Patches(patchesOf(v)), Events: present.Events(of.Infos, events),
	}, nil
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
