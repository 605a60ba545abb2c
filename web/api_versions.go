package web

import (
	"net/http"

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
