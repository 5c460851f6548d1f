package manufactured

import (
	"fmt"
	"math"
)

// Rate is lambda: u decays as e^{-Rate t}.
const Rate = 2

// MaxDim is the largest dimension.
const MaxDim = 3

// Problem is one equation with its solution. It is immutable.
type Problem struct {
	d       int
	noise   float64
	tapered bool
	waves   []wave
}

// wave is c sin(k.x + p).
type wave struct {
	c float64
	k [MaxDim]float64
	p float64
}

// planeWaves has the waves of v, the first d of them in d dimensions. The sum of
// |c k_1| is below one, so that v_1 > 0.
var planeWaves = [MaxDim]wave{
	{0.2, [MaxDim]float64{3, 0, 0}, 0.4},
	{0.1, [MaxDim]float64{1, 3, 0}, 0.5},
	{0.1, [MaxDim]float64{0.5, -1, 2.5}, 0.9},
}

// New returns the problem in d dimensions whose diffusion has the size noise.
// frequency multiplies the wave vectors of v and divides the amplitudes; 1 gives
// about one wave along every axis. A tapered diffusion has its normal component
// vanish on the faces, another one does not. New panics if d is not 1 to MaxDim or
// noise frequency is not between 0 and 0.1, for which the drift points inward.
func New(d int, noise, frequency float64, tapered bool) *Problem {
	if d < 1 || d > MaxDim || !(noise*frequency >= 0 && noise*frequency <= 0.1) {
		panic(fmt.Sprintf("manufactured: dimension %d with noise %v and frequency %v", d, noise, frequency))
	}
	p := &Problem{d: d, noise: noise, tapered: tapered}
	for _, w := range planeWaves[:d] {
		w.c /= frequency
		for k := range w.k {
			w.k[k] *= frequency
		}
		p.waves = append(p.waves, w)
	}
	return p
}

// Dim returns the dimension.
func (p *Problem) Dim() int { return p.d }

// Solution returns u(x, t); len(x) must be Dim(), here and below.
func (p *Problem) Solution(x []float64, t float64) float64 {
	return math.Exp(-Rate*t) * p.v(x)
}

// Diffusion returns a_kl(x), with a = noise (s s^T + w w^T) for smooth vectors s
// and w: symmetric, positive semidefinite and full, of rank at most two.
func (p *Problem) Diffusion(k, l int, x []float64) float64 {
	s, w := p.factors(x)
	return p.noise * (s[k]*s[l] + w[k]*w[l])
}

// Drift returns b_k(x).
func (p *Problem) Drift(k int, x []float64) float64 {
	if k > 0 {
		return -x[k] - 0.3*math.Sin(x[(k+1)%p.d])
	}
	g, h := p.derivatives(x)
	s, w := p.factors(x)
	sum := Rate * p.v(x)
	for i := range p.d {
		if i > 0 {
			sum += p.Drift(i, x) * g[i]
		}
		for j := range p.d {
			sum += 0.5 * p.noise * (s[i]*s[j] + w[i]*w[j]) * h[i][j]
		}
	}
	return -sum / g[0]
}

// factors returns s and w.
func (p *Problem) factors(x []float64) (s, w [MaxDim]float64) {
	last := x[p.d-1]
	s = [MaxDim]float64{1, 0.8 * math.Cos(x[0]), 0.5 + 0.2*math.Sin(x[0]+last)}
	w = [MaxDim]float64{0.6 * math.Sin(x[0]+last), 1, math.Cos(x[0] / 2)}
	if p.tapered {
		for k, v := range x {
			s[k] *= 1 - v*v
			w[k] *= 1 - v*v
		}
	}
	return s, w
}

// phase returns k.x + p.
func (w *wave) phase(x []float64) float64 {
	sum := w.p
	for k, v := range x {
		sum += w.k[k] * v
	}
	return sum
}

// v returns v(x).
func (p *Problem) v(x []float64) float64 {
	sum := x[0]
	for i := range p.waves {
		sum += p.waves[i].c * math.Sin(p.waves[i].phase(x))
	}
	return sum
}

// derivatives returns the gradient and the Hessian of v.
func (p *Problem) derivatives(x []float64) (g [MaxDim]float64, h [MaxDim][MaxDim]float64) {
	g[0] = 1
	for i := range p.waves {
		w := &p.waves[i]
		sin, cos := math.Sincos(w.phase(x))
		for k := range p.d {
			g[k] += w.c * w.k[k] * cos
			for l := range p.d {
				h[k][l] -= w.c * w.k[k] * w.k[l] * sin
			}
		}
	}
	return g, h
}
