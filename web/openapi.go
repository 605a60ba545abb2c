package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// openAPIFile describes every call of the API; a test checks it against the
// routes and against real answers.
//
//go:embed openapi.json
var openAPIFile []byte

// openAPI is the description with the address of this server in it.
func openAPI(base, version string) (map[string]any, error) {
	var doc map[string]any
	if err := json.Unmarshal(openAPIFile, &doc); err != nil {
		return nil, fmt.Errorf("web: openapi.json: %w", err)
	}
	doc["servers"] = []map[string]string{{"url": base + apiPrefix}}
	if info, ok := doc["info"].(map[string]any); ok && version != "" {
		info["description"] = fmt.Sprintf("%v Served by Fieldline %s.", info["description"], version)
	}
	return doc, nil
}

// descriptionAPI hands the description out.
type descriptionAPI struct {
	links   *links
	version string // of the program
}

func (a *descriptionAPI) getOpenAPI(c echo.Context) error {
	doc, err := openAPI(a.links.of(c).Base(), a.version)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, doc)
}
