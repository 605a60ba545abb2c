package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

func (s *Server) getEvents(c echo.Context) error {
	q := c.QueryParams()
	after, limit, err := eventQuery(q)
	if err != nil {
		return err
	}
	kinds, err := eventKinds(q)
	if err != nil {
		return err
	}
	page, err := s.service.Events(c.Request().Context(), elementID(c), after, limit, kinds...)
	if err != nil {
		return err
	}
	page.Events = list(page.Events)
	return answer(c, http.StatusOK, page)
}

// eventQuery reads after, epoch and limit. A cursor without its epoch belongs
// to no known start of the program: it is answered with a gap, as one of
// another epoch is.
func eventQuery(q url.Values) (after *element.Cursor, limit int, err error) {
	limit = DefaultPage
	if q.Has("limit") {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 || n > MaxPage {
			return nil, 0, badRequest("limit", "The limit is %q; it is a number from 1 to %d.", q.Get("limit"), MaxPage)
		}
		limit = n
	}
	if !q.Has("after") {
		return nil, limit, nil
	}
	seq, err := strconv.ParseUint(q.Get("after"), 10, 64)
	if err != nil {
		return nil, 0, badRequest("after", "after is %q; it is the seq of a cursor.", q.Get("after"))
	}
	return &element.Cursor{Epoch: q.Get("epoch"), Seq: seq}, limit, nil
}

// eventKinds reads kind: names between commas, all kinds when it is absent.
func eventKinds(q url.Values) ([]element.EventKind, error) {
	if !q.Has("kind") {
		return nil, nil
	}
	all := element.EventKinds()
	var kinds []element.EventKind
	for _, given := range q["kind"] {
		for name := range strings.SplitSeq(given, ",") {
			kind := element.EventKind(strings.TrimSpace(name))
			if !slices.Contains(all, kind) {
				return nil, badRequest("kind", "There are no events of kind %q; kinds are %s.", name, kindNames(all))
			}
			kinds = append(kinds, kind)
		}
	}
	return kinds, nil
}

func kindNames(kinds []element.EventKind) string {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (s *Server) getHandshake(c echo.Context) error {
	which := element.Which(c.QueryParam("which"))
	switch which {
	case "":
		which = element.WhichLast
	case element.WhichLast, element.WhichLastSuccess, element.WhichLastFailure:
	default:
		return badRequest("which", "which is %q; it is last, lastSuccess or lastFailure.", which)
	}
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	h, err := s.service.Handshake(c.Request().Context(), elementID(c), n, which)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, shownHandshake(h))
}
