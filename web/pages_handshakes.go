package web

import (
	"net/http"
	"slices"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// handshakePages show how a connection is made, and try it.
type handshakePages struct {
	*shell
	elements  Elements
	diagnosis Diagnosis
}

func (h *handshakePages) show(c echo.Context) error {
	var p views.HandshakePage
	if c.QueryParam(views.FieldShow) == views.ShowSent {
		n, err := connectionID(c)
		if err != nil {
			return err
		}
		r, err := h.diagnosis.DryRun(c.Request().Context(), elementID(c), n)
		if err != nil {
			return err
		}
		p.Preview = &r
	}
	return h.draw(c, http.StatusOK, p)
}

// tryHandshake tries one and shows what became of it on the same page.
func (h *handshakePages) try(c echo.Context) error {
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	tried, err := h.diagnosis.Try(c.Request().Context(), elementID(c), n, by(c))
	if code := element.CodeOf(err); code == element.TooMany || code == element.Conflict {
		return h.draw(c, statusOf(code), views.HandshakePage{Refusal: element.MessageOf(err)})
	}
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, views.HandshakePage{Tried: &tried})
}

// draw draws a connection's page with what p holds already.
func (h *handshakePages) draw(c echo.Context, status int, p views.HandshakePage) error {
	e, err := h.elements.Element(c.Request().Context(), elementID(c))
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
	if p.Success, err = h.record(c, n, element.WhichLastSuccess); err != nil {
		return err
	}
	if p.Failure, err = h.record(c, n, element.WhichLastFailure); err != nil {
		return err
	}
	if p.Layout, err = h.layoutOf(c, e.ID, views.ExchangeTitle(p.Connection)+" of "+e.Name); err != nil {
		return err
	}
	return render(c, status, views.Handshake(p))
}

// record returns nil when there was none of that kind.
func (h *handshakePages) record(c echo.Context, connection int, which element.Which) (*element.Handshake, error) {
	r, err := h.diagnosis.Handshake(c.Request().Context(), elementID(c), connection, which)
	if element.CodeOf(err) == element.NotFound {
		return nil, nil //nolint:nilnil // there was none, and that is an answer
	}
	return &r, err
}
