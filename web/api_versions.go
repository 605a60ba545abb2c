package web

import (
	"net/http"
	"slices"
	"strconv"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

func (s *Server) deleteConnector(c echo.Context) error {
	if err := s.service.DeleteConnector(c.Request().Context(), param(c, "name"), param(c, "version"), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) getReport(c echo.Context) error {
	r, err := s.service.Report(c.Request().Context(), param(c, "name"), param(c, "version"))
	if err != nil {
		return err
	}
	r.Lines = list(r.Lines)
	return answer(c, http.StatusOK, r)
}

func (s *Server) getVersions(c echo.Context) error {
	v, err := s.service.Versions(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	versions := make([]element.VersionChoice, len(v.Versions))
	for i, choice := range v.Versions {
		choice.Findings = counted(choice.Findings)
		versions[i] = choice
	}
	v.Versions = versions
	return answer(c, http.StatusOK, v)
}

func (s *Server) getChanges(c echo.Context) error {
	back, err := flag(c, "back")
	if err != nil {
		return err
	}
	v, err := s.service.VersionChanges(c.Request().Context(), elementID(c), param(c, "version"), back)
	if err != nil {
		return err
	}
	v.Changes, v.Saved, v.Tables, v.Settings = list(v.Changes), list(v.Saved), list(v.Tables), list(v.Settings)
	return answer(c, http.StatusOK, v)
}

// flag reads a field of the query that is true or false; false when absent.
func flag(c echo.Context, name string) (bool, error) {
	text := c.QueryParam(name)
	if text == "" {
		return false, nil
	}
	yes, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest(name, "%q is neither true nor false.", text)
	}
	return yes, nil
}

func (s *Server) deleteKept(c echo.Context) error {
	if err := s.service.ForgetVersion(c.Request().Context(), elementID(c), param(c, "version"), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) postBack(c echo.Context) error {
	wish, err := decodeBody[element.VersionWish](c, true)
	if err != nil {
		return err
	}
	e, err := s.service.Back(c.Request().Context(), elementID(c), wish, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, shown(e))
}

// usersOf returns the elements of a connector; older are those that use a
// version before the given one.
func (s *Server) usersOf(c echo.Context, name, version string) (all, older []element.Element, err error) {
	ctx := c.Request().Context()
	connectors, err := s.service.Connectors(ctx)
	if err != nil {
		return nil, nil, err
	}
	elements, _, err := s.service.Elements(ctx)
	if err != nil {
		return nil, nil, err
	}
	// The newest version of a connector stands first.
	place := func(version string) int {
		return slices.IndexFunc(connectors, func(x element.ConnectorSummary) bool { return x.Name == name && x.Version == version })
	}
	for _, e := range elements {
		if e.Connector != name {
			continue
		}
		all = append(all, e)
		if place(e.Version) > place(version) {
			older = append(older, e)
		}
	}
	return all, older, nil
}
