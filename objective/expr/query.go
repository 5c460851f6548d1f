package expr

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"

	"kolmo/internal/spelling"
	"kolmo/objective/expr/function"
)

// Table is what a Query reads: rows of cells of text under named columns.
type Table interface {
	// Names returns the names of the columns.
	Names() []string
	// Len returns the number of rows.
	Len() int
	// Cell returns the text in the given row and column.
	Cell(row, column int) string
	// Number returns the finite number there, or an error that says what it is instead.
	Number(row, column int) (float64, error)
}

// tableFunctions are the functions that exist for tables only.
var tableFunctions = map[string]bool{"standardize": true, "center": true, "col": true}

// Kind is the type of a Query's result.
type Kind uint8

const (
	Number Kind = iota // a number per row, as columns needs
	Truth              // a truth value per row, as where needs
	text               // the text of a cell or literal
	cell               // a cell: a number or text, as its surroundings want
)

func (k Kind) String() string {
	return [...]string{"a number", "a truth value", "text", "a cell"}[k]
}

// queryNode is an immutable typed tree over the columns of one table.
type queryNode struct {
	op     string // "+", "<", "in", "?", ..., "call", "standardize", "center", "number", "text", "cell"
	kind   Kind
	offset int
	value  float64 // "number"
	text   string  // "text"
	column int     // "cell"
	fn     *function.Function
	args   []*queryNode
	set    int // index of a standardize or center among those of its query
}

// Query is an immutable expression over the rows of a table: numbers, text,
// comparisons, in, and, or, not, ?:, the functions of Expr, and standardize(u)
// and center(u), whose mean and population standard deviation are those of u over
// the selected rows. A column is written by name or as col("its name").
type Query struct {
	root *queryNode
	sets []*queryNode // standardize and center, inner ones first
}

// ParseQuery parses an expression over the columns called names whose result is
// of the given kind, Number or Truth. The error is an *Error.
func ParseQuery(text string, names []string, kind Kind) (*Query, error) {
	q, err := parseQuery(text, names, kind)
	if err != nil {
		return nil, mention(err, text, names)
	}
	return q, nil
}

func parseQuery(text string, names []string, kind Kind) (*Query, error) {
	s, err := newSource(text)
	if err != nil {
		return nil, err
	}
	r := &queryReader{source: s, names: names, want: kind}
	for i, t := range s.tokens {
		if err := r.token(i, t); err != nil {
			return nil, err
		}
	}
	tree, err := s.parse()
	if err != nil {
		return nil, err
	}
	root, err := r.read(tree)
	if err != nil {
		return nil, err
	}
	if err := r.need(root, kind); err != nil {
		return nil, err
	}
	return &Query{root: root, sets: r.sets}, nil
}

// Columns returns the numbers of the columns that q reads, in ascending order.
func (q *Query) Columns() []int {
	var found []int
	var visit func(n *queryNode)
	visit = func(n *queryNode) {
		if n.op == "cell" {
			found = append(found, n.column)
		}
		for _, a := range n.args {
			visit(a)
		}
	}
	visit(q.root)
	slices.Sort(found)
	return slices.Compact(found)
}

type queryReader struct {
	*source
	names []string
	want  Kind
	sets  []*queryNode
}

// token accepts or refuses one token.
func (r *queryReader) token(i int, t token) error {
	after := func(k lexer.Kind, values ...string) bool { return i > 0 && r.tokens[i-1].Is(k, values...) }
	switch t.Kind {
	case lexer.Number:
		return t.checkNumber()
	case lexer.Bytes:
		return errorf(t.offset, "text is written \"...\" without a letter before it")
	case lexer.Identifier:
		known := func(name string) bool {
			return (function.Named(name) != nil || tableFunctions[name])
		}
		return callOrName(r.tokens, i, t, known, append(function.Names(), "standardize", "center", "col"), r.names)
	case lexer.Bracket:
		if t.Value == "[" && !after(lexer.Operator, "in") || t.Value == "{" || t.Value == "}" {
			return t.unexpected()
		}
	case lexer.Operator:
		switch t.Value {
		case "+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "in", "not", "and", "or", "?":
		case ":":
			if after(lexer.Operator, "?") {
				return errorf(t.offset, "unexpected :: a value is missing before it")
			}
		case ",":
			return trailingComma(r.tokens, i, t)
		default:
			return t.unexpected()
		}
	}
	return nil
}

