package svag

import (
	"errors"

	"kolmo/derived"
)

// Models returns the names of the diffusions.
func Models() []string { return []string{derived.FirstOrder} }

// ErrModels says why there are no other derived ones.
var ErrModels = errors.New("svag has the model first-order only: gradient-flow is the same, and no other one is of order 2, since third and fourth moments of a step are of order eta^2")
