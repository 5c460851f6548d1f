package spectrum

import (
	"math"
	"math/cmplx"

	"kolmo/compare/waves"
	"kolmo/grid"
	"kolmo/process"
)

// waveNodes are the nodes per axis on which waves are looked at.
var waveNodes = [grid.MaxDim + 1]int{0, 160, 14, 6}

// Constants of modes as waves.
const (
	// resolvedPhase is the phase of a wave between two nodes from which its mode alternates.
	resolvedPhase = 2.2
	// turnFloor is the share of a mode that is rounding.
	turnFloor = 1e-6
)

// wavesOf looks at the steps of the chain on a box. It is nil where the ball has a metric or coordinates of its own, as of momentum: steps turn waves there. So it is
// where coordinates have ranges, as those of schedules: these have no noise.
func wavesOf(s *Kind, eta, half float64) (*waves.Waves, error) {
	state := s.Problem.Dynamics.State()
	if state.Metric != nil || state.Users != nil || len(state.Ranges) > 0 {
		return nil, nil
	}
	box, err := s.spectrumBox(grid.KindChebyshev, waveNodes[len(s.Problem.Ball.Center)], half)
	if err != nil {
		return nil, err
	}
	chains := []process.Chain{s.Problem.Dynamics.Chain(eta)}
	for _, r := range s.Richer {
		chains = append(chains, r.Problem.Dynamics.Chain(eta))
	}
	return waves.New(chains, box, eta), nil
}

// widest returns the largest spacing of a grid's axes.
func widest(g *grid.Grid) (spacing float64) {
	for k := range g.Dim() {
		for i := range g.Axis(k).Len() - 1 {
			spacing = max(spacing, g.Axis(k).Node(i+1)-g.Axis(k).Node(i))
		}
	}
	return spacing
}

// turned puts modes in doubt from the rate on that unresolved waves may have.
func turned(w *waves.Waves, found []Found, fine *Spectrum, count int) {
	if w == nil || len(found) == 0 {
		return
	}
	last := found[min(count, len(found))-1]
	upTo := real(last.Rate) + last.Error
	resolved := resolvedPhase / widest(fine.Grid)
	limit, multiples := w.Limit(resolved, upTo), math.Inf(-1)
	if limit < upTo && fine.Grid.Dim() == 1 {
		if turn, ok := w.Repeated(resolved, upTo); ok {
			multiples = fine.turning(turn)
		}
	}
	for k := range found {
		f := &found[k]
		f.Waves = real(f.Rate)+f.Error > limit && real(f.Rate)-f.Error > multiples
		f.Doubt = f.Doubt || f.Waves
	}
}

// turning returns the rate of the slowest mode on the line that turns as often as half of the waves exp(i w x), or of the last one.
func (s *Spectrum) turning(w float64) float64 {
	axis := s.Grid.Axis(0)
	for _, m := range s.Modes {
		if m.turns() >= w*(axis.Hi()-axis.Lo())/(2*math.Pi)/2 {
			return real(m.Rate)
		}
	}
	return real(s.Modes[len(s.Modes)-1].Rate)
}

// turns returns half the number of changes of sign along the line, beyond rounding.
func (m Mode) turns() float64 {
	most := 0.0
	for _, v := range m.Vector {
		most = max(most, cmplx.Abs(v))
	}
	changes := 0
	for _, part := range []func(complex128) float64{func(v complex128) float64 { return real(v) }, func(v complex128) float64 { return imag(v) }} {
		last, here := 0.0, 0
		for _, v := range m.Vector {
			if x := part(v); math.Abs(x) > turnFloor*most {
				if x*last < 0 {
					here++
				}
				last = x
			}
		}
		changes = max(changes, here)
	}
	return float64(changes) / 2
}
