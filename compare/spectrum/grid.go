package spectrum

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// spectrumBox returns a grid of so many nodes per axis on the box of a half-width, times the ranges of coordinates that have one.
func (s *Kind) spectrumBox(kind grid.Kind, nodes int, half float64) (*grid.Grid, error) {
	axes := make([]int, len(s.Problem.Ball.Center))
	for k := range axes {
		axes[k] = nodes
	}
	return s.Problem.Region(half).Box(kind, axes)
}

// stepModes finds the leading eigenvalues of S on the smallest ball that it keeps.
func (s *Kind) stepModes(ctx context.Context, eta float64) (*climbed, error) {
	half, why := s.invariantHalf(eta)
	var wells []Interval
	if why == "" {
		var err error
		if wells, err = s.wellsOf(eta, half); err != nil {
			return nil, err
		}
		if each := apart(wells); len(each) > 1 {
			return &climbed{half: half, wells: wells, zeros: len(each) - 1, zerosWhy: cannotCross(s.Problem.Dynamics.Name(), each)}, nil
		}
	}
	ladder, err := s.spectrumLadder(survey.ForS)
	if err != nil {
		return nil, err
	}
	size := 0.0
	on := func(d process.Dynamics) source {
		return func(nodes int, _ bool) (*Spectrum, error) {
			g, err := s.spectrumBox(s.spectrumMethod().Kind, nodes, half)
			if err != nil {
				return nil, err
			}
			sp, op, err := stepOn(ctx, s, g, d, eta, s.spectrumMethod().Width, &size)
			if err != nil {
				return nil, err
			}
			fields, err := d.On(g, s.Config.Workers)
			if err != nil {
				return nil, err
			}
			if sp.Missed = missed(s, fields, d.Step(), eta); sp.Missed > 0 {
				missedBetween(s, sp, op, eta)
			}
			return sp, nil
		}
	}
	fast, err := wavesOf(s, eta, half)
	if err != nil {
		return nil, err
	}
	c, err := s.ascend(ctx, ladder, false, false, fast, on(s.Problem.Dynamics))
	if err != nil {
		return nil, err
	}
	c.half, c.why, c.wells = half, why, wells
	return c, s.otherwise(ctx, c, ladder, nil, eta, on)
}

// stepOn returns the leading modes of S on one grid, between so many nodes per axis.
func stepOn(ctx context.Context, s *Kind, g *grid.Grid, d process.Dynamics, eta float64, width int, size *float64) (*Spectrum, *sgdop.Operator, error) {
	op, err := sgdop.Assemble(ctx, g, d.Chain(eta), &sgdop.Config{Width: width, Workers: s.Config.Workers})
	if err != nil {
		return nil, nil, err
	}
	sp, err := s.dense(g, func(dst, u []float64) { op.ApplyAllTo(s.Config.Workers, [][]float64{dst}, [][]float64{u}) }, Power(eta), size,
		func(a *mat.Dense) Step { return PowerStep(a, powerOf(eta**size)) })
	return sp, op, err
}

// powerOf returns about 1/turn as a power of two: the steps in which leading modes are told apart.
func powerOf(turn float64) int {
	const most = 1 << 20
	k := 1
	for turn > 0 && float64(k)*turn < math.Sqrt2/2 && k < most {
		k *= 2
	}
	return k
}

// cannotCross says why rates of a chain are zero.
func cannotCross(name string, wells []Interval) string {
	text := ""
	for i, w := range wells {
		if i > 0 {
			text += " and "
		}
		text += compare.Say("[%.4g, %.4g]", w.Lo, w.Hi)
	}
	return fmt.Sprintf("%s cannot leave %s: it has %d invariant laws, and 1 is an eigenvalue of S as many times", name, text, len(wells))
}

