package field

import "kolmo/grid"

// Has reports that the file holds a field.
func (f *Stored) Has(name string) bool {
	_, err := f.field(name)
	return err == nil
}

// Steps returns the number of stored times.
func (f *Stored) Steps() int { return len(f.data.T) }

// Around returns centre and radius of the ball, which is 0 where the file does not say.
func (f *Stored) Around() (center []float64, r float64) { return f.ball.Center, f.ball.R }

// On returns a function that interpolates a field of a step at the points of lines, one for each axis.
func (f *Stored) On(lines [][]float64) func(name string, step int) ([]float64, error) {
	move := grid.NewTransfer(f.grid, lines, f.width)
	return func(name string, step int) ([]float64, error) {
		values, err := f.values(name, step)
		if err != nil {
			return nil, err
		}
		on := make([]float64, move.Len())
		move.ApplyTo(on, values)
		return on, nil
	}
}
