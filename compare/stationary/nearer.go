package stationary

import (
	"math"

	"kolmo/compare/unit"
)

// underNearer adds to the errors of limits what the ends of the noise do, where it ends for the
// computation's sake: on finds the limits on the same grid with nearer ends.
func underNearer(s *Kind, v *StationarySide, on func(near *Kind) (*StationarySide, error)) error {
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
	for f := range v.Null {
		d := math.NaN()
		if other.Err == nil {
			own, _ := v.limit(f)
			moved, _ := other.limit(f)
			d = math.Abs(own.Value - moved.Value)
		}
		v.add(f, unit.TaperSafety*d)
	}
	return nil
}
