package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"

	"github.com/labstack/echo/v4"
)

// readBody reads a body of at most limit bytes; a larger one is TooLarge.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	r := c.Request()
	if r.ContentLength > limit {
		return nil, tooLarge(r.Body, limit)
	}
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, limit))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge(r.Body, limit)
	}
	if _, ok := errors.AsType[*element.Error](err); ok {
		return nil, err
	}
	if err != nil {
		return nil, badRequest("", "The body ended before all of it had arrived.")
	}
	return b, nil
}

// tooLarge is the error of a body that is too large. The rest of it is thrown
// away first.
func tooLarge(all io.Reader, limit int64) error {
	if b, ok := all.(*body); ok {
		b.full = true
		b.release()
	}
	return &http.MaxBytesError{Limit: limit}
}

// decodeBody reads a JSON body into a T. Names are matched exactly; what is
// unknown, given twice or of the wrong type is a bad request that names the
// field. An empty body is the zero T when optional, and needs no type.
func decodeBody[T any](c echo.Context, optional bool) (T, error) {
	var v T
	b, err := readBody(c, MaxBody)
	if err != nil {
		return v, err
	}
	empty := len(bytes.TrimSpace(b)) == 0
	if optional && empty {
		return v, nil
	}
	if types := c.Request().Header.Values(echo.HeaderContentType); !empty && !isJSON(types) {
		return v, &refusal{
			status: http.StatusUnsupportedMediaType,
			err:    element.Errorf(element.Invalid, "The body has %s; this address accepts JSON only. Send it with Content-Type: application/json.", typeWords(types)),
		}
	}
	return v, decodeJSON(b, &v)
}

// isJSON reports whether a Content-Type is that of JSON in UTF-8.
func isJSON(types []string) bool {
	if len(types) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(types[0])
	isKind := kind == echo.MIMEApplicationJSON || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
	if err != nil || !isKind {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

func typeWords(types []string) string {
	switch len(types) {
	case 0:
		return "no type"
	case 1:
		return fmt.Sprintf("the type %q", types[0])
	default:
		return "several types"
	}
}

func decodeJSON(b []byte, v any) error {
	if len(bytes.TrimSpace(b)) == 0 {
		return badRequest("", "The body is empty; a JSON object is expected.")
	}
	if !utf8.Valid(b) { // json would put other characters in their place
		return badRequest("", "The body is not text in UTF-8.")
	}
	err := json.Unmarshal(b, v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return badRequest("", "The body is not valid JSON: byte %d is unexpected.", syntax.Offset)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return badRequest(wrong.Field, "%s must be %s, not a JSON %s.", orBody(wrong.Field), jsonName(wrong.Type), wrong.Value)
	}
	if err != nil {
		return badRequest("", "The body cannot be read: %s.", err)
	}
	if first := bytes.TrimSpace(b)[0]; first != '{' {
		return badRequest("", "The body is not a JSON object.")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	return checkNames(d, reflect.TypeOf(v).Elem(), "")
}

// checkNames walks over one JSON value, known to be well-formed, beside the
// type it was decoded into.
func checkNames(d *json.Decoder, t reflect.Type, path string) error {
	token, err := d.Token()
	if err != nil {
		return badRequest("", "The body is not JSON.")
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		err = checkObject(d, t, path)
	case json.Delim('['):
		var of reflect.Type
		if t != nil && t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
			of = t.Elem()
		}
		for i := 0; d.More() && err == nil; i++ {
			err = checkNames(d, of, path+"["+strconv.Itoa(i)+"]")
		}
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); err != nil { // the closing delimiter
		return badRequest("", "The body is not JSON.")
	}
	return nil
}

func checkObject(d *json.Decoder, t reflect.Type, path string) error {
	fields := fieldsOf(t)
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return badRequest("", "The body is not JSON.")
		}
		name := fmt.Sprint(token)
		at := name
		if path != "" {
			at = path + "." + name
		}
		of, known := fields[name]
		switch {
		case fields != nil && !known:
			return badRequest(at, "There is no field %q here; check its spelling.", name)
		case seen[name]:
			return badRequest(at, "The field %q is given twice.", name)
		}
		seen[name] = true
		if err := checkNames(d, of, at); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf returns the fields of a struct by their JSON names, nil when t is
// none.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	fields := map[string]reflect.Type{}
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			fields[name] = f.Type
		}
	}
	return fields
}

func orBody(field string) string {
	if field == "" {
		return "The body"
	}
	return fmt.Sprintf("The field %q", field)
}

// jsonName says what a Go type is in JSON, for a person.
func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// parseValue reads a value of a body: a text or a number.
func parseValue(field string, raw json.RawMessage) (element.Value, error) {
	var v element.Value
	if len(raw) == 0 {
		return v, badRequest(field, "The field %q is missing; it takes a text or a number.", field)
	}
	if err := v.UnmarshalJSON(raw); err != nil {
		return v, badRequest(field, "The field %q is neither a text nor a number.", field)
	}
	return v, nil
}

// writeJSON sends v. Nothing was written when it fails.
func writeJSON(c echo.Context, status int, contentType string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return &element.Error{Code: element.Internal, Op: "web.writeJSON", Err: err}
	}
	return c.Blob(status, contentType, append(b, '\n'))
}

func answer(c echo.Context, status int, v any) error {
	return writeJSON(c, status, echo.MIMEApplicationJSON, v)
}
