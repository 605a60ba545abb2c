package web

import (
	"net/http"
	"strconv"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// connectionID is the connection that a path names. Connections count from 0.
func connectionID(c echo.Context) (int, error) {
	n, err := strconv.ParseUint(c.Param("n"), 10, 31)
	if err != nil {
		return 0, element.Errorf(element.NotFound, "The element has no connection %s.", param(c, "n"))
	}
	return int(n), nil
}

// getDryRun says what the opening handshake would be now.
func (s *Server) getDryRun(c echo.Context) error {
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	r, err := s.service.DryRun(c.Request().Context(), elementID(c), n)
	if err != nil {
		return err
	}
	r.Notes = list(r.Notes)
	return answer(c, http.StatusOK, r)
}

// postTry makes an opening handshake beside the live connection.
func (s *Server) postTry(c echo.Context) error {
	if _, err := decodeBody[struct{}](c, true); err != nil {
		return err
	}
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	h, err := s.service.Try(c.Request().Context(), elementID(c), n, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, shownHandshake(h))
}

// shownHandshake is a record as the API shows it: objects are never null.
func shownHandshake(h element.Handshake) element.Handshake {
	if h.PhasesMs == nil {
		h.PhasesMs = map[string]int64{}
	}
	return h
}
