package web

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// description is openapi.json as far as the tests need it.
type description struct {
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas   map[string]schema `json:"schemas"`
		Responses map[string]reply  `json:"responses"`
	} `json:"components"`
}

type operation struct {
	Parameters  []parameterDoc   `json:"parameters"`
	RequestBody *reply           `json:"requestBody"`
	Responses   map[string]reply `json:"responses"`
}

type parameterDoc struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Schema   schema `json:"schema"`
}

type reply struct {
	Ref     string `json:"$ref"`
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

// schema holds the keywords of JSON Schema that openapi.json uses;
// TestDescriptionIsWhole refuses others.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Enum       []any             `json:"enum"`
	Format     string            `json:"format"`
	OneOf      []schema          `json:"oneOf"`
	Items      *schema           `json:"items"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Additional json.RawMessage   `json:"additionalProperties"`
}

func readDescription(t *testing.T, s *site) *description {
	t.Helper()
	w := s.ask(t, "GET", apiPrefix+"/openapi.json", "")
	d := decoded[description](t, w.Body)
	if d.Servers[0].URL != s.base+apiPrefix {
		t.Errorf("server %q under %q", d.Servers[0].URL, s.base)
	}
	return &d
}

var pathParam = regexp.MustCompile(`:(\w+)`)

// TestDescriptionHasEveryRoute compares the paths with what is registered.
func TestDescriptionHasEveryRoute(t *testing.T) {
	s := newSite(t)
	var described, registered []string
	for path, item := range readDescription(t, s).Paths {
		for method := range item {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+path)
			}
		}
	}
	for _, r := range s.echo.Routes() {
		if path, ok := strings.CutPrefix(r.Path, apiPrefix); ok && r.Method != "HEAD" {
			registered = append(registered, r.Method+" "+pathParam.ReplaceAllString(path, "{$1}"))
		}
	}
	slices.Sort(described)
	slices.Sort(registered)
	if !slices.Equal(described, registered) {
		t.Errorf("described:\n%s\nregistered:\n%s", strings.Join(described, "\n"), strings.Join(registered, "\n"))
	}
}

// check looks an answer up and validates it against its schema.
func (d *description) check(t *testing.T, s *site, c call, contentType string, body []byte) {
	t.Helper()
	if c.method == "HEAD" || c.status == 405 || len(body) == 0 {
		return
	}
	contentType, _, _ = strings.Cut(contentType, ";")
	d.checkRequest(t, s, c)
	var content schema
	if op, ok := d.find(t, s, c); !ok {
		content = d.Components.Responses["Problem"].Content[contentType].Schema
	} else {
		r, ok := op.Responses[fmt.Sprint(c.status)]
		if !ok && c.status < 400 {
			t.Fatalf("%d is not described", c.status)
		}
		if !ok {
			r = op.Responses["default"]
		}
		if r.Ref != "" {
			r = d.Components.Responses[strings.TrimPrefix(r.Ref, "#/components/responses/")]
		}
		of, ok := r.Content[contentType]
		if !ok {
			t.Fatalf("%d with %s is not described", c.status, contentType)
		}
		content = of.Schema
	}
	if !strings.HasSuffix(contentType, "json") {
		return
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	if content.Ref == "" && content.Type == nil {
		t.Fatalf("no schema for %s", contentType)
	}
	for _, wrong := range d.wrong(content, v, "body") {
		t.Error(wrong)
	}
}

// find returns the operation that serves a call, by the routes.
func (d *description) find(t *testing.T, s *site, c call) (operation, bool) {
	t.Helper()
	path, _, _ := strings.Cut(c.path, "?")
	for template, item := range d.Paths {
		raw, ok := item[strings.ToLower(c.method)]
		pattern := "^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[^/]+`) + "$"
		if !ok || !regexp.MustCompile(pattern).MatchString(path) {
			continue
		}
		var op operation
		if err := json.Unmarshal(raw, &op); err != nil {
			t.Fatal(err)
		}
		return op, true
	}
	return operation{}, false
}

// wrong says how v is not what the schema describes.
func (d *description) wrong(s schema, v any, at string) (all []string) {
	if s.Ref != "" {
		of, ok := d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
		if !ok {
			return []string{at + ": no schema " + s.Ref}
		}
		return d.wrong(of, v, at)
	}
	if len(s.OneOf) > 0 {
		fits := 0
		for _, one := range s.OneOf {
			if len(d.wrong(one, v, at)) == 0 {
				fits++
			}
		}
		if fits != 1 {
			return []string{fmt.Sprintf("%s: %v fits %d of %d", at, v, fits, len(s.OneOf))}
		}
		return nil
	}
	types, _ := s.Type.([]any)
	if one, ok := s.Type.(string); ok {
		types = []any{one}
	}
	if !slices.ContainsFunc(types, func(x any) bool { return isType(v, x.(string)) }) {
		all = append(all, fmt.Sprintf("%s: %v is not of type %v", at, v, types))
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		all = append(all, fmt.Sprintf("%s: %v is not one of %v", at, v, s.Enum))
	}
	switch v := v.(type) {
	case string:
		if s.Format == "date-time" {
			if _, err := time.Parse("2006-01-02T15:04:05.000Z07:00", v); err != nil {
				all = append(all, at+": "+err.Error())
			}
		}
	case []any:
		for i, item := range v {
			all = append(all, d.wrong(*s.Items, item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		all = append(all, d.wrongObject(s, v, at)...)
	}
	return all
}

func (d *description) wrongObject(s schema, v map[string]any, at string) (all []string) {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			all = append(all, at+": "+name+" is missing")
		}
	}
	for name, item := range v {
		of, known := s.Properties[name]
		if !known && len(s.Additional) > 0 && s.Additional[0] == '{' {
			if err := json.Unmarshal(s.Additional, &of); err != nil {
				all = append(all, err.Error())
			}
			known = true
		}
		switch {
		case known:
			all = append(all, d.wrong(of, item, at+"."+name)...)
		case string(s.Additional) == "false":
			all = append(all, at+": "+name+" is not described")
		}
	}
	return all
}

func isType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case string:
		return name == "string"
	case []any:
		return name == "array"
	default:
		return name == "object"
	}
}
