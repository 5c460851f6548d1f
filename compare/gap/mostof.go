package gap

import (
	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/process"
)

// The radii over R from and to which noise that a reason wants to end does.
const endsFrom, endsTo = 1.5, 2.25

// endable says what may help where the space grids do not resolve u, as ends does.
func (s *Kind) endable(row *compare.GapRow, model int) string {
	if row.Growth < fit.WildGrowth || row.Errors.Space < row.Error/2 {
		return ""
	}
	return s.ends(model)
}

// ends says what may help where a model's noise acts up to the faces of its box.
func (s *Kind) ends(model int) string {
	if _, can := s.Problem.Dynamics.(process.Endable); !can || s.Problem.Models[model].Noise != process.NoiseAtFaces {
		return ""
	}
	R := s.Problem.Ball.R
	return compare.Say("; its noise acts up to the faces of the box: ball.taper: [%.4g, %.4g] ends it beyond the ball, which grids may resolve better", endsFrom*R, endsTo*R)
}

// mostOf names the part that is more than half of a row's error and says what makes it smaller;
// empty if that is no matter of the grids alone.
func (s *Kind) mostOf(e *compare.Errors, total compare.Number) string {
	law := s.Problem.Dynamics.Law()
	_, endable := s.Problem.Dynamics.(process.Endable)
	switch {
	case e.Quadrature > total/2 && unit.Lasting(s.Setup):
		return "the quadratures over xi and the noise of a step, which carries richer rules beyond where it should end: widen ball.taper, or take a smaller eta; a continuous xi may need more quadrature.points"
	case e.Quadrature > total/2 && law.Moving:
		return "the quadrature that stands for the law of the batches or epochs"
	case e.Quadrature > total/2:
		return "the quadrature over xi: raise quadrature.points, or quadrature.level of a sparse rule"
	case e.Taper > total/2 && (s.Noisy() || endable):
		return "where the noise ends: let it end farther out, by ball.taper"
	case e.Taper > total/2:
		return "where the noise ends: let it end farther out, by ball.R2"
	}
	return ""
}
