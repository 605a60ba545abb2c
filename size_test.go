package fieldline_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a person can hold in the head at once; generated code does not count.
const (
	maxMethods       = 60  // of a type
	maxFileLines     = 400 // tests and style sheets too
	maxFunctionLines = 70  // tests too
)

// handWritten are the sources with one of the endings.
func handWritten(t *testing.T, endings ...string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "vendor" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		for _, ending := range endings {
			if strings.HasSuffix(path, ending) && !strings.HasSuffix(path, "_templ.go") {
				files = append(files, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("found no file with %v", endings)
	}
	return files
}

// TestFilesAreShort: a file that is longer holds more than what its name says.
func TestFilesAreShort(t *testing.T) {
	for _, path := range handWritten(t, ".go", ".templ", ".js", ".css", ".sh") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n > maxFileLines {
			t.Errorf("%s has %d lines; at most %d", path, n, maxFileLines)
		}
	}
}

// TestTypesAndFunctionsAreSmall: a type with more methods owns more than one
// thing, a function with more lines does.
func TestTypesAndFunctionsAreSmall(t *testing.T) {
	methods := map[string]int{} // by folder and type
	for _, path := range handWritten(t, ".go") {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines; at most %d", path, f.Name.Name, n, maxFunctionLines)
			}
			if f.Recv != nil && !strings.HasSuffix(path, "_test.go") {
				methods[filepath.Dir(path)+" "+receiver(f.Recv.List[0].Type)]++
			}
		}
	}
	for name, n := range methods {
		if n > maxMethods {
			t.Errorf("%s has %d methods; at most %d", name, n, maxMethods)
		}
	}
}

// receiver is the name of the type that a method is of.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
