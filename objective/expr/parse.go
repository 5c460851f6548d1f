package expr

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"

	"kolmo/objective/expr/function"
)

// Definition is a named expression that later expressions may use.
type Definition struct {
	Name string
	Expr *Expr
}

// Scope lists the names an expression may use. The constants pi and e and the
// functions are always known.
type Scope struct {
	Parameters  []string     // x_1, .., x_d; derivatives are taken with respect to them
	Variables   []string     // sample variables
	Externals   []string     // scalars given from outside, without derivatives
	Definitions []Definition // named expressions
	// Hidden maps names that exist elsewhere in the study to the reason why they
	// cannot be used here.
	Hidden map[string]string
	// Calls are functions beside those of the language.
	Calls map[string]*Call
	// Open lets every other name be a variable and every function be called: for what is shown and
	// not computed.
	Open bool
}

// names returns everything that may stand where a name stands.
func (s *Scope) names() []string {
	all := slices.Concat(s.Parameters, s.Variables, s.Externals)
	for _, d := range s.Definitions {
		all = append(all, d.Name)
	}
	return all
}

// Parse parses a numeric expression over scope:
//
//   - - * / ^, parentheses, decimal numbers, names, functions, pi and e,
//
// where ^ is right-associative and binds tighter than unary minus. The error is
// an *Error.
func Parse(text string, scope Scope) (*Expr, error) {
	s, err := newSource(text)
	if err != nil {
		return nil, err
	}
	set, err := s.settings(&scope)
	if err != nil {
		return nil, err
	}
	for i, t := range s.tokens {
		if set[i] {
			continue
		}
		if err := numericToken(s.tokens, i, t, &scope); err != nil {
			return nil, err
		}
	}
	tree, err := s.parse()
	if err != nil {
		return nil, err
	}
	r := &reader{source: s, scope: &scope}
	root, err := r.number(tree)
	if err != nil {
		return nil, err
	}
	return &Expr{root: root}, nil
}

// numericToken accepts or refuses one token of a numeric expression.
func numericToken(all []token, i int, t token, scope *Scope) error {
	switch t.Kind {
	case lexer.Number:
		return t.checkNumber()
	case lexer.String, lexer.Bytes:
		return errorf(t.offset, "text has no place in a number")
	case lexer.Identifier:
		if scope.Open {
			return nil
		}
		return callOrName(all, i, t, func(name string) bool { return function.Named(name) != nil || scope.Calls[name] != nil }, scope.functionNames(), scope.names())
	case lexer.Bracket:
		if t.Value != "(" && t.Value != ")" {
			return t.unexpected()
		}
	case lexer.Operator:
		switch t.Value {
		case "+", "-", "*", "/", "^":
		case ",":
			return trailingComma(all, i, t)
		case "==", "!=", "<", "<=", ">", ">=", "in", "not", "and", "or", "?", ":":
			return errorf(t.offset, "unexpected %s: there are no conditions here", t.Value)
		default:
			return t.unexpected()
		}
	}
	return nil
}

// callOrName checks the way a name is used: functions are called, others not.
func callOrName(all []token, i int, t token, known func(string) bool, functions, names []string) error {
	called := i+1 < len(all) && all[i+1].Is(lexer.Bracket, "(")
	switch {
	case called && !known(t.Value):
		if slices.Contains(names, t.Value) {
			return errorf(t.offset, "%s is not a function; write * to multiply", t.Value)
		}
		return errorf(t.offset, "%s", unknownFunction(t.Value, functions))
	case !called && known(t.Value) && !slices.Contains(names, t.Value):
		return errorf(t.offset, "%s is a function; write %s(...)", t.Value, t.Value)
	}
	return nil
}

func trailingComma(all []token, i int, t token) error {
	if i+1 < len(all) && all[i+1].Is(lexer.Bracket, ")", "]") {
		return errorf(t.offset, "unexpected , before %s", all[i+1].Value)
	}
	return nil
}

