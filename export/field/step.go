package field

import (
	"math"
	"strconv"
	"strings"
)

// GapField is the name of the field U - u, and supSeries that of the series of its
// suprema.
const (
	GapField  = "gap"
	supSeries = "sup_gap"
)

// DefaultField returns the name of the field that is drawn where none is named:
// gap, or the first one.
func (f *Stored) DefaultField() string {
	if _, err := f.field(GapField); err == nil {
		return GapField
	}
	return f.data.Fields[0].Name
}

// Time returns the time of a stored step and its number n of SGD steps. step
// counts from 0.
func (f *Stored) Time(step int) (t float64, n int64) { return f.data.T[step], f.data.N[step] }

// StepNear returns the stored step whose time is nearest to t, the earlier of two.
// A t outside the stored times is an *Error that lists them.
func (f *Stored) StepNear(t float64) (int, error) {
	times := f.data.T
	if len(times) == 0 {
		return 0, f.noSteps()
	}
	const rounding = 1e-9
	slack := rounding * math.Abs(times[len(times)-1])
	if !(t >= times[0]-slack && t <= times[len(times)-1]+slack) {
		return 0, f.fail("has no time %v; its times are %s", t, list(times, func(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }))
	}
	return f.data.Nearest(t), nil
}

// StepAt returns the stored step after n steps of SGD. If that one is not stored
// it is an *Error that lists those that are.
func (f *Stored) StepAt(n int64) (int, error) {
	if len(f.data.N) == 0 {
		return 0, f.noSteps()
	}
	for i, v := range f.data.N {
		if v == n {
			return i, nil
		}
	}
	return 0, f.fail("has no step n = %d; its steps are %s", n, list(f.data.N, func(v int64) string { return strconv.FormatInt(v, 10) }))
}

// StepWorst returns the stored step at which the field is drawn where no time is
// given: for gap the one with the largest supremum, for others the last.
func (f *Stored) StepWorst(field string) (int, error) {
	steps := len(f.data.T)
	if steps == 0 {
		return 0, f.noSteps()
	}
	sup, err := f.series(supSeries)
	if err != nil || field != GapField || sup == nil {
		return steps - 1, err
	}
	best := 0
	for i, v := range sup {
		if v > sup[best] || math.IsNaN(sup[best]) {
			best = i
		}
	}
	return best, nil
}

func (f *Stored) noSteps() error { return f.fail("holds no step yet") }

// list returns the values separated by commas, those in the middle of a long list
// left out.
func list[T any](values []T, format func(T) string) string {
	const most, ends = 40, 12
	var words []string
	for i, v := range values {
		switch {
		case len(values) <= most || i < ends || i >= len(values)-ends:
			words = append(words, format(v))
		case i == ends:
			words = append(words, "..")
		}
	}
	return strings.Join(words, ", ")
}