// modelModes finds the leading eigenvalues of a model's L. Where the model leaves the box open
// it is wider than the chain's, and another width is one of the three grids.
func (s *Kind) modelModes(ctx context.Context, m *process.Diffusion, eta float64) (*climbed, error) {
	ladder, err := s.spectrumLadder(survey.ForL)
	if err != nil {
		return nil, err
	}
	keeps, _ := s.invariantHalf(eta)
	halves := []float64{boxRatio * keeps, keeps}
	whole, unseen := ladder, ""
	if m.Radius > 0 {
		halves = []float64{m.Radius}
		ladder, unseen = seeing(s, ladder, m)
	}
	var best *climbed
	most := -1
	for k, half := range halves {
		size := 0.0
		on := func(d process.Dynamics) source {
			return func(nodes int, narrow bool) (*Spectrum, error) {
				h := half
				if narrow {
					h *= narrowRatio
				}
				return s.generatorModes(d, m, eta, nodes, h, &size)
			}
		}
		// The size of rates, by which blocks are shifted, is that of a small grid.
		d := len(s.Problem.Ball.Center)
		small := whole[max(0, slices.IndexFunc(whole, func(n int) bool { return large(n, d) })-1)]
		if !large(small, d) && large(ladder[min(2, len(ladder)-1)], d) {
			var failed *unusable
			if _, err := s.generatorModes(s.Problem.Dynamics, m, eta, small, half, &size); err != nil && !errors.As(err, &failed) {
				return nil, err
			}
		}
		c, err := s.ascend(ctx, ladder, m.Radius == 0, m.Noise == process.NoNoise, nil, on(s.Problem.Dynamics))
		if err != nil {
			if process.NonFinite(err) && k+1 < len(halves) {
				continue // the loss is not finite so far outside
			}
			return nil, err
		}
		c.half = half
		if err := s.otherwise(ctx, c, ladder, m, eta, on); err != nil {
			return nil, err
		}
		if prefix, _ := s.quality(c.found, s.spectrumCount()); prefix > most {
			best, most = c, prefix
		}
		c.why = unseen
		if len(c.found) >= s.spectrumCount() {
			break
		}
	}
	return best, nil
}

// layerShare is the share of the spacings that others ask for in the layer of a noise that ends, as three grids are held to each
// other, by dimension: beyond the line ladders are short.
var layerShare = [grid.MaxDim + 1]float64{0, 0.5, 0.25, 0.25}

// seeing returns the rungs of a ladder that see the layer in which a model's noise ends, and all of them with the reason why
// nothing is certain where they are not three.
func seeing(s *Kind, ladder []int, m *process.Diffusion) (rungs []int, why string) {
	method, d := s.spectrumMethod(), len(s.Problem.Ball.Center)
	var levels []survey.Level
	for _, n := range ladder {
		l := survey.Level{Method: method, AsGiven: true}
		for range d {
			l.Nodes = append(l.Nodes, n)
		}
		levels = append(levels, l)
	}
	// Two of all but the finest, and that.
	from, unseen := survey.LayerFrom(s.Problem, m, levels[:len(levels)-1], layerShare[d])
	if unseen != nil {
		return ladder, unseen.Error()
	}
	return ladder[from:], ""
}

// large reports that not all eigenvalues are computed on a grid of so many nodes per axis.
func large(nodes, dim int) bool { return math.Pow(float64(nodes), float64(dim)) > denseNodes }

// generatorModes returns the leading modes of L on one grid.
func (s *Kind) generatorModes(d process.Dynamics, m *process.Diffusion, eta float64, nodes int, half float64, size *float64) (*Spectrum, error) {
	g, err := s.spectrumBox(s.spectrumMethod().Kind, nodes, half)
	if err != nil {
		return nil, err
	}
	fields, err := d.On(g, s.Config.Workers)
	if err != nil {
		return nil, err
	}
	of, err := unit.ModelUnder(d, s.Problem.Dynamics, m)
	if err != nil {
		return nil, err
	}
	op, err := kolmogorov.NewOperator(g, of.Coefficients(fields, eta), s.spectrumMethod().Order)
	if err != nil {
		return nil, &unusable{err}
	}
	op = op.WithWorkers(1)
	sp, err := s.dense(g, func(dst, u []float64) { op.ApplyTo(dst, nil, 1, u) }, Generator, size,
		func(a *mat.Dense) Step { return InverseStep(a, *size) })
	if err != nil {
		return nil, err
	}
	sp.Missed = missed(s, fields, m.Weights, eta)
	return sp, nil
}

// dense returns the leading modes of a linear map of fields on a grid: all of a small matrix,
// whose size of rates it keeps, and by a step of blocks those of a large one.
func (s *Kind) dense(g *grid.Grid, apply func(dst, u []float64), scale Scale, size *float64, step func(a *mat.Dense) Step) (*Spectrum, error) {
	n := g.Len()
	a := mat.NewDense(n, n, nil)
	e, column := make([]float64, n), make([]float64, n)
	for j := range n {
		e[j] = 1
		apply(column, e)
		e[j] = 0
		a.SetCol(j, column)
	}
	var shape []int
	for k := range g.Dim() {
		shape = append(shape, g.Axis(k).Len())
	}
	if n <= denseNodes {
		sp, err := Dense(a, shape, scale, s.looked())
		if err != nil {
			return nil, &unusable{err}
		}
		*size = sp.Size
		sp.Grid, sp.Width = g, s.spectrumMethod().Width
		return sp, nil
	}
	sp, err := Block(a, shape, scale, s.looked(), s.spectrumCount()+1, step(a))
	if err != nil {
		return nil, &unusable{err}
	}
	sp.Grid, sp.Width = g, s.spectrumMethod().Width
	return sp, nil
}
