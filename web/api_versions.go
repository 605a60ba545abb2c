package web

import (
	"net/http"
	"strconv"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// versionsAPI are the calls about versions of an element's connector.
type versionsAPI struct {
	versions Versions
}

func (a *versionsAPI) getVersions(c echo.Context) error {
	v, err := a.versions.Versions(c.Request().Context(), elementID(c))
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

func (a *versionsAPI) getChanges(c echo.Context) error {
	back, err := flag(c, "back")
	if err != nil {
		return err
	}
	v, err := a.versions.VersionChanges(c.Request().Context(), elementID(c), param(c, "version"), back)
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

func (a *versionsAPI) deleteKept(c echo.Context) error {
	if err := a.versions.ForgetVersion(c.Request().Context(), elementID(c), param(c, "version"), by(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *versionsAPI) postBack(c echo.Context) error {
	wish, err := decodeBody[element.VersionWish](c, true)
	if err != nil {
		return err
	}
	e, err := a.versions.Back(c.Request().Context(), elementID(c), wish, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, withLists(e))
}
