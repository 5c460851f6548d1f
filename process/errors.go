package process

import (
	"errors"
	"fmt"
	"strings"
)

// ObservableError reports an observable that is not finite at a point.
type ObservableError struct {
	Name string
	X    []float64
}

// Error implements error.
func (e *ObservableError) Error() string {
	x := make([]string, len(e.X))
	for k, v := range e.X {
		x[k] = fmt.Sprintf("%.6g", v)
	}
	return fmt.Sprintf("the value of the observable %s is not finite at x = (%s)", e.Name, strings.Join(x, ", "))
}

// NonFinite reports that a function is not finite somewhere.
func (e *ObservableError) NonFinite() bool { return true }

// NonFinite reports whether an error says that a function is not finite at a point: it is
// or wraps one with a method NonFinite that says so.
func NonFinite(err error) bool {
	var e interface {
		error
		NonFinite() bool
	}
	return errors.As(err, &e) && e.NonFinite()
}
