// Package expr parses the expressions of a study and evaluates them with exact
// first and second derivatives.
//
// Text is read by the parser of github.com/expr-lang/expr behind a guard that
// bounds length and nesting and refuses what that parser would silently accept
// (comments, sequences, indexing, member access). Nodes are accepted by type;
// everything else is an *Error that carries the byte offset of the offending
// token. There are two languages:
//
//   - Expr, a number as a function of parameters x = (x_1, .., x_d), d <= 3, of
//     sample variables xi and of external scalars (f, the expected loss);
//   - Query, a truth value or a number per row of a table (where, columns).
//
// An Expr is compiled once into a Program: a tape of operations whose equal
// subexpressions are shared and whose constants are folded. Derivatives come
// from second-order forward-mode automatic differentiation: every value v
// carries v, dv/dx_i and d2v/dx_i dx_j, and an operation phi(u) propagates
//
//	v_i  = phi'(u) u_i
//	v_ij = phi''(u) u_i u_j + phi'(u) u_ij
//
// (Griewank and Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, chapters 3
// and 13). The tape knows which derivatives vanish identically and skips them;
// what depends on samples only is computed once, what depends on x only once
// per point, and the rest in blocks of Lanes samples without allocation.
//
//	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
//	e, err := expr.Parse("(x - xi)^2/2", scope)
//	...
//	p, err := expr.Compile(e, expr.Inputs{Parameters: scope.Parameters, Variables: scope.Variables})
//	...
//	m := p.Bind(2, [][]float64{{-1, 1}}).NewMachine()
//	m.Point([]float64{0.5}, nil, 2)
//	n := m.Block(0)              // 2 samples
//	fmt.Println(m.Value()[:n])   // [1.125 0.125]
//	fmt.Println(m.Grad(0)[:n])   // [1.5 -0.5]
package expr
