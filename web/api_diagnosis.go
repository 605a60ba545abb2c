package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// diagnosisAPI are the calls about what happened between an element and its
// device.
type diagnosisAPI struct {
	diagnosis Diagnosis
	values    Values
}

func (a *diagnosisAPI) getEvents(c echo.Context) error {
	q := c.QueryParams()
	after, limit, err := eventQuery(q)
	if err != nil {
		return err
	}
	kinds, err := eventKinds(q)
	if err != nil {
		return err
	}
	page, err := a.diagnosis.Events(c.Request().Context(), elementID(c), after, limit, kinds...)
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
			return nil, 0, badRequest("limit", "The limit is %q; it must be a number from 1 to %d.", q.Get("limit"), MaxPage)
		}
		limit = n
	}
	if !q.Has("after") {
		return nil, limit, nil
	}
	seq, err := strconv.ParseUint(q.Get("after"), 10, 64)
	if err != nil {
		return nil, 0, badRequest("after", "after is %q; it must be the seq of a cursor.", q.Get("after"))
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
				return nil, badRequest("kind", "There are no events of kind %q; the kinds are %s.", name, kindNames(all))
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

// getMessage sends the whole of a message that its event shows in part. The
// number is that of the event; the epoch is optional, as pages may be older
// than the program's present start.
func (a *diagnosisAPI) getMessage(c echo.Context) error {
	seq, err := strconv.ParseUint(c.Param("seq"), 10, 64)
	if err != nil {
		return element.Errorf(element.NotFound, "There is no message %s: messages are named by the number of their event.", param(c, "seq"))
	}
	at := element.Cursor{Epoch: c.QueryParam("epoch"), Seq: seq}
	m, err := a.diagnosis.Message(c.Request().Context(), elementID(c), at)
	if err != nil {
		return err
	}
	return download(c, fmt.Sprintf("message-%d", seq), m.Text, m.Data)
}

func (a *diagnosisAPI) getHandshake(c echo.Context) error {
	which := cmp.Or(element.Which(c.QueryParam("which")), element.WhichLast)
	if !slices.Contains(element.Whiches(), which) {
		return badRequest("which", "which is %q; it must be last, lastSuccess or lastFailure.", which)
	}
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	h, err := a.diagnosis.Handshake(c.Request().Context(), elementID(c), n, which)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, withPhases(h))
}

// getDryRun says what the opening handshake would be now.
func (a *diagnosisAPI) getDryRun(c echo.Context) error {
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	r, err := a.diagnosis.DryRun(c.Request().Context(), elementID(c), n)
	if err != nil {
		return err
	}
	r.Notes = list(r.Notes)
	return answer(c, http.StatusOK, r)
}

// postTry makes an opening handshake beside the live connection.
func (a *diagnosisAPI) postTry(c echo.Context) error {
	if _, err := decodeBody[struct{}](c, true); err != nil {
		return err
	}
	n, err := connectionID(c)
	if err != nil {
		return err
	}
	h, err := a.diagnosis.Try(c.Request().Context(), elementID(c), n, by(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, withPhases(h))
}

// withPhases is a record as the API shows it: objects are never null.
func withPhases(h element.Handshake) element.Handshake {
	if h.PhasesMs == nil {
		h.PhasesMs = map[string]int64{}
	}
	return h
}

// getScripts lists the QActions of an element with what they cost.
func (a *diagnosisAPI) getScripts(c echo.Context) error {
	v, err := a.values.View(c.Request().Context(), elementID(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, map[string]any{"scripts": list(v.Scripts)})
}
