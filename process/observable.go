package process

import (
	"errors"
	"fmt"
	"strings"
)

// Observable is a function phi of the state. It is immutable.
type Observable = interface {
	// Name returns the observable's name in the study.
	Name() string
	// NewFunc returns a function that evaluates phi and that one goroutine may
	// call at a time.
	NewFunc() func(x []float64) float64
}

// evenMoment is |x - center|^(2m).
type evenMoment struct {
	center []float64
	m      int
}

// Moment returns the observable of the even moments that (2.10) bounds,
//
//	phi(x) = |x - center|^(2m),
//
// named "moment_2", "moment_4", .. after the power 2m. It is a polynomial, exact
// to 2m+d roundings, and infinite where it overflows. It copies center, whose
// length is that of the points, and panics if m is less than 1 or center is empty.
func Moment(center []float64, m int) Observable {
	if m < 1 || len(center) == 0 {
		panic(fmt.Sprintf("process: moment of power 2 x %d about a centre of length %d", m, len(center)))
	}
	return &evenMoment{append([]float64(nil), center...), m}
}

func (o *evenMoment) Name() string { return fmt.Sprintf("moment_%d", 2*o.m) }

// NewFunc implements Observable. The function does not allocate; it panics if x
// is shorter than the centre.
func (o *evenMoment) NewFunc() func(x []float64) float64 {
	return func(x []float64) float64 {
		square := 0.0
		for k, c := range o.center {
			square += (x[k] - c) * (x[k] - c)
		}
		power := square
		for range o.m - 1 {
			power *= square
		}
		return power
	}
}

// ObservableError reports an observable that is not finite at a point.
type ObservableError struct {
	Name string
	X    []float64
}

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
