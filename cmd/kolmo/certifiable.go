package main

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/assumptions"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
)

// certifiable looks, before the work, at what is known of a study of gaps whose f is strongly
// convex and whose ball SGD leaves: no row at such a learning rate can be certified. It
// warns and names a ball that holds. Where that is so for all rows, and the work is more than
// that of one dimension, it returns an *study.Error, unless --uncertified asks for the work all
// the same. Other kinds of study have answers that need no invariant ball. Without
// assumptions, a nil, it warns of the learning rates at which a step leaves the region.
func (r *runner) certifiable(a *assumptions.Assumptions) error {
	if a == nil {
		exits := slices.Equal(r.study.Studies, []string{string(compare.StudyExit)}) // which ask of nothing outside their interval
		if list := words.Leaving(r.study); list != "" && !exits {
			r.report.Warn(fmt.Sprintf("eta = %s: a step of %s leaves the region, so these rows cannot be certified; %s", list, r.study.Chain().Title, words.Cure(r.study)))
		}
		return nil
	}
	s := r.study
	limit := a.EtaInvariant.Value
	if r.uncertified || a.Unbounded || !(a.Mu.Value > 0) || !(s.Eta[0].Value > limit) || !slices.Contains(s.Studies, string(compare.StudyGap)) {
		return nil
	}
	var leaving []string
	for _, e := range s.Eta {
		if e.Value > limit {
			leaving = append(leaving, e.Text)
		}
	}
	work := len(leaving) == len(s.Eta) && len(s.Parameters) > 1 && len(s.Studies) == 1
	R, upTo, ok := s.LargerBall()
	switch {
	case !ok && work && s.Curvature() > words.Stretched*a.Mu.Value:
		return s.KeyError("loss", fmt.Sprintf("f's curvature is up to %.3g at the center and as little as %.3g on the ball: SGD leaves the ball at every eta of the study, and larger ones too; scale the data, as standardize(..) does in columns (--uncertified computes all the same)", s.Curvature(), a.Mu.Value))
	case !ok:
		return nil // there is nothing to advise
	}
	cure := fmt.Sprintf("R = %s holds up to eta %.2g", words.Number(R), upTo)
	if work {
		return s.KeyError("ball.R", fmt.Sprintf("SGD leaves the ball |x - center| <= %s at every eta of the study, so no row can be certified; %s (--uncertified computes all the same)", words.Number(s.R), cure))
	}
	r.report.Warn(fmt.Sprintf("eta = %s: SGD leaves the ball |x - center| <= %s, so these rows cannot be certified; %s", strings.Join(leaving, ", "), words.Number(s.R), cure))
	return nil
}
