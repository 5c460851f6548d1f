package stationary

import (
	"math"

	"kolmo/compare/unit"
	"kolmo/process"
)

// underNearer adds to the errors of limits what the ends of the noise do, where it ends for the
// computation's sake, those of a model or of the chain where it is nil: on finds the limits on the same grid with nearer ends.
func underNearer(s *Kind, m *process.Diffusion, eta float64, v *StationarySide, on func(near *Kind) (*StationarySide, error)) error {
	moved, err := s.Nearer()
	if err != nil {
		return err
	}
	near := *s
	near.Setup = moved
	other, err := on(&near)
	if err != nil {
		return err
	}
	fading := unit.NewFading(s.Setup, m, eta)
	for f := range v.Null {
		d := math.NaN()
		if other.Err == nil {
			own, _ := v.limit(f)
			moved, _ := other.limit(f)
			d = math.Abs(own.Value - moved.Value)
		}
		share := fading.Of(f)
		v.outward[f] = math.IsInf(share, 1)
		v.add(f, unit.Tapered(share, d))
	}
	return nil
}
