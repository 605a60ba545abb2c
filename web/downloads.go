package web

import (
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// getValue sends the whole raw value of a parameter.
func (a *valuesAPI) getValue(c echo.Context) error {
	v, err := a.values.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	p, ok := findParameter(v, number(c, "pid"))
	switch {
	case !ok:
		return noParameter(c)
	case p.Masked:
		return element.Errorf(element.Forbidden, "Parameter %d is a password; its value is not handed out.", p.ID)
	case !p.Value.IsSet():
		return element.Errorf(element.NotFound, "Parameter %d was never set; it has no value yet.", p.ID)
	}
	text := p.Value.String()
	return download(c, fmt.Sprintf("parameter-%d", p.ID), utf8.ValidString(text), []byte(text))
}

// getCellValue sends the whole raw value of a cell.
func (a *valuesAPI) getCellValue(c echo.Context) error {
	at, err := target(c)
	if err != nil {
		return err
	}
	t, err := a.values.Table(c.Request().Context(), elementID(c), at.Table)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(t.Rows, func(r element.Row) bool { return r.Key == at.Key })
	if i < 0 {
		return element.NoRow(at.Table, at.Key)
	}
	cell, set := t.Rows[i].Cells[at.Parameter]
	switch {
	case !set:
		return element.Errorf(element.NotFound, "The row has no value in column %d.", at.Parameter)
	case cell.Masked:
		return element.Errorf(element.Forbidden, "Column %d is a password; its values are not handed out.", at.Parameter)
	}
	text := cell.Value.String()
	return download(c, fmt.Sprintf("cell-%d", at.Parameter), utf8.ValidString(text), []byte(text))
}

// download answers with a file that browsers save and do not show, whatever is
// in it.
func download(c echo.Context, name string, text bool, data []byte) error {
	contentType, ext := "application/octet-stream", ".bin"
	if text {
		contentType, ext = "text/plain; charset=utf-8", ".txt"
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+ext+`"`)
	return c.Blob(http.StatusOK, contentType, data)
}
