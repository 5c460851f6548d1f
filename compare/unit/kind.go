package unit

import (
	"context"
	"reflect"

	"kolmo/compare"
)

// Kind is what the package of a kind of study declares of it.
type Kind struct {
	Name compare.Study
	// OnGaps says that it is taken on the grids that the gaps ended on, which are found before it.
	OnGaps bool
	// Share is about what it takes, over what the gap does that comes before it or in its place.
	Share float64
	// Work is what a unit takes where that does not follow from the gap's, and takes the place of Share.
	Work func(s *Setup) float64
	// Check returns an *InputError for a problem that does not say what the kind needs. Default nil: it needs nothing.
	Check func(p *compare.Problem) error
	New   func(s *Setup) Study
}

// Study is a kind of study at work: what it computes for some models at a learning rate, and
// what it makes of that once all units are there.
type Study interface {
	Run(ctx context.Context, i int, models []int) error
	Collect(res *compare.Result) error
}

// Shared returns what the kinds of a setup share of a type, made when it is first asked for.
func Shared[T any](s *Setup, make func(*Setup) *T) *T {
	t := reflect.TypeFor[T]()
	if s.shared[t] == nil {
		v := make(s) // may ask for others
		s.shared[t] = v
	}
	return s.shared[t].(*T)
}
