package custom

import (
	"fmt"
	"math"
	"slices"

	"kolmo/derived"
	"kolmo/grid"
	"kolmo/process"
)

// rangeRounding is by how much an image may miss a range, over its length.
const rangeRounding = 1e-12

// vanishing is what counts as zero, over the sizes of what it is the sum of.
const vanishing = 1e-10

// Check looks at the step at states: whether it is finite at the learning rates, whether it
// leaves coordinates in their ranges, whether it moves nothing as eta -> 0, and whether it has an expansion there
// whose odd powers of sqrt(eta) have the mean zero. The error is an *Error.
func Check(of derived.Algorithm, etas []float64, states [][]float64) error {
	a := of.(*algorithm)
	for _, eta := range etas {
		steps := []derived.Step{a.Step(eta)}
		if far, ok := steps[0].(derived.Reaching).Reach(); ok && slices.ContainsFunc(a.ranges, func(i *process.Interval) bool { return i != nil }) {
			steps = append(steps, far)
		}
		for _, s := range steps {
			im := s.NewImager()
			weights, images := make([]float64, s.Images()), make([]float64, s.Images()*len(a.names))
			for _, z := range states {
				if err := im.ImagesTo(weights, images, z); err != nil {
					return err
				}
				if err := a.within(images, z, eta); err != nil {
					return err
				}
			}
		}
	}
	s := a.series(a.degrees())
	for _, z := range states {
		if err := s.still(z); err != nil {
			return err
		}
		if err := s.odd(z); err != nil {
			return err
		}
	}
	return nil
}

// within reports images of z beyond the ranges.
func (a *algorithm) within(images, z []float64, eta float64) error {
	for k, r := range a.ranges {
		if r == nil {
			continue
		}
		slack := rangeRounding * (r.High - r.Low)
		for i := k; i < len(images); i += len(z) {
			if v := images[i]; v < r.Low-slack || v > r.High+slack {
				return &Error{a.names[k], fmt.Sprintf("leads out of its range [%.6g, %.6g], to %.6g from %s, eta = %.6g", r.Low, r.High, v, a.place(z), eta), false}
			}
		}
	}
	return nil
}

// still reports what moves at eta = 0, or has no expansion there, and noise of order
// sqrt(eta) that is not the noise variables'.
func (s *series) still(z []float64) (err error) {
	a := s.a
	fault := func(i int, what string) {
		if err == nil {
			err = &Error{a.names[i], what, false}
		}
	}
	s.each(z, 1, func(k, n int) {
		for i := range z {
			for l, v := range s.series.At(i, 0)[:n] {
				if v-v == 0 && math.Abs(v-z[i]) > vanishing*(1+math.Abs(z[i])) {
					fault(i, fmt.Sprintf("moves it at eta = 0, from %.4g to %.4g at %s; what it adds needs a factor eta, or sqrt(eta) for noise (momentum with a factor beta: doc/algorithms.md, Momentum of other programs)", z[i], v, a.place(z)))
				}
				for m := range s.g.Len() {
					if c := s.series.At(i, m); c != nil && c[l]-c[l] != 0 {
						fault(i, fmt.Sprintf("has no expansion in powers of sqrt(eta) and of the state at eta = 0, %s", a.place(z)))
					}
				}
			}
		}
	})
	if err != nil || !a.noisy {
		return err
	}
	s.each(z, 0, func(k, n int) {
		for i := range z {
			if c := s.series.At(i, s.at(1)); c != nil {
				for _, v := range c[:n] {
					if math.Abs(v) > vanishing {
						fault(i, "has a term of order sqrt(eta) without a noise variable; such terms need one of algorithm.noise as a factor, so that they can end beyond the ball")
					}
				}
			}
		}
	})
	return err
}

// odd reports odd powers of sqrt(eta) in the moments.
func (s *series) odd(z []float64) error {
	a := s.a
	if !a.half {
		return nil
	}
	for i := range z {
		var one, three, size float64
		var mixed, sizes [3]float64
		s.each(z, 1, func(k, n int) {
			w := a.nodes.weights[k : k+n]
			one += s.mean(w, i, s.at(1))
			three += s.mean(w, i, s.at(3))
			size += s.product(w, i, s.at(1), i, s.at(1), 0, 0) + s.product(w, i, s.at(3), i, s.at(3), 0, 0)
			for j := range z {
				mixed[j] += s.product(w, i, s.at(1), j, s.at(2), 0, 0) + s.product(w, i, s.at(2), j, s.at(1), 0, 0)
				sizes[j] += s.product(w, i, s.at(1), i, s.at(1), 0, 0) + s.product(w, j, s.at(2), j, s.at(2), 0, 0)
			}
		})
		if most := vanishing * math.Sqrt(size); math.Abs(one) > most || math.Abs(three) > most {
			return &Error{a.names[i], fmt.Sprintf("has terms with odd powers of sqrt(eta) whose mean is not zero, %.4g sqrt(eta) + %.4g eta^(3/2) at %s; noise with such a factor needs the mean 0", one, three, a.place(z)), false}
		}
		if cube, most := s.cube(z, i); math.Abs(cube) > most {
			return &Error{a.names[i], fmt.Sprintf("has noise of order sqrt(eta) whose third moment is %.4g eta^(3/2) at %s, not zero: no diffusion has that, and the weak order would be 1/2; such noise needs a symmetric law", cube, a.place(z)), false}
		}
		for j, v := range mixed[:len(z)] {
			if math.Abs(v) > vanishing*(1+sizes[j]) {
				return &Error{a.names[i], fmt.Sprintf("has noise whose product with the move of %s has the mean %.4g eta^(3/2) at %s, not zero: noise of order sqrt(eta) needs a symmetric law", a.names[j], v, a.place(z)), false}
			}
		}
	}
	return nil
}

// cube returns the third moment of the noise of order sqrt(eta) along direction i of the state and along what it has in
// common with the others, the largest, and what counts as zero.
func (s *series) cube(z []float64, i int) (third, most float64) {
	var of [grid.MaxDim][grid.MaxDim]float64
	size := 0.0
	s.each(z, 1, func(first, n int) {
		w := s.a.nodes.weights[first : first+n]
		c := s.series.At(i, s.at(1))
		if c == nil {
			return
		}
		for j := range z {
			for k := range z {
				a, b := s.series.At(j, s.at(1)), s.series.At(k, s.at(1))
				if a == nil || b == nil {
					continue
				}
				for l, v := range w {
					of[j][k] += v * c[l] * a[l] * b[l]
					size = max(size, math.Abs(c[l]*a[l]*b[l]))
				}
			}
		}
	})
	for j := range z {
		for k := range z {
			if math.Abs(of[j][k]) > math.Abs(third) {
				third = of[j][k]
			}
		}
	}
	return third, vanishing * size
}
