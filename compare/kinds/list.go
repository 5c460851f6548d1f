package kinds

import (
	"slices"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/crossing"
	"kolmo/compare/decay"
	"kolmo/compare/exit"
	"kolmo/compare/gap"
	"kolmo/compare/horizon"
	"kolmo/compare/local"
	"kolmo/compare/spectrum"
	"kolmo/compare/stationary"
	"kolmo/compare/unit"
	"kolmo/compare/variation"
)

// list are the kinds of studies, in the order in which they are run: each is what its package
// declares. The gaps are first: others are taken on their grids.
var list = []unit.Kind{gap.Study, local.Study, decay.Study, horizon.Study, stationary.Study, spectrum.Study, crossing.Study, variation.Study, exit.Study}

// asked returns the kinds that a problem asks for.
func asked(p *compare.Problem) []unit.Kind {
	return slices.DeleteFunc(slices.Clone(list), func(k unit.Kind) bool { return !p.Has(k.Name) })
}

// Check returns an *InputError for a problem that does not say what a kind that it asks for needs.
func Check(p *compare.Problem) error {
	for _, k := range asked(p) {
		if k.Check != nil {
			if err := k.Check(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// setup looks at a problem that Check passes.
func setup(p *compare.Problem, cfg *compare.Config) (*unit.Setup, error) {
	if err := Check(p); err != nil {
		return nil, err
	}
	return unit.New(p, cfg)
}

// kinds are those that a problem asks for, at work.
type kinds struct {
	*unit.Setup
	list     []unit.Study   // with the gaps, if any is on their grids
	constant *constant.Kind // of the gaps; nil: there are none
}

// newKinds returns the kinds of a problem.
func newKinds(s *unit.Setup) *kinds {
	k := &kinds{Setup: s}
	onGaps := slices.ContainsFunc(asked(s.Problem), func(k unit.Kind) bool { return k.OnGaps })
	for _, kind := range list {
		switch {
		case kind.Name == compare.StudyGap && (onGaps || s.Problem.Has(kind.Name)):
			k.constant = constant.Of(s)
			k.list = append(k.list, gapsAndConstants{kind.New(s), k})
		case s.Problem.Has(kind.Name):
			k.list = append(k.list, kind.New(s))
		}
	}
	return k
}

// gapsAndConstants are the gaps with the constants that are predicted for them.
type gapsAndConstants struct {
	unit.Study
	k *kinds
}

func (g gapsAndConstants) Collect(res *compare.Result) error {
	if err := g.Study.Collect(res); err != nil {
		return err
	}
	g.k.constant.Collect(res, g.k.horizonRow())
	return nil
}

// horizonRow returns the rows of the gaps up to a horizon, nil where none were asked for.
func (k *kinds) horizonRow() func(i, m, o int) *compare.HorizonRow {
	for _, study := range k.list {
		if h, ok := study.(*horizon.Kind); ok {
			return h.Row
		}
	}
	return func(i, m, o int) *compare.HorizonRow { return nil }
}
