package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// elementForms make elements and change their settings.
type elementForms struct {
	*shell
	settings   Settings
	connectors Connectors
	values     Values
	tlsFolder  string // where the PEM files lie that settings name; "" when unknown
}

// chooseConnector draws the choice of a connector, and then its form.
func (h *elementForms) chooseConnector(c echo.Context) error {
	name := c.QueryParam(views.FieldConnector)
	if name == "" {
		return h.draw(c, http.StatusOK, views.ElementForm{}, nil)
	}
	d, err := h.connectors.Connector(c.Request().Context(), name, c.QueryParam(views.FieldVersion))
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, views.NewElementForm(d), nil)
}

func (h *elementForms) draw(c echo.Context, status int, f views.ElementForm, e *element.Element) error {
	choices, err := h.connectors.Connectors(c.Request().Context())
	if err != nil {
		return err
	}
	title := "New element"
	if e != nil {
		title = "Settings of " + e.Name
	}
	l, err := h.layout(c, title)
	if err != nil {
		return err
	}
	if e != nil {
		l.Current = e.ID
	}
	return render(c, status, views.ElementFormView(views.ElementFormPage{Layout: l, Form: f, Choices: choices, Element: e, TLSFolder: h.tlsFolder}))
}

func (h *elementForms) create(c echo.Context) error {
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), posted.Get(views.FieldConnector)
	if name == "" {
		var f views.ElementForm
		if f.Errors, err = h.errorsOf(ctx, f, element.Draft{}, nil); err != nil {
			return err
		}
		return h.draw(c, http.StatusUnprocessableEntity, f, nil)
	}
	d, err := h.connectors.Connector(ctx, name, posted.Get(views.FieldVersion))
	if err != nil {
		return err
	}
	f := fill(views.NewElementForm(d), posted)
	f.Start = posted.Get(views.FieldStart) == "true"
	draft, wrong := draftOf(f, posted)
	draft.Connector, draft.Version, draft.Start = &f.Connector, &f.Version, &f.Start
	if wrong == nil {
		var e element.Element
		if e, err = h.settings.Create(ctx, draft, by(c)); err == nil {
			return goTo(c, h.links.of(c).Element(e.ID))
		}
		wrong, err = formErrors(f, err)
	}
	if err != nil {
		return err
	}
	if f.Errors, err = h.errorsOf(ctx, f, draft, wrong); err != nil {
		return err
	}
	return h.draw(c, http.StatusUnprocessableEntity, f, nil)
}

// present is an element as it is, and its form.
func (h *elementForms) present(c echo.Context) (element.View, views.ElementForm, error) {
	ctx := c.Request().Context()
	v, err := h.values.View(ctx, elementID(c))
	if err != nil {
		return element.View{}, views.ElementForm{}, err
	}
	d, err := h.connectors.Connector(ctx, v.Config.Connector, v.Config.Version)
	if err != nil {
		return element.View{}, views.ElementForm{}, err
	}
	return v, views.EditElementForm(v.Element.ID, v.Config, d.Connections), nil
}

func (h *elementForms) edit(c echo.Context) error {
	v, f, err := h.present(c)
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, f, &v.Element)
}

func (h *elementForms) update(c echo.Context) error {
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	v, f, err := h.present(c)
	if err != nil {
		return err
	}
	f = fill(f, posted)
	draft, wrong := draftOf(f, posted)
	if posted.Has(views.FieldVersion) {
		draft.Version = &f.Version
	}
	ctx := c.Request().Context()
	if wrong == nil {
		var e element.Element
		if e, err = h.settings.Update(ctx, f.ID, draft, by(c)); err == nil {
			return h.flash(c, h.links.of(c).Element(e.ID), "The settings were saved.")
		}
		wrong, err = formErrors(f, err)
	}
	if err != nil {
		return err
	}
	if f.Errors, err = h.errorsOf(ctx, f, draft, wrong); err != nil {
		return err
	}
	return h.draw(c, http.StatusUnprocessableEntity, f, &v.Element)
}

// fill lays what was posted over a form: the texts as typed.
func fill(f views.ElementForm, posted url.Values) views.ElementForm {
	take := func(dst *string, name string) {
		if posted.Has(name) {
			*dst = posted.Get(name)
		}
	}
	take(&f.Name, views.FieldName)
	take(&f.Version, views.FieldVersion)
	take(&f.Reconnect, views.FieldReconnect)
	for i := range f.Connections {
		fillConnection(&f.Connections[i], posted)
	}
	return f
}

// draftOf reads a filled form; only what was posted is said in the draft.
// wrong are the errors by form field, nil when there are none.
func draftOf(f views.ElementForm, posted url.Values) (d element.Draft, wrong map[string]string) {
	if posted.Has(views.FieldName) {
		d.Name = &f.Name
	}
	if posted.Has(views.FieldReconnect) {
		mode := element.ReconnectMode(f.Reconnect)
		d.Reconnect = &mode
	}
	for _, c := range f.Connections {
		d.Connections = append(d.Connections, connectionDraft(&c, posted, func(field, sentence string) {
			if wrong == nil {
				wrong = map[string]string{}
			}
			wrong[field] = sentence
		}))
	}
	return d, wrong
}

// formErrors returns what a form is drawn again with, or the error itself
// when it is not about what was entered.
func formErrors(f views.ElementForm, err error) (map[string]string, error) {
	e, ok := errors.AsType[*element.Error](err)
	if !ok || e.Code != element.Invalid && e.Code != element.Conflict {
		return nil, err
	}
	return map[string]string{views.FormField(e.Field, f.IDs()): e.Msg}, nil
}

// errorsOf adds to what a form was refused for all else that is wrong with it,
// so that a person mends it in one go.
func (h *elementForms) errorsOf(ctx context.Context, f views.ElementForm, d element.Draft, wrong map[string]string) (map[string]string, error) {
	problems, err := h.settings.Problems(ctx, f.ID, d)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	maps.Copy(all, wrong)
	for _, p := range problems {
		if field := views.FormField(p.Field, f.IDs()); all[field] == "" {
			all[field] = p.Msg
		}
	}
	return all, nil
}
