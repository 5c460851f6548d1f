package expr

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"
)

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
