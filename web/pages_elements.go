package web

import (
	"net/http"
	"path"
	"strconv"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// elementPages are the overview, the pages of elements and the buttons on them.
type elementPages struct {
	*shell
	elements Elements
	values   Values
	screen   *elementScreen
}

func (h *elementPages) overview(c echo.Context) error {
	l, err := h.layout(c, "")
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Overview(views.OverviewPage{Layout: l}))
}

// goHome leads to the overview, which lists the elements.
func (h *elementPages) goHome(c echo.Context) error { return goTo(c, h.links.of(c).Home()) }

// show draws an element with or without the shell.
func (h *elementPages) show(c echo.Context) error {
	v, err := h.values.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	at := place{v.Element.ID, param(c, "slug"), h.links.isEmbed(c), views.ReadArrangement(c.QueryParams())}
	return h.screen.draw(c, http.StatusOK, at, v, views.ElementPage{})
}

// order carries out the order that the path ends with. htmx needs no answer:
// what happens comes over the socket.
func (h *elementPages) order(c echo.Context) error {
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
	if _, err := h.elements.Do(c.Request().Context(), elementID(c), element.Order(path.Base(c.Path())), connection, by(c)); err != nil {
		return err
	}
	if isHTMX(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return goTo(c, placeOf(c, form).url(h.links.of(c)))
}

func (h *elementPages) askDelete(c echo.Context) error { return h.drawDelete(c, http.StatusOK, "") }

func (h *elementPages) drawDelete(c echo.Context, status int, wrong string) error {
	e, err := h.elements.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	l, err := h.layoutOf(c, e.ID, "Delete "+e.Name)
	if err != nil {
		return err
	}
	return render(c, status, views.Delete(views.DeletePage{Layout: l, Element: e, Error: wrong}))
}

func (h *elementPages) delete(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get(views.FieldConfirm) != "yes" {
		return h.drawDelete(c, http.StatusUnprocessableEntity, "Confirm that you are sure: this cannot be undone.")
	}
	e, err := h.elements.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	if err := h.elements.Delete(c.Request().Context(), e.ID, by(c)); err != nil {
		return err
	}
	return h.flash(c, h.links.of(c).Home(), e.Name+" was deleted.")
}
