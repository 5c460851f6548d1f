package figure

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// Where U and u are far apart each has colours of its own, in all three dimensions, and
// else one scale is for both.
func TestScalesOfUAndMean(t *testing.T) {
	t.Parallel()
	for d := 2; d <= 3; d++ {
		for _, far := range []bool{false, true} {
			r := madeup.Result(d)
			a := FieldRasters(r)[0]
			planes := []*compare.Raster{&a}
			if d == 3 {
				planes = []*compare.Raster{&a.Slices[0], &a.Slices[1], &a.Slices[2]}
			}
			for _, p := range planes {
				for k := range p.U {
					if far {
						p.Diffusion[k] = 0.98 + 1e-5*p.Diffusion[k]
						p.U[k] = p.Diffusion[k] - 4.5e-3 + 1e-6*p.Values[k]
					}
				}
			}
			rows := fieldRows(&a, nil, "Uⁿ", []string{"x", "y", "z"}, true)
			u, mean := rows[0].maps[0].Colors, rows[len(rows)-1].maps[0].Colors
			if d == 2 {
				mean = rows[0].maps[1].Colors
			} else {
				mean = rows[1].maps[0].Colors
			}
			if same := u.Min == mean.Min && u.Max == mean.Max; same == far {
				t.Errorf("d = %d, far apart %v: [%g, %g] and [%g, %g]", d, far, u.Min, u.Max, mean.Min, mean.Max)
			}
			m := rows[0].maps[0]
			m.setLevels()
			lines := 0
			for _, l := range m.levels {
				lines += len(m.Raster.contour(l.Value))
			}
			if lines < 3 {
				t.Errorf("d = %d, far apart %v: %d contour lines", d, far, lines)
			}
		}
	}
}

// Labels that are counted from a round number give back the values, and have their place.
func TestLabelsOfNarrowRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lo, hi float64
		above  string
	}{
		{0.979241, 0.979356, ""}, {-1, 2, ""}, {0.97924112, 0.97924263, "×10⁻⁶ + 0.97924"}, {-123.4561, -123.4557, "×10⁻⁴ − 123.456"}, {1000.01, 1000.04, "+ 1000.0"}, {-4.57e-3, -4.54e-3, "×10⁻³"},
	} {
		m := Map{Colors: ColorMap{Min: c.lo, Max: c.hi}}
		above := m.setLevels()
		if above != c.above {
			t.Errorf("[%g, %g]: %q above the bar, want %q", c.lo, c.hi, above, c.above)
		}
		if len(m.levels) < 4 {
			t.Errorf("[%g, %g]: %d levels", c.lo, c.hi, len(m.levels))
		}
		// "×10⁻⁶ + 0.97924" in numbers.
		factor, rest, _ := strings.Cut(above, " ")
		scale, offset := 0, 0.0
		for r, k := range map[string]int{"×10⁻⁶": -6, "×10⁻⁴": -4, "×10⁻³": -3} {
			if factor == r {
				scale = k
			}
		}
		if rest != "" {
			if _, err := fmt.Sscanf(strings.NewReplacer("+ ", "", "− ", "-").Replace(rest), "%g", &offset); err != nil {
				t.Fatal(err)
			}
		}
		for _, l := range m.levels {
			var label float64
			if _, err := fmt.Sscanf(strings.Replace(l.Label, "−", "-", 1), "%g", &label); err != nil {
				t.Errorf("[%g, %g]: label %q of %g: %v", c.lo, c.hi, l.Label, l.Value, err)
			} else if math.Abs(offset+label*math.Pow(10, float64(scale))-l.Value) > 1e-6*(c.hi-c.lo) {
				t.Errorf("[%g, %g]: label %q of %.12g", c.lo, c.hi, l.Label, l.Value)
			}
			if w := TextStyle(tickSize, 0).Width(l.Label); w > barLabel {
				t.Errorf("[%g, %g]: label %q is %.1f pt wide", c.lo, c.hi, l.Label, w)
			}
		}
	}
}
