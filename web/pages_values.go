package web

import (
	"errors"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// valuePages are the forms of parameters and cells.
type valuePages struct {
	*shell
	values Values
	writer *writer
	screen *elementScreen
}

// editor is what is drawn of a value: where it stands, and the view and the
// table, of a cell, as they are now.
type editor struct {
	place
	target element.Target
	view   element.View
	table  element.Table
}

// open is the page with the editor drawn open.
func (e editor) open(form views.SetForm) views.ElementPage {
	return views.ElementPage{Forms: map[element.Target]views.SetForm{e.target: form}}
}

// set carries out the form of one parameter or cell. What was typed and refused
// is drawn again where it was typed.
func (h *valuePages) set(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	to, err := target(c)
	if err != nil {
		return err
	}
	req := element.SetRequest{Target: to, Raw: posted(form, views.FieldValue), By: by(c), WithView: true}
	if seen := posted(form, views.FieldIfValue); seen.IsSet() && !to.IsCell() {
		req.IfValue = &seen
	}
	at := placeOf(c, form)
	result, err := h.writer.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	switch {
	case err == nil && !isHTMX(c):
		return goTo(c, at.url(h.links.of(c)))
	case result.View == nil: // there is nothing to draw it on
		return err
	}
	e := editor{place: at, target: to, view: *result.View}
	if result.Table != nil {
		e.table = *result.Table
	}
	if err != nil {
		return h.again(c, e, req, err)
	}
	return h.draw(c, http.StatusOK, e, views.SetForm{})
}

// again draws the editor of a value that was not set.
func (h *valuePages) again(c echo.Context, e editor, req element.SetRequest, err error) error {
	form := views.SetForm{Value: req.Raw.String()}
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		form.Question, form.Token = ask.Question, ask.token
		if isHTMX(c) {
			return h.draw(c, http.StatusUnprocessableEntity, e, form)
		}
		return h.confirmPage(c, e, req, form)
	}
	code := element.CodeOf(err)
	if code != element.Invalid && code != element.Conflict {
		return err
	}
	form.Error = element.MessageOf(err)
	form.Conflict = code == element.Conflict && req.IfValue != nil
	if isHTMX(c) {
		return h.draw(c, statusOf(code), e, form)
	}
	return h.screen.draw(c, statusOf(code), e.place, e.view, e.open(form))
}

// draw draws the row of a parameter, or a cell, alone.
func (h *valuePages) draw(c echo.Context, status int, e editor, form views.SetForm) error {
	l := e.layout(h.bareLayout(c, ""))
	return render(c, status, views.Drawn(views.Fragment{Layout: l, View: e.view, Slug: e.slug, Target: e.target, Table: e.table, Form: form}))
}

// confirmPage asks the connector's question on a page of its own.
func (h *valuePages) confirmPage(c echo.Context, e editor, req element.SetRequest, form views.SetForm) error {
	l, err := h.layout(c, "Set a value")
	if err != nil {
		return err
	}
	info := e.view.Infos[e.target.Parameter]
	if info.WriteID != 0 && !e.target.IsCell() {
		info = e.view.Infos[info.WriteID]
	}
	p := views.ConfirmPage{
		Layout: e.layout(l), Element: e.view.Element, Info: info, Target: e.target, Page: e.slug, Form: form,
	}
	if req.IfValue != nil {
		text := req.IfValue.String()
		p.IfValue = &text
	}
	return render(c, http.StatusUnprocessableEntity, views.Confirm(p))
}

// editCell draws the editor of a cell: alone for a script, else on its page.
func (h *valuePages) editCell(c echo.Context) error {
	to, err := target(c)
	if err != nil {
		return err
	}
	e, ctx := editor{place: placeOf(c, c.QueryParams()), target: to}, c.Request().Context()
	if e.view, err = h.values.View(ctx, e.id); err != nil {
		return err
	}
	form := views.SetForm{Editing: true}
	if !isHTMX(c) {
		return h.screen.draw(c, http.StatusOK, e.place, e.view, e.open(form))
	}
	if e.table, err = h.values.Table(ctx, e.id, to.Table); err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, e, form)
}
