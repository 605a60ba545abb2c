package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

// TestDescriptionIsWhole reads openapi.json itself: only keywords that the
// tests understand, references that lead somewhere, path parameters that the
// path has, and bodies with the fields that are read.
func TestDescriptionIsWhole(t *testing.T) {
	s := newSite(t)
	var doc any
	if err := json.Unmarshal(s.ask(t, http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	d := readDescription(t, s)
	walkSchemas(doc, "", func(at string, keywords map[string]any) {
		for name := range keywords {
			if !slices.Contains([]string{
				"$ref", "type", "enum", "format", "oneOf", "items", "properties", "required", "additionalProperties", "description", "contentMediaType",
				"minimum", "maximum", "default", // of the query only: no answer is checked for them
			}, name) {
				t.Errorf("%s: no test understands %q", at, name)
			}
		}
		if ref, ok := keywords["$ref"].(string); ok {
			if _, there := d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]; !there {
				t.Errorf("%s: %s leads nowhere", at, ref)
			}
		}
		properties, _ := keywords["properties"].(map[string]any)
		required, _ := keywords["required"].([]any)
		for _, name := range required {
			if _, there := properties[name.(string)]; !there {
				t.Errorf("%s: %v is required and not described", at, name)
			}
		}
		if _, said := keywords["additionalProperties"]; properties != nil && !said {
			t.Errorf("%s: says nothing of further fields", at)
		}
	})
	for path, item := range d.Paths {
		checkParameters(t, path, item)
	}
}

// walkSchemas visits every schema of a document.
func walkSchemas(v any, at string, visit func(at string, keywords map[string]any)) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			walkSchemas(item, fmt.Sprintf("%s[%d]", at, i), visit)
		}
	case map[string]any:
		parent := at[strings.LastIndex(at, "/")+1:]
		isSchema := parent == "schema" || parent == "items" || strings.HasPrefix(parent, "oneOf[")
		if parent == "schemas" || parent == "properties" {
			for name, item := range v {
				visit(at+"/"+name, item.(map[string]any))
				walkSchemas(item, at+"/"+name+"/", visit)
			}
			return
		}
		if isSchema || parent == "additionalProperties" {
			visit(at, v)
		}
		for name, item := range v {
			if name != "enum" {
				walkSchemas(item, at+"/"+name, visit)
			}
		}
	}
}

// checkParameters compares the parameters of a path, which all its methods
// share, with the names in it.
func checkParameters(t *testing.T, path string, item map[string]json.RawMessage) {
	t.Helper()
	var shared []parameterDoc
	if raw, ok := item["parameters"]; ok {
		if err := json.Unmarshal(raw, &shared); err != nil {
			t.Fatal(err)
		}
	}
	var inPath []string
	for _, p := range shared {
		if p.In == "path" {
			inPath = append(inPath, p.Name)
		}
		if p.Required != (p.In == "path") || p.Schema.Type == nil {
			t.Errorf("%s: the parameter %s is required: %v, of type %v", path, p.Name, p.Required, p.Schema.Type)
		}
	}
	var named []string
	for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
		named = append(named, m[1])
	}
	if slices.Sort(inPath); !slices.Equal(inPath, slices.Sorted(slices.Values(named))) {
		t.Errorf("%s: describes the parameters %v", path, inPath)
	}
}

// checkRequest validates what was sent: what is carried out is described, and
// what is refused for a field is not.
func (d *description) checkRequest(t *testing.T, s *site, c call) {
	t.Helper()
	op, ok := d.find(t, s, c)
	if !ok || op.RequestBody == nil {
		return
	}
	of, ok := op.RequestBody.Content["application/json"]
	var v any
	if !ok || json.Unmarshal([]byte(c.body), &v) != nil {
		return
	}
	wrong := d.wrong(of.Schema, v, "request")
	switch {
	case c.status < 300 && len(wrong) > 0:
		t.Errorf("what was carried out is not described: %v", wrong)
	case c.status == 400 && len(wrong) == 0 && c.name != "twice": // no schema can say that
		t.Errorf("what cannot be read is described: %s", c.body)
	}
}

// TestBodiesAreDescribed compares the fields that bodies are read into with
// those that are described.
func TestBodiesAreDescribed(t *testing.T) {
	d := readDescription(t, newSite(t))
	for name, of := range map[string]reflect.Type{
		"ElementDraft":    reflect.TypeFor[element.Draft](),
		"ConnectionDraft": reflect.TypeFor[element.ConnectionDraft](),
		"Set":             reflect.TypeFor[setBody](),
		"VersionWish":     reflect.TypeFor[element.VersionWish](),
	} {
		read := slices.Sorted(maps.Keys(fieldsOf(of)))
		described := slices.Sorted(maps.Keys(d.Components.Schemas[name].Properties))
		if !slices.Equal(read, described) {
			t.Errorf("%s: read %v, described %v", name, read, described)
		}
	}
}

// TestEventsAreDescribed: an event of each kind, with all its fields and with
// as few as can be, is what the description says, and nothing else is.
func TestEventsAreDescribed(t *testing.T) {
	d := readDescription(t, newSite(t))
	kinds := map[string]bool{}
	for _, body := range eventBodies() {
		kinds[string(body.Kind())] = true
		full := reflect.New(reflect.TypeOf(body)).Elem()
		fillIn(full)
		for _, b := range []element.EventBody{body, full.Interface().(element.EventBody)} {
			e := element.Event{Seq: 1, At: element.At(time.Unix(1, 0)), Body: b}
			if !reflect.DeepEqual(b, body) {
				e.Replaces, e.Line = 2, 3
			}
			for _, wrong := range d.wrong(d.Components.Schemas["Event"], asJSON(t, e), string(body.Kind())) {
				t.Error(wrong)
			}
			v := asJSON(t, e).(map[string]any)
			v["colour"] = "red"
			if len(d.wrong(d.Components.Schemas["Event"], v, "")) == 0 {
				t.Errorf("%s: a field that is not described passes", body.Kind())
			}
		}
	}
	if n := len(d.Components.Schemas["Event"].OneOf); n != len(kinds) {
		t.Errorf("%d kinds are described, there are %d", n, len(kinds))
	}
}

func eventBodies() []element.EventBody {
	return []element.EventBody{
		element.Connecting{},
		element.Open{},
		element.Refused{LastAt: element.At(time.Unix(1, 0))},
		element.Closed{By: "us"},
		element.MessageIn{Opcode: "text"},
		element.MessageOut{Opcode: "binary"},
		element.ParameterChanged{},
		element.WriteMoved{Status: element.WriteSaved},
		element.StateChanged{State: element.Active},
		element.Log{Level: "info"},
		element.VersionChanged{},
	}
}

// fillIn gives every field a value.
func fillIn(v reflect.Value) {
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch f.Kind() {
		case reflect.String:
			text := "x"
			switch name {
			case "By":
				text = "us"
			case "Opcode":
				text = "text"
			case "Status":
				text = "sent"
			case "State":
				text = "paused"
			case "Level":
				text = "error"
			}
			f.SetString(text)
		case reflect.Int:
			f.SetInt(7)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.SetBytes([]byte("x"))
		case reflect.Struct:
			switch f.Interface().(type) {
			case element.Time:
				f.Set(reflect.ValueOf(element.At(time.Unix(1, 0))))
			case element.Value:
				f.Set(reflect.ValueOf(element.Number(1)))
			}
		}
	}
}

func asJSON(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decoded[any](t, bytes.NewReader(b))
}
