package web

import (
	"context"
	"net/url"
	"slices"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// eventsOnPage is the number of events that an element's page starts with.
const eventsOnPage = 200

// elementScreen draws an element's page.
type elementScreen struct {
	*shell
	values    Values
	diagnosis Diagnosis
}

// draw draws an element's page; of p the editors to draw open are given.
func (s *elementScreen) draw(c echo.Context, status int, at place, v element.View, p views.ElementPage) error {
	slug := at.slug
	ctx := c.Request().Context()
	if slug == "" {
		slug = v.FirstPage() // forms return to the page that is shown, also when another becomes the first
	}
	if slug != "" && !slices.ContainsFunc(v.Pages, func(p element.Page) bool { return p.Slug == slug && !p.Separator }) {
		return element.Errorf(element.NotFound, "The connector of %s has no page at this address.", v.Element.Name)
	}
	events, err := eventsUpTo(ctx, s.diagnosis, v)
	if err != nil {
		return err
	}
	l, err := s.layout(c, v.Element.Name)
	if err != nil {
		return err
	}
	if p.Tables, err = s.tablesOn(ctx, v, slug); err != nil {
		return err
	}
	p.Layout, p.View, p.Slug, p.Events = at.layout(l), v, slug, events
	return render(c, status, views.Element(p))
}

// eventsUpTo are the newest events of an element that a view of it holds; what
// happened after it was taken comes over the socket.
func eventsUpTo(ctx context.Context, d Diagnosis, v element.View) ([]element.Event, error) {
	page, err := d.Events(ctx, v.Element.ID, nil, eventsOnPage)
	return slices.DeleteFunc(slices.Clone(page.Events), func(e element.Event) bool { return e.Seq > v.Cursor.Seq }), err
}

// tablesOn returns the tables that stand on a page of an element.
func (s *elementScreen) tablesOn(ctx context.Context, v element.View, slug string) (map[element.ParamID]element.Table, error) {
	if slug == "" {
		slug = v.FirstPage()
	}
	found := map[element.ParamID]element.Table{}
	for _, p := range v.Pages {
		if p.Slug != slug || p.Separator {
			continue
		}
		for _, r := range p.Rows {
			if !v.Tables[r.Read] {
				continue
			}
			t, err := s.values.Table(ctx, v.Element.ID, r.Read)
			if err != nil {
				return nil, err
			}
			found[r.Read] = t
		}
	}
	return found, nil
}

// place is a page of an element, with or without the shell, and how its tables
// are arranged.
type place struct {
	id     element.ID
	slug   string
	embed  bool
	tables views.Arrangement
}

// url is the address of the place.
func (p place) url(links views.URLs) string {
	if p.embed {
		return p.tables.At(links.Embed(p.id, p.slug))
	}
	return p.tables.At(links.Page(p.id, p.slug))
}

// layout is the layout of a page or a fragment of the place.
func (p place) layout(l views.Layout) views.Layout {
	l.Current, l.Embed, l.Arrangement = p.id, p.embed, p.tables
	return l
}

// placeOf is the place that a form was posted from.
func placeOf(c echo.Context, form url.Values) place {
	return place{elementID(c), form.Get(views.FieldPage), form.Get(views.FieldEmbed) == "1", views.ReadArrangement(form)}
}
