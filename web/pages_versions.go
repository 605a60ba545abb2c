package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// versionPages show the versions of an element's connector, and change them.
type versionPages struct {
	*shell
	elements Elements
	settings Settings
	versions Versions
}

func (h *versionPages) list(c echo.Context) error {
	ctx := c.Request().Context()
	e, err := h.elements.Element(ctx, elementID(c))
	if err != nil {
		return err
	}
	v, err := h.versions.Versions(ctx, e.ID)
	if err != nil {
		return err
	}
	l, err := h.layoutOf(c, e.ID, "Versions of "+e.Connector)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Versions(views.VersionsPage{Layout: l, Element: e, Versions: v}))
}

func (h *versionPages) changes(c echo.Context) error {
	back := c.QueryParam(views.FieldBack) == "1"
	return h.drawChanges(c, http.StatusOK, param(c, "version"), back, views.ChangesPage{})
}

// drawChanges draws what a version would change, with what p holds already.
func (h *versionPages) drawChanges(c echo.Context, status int, version string, back bool, p views.ChangesPage) error {
	ctx := c.Request().Context()
	var err error
	if p.Element, err = h.elements.Element(ctx, elementID(c)); err != nil {
		return err
	}
	if p.Changes, err = h.versions.VersionChanges(ctx, p.Element.ID, version, back); err != nil {
		return err
	}
	if p.Layout, err = h.layoutOf(c, p.Element.ID, "Version "+p.Changes.To+" for "+p.Element.Name); err != nil {
		return err
	}
	return render(c, status, views.Changes(p))
}

// use has an element use another version, as its page asked.
func (h *versionPages) use(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	version := param(c, "version")
	draft := element.Draft{Version: &version}
	p := views.ChangesPage{Hosts: map[int]string{}, Errors: map[string]string{}}
	var ids []int
	for name := range form {
		if id, ok := hostField(name); ok {
			host := form.Get(name)
			p.Hosts[id] = host
			ids = append(ids, id)
			draft.Connections = append(draft.Connections, element.ConnectionDraft{ID: id, Host: &host})
		}
	}
	err = h.change(c, form, func(start *bool) error {
		draft.Start, draft.OnlyStopped = start, start == nil
		_, err := h.settings.Update(c.Request().Context(), elementID(c), draft, by(c))
		return err
	})
	return h.answer(c, err, version, false, p, ids)
}

// hostField reads the name of the field of a connection's host: "c2.host".
func hostField(name string) (connection int, ok bool) {
	text, ok := strings.CutSuffix(strings.TrimPrefix(name, "c"), "."+views.FieldHost)
	if !ok {
		return 0, false
	}
	id, err := strconv.Atoi(text)
	return id, err == nil && name == views.ConnectionField(id, views.FieldHost)
}

// back goes back to a version and the values that were kept with it.
func (h *versionPages) back(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	version := form.Get(views.FieldVersion)
	err = h.change(c, form, func(start *bool) error {
		_, err := h.versions.Back(c.Request().Context(), elementID(c), element.VersionWish{Version: version, Start: start, OnlyStopped: start == nil}, by(c))
		return err
	})
	return h.answer(c, err, version, true, views.ChangesPage{}, nil)
}

// change carries out a change of the version. A running element is stopped
// only when the page had said so; a stopped one is started afterwards.
func (h *versionPages) change(c echo.Context, form url.Values, do func(start *bool) error) error {
	start := form.Get(views.FieldStart) == "true"
	if form.Get(views.FieldStop) == "yes" {
		return do(&start)
	}
	if err := do(nil); err != nil || !start {
		return err
	}
	_, err := h.elements.Do(c.Request().Context(), elementID(c), element.Start, nil, by(c))
	return err
}

// answer answers a form that asked for another version. What was refused is
// the page again.
func (h *versionPages) answer(c echo.Context, err error, version string, back bool, p views.ChangesPage, ids []int) error {
	if err == nil {
		return goTo(c, h.links.of(c).Element(elementID(c)))
	}
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Code != element.Invalid && e.Code != element.Conflict {
		return err
	}
	p.Error = e.Msg
	if field := hostOf(e.Field, ids); field != "" {
		p.Errors[field] = e.Msg
	}
	if drawn := h.drawChanges(c, statusOf(e.Code), version, back, p); drawn == nil {
		return nil
	}
	return err // the version itself is what is wrong
}

// hostOf is the form's name of a field that an error names; connections stand
// in the order of their ids there.
func hostOf(field string, ids []int) string {
	if len(ids) == 0 || !strings.HasSuffix(field, "."+views.FieldHost) {
		return ""
	}
	return views.FormField(field, ids)
}

func (h *versionPages) forget(c echo.Context) error {
	if err := h.versions.ForgetVersion(c.Request().Context(), elementID(c), param(c, "version"), by(c)); err != nil {
		return err
	}
	return h.flash(c, h.links.of(c).Versions(elementID(c)), "The values kept with version "+param(c, "version")+" were forgotten.")
}