// reader turns the parser's nodes, accepted one type at a time, into a tree.
type reader struct {
	*source
	scope *Scope
}

func (r *reader) at(n ast.Node) int { return r.offset(n.Location()) }

func (r *reader) number(n ast.Node) (*node, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return &node{op: OpConst, value: float64(n.Value)}, nil
	case *ast.FloatNode:
		return &node{op: OpConst, value: n.Value}, nil
	case *ast.IdentifierNode:
		return r.name(n)
	case *ast.UnaryNode:
		a, err := r.number(n.Node)
		if err != nil {
			return nil, err
		}
		switch n.Operator {
		case "+":
			return a, nil
		case "-":
			return &node{op: OpNeg, args: []*node{a}}, nil
		}
		return nil, errorf(r.at(n), "unexpected %s", n.Operator)
	case *ast.BinaryNode:
		o, ok := map[string]Op{"+": OpAdd, "-": OpSub, "*": OpMul, "/": OpDiv, "^": OpPow, settingOperator: OpSet}[n.Operator]
		if !ok {
			return nil, errorf(r.at(n), "unexpected %s", n.Operator)
		}
		args, err := r.numbers([]ast.Node{n.Left, n.Right})
		if err != nil {
			return nil, err
		}
		return &node{op: o, args: args}, nil
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
	return nil, errorf(r.at(n), "this is not part of a numeric expression")
}

func (r *reader) numbers(nodes []ast.Node) ([]*node, error) {
	args := make([]*node, len(nodes))
	for i, n := range nodes {
		a, err := r.number(n)
		if err != nil {
			return nil, err
		}
		args[i] = a
	}
	return args, nil
}

func (r *reader) call(name string, offset int, arguments []ast.Node) (*node, error) {
	if c := r.scope.Calls[name]; c != nil {
		return r.outside(name, c, offset, arguments)
	}
	fn := function.Named(name)
	if r.scope.Open {
		args, err := r.numbers(arguments)
		return &node{op: OpCall, name: name, fn: fn, args: args}, err
	}
	if fn == nil {
		return nil, errorf(offset, "%s", unknownFunction(name, r.scope.functionNames()))
	}
	if len(arguments) != fn.Arity {
		return nil, errorf(offset, "%s takes %s, not %d", name, count(fn.Arity, "argument"), len(arguments))
	}
	args, err := r.numbers(arguments)
	if err != nil {
		return nil, err
	}
	return &node{op: OpCall, name: name, fn: fn, args: args}, nil
}

func (r *reader) name(n *ast.IdentifierNode) (*node, error) {
	name := n.Value
	for _, d := range r.scope.Definitions {
		if d.Name == name {
			return &node{op: OpRef, name: name, args: []*node{d.Expr.root}}, nil
		}
	}
	switch {
	case slices.Contains(r.scope.Parameters, name):
		return &node{op: OpParam, name: name}, nil
	case slices.Contains(r.scope.Variables, name):
		return &node{op: OpVar, name: name}, nil
	case slices.Contains(r.scope.Externals, name):
		return &node{op: OpExtern, name: name}, nil
	case r.scope.Hidden[name] != "":
		return nil, errorf(r.at(n), "%s cannot be used here: %s", name, r.scope.Hidden[name])
	}
	if c := constant(name); c != nil {
		return c, nil
	}
	if r.scope.Open {
		return &node{op: OpVar, name: name}, nil
	}
	all := r.scope.names()
	if h := hint(name, all); h != "" {
		return nil, errorf(r.at(n), "unknown name %s%s", name, h)
	}
	return nil, errorf(r.at(n), "unknown name %s; known are %s", name, strings.Join(append(all, "pi", "e"), ", "))
}

// constant returns the node of pi or e, and nil for other names.
func constant(name string) *node {
	switch name {
	case "pi":
		return &node{op: OpConst, name: name, value: math.Pi}
	case "e":
		return &node{op: OpConst, name: name, value: math.E}
	}
	return nil
}

// count returns "1 argument" or "2 arguments".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
