package kinds

import (
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/closedform"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// square first, as the references are ordered.
func TestQuad1DChebyshevAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Solver.Space = compare.SpaceChebyshev
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad1DUniformAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Solver.Space = compare.SpaceUniform
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad2DAutoAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	checkAgainst(t, trial.Build(t, trial.Quad2d), closedform.Quad2D())
}

func TestQuad2DUniformAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad2d)
	p.Solver.Space = compare.SpaceUniform
	checkAgainst(t, p, closedform.Quad2D())
}

func TestQuad2DChebyshevAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad2d)
	p.Solver.Space = compare.SpaceChebyshev
	checkAgainst(t, p, closedform.Quad2D())
}

// Alternating directions: the time error is part of the estimate.
func TestQuad1DHundsdorferVerwerAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Time: compare.TimeScheme, Scheme: scheme.HundsdorferVerwer{}}
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad2DHundsdorferVerwerAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad2d
	s.Etas = []int{4, 8, 16, 32}
	p := trial.Build(t, s)
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Time: compare.TimeScheme, Scheme: scheme.HundsdorferVerwer{}}
	checkAgainst(t, p, closedform.Quad2D())
}
