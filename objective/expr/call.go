package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

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
