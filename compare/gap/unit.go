package gap

import (
	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// Unit is what the gap study found for one model at one learning rate.
type Unit struct {
	Rows    []unit.JSON[compare.GapRow] // per observable
	Curves  []compare.Curve             // of those that have one
	Rasters []compare.Raster
	// Plan are the last two levels, coarse and fine, of S and of the model.
	Plan [2]struct{ S, L unit.Level }
	// At and AtS are where the ladders ended.
	At, AtS  int
	Choices  []compare.Choice
	Warnings []string
}

// PlanOf returns the coarse (0) or the fine (1) levels that the unit ended with.
func (u *Unit) PlanOf(p *compare.Problem, m, i int) march.Planned {
	return march.Planned{Model: m, S: u.Plan[i].S.Level(nil), L: u.Plan[i].L.Level(p.Solver.Scheme)}
}

// Finished returns the unit's rows, per observable.
func (u *Unit) Finished() []compare.GapRow {
	var rows []compare.GapRow
	for _, row := range u.Rows {
		rows = append(rows, row.V)
	}
	return rows
}

// Plans returns the coarse (0) or the fine (1) levels that the gaps of some models ended
// with at a learning rate.
func (s *Kind) Plans(i int, models []int, k int) []march.Planned {
	var list []march.Planned
	for _, m := range models {
		list = append(list, s.Units.At(i, m).PlanOf(s.Problem, m, k))
	}
	return list
}

// Finest returns the finest grid of S that the models of a learning rate ended with.
func (s *Kind) Finest(i int) survey.Level {
	best := s.Units.At(i, 0).PlanOf(s.Problem, 0, 1).S
	for m := range s.Problem.Models {
		if l := s.Units.At(i, m).PlanOf(s.Problem, m, 1).S; l.Largest() > best.Largest() {
			best = l
		}
	}
	return best
}
