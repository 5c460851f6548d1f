package main

import (
	"kolmo/kolmogorov/scheme"
)

// method is a scheme, with Richardson extrapolation or without.
type method struct {
	scheme     scheme.Scheme
	richardson bool
}

// methods returns all schemes, each without and with Richardson extrapolation.
func methods() []method {
	var ms []method
	for _, s := range scheme.Schemes() {
		ms = append(ms, method{s, false}, method{s, true})
	}
	return ms
}

// String returns the words of the tables.
func (m method) String() string {
	if m.richardson {
		return m.scheme.Name() + ", Richardson"
	}
	return m.scheme.Name()
}

// passes returns the applications of L per step.
func (m method) passes() float64 {
	if m.richardson {
		return 3 * m.scheme.Passes()
	}
	return m.scheme.Passes()
}
