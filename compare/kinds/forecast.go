package kinds

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/gap"
)

// Forecast predicts a study's units in the order in which they are run, from short runs on coarse
// grids as the choice of methods takes them. Nothing is stored. The errors are those of Run that
// are found before the work, a *MemoryError too.
func Forecast(ctx context.Context, p *compare.Problem, cfg *compare.Config) ([]compare.UnitForecast, error) {
	s, err := setup(p, cfg)
	if err != nil {
		return nil, err
	}
	units, err := gap.New(s).Forecasts(ctx, asked(p))
	for _, u := range units {
		if most := s.Config.Memory; most > 0 && u.Bytes > most {
			return nil, &compare.MemoryError{Eta: u.Eta.Text, Nodes: u.NodesS, Bytes: u.Bytes, Most: most}
		}
	}
	return units, err
}