func (r *queryReader) at(n ast.Node) int { return r.offset(n.Location()) }

// start returns the offset of the leftmost token of a tree.
func (n *queryNode) start() int {
	at := n.offset
	for _, a := range n.args {
		at = min(at, a.start())
	}
	return at
}

// need checks that n can be read as kind k.
func (r *queryReader) need(n *queryNode, k Kind) error {
	if n.kind == k || n.kind == cell && (k == Number || k == text) {
		return nil
	}
	return errorf(n.start(), "expected %s, found %s", k, n.kind)
}

func (r *queryReader) read(n ast.Node) (*queryNode, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return &queryNode{op: "number", offset: r.at(n), value: float64(n.Value)}, nil
	case *ast.FloatNode:
		return &queryNode{op: "number", offset: r.at(n), value: n.Value}, nil
	case *ast.StringNode:
		return &queryNode{op: "text", kind: text, offset: r.at(n), text: n.Value}, nil
	case *ast.IdentifierNode:
		return r.name(n)
	case *ast.UnaryNode:
		k := Number
		if n.Operator == "not" {
			k = Truth
		}
		return r.node(n.Operator, k, r.at(n), k, n.Node)
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.ConditionalNode:
		return r.conditional(n)
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		if !ok {
			return nil, errorf(r.at(n), "only functions can be called")
		}
		return r.call(callee.Value, r.at(n), n.Arguments)
	case *ast.BuiltinNode:
		return r.call(n.Name, r.at(n), n.Arguments)
	case nil:
		return nil, errorf(0, "the expression cannot be parsed")
	}
	return nil, errorf(r.at(n), "this is not part of an expression over a table")
}

// node reads the arguments, each of which must be of kind want.
func (r *queryReader) node(op string, kind Kind, offset int, want Kind, args ...ast.Node) (*queryNode, error) {
	q := &queryNode{op: op, kind: kind, offset: offset}
	for _, n := range args {
		a, err := r.read(n)
		if err != nil {
			return nil, err
		}
		if err := r.need(a, want); err != nil {
			return nil, err
		}
		q.args = append(q.args, a)
	}
	return q, nil
}

func (r *queryReader) binary(n *ast.BinaryNode) (*queryNode, error) {
	switch n.Operator {
	case "+", "-", "*", "/", "^":
		return r.node(n.Operator, Number, r.at(n), Number, n.Left, n.Right)
	case "<", "<=", ">", ">=":
		return r.node(n.Operator, Truth, r.at(n), Number, n.Left, n.Right)
	case "and", "or":
		return r.node(n.Operator, Truth, r.at(n), Truth, n.Left, n.Right)
	case "==", "!=":
		a, err := r.read(n.Left)
		if err != nil {
			return nil, err
		}
		b, err := r.read(n.Right)
		if err != nil {
			return nil, err
		}
		k := Number
		if a.kind == text || b.kind == text || a.kind == cell && b.kind == cell {
			k = text
		}
		for _, q := range [2]*queryNode{a, b} {
			if err := r.need(q, k); err != nil {
				return nil, err
			}
		}
		return &queryNode{op: n.Operator + k.suffix(), kind: Truth, offset: r.at(n), args: []*queryNode{a, b}}, nil
	case "in":
		return r.membership(n)
	case "&&": // the parser's reading of a < b < c, whose middle it repeats
		return nil, errorf(r.at(n), "comparisons cannot be chained; write a < b and b < c")
	}
	return nil, errorf(r.at(n), "unexpected %s", n.Operator)
}

// suffix distinguishes the comparison of text from that of numbers.
func (k Kind) suffix() string {
	if k == text {
		return " text"
	}
	return ""
}

func (r *queryReader) membership(n *ast.BinaryNode) (*queryNode, error) {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		return nil, errorf(r.at(n), "write a list behind in: in [\"a\", \"b\"]")
	}
	first, err := r.read(list.Nodes[0])
	if err != nil {
		return nil, err
	}
	if first.kind == cell || first.kind == Truth {
		return nil, errorf(first.start(), "a list holds numbers or text")
	}
	q, err := r.node("in"+first.kind.suffix(), Truth, r.at(n), first.kind, append([]ast.Node{n.Left}, list.Nodes...)...)
	if err != nil {
		return nil, err
	}
	for _, a := range q.args[1:] {
		if a.op == "cell" {
			return nil, errorf(a.offset, "a list holds numbers or text")
		}
	}
	return q, nil
}

