package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// getScripts lists the QActions of an element with what they cost.
func (s *Server) getScripts(c echo.Context) error {
	v, err := s.service.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, map[string]any{"scripts": list(v.Scripts)})
}
