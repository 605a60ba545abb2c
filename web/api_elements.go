package web

import (
	"net/http"
	"path"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// elementsAPI are the calls about elements and their lives.
type elementsAPI struct {
	links    *links
	elements Elements
	settings Settings
}

// withLists is an element as the API shows it: lists are never null.
func withLists(e element.Element) element.Element {
	e.Connections = list(e.Connections)
	return e
}

func (a *elementsAPI) getElements(c echo.Context) error {
	all, _, err := a.elements.Elements(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]element.Element, len(all))
	for i, e := range all {
		out[i] = withLists(e)
	}
	return answer(c, http.StatusOK, map[string]any{"elements": out})
}

func (a *elementsAPI) getElement(c echo.Context) error {
	e, err := a.elements.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, withLists(e))
}

func (a *elementsAPI) postElement(c echo.Context) error {
	d, err := decodeBody[element.Draft](c, false)
	if err != nil {
		return err
	}
	e, err := a.settings.Create(c.Request().Context(), d, by(c))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, a.links.of(c).API()+"elements/"+string(e.ID))
	return answer(c, http.StatusCreated, withLists(e))
}

func (a *elementsAPI) patchElement(c echo.Context) error {
	d, err := decodeBody[element.Draft](c, false)
	if err != nil {
		return err
	}
	e, err := a.settings.Update(c.Request().Context(), elementID(c), d, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, withLists(e))
}

func (a *elementsAPI) deleteElement(c echo.Context) error {
	if err := a.elements.Delete(c.Request().Context(), elementID(c), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// postOrder carries out the order that the path ends with.
func (a *elementsAPI) postOrder(c echo.Context) error {
	o := element.Order(path.Base(c.Path()))
	var connection *int
	if o == element.Reconnect {
		body, err := decodeBody[struct {
			Connection *int `json:"connection"`
		}](c, true)
		if err != nil {
			return err
		}
		connection = body.Connection
	} else if _, err := decodeBody[struct{}](c, true); err != nil {
		return err
	}
	e, err := a.elements.Do(c.Request().Context(), elementID(c), o, connection, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusAccepted, withLists(e))
}