func (r *queryReader) conditional(n *ast.ConditionalNode) (*queryNode, error) {
	c, err := r.node("?", Number, 0, Truth, n.Cond)
	if err != nil {
		return nil, err
	}
	values, err := r.node("", Number, 0, Number, n.Exp1, n.Exp2)
	if err != nil {
		return nil, err
	}
	c.args = append(c.args, values.args...)
	c.offset = c.args[0].start()
	return c, nil
}

func (r *queryReader) call(name string, offset int, arguments []ast.Node) (*queryNode, error) {
	arity := 1
	fn := function.Named(name)
	if fn != nil {
		arity = fn.Arity
	} else if !tableFunctions[name] {
		return nil, errorf(offset, "%s", unknownFunction(name, function.Names()))
	}
	if len(arguments) != arity {
		return nil, errorf(offset, "%s takes %s, not %d", name, count(arity, "argument"), len(arguments))
	}
	switch name {
	case "col":
		s, ok := arguments[0].(*ast.StringNode)
		if !ok {
			return nil, errorf(r.at(arguments[0]), "col takes the column's name as text: col(\"Sepal.Length\")")
		}
		return r.column(s.Value, r.at(s))
	case "standardize", "center":
		if r.want == Truth {
			return nil, errorf(offset, "%s needs the selected rows, which where is there to select", name)
		}
		q, err := r.node(name, Number, offset, Number, arguments[0])
		if err != nil {
			return nil, err
		}
		q.set = len(r.sets)
		r.sets = append(r.sets, q)
		return q, nil
	}
	q, err := r.node("call", Number, offset, Number, arguments...)
	if err != nil {
		return nil, err
	}
	q.fn = fn
	return q, nil
}

func (r *queryReader) name(n *ast.IdentifierNode) (*queryNode, error) {
	name := n.Value
	if c := constant(name); c != nil {
		if slices.Contains(r.names, name) {
			return nil, errorf(r.at(n), "%s is a constant here; write col(%q) for the column", name, name)
		}
		return &queryNode{op: "number", offset: r.at(n), value: c.value}, nil
	}
	return r.column(name, r.at(n))
}

func (r *queryReader) column(name string, offset int) (*queryNode, error) {
	i := slices.Index(r.names, name)
	if i >= 0 {
		return &queryNode{op: "cell", kind: cell, offset: offset, column: i}, nil
	}
	if s := spelling.Nearest(name, r.names); s != "" {
		return nil, errorf(offset, "the file has no column %s; did you mean %s?", name, ColumnReference(s))
	}
	e := errorf(offset, "the file has no column %s; it has %s", name, r.listed())
	e.NoColumn = true
	return nil, e
}

// mostListed is how many columns a message names.
const mostListed = 8

// listed returns the names of the columns as expressions write them, the first ones if
// there are many.
func (r *queryReader) listed() string {
	var shown []string
	for _, name := range r.names[:min(mostListed, len(r.names))] {
		shown = append(shown, ColumnReference(name))
	}
	list := strings.Join(shown, ", ")
	if n := len(r.names) - mostListed; n > 0 {
		list += fmt.Sprintf(" and %d more", n)
	}
	return list
}

// ColumnReference returns a column as expressions write it: its name where that is an
// identifier with no other meaning, else col("its name").
func ColumnReference(name string) string {
	if CheckName(name) == nil {
		return name
	}
	return fmt.Sprintf("col(%q)", name)
}

// mention adds to an error about text that has a column's name in it, and not in col(..),
// how that column is written.
func mention(err error, text string, names []string) error {
	var e *Error
	if !errors.As(err, &e) || len(text) > 1000 || strings.Contains(e.Msg, "col(") {
		return err
	}
	found := ""
	for _, name := range names {
		if len(name) > len(found) && len(name) > 1 && !identifier.MatchString(name) && strings.Contains(text, name) && !strings.Contains(text, strconv.Quote(name)) {
			found = name
		}
	}
	if found != "" {
		e.Msg += "; write " + ColumnReference(found) + " for that column"
	}
	return err
}
