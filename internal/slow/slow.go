// Package slow leaves long tests out of make test-quick. CI never asks for that.
package slow

import "testing"

// Skip ends a test here under -short. Tests that take more than about half a second of a
// processor begin with it.
func Skip(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes long: left out by -short")
	}
}
