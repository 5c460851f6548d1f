package survey

import (
	"kolmo/kolmogorov/scheme"
)

// Orders of differences among which kolmo chooses.
var (
	OrdersTried   = []int{4, 6, 8, 10}
	OrdersTried3D = []int{6, 8}
)

// StiffScheme is the scheme that kolmo chooses where L is stiff.
var StiffScheme = scheme.HundsdorferVerwer{}
