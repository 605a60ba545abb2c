package web

import (
	"errors"
	"net/http"
	"slices"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// menuPages are the context menus of tables.
type menuPages struct {
	*shell
	values Values
	writer *writer
}

// post carries out an entry of a table's context menu. What the entry asks
// for, and whether the person is sure, is asked on a page of its own.
func (h *menuPages) post(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	at, table := placeOf(c, form), element.ParamID(number(c, "pid"))
	p, err := h.page(c, at, table, form.Get(views.FieldEntry), form[views.FieldRow])
	if err != nil {
		return err
	}
	menu := p.View.Infos[table].Menu
	choice := element.MenuChoice{Entry: p.Entry.Value, Values: form[views.FieldValue], Rows: form[views.FieldRow]}
	asked := form.Get(views.FieldAsked) == "1"
	if asked {
		p.Values = choice.Values
	}
	if len(choice.Values) != len(p.Entry.Prompts) {
		choice.Values = make([]string, len(p.Entry.Prompts))
	}
	if !asked && len(p.Entry.Prompts) > 0 && rowsFit(p.Entry, choice) {
		return render(c, http.StatusOK, views.Menu(p))
	}
	req := element.SetRequest{Target: element.Target{Parameter: menu}, Raw: choice.Value(), By: by(c)}
	_, err = h.writer.set(c.Request().Context(), at.id, req, form.Get(views.FieldConfirm))
	if ask, ok := errors.AsType[*needsConfirm](err); ok {
		p.Values, p.Token = choice.Values, ask.token
		p.Question = views.FillIn(ask.Question, p.View.Element.Name, p.Content, p.Rows)
		return render(c, http.StatusOK, views.Menu(p))
	}
	if element.CodeOf(err) == element.Invalid {
		p.Values, p.Error = choice.Values, element.MessageOf(err)
		return render(c, http.StatusUnprocessableEntity, views.Menu(p))
	}
	if err != nil {
		return err
	}
	return goTo(c, at.url(h.links.of(c)))
}

// rowsFit reports whether the selected rows are what the entry is about.
func rowsFit(d element.Discreet, m element.MenuChoice) bool {
	d.Prompts = nil
	return d.Trouble(m, nil) == ""
}

// page is the page of an entry with the rows that are selected.
func (h *menuPages) page(c echo.Context, at place, table element.ParamID, entry string, keys []string) (views.MenuPage, error) {
	none := views.MenuPage{}
	ctx := c.Request().Context()
	v, err := h.values.View(ctx, at.id)
	if err != nil {
		return none, err
	}
	entries := v.Infos[v.Infos[table].Menu].Discreets
	i := slices.IndexFunc(entries, func(d element.Discreet) bool { return d.Value == entry && !d.Separator && !d.Script })
	if v.Infos[table].Menu == 0 || i < 0 {
		return none, element.Errorf(element.NotFound, "The menu of table %d has no entry %q.", table, entry)
	}
	t, err := h.values.Table(ctx, at.id, table)
	if err != nil {
		return none, err
	}
	l, err := h.layout(c, entries[i].Display)
	if err != nil {
		return none, err
	}
	p := views.MenuPage{Layout: at.layout(l), View: v, Slug: at.slug, Table: table, Content: t, Entry: entries[i]}
	wanted := map[string]bool{}
	for _, key := range keys {
		wanted[key] = true
	}
	for _, row := range t.Rows {
		if wanted[row.Key] {
			p.Rows = append(p.Rows, row)
		}
	}
	if len(p.Rows) != len(wanted) {
		return none, element.Errorf(element.Conflict, "A row that was selected has gone in the meantime. Select again.")
	}
	return p, nil
}
