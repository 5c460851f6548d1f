package constant

import (
	"kolmo/compare/survey"
	"kolmo/process"
)

// hiddenFromDefect returns by how much, relatively, a grid of collocation misses what the
// leading coefficient D of a model's one-step defect is made of, and the flow that carries
// it. Where D has derivatives of a part, their misses are up to the number of nodes larger.
func (s *Kind) hiddenFromDefect(l survey.Level, m *process.Diffusion) (float64, error) {
	data, err := s.Cache.Get(l, s.Problem.Ball.R)
	if err != nil {
		return 0, err
	}
	size := s.Cache.Survey.Loss.Size
	most := 0.0
	for _, e := range data.Hidden {
		uses, derived := m.Defect.Uses(e.Part)
		if whole := size.Largest(e.Part); uses && whole > 0 {
			share := e.Miss / whole
			if derived {
				share *= float64(l.Largest())
			}
			most = max(most, share)
		}
	}
	if m.Defect.ThirdMoments {
		most = max(most, s.Cache.ThirdMiss(l, data))
	}
	return most, nil
}
