package script

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"

	"fieldline/element/connector"
)

// head comes before the code, on its first line: the code is the body of a
// function, so that var, let and const end with the call.
const head = "(function (protocol) {"

// program is a compiled QAction. It is shared by all elements of a connector.
type program struct {
	code    *goja.Program
	trouble *trouble // why it does not compile; nil when it does
}

// trouble is a fault of the code. Line and column are those of the connector's
// file.
type trouble struct {
	line, column int
	message      string
}

func (t *trouble) Error() string { return fmt.Sprintf("line %d: %s", t.line, sentence(t.message)) }

// compile compiles a QAction.
func compile(q *connector.QAction) program {
	if t := tooMuch(q); t != nil {
		return program{trouble: t}
	}
	tail, t := closing(q)
	if t != nil {
		return program{trouble: t}
	}
	// Without the option the parser would open the file that a comment
	// names as source map.
	tree, err := parser.ParseFile(nil, programName(q), head+q.Code+tail, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return program{trouble: whyNot(q, err)}
	}
	if !isOneFunction(tree) {
		return program{trouble: &trouble{q.CodeLine, 1, "SyntaxError: a closing brace has no opening one"}}
	}
	checkOperands(tree)
	code, err := goja.CompileAST(tree, false)
	if err != nil {
		return program{trouble: whyNot(q, err)}
	}
	return program{code: code}
}

func programName(q *connector.QAction) string { return fmt.Sprintf("QAction %d", q.ID) }

// tooMuch refuses code that would cost too much to parse.
func tooMuch(q *connector.QAction) *trouble {
	if len(q.Code) > MaxCode {
		return &trouble{q.CodeLine, 1, fmt.Sprintf("the script has %d bytes; at most %d are allowed", len(q.Code), MaxCode)}
	}
	if n := strings.Count(q.Code, "=>"); n > maxArrows {
		return &trouble{q.CodeLine, 1, fmt.Sprintf("the script has %d arrow functions; at most %d are allowed", n, maxArrows)}
	}
	line, depth := q.CodeLine, 0
	for _, c := range []byte(q.Code) {
		switch c {
		case '\n':
			line++
		case '(', '[', '{':
			if depth++; depth > maxNesting {
				return &trouble{line, 1, fmt.Sprintf("brackets are nested more than %d deep", maxNesting)}
			}
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return nil
}

// closing is what comes after the code: with entry points the body hands out
// their functions, and what the code says outside of them runs once.
func closing(q *connector.QAction) (string, *trouble) {
	if len(q.EntryPoints) == 0 {
		return "\n})", nil
	}
	name := regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)?$`)
	var b strings.Builder
	b.WriteString("\n;return [")
	for _, e := range q.EntryPoints {
		if !name.MatchString(e) {
			return "", &trouble{q.Pos.Line, q.Pos.Column, fmt.Sprintf("entryPoint %.60q is neither Function nor Object.function", e)}
		}
		object, _, _ := strings.Cut(e, ".")
		fmt.Fprintf(&b, "typeof %s === \"undefined\" ? undefined : %s,", object, e)
	}
	b.WriteString("];})")
	return b.String(), nil
}

// isOneFunction reports whether the code stayed inside the function around it.
func isOneFunction(tree *ast.Program) bool {
	if len(tree.Body) != 1 {
		return false
	}
	s, ok := tree.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return false
	}
	_, ok = s.Expression.(*ast.FunctionLiteral)
	return ok
}

// whyNot turns an error of the parser or the compiler into the first fault.
func whyNot(q *connector.QAction, err error) *trouble {
	if list, ok := errors.AsType[parser.ErrorList](err); ok && len(list) > 0 {
		return at(q, list[0].Position, "SyntaxError: "+list[0].Message)
	}
	if one, ok := errors.AsType[*parser.Error](err); ok {
		return at(q, one.Position, "SyntaxError: "+one.Message)
	}
	if one, ok := errors.AsType[*goja.CompilerSyntaxError](err); ok && one.File != nil {
		return at(q, one.File.Position(one.Offset), "SyntaxError: "+one.Message)
	}
	return &trouble{q.CodeLine, 1, err.Error()}
}

// at places a position of the compiled text in the connector's file.
func at(q *connector.QAction, p file.Position, message string) *trouble {
	line, column := p.Line, p.Column
	if line <= 1 {
		line, column = 1, max(column-len(head), 1)
	}
	last := strings.Count(q.Code, "\n") + 1 // a missing brace is missed after the last line
	return &trouble{q.CodeLine + min(line, last) - 1, column, message}
}

// sentence makes a message end as a sentence, and bounds it.
func sentence(s string) string {
	if len(s) > maxSentence {
		s = strings.ToValidUTF8(s[:maxSentence], "") + "…"
	}
	if s = strings.TrimSpace(s); s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}
