package web

import (
	"net/http"
	"path"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// shown is an element as the API shows it: lists are never null.
func shown(e element.Element) element.Element {
	e.Connections = list(e.Connections)
	return e
}

func elementID(c echo.Context) element.ID { return element.ID(param(c, "id")) }

func (s *Server) getElements(c echo.Context) error {
	all, _, err := s.service.Elements(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]element.Element, len(all))
	for i, e := range all {
		out[i] = shown(e)
	}
	return answer(c, http.StatusOK, map[string]any{"elements": out})
}

func (s *Server) getElement(c echo.Context) error {
	e, err := s.service.Element(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, shown(e))
}

func (s *Server) postElement(c echo.Context) error {
	d, err := decodeBody[element.Draft](c, false)
	if err != nil {
		return err
	}
	e, err := s.service.Create(c.Request().Context(), d, by(c))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, s.links(c).API()+"elements/"+string(e.ID))
	return answer(c, http.StatusCreated, shown(e))
}

func (s *Server) patchElement(c echo.Context) error {
	d, err := decodeBody[element.Draft](c, false)
	if err != nil {
		return err
	}
	e, err := s.service.Update(c.Request().Context(), elementID(c), d, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, shown(e))
}

func (s *Server) deleteElement(c echo.Context) error {
	if err := s.service.Delete(c.Request().Context(), elementID(c), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// postOrder carries out the order that the path ends with.
func (s *Server) postOrder(c echo.Context) error {
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
	e, err := s.service.Do(c.Request().Context(), elementID(c), o, connection, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusAccepted, shown(e))
}
