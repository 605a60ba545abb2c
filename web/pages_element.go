package web

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// eventsOnPage is the number of events that an element's page starts with.
const eventsOnPage = 200

func (s *Server) overviewPage(c echo.Context) error {
	l, err := s.layout(c, "")
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.Overview(views.OverviewPage{Layout: l}))
}

// elementPage draws an element with or without the shell.
func (s *Server) elementPage(c echo.Context) error {
	return s.drawElement(c, http.StatusOK, place{elementID(c), param(c, "slug"), s.isEmbed(c), views.ReadArrangement(c.QueryParams())}, nil)
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
func (s *Server) url(c echo.Context, at place) string {
	if at.embed {
		return at.tables.At(s.links(c).Embed(at.id, at.slug))
	}
	return at.tables.At(s.links(c).Page(at.id, at.slug))
}

// laidOut is the layout of a page or a fragment of a place.
func laidOut(l views.Layout, at place) views.Layout {
	l.Current, l.Embed, l.Arrangement = at.id, at.embed, at.tables
	return l
}

// posted is the place that a form was posted from.
func posted(c echo.Context, form url.Values) place {
	return place{elementID(c), form.Get(views.FieldPage), form.Get(views.FieldEmbed) == "1", views.ReadArrangement(form)}
}

func (s *Server) drawElement(c echo.Context, status int, at place, forms map[element.ParamID]views.SetForm) error {
	return s.drawElementWith(c, status, at, views.ElementPage{Forms: forms})
}

// drawElementWith draws an element's page; of p the editors to draw open are
// given.
func (s *Server) drawElementWith(c echo.Context, status int, at place, p views.ElementPage) error {
	id, slug := at.id, at.slug
	ctx := c.Request().Context()
	v, err := s.service.View(ctx, id)
	if err != nil {
		return err
	}
	if slug == "" {
		slug = v.FirstPage() // forms return to the page that is shown, also when another becomes the first
	}
	if slug != "" && !slices.ContainsFunc(v.Pages, func(p element.Page) bool { return p.Slug == slug && !p.Separator }) {
		return element.Errorf(element.NotFound, "The connector of %s has no page at this address.", v.Element.Name)
	}
	events, err := s.service.Events(ctx, id, nil, eventsOnPage)
	if err != nil {
		return err
	}
	// What happened after the view was taken comes over the socket.
	events.Events = slices.DeleteFunc(slices.Clone(events.Events), func(e element.Event) bool { return e.Seq > v.Cursor.Seq })
	l, err := s.layout(c, v.Element.Name)
	if err != nil {
		return err
	}
	l = laidOut(l, at)
	if p.Tables, err = s.tablesOn(ctx, v, slug); err != nil {
		return err
	}
	p.Layout, p.View, p.Slug, p.Events = l, v, slug, events
	return s.render(c, status, views.Element(p))
}

// order carries out the order that the path ends with. htmx needs no answer:
// what happens comes over the socket.
func (s *Server) order(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	var connection *int
	if text := form.Get(views.FieldConnection); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return badRequest(views.FieldConnection, "%q is not the number of a connection.", text)
		}
		connection = &n
	}
	if _, err := s.service.Do(c.Request().Context(), elementID(c), element.Order(path.Base(c.Path())), connection, by(c)); err != nil {
		return err
	}
	if isHTMX(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return goTo(c, s.url(c, posted(c, form)))
}

func (s *Server) deletePage(c echo.Context) error { return s.askDelete(c, http.StatusOK, "") }

func (s *Server) askDelete(c echo.Context, status int, wrong string) error {
	e, err := s.service.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	l, err := s.layout(c, "Delete "+e.Name)
	if err != nil {
		return err
	}
	l.Current = e.ID
	return s.render(c, status, views.Delete(views.DeletePage{Layout: l, Element: e, Error: wrong}))
}

func (s *Server) removeElement(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get(views.FieldConfirm) != "yes" {
		return s.askDelete(c, http.StatusUnprocessableEntity, "Say that you are sure: what is deleted cannot be brought back.")
	}
	e, err := s.service.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	if err := s.service.Delete(c.Request().Context(), e.ID, by(c)); err != nil {
		return err
	}
	return s.goSaying(c, s.links(c).Home(), e.Name+" was deleted.")
}

func (s *Server) handshakePage(c echo.Context) error {
	var p views.HandshakePage
	if c.QueryParam(views.FieldShow) == views.ShowSent {
		n, err := connectionID(c)
		if err != nil {
			return err
		}
		r, err := s.service.DryRun(c.Request().Context(), elementID(c), n)
		if err != nil {
			return err
		}
		p.Preview = &r
	}
	return s.drawHandshakes(c, http.StatusOK, p)
}

// tryHandshake tries one and shows what became of it on the same page.
func (s *Server) tryHandshake(c echo.Context) error {
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	h, err := s.service.Try(c.Request().Context(), elementID(c), n, by(c))
	if code := element.CodeOf(err); code == element.TooMany || code == element.Conflict {
		return s.drawHandshakes(c, statusOf(code), views.HandshakePage{Refusal: element.MessageOf(err)})
	}
	if err != nil {
		return err
	}
	return s.drawHandshakes(c, http.StatusOK, views.HandshakePage{Tried: &h})
}

// drawHandshakes draws a connection's page with what p holds already.
func (s *Server) drawHandshakes(c echo.Context, status int, p views.HandshakePage) error {
	e, err := s.service.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(e.Connections, func(x element.Connection) bool { return x.ID == n })
	if i < 0 {
		return element.Errorf(element.NotFound, "%s has no connection %s.", e.Name, param(c, "n"))
	}
	p.Element, p.Connection = e, e.Connections[i]
	if p.Success, err = s.handshake(c, n, element.WhichLastSuccess); err != nil {
		return err
	}
	if p.Failure, err = s.handshake(c, n, element.WhichLastFailure); err != nil {
		return err
	}
	if p.Layout, err = s.layout(c, views.ExchangeTitle(p.Connection)+" of "+e.Name); err != nil {
		return err
	}
	p.Current = e.ID
	return s.render(c, status, views.Handshake(p))
}

// handshake returns nil when there was none of that kind.
func (s *Server) handshake(c echo.Context, connection int, which element.Which) (*element.Handshake, error) {
	h, err := s.service.Handshake(c.Request().Context(), elementID(c), connection, which)
	if element.CodeOf(err) == element.NotFound {
		return nil, nil //nolint:nilnil // there was none, and that is an answer
	}
	return &h, err
}
