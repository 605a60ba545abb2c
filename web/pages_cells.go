package web

import (
	"errors"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// setCell carries out the form of one cell. What was typed and refused is
// drawn again where it was typed.
func (h *valuePages) setCell(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	at := posted(c, form)
	req := element.SetRequest{Target: cellTarget(c), Raw: element.Text(form.Get(views.FieldValue)), By: by(c)}
	if req.Table == 0 || req.Parameter == 0 {
		return noParameter(c)
	}
	if err = noValue(form); err == nil {
		_, err = h.writer.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	}
	cell := views.CellForm{Table: req.Table, Row: req.Key, Column: req.Parameter}
	if err != nil {
		return h.cellAgain(c, at, req, cell, err)
	}
	if isHTMX(c) {
		return h.drawCell(c, http.StatusOK, at, cell)
	}
	return goTo(c, at.url(h.links.of(c)))
}

// editCell draws the editor of a cell: alone for a script, else on its page.
func (h *valuePages) editCell(c echo.Context) error {
	at := posted(c, c.QueryParams())
	cell := views.CellForm{
		Table: element.ParamID(number(c, "pid")), Row: param(c, "key"), Column: element.ParamID(number(c, "column")),
		Form: views.SetForm{Editing: true},
	}
	if isHTMX(c) {
		return h.drawCell(c, http.StatusOK, at, cell)
	}
	return h.screen.draw(c, http.StatusOK, at, views.ElementPage{Cell: &cell})
}

// cellAgain draws the editor of a cell that was not set.
func (h *valuePages) cellAgain(c echo.Context, at place, req element.SetRequest, cell views.CellForm, err error) error {
	cell.Form.Value = req.Raw.String()
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		cell.Form.Question, cell.Form.Token = ask.question, ask.token
		if isHTMX(c) {
			return h.drawCell(c, http.StatusUnprocessableEntity, at, cell)
		}
		return h.confirmPage(c, at, cell)
	}
	if code := element.CodeOf(err); code != element.Invalid {
		return err
	}
	cell.Form.Error = element.MessageOf(err)
	if isHTMX(c) {
		return h.drawCell(c, http.StatusUnprocessableEntity, at, cell)
	}
	return h.screen.draw(c, http.StatusUnprocessableEntity, at, views.ElementPage{Cell: &cell})
}

func (h *valuePages) confirmPage(c echo.Context, at place, cell views.CellForm) error {
	v, err := h.values.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l, err := h.layout(c, "Set a value")
	if err != nil {
		return err
	}
	l = at.layout(l)
	return render(c, http.StatusUnprocessableEntity, views.Confirm(views.ConfirmPage{
		Layout: l, Element: v.Element, Info: v.Infos[cell.Column], Parameter: cell.Column, Page: at.slug,
		Form: cell.Form, Table: cell.Table, Row: cell.Row,
	}))
}

func (h *valuePages) drawCell(c echo.Context, status int, at place, cell views.CellForm) error {
	ctx := c.Request().Context()
	v, err := h.values.View(ctx, at.id)
	if err != nil {
		return err
	}
	t, err := h.values.Table(ctx, at.id, cell.Table)
	if err != nil {
		return err
	}
	l := at.layout(h.bareLayout(c, ""))
	return render(c, status, views.Cell(views.CellFragment{Layout: l, View: v, Slug: at.slug, Table: t, Cell: cell}))
}
