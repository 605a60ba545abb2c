package web

import (
	"context"
	"errors"
	"net/http"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

func (s *Server) getTable(c echo.Context) error {
	pid := number(c, "pid")
	if pid == 0 {
		return noParameter(c)
	}
	t, err := s.service.Table(c.Request().Context(), elementID(c), element.ParamID(pid))
	if err != nil {
		return err
	}
	t.Columns, t.Rows = list(t.Columns), list(t.Rows)
	return answer(c, http.StatusOK, t)
}

func (s *Server) putCell(c echo.Context) error {
	body, err := decodeBody[setBody](c, false)
	if err != nil {
		return err
	}
	if len(body.IfValue) > 0 {
		return badRequest("ifValue", "A write of a cell takes no %q.", "ifValue")
	}
	column := number(c, "column")
	if number(c, "pid") == 0 {
		return noParameter(c)
	}
	if column == 0 {
		return element.Errorf(element.NotFound, "The table has no column %s.", param(c, "column"))
	}
	set, err := body.request(column, by(c))
	if err != nil {
		return err
	}
	req := element.CellRequest{
		Table: element.ParamID(number(c, "pid")), Key: param(c, "key"), Column: set.Parameter, Raw: set.Raw, By: set.By,
	}
	w, err := s.setCell(c.Request().Context(), elementID(c), req, body.Confirm)
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		return ask.refusal()
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, w)
}

// setCell writes a cell after the question that its connector asks, if any.
// Without a good token the error is a *needsConfirm.
func (s *Server) setCell(ctx context.Context, id element.ID, req element.CellRequest, token string) (element.Write, error) {
	view, err := s.service.View(ctx, id)
	if err != nil {
		return element.Write{}, err
	}
	if ask := questionOf(view, req.Column, req.Raw); ask != "" {
		i := intent{element: id, parameter: req.Column, row: element.RowKey{Table: req.Table, Key: req.Key}, value: req.Raw}
		if token == "" || !s.confirms.take(token, i) {
			return element.Write{}, &needsConfirm{question: ask, token: s.confirms.ask(i)}
		}
	}
	return s.service.SetCell(ctx, id, req)
}
