// Package static holds what browsers load beside the pages: style sheets,
// scripts, icons and the vendored htmx. Every file has a name with a hash of
// its content in it, so it may be cached for ever; references between scripts
// are rewritten to those names.
//
// A Files value is read-only after New and may be used from any goroutine. The
// package starts none.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed css live vendor *.js *.svg
var embedded embed.FS

// hashLength is the number of hexadecimal digits of the content hash that a
// served name carries.
const hashLength = 12

// moduleImport finds the relative imports of an ES module.
var moduleImport = regexp.MustCompile(`(from\s+|import\s+)"\./([a-z-]+\.js)"`)

// File is one asset, ready to be sent.
type File struct {
	ContentType string // with its charset for text
	Body        []byte
	Gzip        []byte // Body compressed, nil when that saves nothing
	ETag        string // quoted, strong; a compressed answer needs its own or Vary
}

// Files are all assets under their content-hashed names.
type Files struct {
	paths map[string]string // plain name to hashed name
	files map[string]File   // by hashed name
}

// New reads the embedded files and computes their names and compressed forms.
// It panics when the program was built with a script that imports a file that
// is not there: a test of this package finds that before anybody else.
func New() *Files {
	f := &Files{paths: map[string]string{}, files: map[string]File{}}
	for _, name := range Names() {
		f.add(name, nil)
	}
	return f
}

// Names returns the plain names of all embedded assets, sorted: "css/base.css".
func Names() []string {
	var names []string
	err := fs.WalkDir(embedded, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && contentType(p) != "" {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("static: reading the embedded files: %v", err))
	}
	slices.Sort(names)
	return names
}

// Path returns the hashed name of an asset, "css/base.1f2e3d4c5b6a.css" for
// "css/base.css". A name that does not exist is returned as it is and will be
// answered with 404; tests of package views look for that.
func (f *Files) Path(name string) string {
	if p, ok := f.paths[name]; ok {
		return p
	}
	return name
}

// Open returns the asset with a hashed name.
func (f *Files) Open(hashed string) (File, bool) {
	file, ok := f.files[hashed]
	return file, ok
}

// add computes the file's name after those of the modules it imports; above
// are the modules on the way here.
func (f *Files) add(name string, above []string) string {
	if p, ok := f.paths[name]; ok {
		return p
	}
	if slices.Contains(above, name) {
		panic(fmt.Sprintf("static: %s imports itself by way of %s", name, strings.Join(above, ", ")))
	}
	body, err := embedded.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("static: %s, imported by %s: %v", name, strings.Join(above, ", "), err))
	}
	if path.Ext(name) == ".js" && path.Dir(name) != "vendor" {
		body = moduleImport.ReplaceAllFunc(body, func(m []byte) []byte {
			parts := moduleImport.FindSubmatch(m)
			target := f.add(path.Join(path.Dir(name), string(parts[2])), append(above, name))
			return fmt.Appendf(nil, "%s%q", parts[1], "./"+path.Base(target))
		})
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])[:hashLength]
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hash + ext
	f.paths[name] = hashed
	f.files[hashed] = File{
		ContentType: contentType(name),
		Body:        body,
		Gzip:        compress(body),
		ETag:        `"` + hash + `"`,
	}
	return hashed
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return ""
	}
}

func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || buf.Len() >= len(body) {
		return nil
	}
	return buf.Bytes()
}
