package march

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// deriver computes derivatives of fields on one grid. It owns workspace.
type deriver struct {
	level    survey.Level
	js       [][]int
	list     []*kolmogorov.Derivative
	work     []float64
	transfer *grid.Transfer // to the grid of S; nil: that is the grid
}

// newDeriver returns the derivatives among want that concern the side u or U, each J
// once, with the level's own order. The error is an *InputError.
func newDeriver(g *grid.Grid, l survey.Level, want []compare.FieldName, side string) (*deriver, error) {
	d := &deriver{level: l}
	for _, f := range want {
		if f.Of != side && f.Of != "gap" || d.index(f.J) >= 0 {
			continue
		}
		a, err := kolmogorov.NewDerivative(g, f.J, l.Order)
		if err != nil {
			return nil, &compare.InputError{Key: "output.fields", Msg: strings.TrimPrefix(err.Error(), "kolmogorov: ")}
		}
		d.js, d.list = append(d.js, f.J), append(d.list, a)
	}
	if len(d.list) > 0 {
		d.work = make([]float64, g.Len())
	}
	return d, nil
}

// index returns the place of J, or -1.
func (d *deriver) index(j []int) int {
	return slices.IndexFunc(d.js, func(k []int) bool { return slices.Equal(j, k) })
}

// of returns all derivatives of u, on the grid of S, which has n nodes.
func (d *deriver) of(u []float64, n int) [][]float64 {
	var out [][]float64
	for _, a := range d.list {
		v := make([]float64, n)
		if d.transfer == nil {
			a.ApplyTo(v, u)
		} else {
			a.ApplyTo(d.work, u)
			d.transfer.ApplyTo(v, d.work)
		}
		out = append(out, v)
	}
	return out
}

// method describes the computation of d^J of a field.
func (d *deriver) method(g *grid.Grid) string {
	var nodes []string
	for k := range g.Dim() {
		nodes = append(nodes, fmt.Sprint(g.Axis(k).Len()))
	}
	how := "by collocation"
	if d.level.Kind == grid.KindUniform {
		how = fmt.Sprintf("by differences of order %d", d.level.Order)
	}
	return fmt.Sprintf("%s on %s %s nodes", how, strings.Join(nodes, " x "), d.level.Kind)
}

// Derivatives returns those of a row at the first steps kept, their errors not known.
func (s *snapshots) Derivatives(e *Engine, r *Row, steps int) []compare.FieldDerivative {
	var out []compare.FieldDerivative
	nan := math.NaN()
	ofD := "of u, " + s.side[r.Observable].method(r.Model.Data.Grid) + ", carried to this grid"
	ofU := "of U, " + s.sgd.method(e.Data.Grid)
	for _, f := range s.want {
		v := compare.FieldDerivative{Name: f, Error: nan, Parts: [2]float64{nan, nan}}
		for n := range steps {
			o := &s.List[n]
			d, u := s.field(o.dd[r.Observable], s.side[r.Observable], f), s.field(o.du[r.Observable], s.sgd, f)
			switch f.Of {
			case "u":
				v.Values, v.Method = append(v.Values, d), ofD
			case "U":
				v.Values, v.Method = append(v.Values, u), ofU
			default:
				gap := make([]float64, len(u))
				for k := range gap {
					gap[k] = u[k] - d[k]
				}
				v.Values, v.Method = append(v.Values, gap), ofU+", less that "+ofD
			}
		}
		out = append(out, v)
	}
	return out
}

// field returns the derivative that f asks for among those of d, or nil.
func (s *snapshots) field(values [][]float64, d *deriver, f compare.FieldName) []float64 {
	if k := d.index(f.J); k >= 0 && values != nil {
		return values[k]
	}
	return nil
}

// JudgeDerivatives estimates the errors of f's derivatives, row r of e, from the same row
// of the coarser engine. They are the largest difference over the ball and the steps that
// both have, times the share of u's, or U's, difference that is estimated to remain. A
// side that was not refined keeps what before knew of it; nil: nothing.
func (e *Engine) JudgeDerivatives(f *compare.FieldSet, r *Row, coarse *Engine, finer [2]bool, share [2]float64, before *compare.FieldSet) {
	if len(f.Derivatives) == 0 {
		return
	}
	shots, old := r.Model.Shots, coarse.ModelOf(r.Model.Model).Shots
	inBall := e.ballNodes()
	t := grid.NewGridTransfer(coarse.Data.Grid, e.Data.Grid, coarse.Width)
	work := make([]float64, e.Data.Grid.Len())
	for k := range f.Derivatives {
		v := &f.Derivatives[k]
		for side := range v.Parts {
			if !finer[side] {
				if before != nil {
					v.Parts[side] = before.Derivatives[k].Parts[side]
				}
				continue
			}
			worst := math.NaN()
			for i := range f.N {
				j := slices.IndexFunc(old.List, func(o shot) bool { return o.N == f.N[i] })
				if j < 0 {
					continue
				}
				a, b := shots.at(side, i, r.Observable, v.Name), old.at(side, j, r.Observable, v.Name)
				if a == nil || b == nil {
					continue
				}
				if math.IsNaN(worst) {
					worst = 0
				}
				t.ApplyTo(work, b)
				for _, x := range inBall {
					worst = max(worst, math.Abs(a[x]-work[x]))
				}
			}
			v.Parts[side] = share[side] * worst
		}
		switch v.Name.Of {
		case "u":
			v.Error = v.Parts[0]
		case "U":
			v.Error = v.Parts[1]
		default:
			v.Error = v.Parts[0] + v.Parts[1]
		}
	}
}

// at returns the derivative f of u (side 0) or of U (1) in snapshot i, or nil.
func (s *snapshots) at(side, i, obs int, f compare.FieldName) []float64 {
	if side == 0 {
		return s.field(s.List[i].dd[obs], s.side[obs], f)
	}
	return s.field(s.List[i].du[obs], s.sgd, f)
}

// ballNodes returns the nodes of the grid of S in the ball.
func (e *Engine) ballNodes() []int {
	var in []int
	x := make([]float64, e.Data.Grid.Dim())
	for i := range e.Data.Grid.Len() {
		if e.Data.Grid.PointTo(x, i); e.Problem.Ball.Contains(x) {
			in = append(in, i)
		}
	}
	return in
}
