package web

import (
	"context"
	"errors"
	"net/http"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// tablesOn returns the tables that stand on a page of an element.
func (s *Server) tablesOn(ctx context.Context, v element.View, slug string) (map[element.ParamID]element.Table, error) {
	if slug == "" {
		slug = v.FirstPage()
	}
	found := map[element.ParamID]element.Table{}
	for _, p := range v.Pages {
		if p.Slug != slug || p.Separator {
			continue
		}
		for _, r := range p.Rows {
			if !v.Tables[r.Read] {
				continue
			}
			t, err := s.service.Table(ctx, v.Element.ID, r.Read)
			if err != nil {
				return nil, err
			}
			found[r.Read] = t
		}
	}
	return found, nil
}

// postCell carries out the form of one cell. What was typed and refused is
// drawn again where it was typed.
func (s *Server) postCell(c echo.Context) error {
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
		_, err = s.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	}
	cell := views.CellForm{Table: req.Table, Row: req.Key, Column: req.Parameter}
	if err != nil {
		return s.cellAgain(c, at, req, cell, err)
	}
	if isHTMX(c) {
		return s.drawCell(c, http.StatusOK, at, cell)
	}
	return goTo(c, s.url(c, at))
}

// editCell draws the editor of a cell: alone for a script, else on its page.
func (s *Server) editCell(c echo.Context) error {
	at := posted(c, c.QueryParams())
	cell := views.CellForm{
		Table: element.ParamID(number(c, "pid")), Row: param(c, "key"), Column: element.ParamID(number(c, "column")),
		Form: views.SetForm{Editing: true},
	}
	if isHTMX(c) {
		return s.drawCell(c, http.StatusOK, at, cell)
	}
	return s.drawElementWith(c, http.StatusOK, at, views.ElementPage{Cell: &cell})
}

// cellAgain draws the editor of a cell that was not set.
func (s *Server) cellAgain(c echo.Context, at place, req element.SetRequest, cell views.CellForm, err error) error {
	cell.Form.Value = req.Raw.String()
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		cell.Form.Question, cell.Form.Token = ask.question, ask.token
		if isHTMX(c) {
			return s.drawCell(c, http.StatusUnprocessableEntity, at, cell)
		}
		return s.confirmPage(c, at, cell)
	}
	if code := element.CodeOf(err); code != element.Invalid {
		return err
	}
	cell.Form.Error = element.MessageOf(err)
	if isHTMX(c) {
		return s.drawCell(c, http.StatusUnprocessableEntity, at, cell)
	}
	return s.drawElementWith(c, http.StatusUnprocessableEntity, at, views.ElementPage{Cell: &cell})
}

func (s *Server) confirmPage(c echo.Context, at place, cell views.CellForm) error {
	v, err := s.service.View(c.Request().Context(), at.id)
	if err != nil {
		return err
	}
	l, err := s.layout(c, "Set a value")
	if err != nil {
		return err
	}
	l = laidOut(l, at)
	return s.render(c, http.StatusUnprocessableEntity, views.Confirm(views.ConfirmPage{
		Layout: l, Element: v.Element, Info: v.Infos[cell.Column], Parameter: cell.Column, Page: at.slug,
		Form: cell.Form, Table: cell.Table, Row: cell.Row,
	}))
}

func (s *Server) drawCell(c echo.Context, status int, at place, cell views.CellForm) error {
	ctx := c.Request().Context()
	v, err := s.service.View(ctx, at.id)
	if err != nil {
		return err
	}
	t, err := s.service.Table(ctx, at.id, cell.Table)
	if err != nil {
		return err
	}
	l := laidOut(s.bareLayout(c, ""), at)
	return s.render(c, status, views.Cell(views.CellFragment{Layout: l, View: v, Slug: at.slug, Table: t, Cell: cell}))
}
