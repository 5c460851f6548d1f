package unit

import (
	"math"
	"testing"

	"kolmo/process"
)

// bent are coordinates q with z = (q1 + q2^2/5, 2 q2 + q1 q2/4).
type bent struct{ process.Charted }

func (bent) ToUser(z, q []float64) {
	z[0], z[1] = q[0]+q[1]*q[1]/5, 2*q[1]+q[0]*q[1]/4
}

// Derivatives of the user's coordinates are those by hand.
func TestJetOf(t *testing.T) {
	t.Parallel()
	q := []float64{0.3, -0.7}
	j := jetOf(bent{}, q, 2e-3)
	want := jet{
		first:  [2][2]float64{{1, q[1] / 4}, {2 * q[1] / 5, 2 + q[0]/4}},
		second: [2][2]float64{{0, 0}, {2. / 5, 0}},
		mixed:  [2]float64{0, 1. / 4},
	}
	for k := range 2 {
		for l := range 2 {
			if math.Abs(j.first[k][l]-want.first[k][l]) > 1e-11 || math.Abs(j.second[k][l]-want.second[k][l]) > 1e-8 {
				t.Errorf("d_%d z_%d: %.12g, %.10g, want %g, %g", k+1, l+1, j.first[k][l], j.second[k][l], want.first[k][l], want.second[k][l])
			}
		}
		if math.Abs(j.mixed[k]-want.mixed[k]) > 1e-8 {
			t.Errorf("mixed, z_%d: %.10g, want %g", k+1, j.mixed[k], want.mixed[k])
		}
	}
}
