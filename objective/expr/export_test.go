package expr

import "pgregory.net/rapid"

// What the tests of enclosures use too.
var (
	TestScope        = testScope
	Domains          = domains
	ScalarExpansions = scalarExpansions
)

// Generate draws an expression.
func Generate(t *rapid.T, depth int) *Expr { return &Expr{root: genNode(t, depth)} }
