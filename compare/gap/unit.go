package gap

import (
	"math"

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

// pilots is the number of the largest learning rates whose refinement tells the others
// where to begin: their runs are short.
const pilots = 2

// pilotShare is the share of the levels by which the pilots differ that is continued. The
// steps of a ladder are coarse, so that one of them may be chance; a level too many costs
// more than one too few. Of 0, 1/2 and 1 the share 1/2 took the least processor time for
// studies/iris.yaml (74, 63, 94 s) and studies/trig2d.yaml (10.6, 9.9, 12.8 s).
const pilotShare = 0.5

// startAt returns the first of the two levels with which a learning rate's refinement
// begins, given where on the same ladder the pilots ended: the levels that are needed
// move evenly with log eta. It never begins below the last pilot's.
func (s *Kind) startAt(i int, ended []int) int {
	last := ended[len(ended)-1]
	start := last
	if len(ended) == pilots && i >= pilots {
		eta := func(k int) float64 { return math.Log(s.Problem.Etas[k].Value) }
		move := float64(last-ended[0]) * (eta(1) - eta(i)) / (eta(0) - eta(1))
		start += max(0, int(math.Floor(pilotShare*move)))
	}
	return max(0, start-1)
}

// startS returns where on the ladder of S the refinement of a model begins.
func (s *Kind) startS(i, m int, ladder []survey.Level) int {
	var ended []int
	for k := range min(i, pilots) {
		if u := s.Units.At(k, m); u.Plan[1].S.Kind == ladder[0].Kind {
			ended = append(ended, u.AtS)
		}
	}
	if ended == nil {
		return 0
	}
	return s.startAt(i, ended)
}

// startL returns where on a ladder of L the refinement of a model begins; known is false
// if no pilot ended on this ladder.
func (s *Kind) startL(i, m int, ladder []survey.Level) (at int, known bool) {
	var ended []int
	for k := range min(i, pilots) {
		u := s.Units.At(k, m)
		if l := u.Plan[1].L; l.Kind == ladder[0].Kind && l.Order == ladder[0].Order {
			ended = append(ended, u.At)
		}
	}
	if ended == nil {
		return 0, false
	}
	return s.startAt(i, ended), true
}

// startSub returns the number of steps in time per SGD step to begin with.
func (s *Kind) startSub(i, m int) int {
	if k := min(i, pilots); k > 0 {
		return max(survey.FirstSub, s.Units.At(k-1, m).Plan[1].L.Sub/2)
	}
	return survey.FirstSub
}
