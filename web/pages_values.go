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

// cell is the editor of a cell as views draw it.
func (e editor) cell(form views.SetForm) views.CellForm {
	return views.CellForm{Table: e.target.Table, Row: e.target.Key, Column: e.target.Parameter, Form: form}
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
	p := views.ElementPage{Forms: map[element.ParamID]views.SetForm{e.target.Parameter: form}}
	if e.target.IsCell() {
		cell := e.cell(form)
		p = views.ElementPage{Cell: &cell}
	}
	return h.screen.draw(c, statusOf(code), e.place, e.view, p)
}

// draw draws the row of a parameter, or a cell, alone.
func (h *valuePages) draw(c echo.Context, status int, e editor, form views.SetForm) error {
	l := e.layout(h.bareLayout(c, ""))
	if e.target.IsCell() {
		return render(c, status, views.Cell(views.CellFragment{Layout: l, View: e.view, Slug: e.slug, Table: e.table, Cell: e.cell(form)}))
	}
	return render(c, status, views.ParameterRow(views.RowFragment{Layout: l, View: e.view, Slug: e.slug, Parameter: e.target.Parameter, Form: form}))
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
		Layout: e.layout(l), Element: e.view.Element, Info: info, Parameter: e.target.Parameter, Page: e.slug,
		Form: form, Table: e.target.Table, Row: e.target.Key,
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
		cell := e.cell(form)
		return h.screen.draw(c, http.StatusOK, e.place, e.view, views.ElementPage{Cell: &cell})
	}
	if e.table, err = h.values.Table(ctx, e.id, to.Table); err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, e, form)
}
