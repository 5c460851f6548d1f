//go:build !race

package compare

import (
	"testing"

	"kolmo/internal/closedform"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// square first, as the references are ordered.
func TestQuad1DChebyshevAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := build(t, quad1d)
	p.Solver.Space = SpaceChebyshev
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad1DUniformAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := build(t, quad1d)
	p.Solver.Space = SpaceUniform
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad2DAutoAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	checkAgainst(t, build(t, quad2d), closedform.Quad2D())
}

func TestQuad2DUniformAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := build(t, quad2d)
	p.Solver.Space = SpaceUniform
	checkAgainst(t, p, closedform.Quad2D())
}

func TestQuad2DChebyshevAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := build(t, quad2d)
	p.Solver.Space = SpaceChebyshev
	checkAgainst(t, p, closedform.Quad2D())
}

// Alternating directions: the time error is part of the estimate.
func TestQuad1DHundsdorferVerwerAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := build(t, quad1d)
	p.Solver = Solver{Space: SpaceUniform, Time: TimeScheme, Scheme: scheme.HundsdorferVerwer{}}
	checkAgainst(t, p, closedform.Quad1D())
}

func TestQuad2DHundsdorferVerwerAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := quad2d
	s.etas = []int{4, 8, 16, 32}
	p := build(t, s)
	p.Solver = Solver{Space: SpaceUniform, Time: TimeScheme, Scheme: scheme.HundsdorferVerwer{}}
	checkAgainst(t, p, closedform.Quad2D())
}
