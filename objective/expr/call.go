package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"

	"kolmo/objective/expr/function"
)

// Call is a function that the language does not have. Each of its calls stands for a
// scalar that is given from outside, whose name is the text of the call: mean(x - xi).
type Call struct {
	Arity int
	// Arguments is what the arguments may use.
	Arguments *Scope
	// Sampled reports that a call is a sample variable; it is an external otherwise.
	Sampled bool
	// Symmetric reports that the order of the arguments does not matter.
	Symmetric bool
	// Hidden says why the function cannot be called here; empty if it can.
	Hidden string
	// Take is given the name and the arguments of every call. An error refuses the call.
	Take func(name string, arguments []*Expr) error
	// Expand, if there is one, returns what a call stands for, and Take is not asked. Behind
	// the arguments of such a call there may be settings of names: grad(x; y = 2*x). An
	// error refuses the call.
	Expand func(arguments []*Expr, settings []Setting) (*Expr, error)
}

// Setting is a name with an expression in its place.
type Setting struct {
	Name string
	Expr *Expr
}

// functionNames returns the names of all functions.
func (s *Scope) functionNames() []string {
	return append(slices.Sorted(maps.Keys(s.Calls)), function.Names()...)
}

// outside reads a call whose value comes from outside.
func (r *reader) outside(name string, c *Call, offset int, arguments []ast.Node) (*node, error) {
	if c.Hidden != "" {
		return nil, errorf(offset, "%s cannot be used here: %s", name, c.Hidden)
	}
	var settings []ast.Node
	if c.Expand != nil {
		for i, a := range arguments {
			if isSetting(a) {
				arguments, settings = arguments[:i], arguments[i:]
				break
			}
		}
	}
	if len(arguments) != c.Arity {
		return nil, errorf(offset, "%s takes %s, not %d", name, count(c.Arity, "argument"), len(arguments))
	}
	inner := &reader{source: r.source, scope: c.Arguments}
	nodes, err := inner.numbers(arguments)
	if err != nil {
		return nil, err
	}
	args, texts := make([]*Expr, len(nodes)), make([]string, len(nodes))
	for i, n := range nodes {
		args[i] = &Expr{root: n}
		texts[i] = args[i].String()
	}
	if c.Symmetric {
		slices.Sort(texts)
	}
	if c.Expand != nil {
		return r.expanded(name, c, offset, args, settings)
	}
	text := name + "(" + strings.Join(texts, ", ") + ")"
	if err := c.Take(text, args); err != nil {
		return nil, errorf(offset, "%s", err.Error())
	}
	if c.Sampled {
		return &node{op: OpVar, name: text}, nil
	}
	return &node{op: OpExtern, name: text}, nil
}

// The parser knows neither ; nor = inside brackets. Where a call may have settings they are
// read as a comma and as this operator, which has no other place in a number and binds
// weaker than all that have.
const settingOperator = "<"

// isSetting reports that n is name = expression.
func isSetting(n ast.Node) bool {
	b, ok := n.(*ast.BinaryNode)
	return ok && b.Operator == settingOperator
}

// settings finds the tokens ; and = of settings, and puts what the parser knows in their
// places.
func (s *source) settings(scope *Scope) (map[int]bool, error) {
	type bracket struct{ may, in bool } // may have settings, is in them
	var open []bracket
	set := map[int]bool{}
	text := []byte(s.text)
	for i, t := range s.tokens {
		last := len(open) - 1
		switch {
		case t.Is(lexer.Bracket, "("):
			b := bracket{}
			if i > 0 && s.tokens[i-1].Kind == lexer.Identifier {
				c := scope.Calls[s.tokens[i-1].Value]
				b.may = scope.Open || c != nil && c.Expand != nil && c.Hidden == ""
			}
			open = append(open, b)
			continue
		case t.Is(lexer.Bracket, ")"):
			open = open[:max(last, 0)]
			continue
		case last < 0 || !open[last].may:
			continue
		case t.Is(lexer.Operator, ";") && !open[last].in:
			open[last].in = true
			text[t.offset] = ','
			set[i] = true
		case t.Is(lexer.Operator, ",") && open[last].in:
		default:
			continue
		}
		// A name and = follow.
		if i+2 >= len(s.tokens) || s.tokens[i+1].Kind != lexer.Identifier || !s.tokens[i+2].Is(lexer.Operator, "=") {
			return nil, errorf(t.offset, "behind %s a name, = and an expression are expected, such as x = x + 1", t.Value)
		}
		text[s.tokens[i+2].offset] = settingOperator[0]
		set[i+2] = true
	}
	s.text = string(text)
	return set, nil
}

// expanded reads a call that stands for an expression.
func (r *reader) expanded(name string, c *Call, offset int, args []*Expr, settings []ast.Node) (*node, error) {
	inner := &reader{source: r.source, scope: c.Arguments}
	var list []Setting
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.String()
	}
	text := name + "(" + strings.Join(texts, ", ")
	for i, s := range settings {
		b, ok := s.(*ast.BinaryNode)
		var key *ast.IdentifierNode
		if ok {
			key, ok = b.Left.(*ast.IdentifierNode)
		}
		if !ok || b.Operator != settingOperator {
			return nil, errorf(r.at(s), "expected a name, = and an expression")
		}
		value, err := inner.number(b.Right)
		if err != nil {
			return nil, err
		}
		for _, before := range list {
			if before.Name == key.Value {
				return nil, errorf(r.at(key), "%s is set twice", key.Value)
			}
		}
		list = append(list, Setting{key.Value, &Expr{root: value}})
		text += [2]string{"; ", ", "}[min(i, 1)] + key.Value + " = " + list[i].Expr.String()
	}
	e, err := c.Expand(args, list)
	if err != nil {
		return nil, errorf(offset, "%s", err.Error())
	}
	return &node{op: OpRef, name: text + ")", args: []*node{e.root}}, nil
}
