package engine_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxUp is how many calls between files may run against the order of doc.go:
// a script waits for what follows from what it did, and rows that repeat
// others change as those do.
const maxUp = 6

// TestCallsGoDown counts the calls from a file to one that doc.go lists behind
// it.
func TestCallsGoDown(t *testing.T) {
	src := parsePackage(t)
	place := map[string]int{}
	for i, name := range regexp.MustCompile(`\w+\.go\b`).FindAllString(src.order, -1) {
		if place[name] != 0 {
			t.Errorf("doc.go lists %s twice", name)
		}
		place[name] = i + 1
	}
	for _, f := range src.files {
		if name := src.fileOf(f.Pos()); place[name] == 0 && name != "doc.go" {
			t.Errorf("doc.go does not say where %s stands", name)
		}
	}
	var up []string
	src.eachCall(func(from, to token.Pos, what string) {
		if a, b := src.fileOf(from), src.fileOf(to); place[a] < place[b] {
			up = append(up, a+" calls "+what+" of "+b)
		}
	})
	if len(up) > maxUp {
		t.Errorf("%d calls between files run against the order of doc.go, at most %d may:\n%s", len(up), maxUp, strings.Join(up, "\n"))
	}
}

// source is the engine's source with types.
type source struct {
	fset  *token.FileSet
	files []*ast.File
	info  types.Info
	pkg   *types.Package
	order string // the part of doc.go that lists the files
}

func parsePackage(t *testing.T) *source {
	t.Helper()
	s := &source{fset: token.NewFileSet(), info: types.Info{Uses: map[*ast.Ident]types.Object{}}}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(s.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, f)
		if name == "doc.go" {
			_, s.order, _ = strings.Cut(f.Doc.Text(), "# The files")
		}
	}
	exports := exportData(t)
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	conf := types.Config{Importer: importer.ForCompiler(s.fset, "gc", open)}
	if s.pkg, err = conf.Check("fieldline/element/engine", s.fset, s.files, &s.info); err != nil {
		t.Fatal(err)
	}
	return s
}

// exportData names the files with the types of what the engine imports.
func exportData(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		found[path] = file
	}
	return found
}

func (s *source) fileOf(p token.Pos) string { return s.fset.Position(p).Filename }

// eachCall calls do for each call of a function or method of the package.
func (s *source) eachCall(do func(from, to token.Pos, what string)) {
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			var name *ast.Ident
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				name = fun
			case *ast.SelectorExpr:
				name = fun.Sel
			default:
				return true
			}
			if fn, ok := s.info.Uses[name].(*types.Func); ok && fn.Pkg() == s.pkg {
				do(call.Pos(), fn.Pos(), fn.Name())
			}
			return true
		})
	}
}
