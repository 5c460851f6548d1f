package custom

import (
	"math"

	"kolmo/derived"
	"kolmo/grid"
)

var _ derived.Rough = (*algorithm)(nil)

// roughness is the largest difference, over their size, of third and fourth moments that are a diffusion's.
const roughness = 1e-8

// Rough implements derived.Rough. Let a step be Delta = c sqrt(eta) + d eta + .., and a = E c c^T, b = E d. A diffusion of
// weak order two has the same moments of order eta^2:
//
//	sum E c_i c_j d_k = sum b_i a_jk + (1/2) sum_l a_kl d_l a_ij,   E c_i c_j c_k c_l = sum a_ij a_kl.
//
// Sums are over the three ways to choose the indices. E c_i c_j c_k is zero (Check). Mean and covariance do not set these
// moments. They differ where a step draws from another law than the normal, and mostly where noise varies.
func (a *algorithm) Rough(states [][]float64) bool {
	if !a.noisy {
		return false
	}
	s, moments := a.series(a.degrees()), a.NewMoments()
	for _, z := range states {
		var m derived.Moments
		moments(&m, z)
		if s.rough(z, &m) {
			return true
		}
	}
	return false
}

// rough is Rough at a state with these moments.
func (s *series) rough(z []float64, m *derived.Moments) bool {
	const most = grid.MaxDim
	d := len(z)
	var f noiseField
	var mixed [most][most][most]float64
	var fourth [most][most][most][most]float64
	s.each(z, 1, func(first, n int) {
		w := s.a.nodes.weights[first : first+n]
		var c, move [most][]float64
		for i := range d {
			c[i], move[i] = s.series.At(i, s.at(1)), s.series.At(i, s.at(2))
			for j := range d {
				f.add(s, w, i, j)
			}
		}
		of := func(l int, at [][]float64) float64 {
			p := w[l]
			for _, v := range at {
				if v == nil {
					return 0
				}
				p *= v[l]
			}
			return p
		}
		for l := range w {
			for i := range d {
				for j := range d {
					for k := range d {
						mixed[i][j][k] += of(l, [][]float64{c[i], c[j], move[k]})
						for h := range d {
							fourth[i][j][k][h] += of(l, [][]float64{c[i], c[j], c[k], c[h]})
						}
					}
				}
			}
		}
	})
	a, size, speed := f.value, 0.0, 0.0
	for i := range d {
		size, speed = max(size, a[i][i]), max(speed, math.Abs(m.M12[i]))
		for j := range d {
			for k := range d {
				speed = max(speed, math.Abs(f.first[k][i][j]))
			}
		}
	}
	off := 0.0
	for i := range d {
		for j := range d {
			for k := range d {
				want := m.M12[i]*a[j][k] + m.M12[j]*a[i][k] + m.M12[k]*a[i][j]
				for l := range d {
					want += (a[k][l]*f.first[l][i][j] + a[j][l]*f.first[l][i][k] + a[i][l]*f.first[l][j][k]) / 2
				}
				off = max(off, math.Abs(mixed[i][j][k]+mixed[i][k][j]+mixed[k][j][i]-want)/(size*(speed+math.Sqrt(size))))
				for h := range d {
					off = max(off, math.Abs(fourth[i][j][k][h]-a[i][j]*a[k][h]-a[i][k]*a[j][h]-a[i][h]*a[j][k])/(size*size))
				}
			}
		}
	}
	return off > roughness // not where nothing is noise at the state
}
