package web

import (
	"errors"
	"net/http"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

func (a *valuesAPI) getTable(c echo.Context) error {
	pid := number(c, "pid")
	if pid == 0 {
		return noParameter(c)
	}
	t, err := a.values.Table(c.Request().Context(), elementID(c), element.ParamID(pid))
	if err != nil {
		return err
	}
	t.Columns, t.Rows = list(t.Columns), list(t.Rows)
	return answer(c, http.StatusOK, t)
}

// cellTarget is the cell that a path names.
func cellTarget(c echo.Context) element.Target {
	return element.Target{
		Table: element.ParamID(number(c, "pid")), Key: param(c, "key"), Parameter: element.ParamID(number(c, "column")),
	}
}

func (a *valuesAPI) putCell(c echo.Context) error {
	body, err := decodeBody[setBody](c, false)
	if err != nil {
		return err
	}
	if len(body.IfValue) > 0 {
		return badRequest("ifValue", "A write of a cell takes no %q.", "ifValue")
	}
	if number(c, "pid") == 0 {
		return noParameter(c)
	}
	if number(c, "column") == 0 {
		return element.Errorf(element.NotFound, "The table has no column %s.", param(c, "column"))
	}
	req, err := body.request(cellTarget(c), by(c))
	if err != nil {
		return err
	}
	w, err := a.writer.set(c.Request().Context(), elementID(c), req, body.Confirm)
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		return ask.refusal()
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, w)
}
