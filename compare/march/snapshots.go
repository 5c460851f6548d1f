package march

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/internal/par"
)

// snapshots keeps fields of one model at regularly spaced steps: every given number of
// steps, or about twenty; in either case fewer where they would take too much memory.
// Every second one is dropped then.
type snapshots struct {
	asked int // 0: about twenty
	Every int
	most  int // snapshots kept
	List  []shot
	want  []compare.FieldName // derivatives
	rows  []*Row              // the model's, per observable
	side  []*deriver          // of u, per observable, on the model's grid
	sgd   *deriver            // of U, on the grid of S
}

// shot is the fields at step n, on the grid of S, per observable.
type shot struct {
	N    int
	U, D [][]float64   // U and u
	du   [][][]float64 // [observable][J] derivatives of U
	dd   [][][]float64 // [observable][J] derivatives of u
	Sup  []float64     // of |U - u| over the ball, per observable
}

const (
	// MostShots is the number of automatic snapshots from which every second one is
	// dropped: about twenty remain.
	MostShots = 28
	// fewestShots are kept whatever they take.
	fewestShots = 4
	// fieldBytes is the memory that the snapshots of one model may take; two runs are
	// compared at a time.
	fieldBytes = 1 << 28
)

// KeepFields makes an engine keep its models' fields, beginning with step 0. The error
// is an *InputError where a grid has too few nodes for a derivative.
func (e *Engine) KeepFields(request *compare.FieldRequest, bytes int64) error {
	if bytes == 0 {
		bytes = fieldBytes
	}
	sgd, err := newDeriver(e.Data.Grid, e.Level, request.Derivatives, "U")
	if err != nil {
		return err
	}
	var derivatives [][][]float64 // of phi
	for _, phi := range e.Data.Phi {
		derivatives = append(derivatives, sgd.of(phi, e.Data.Grid.Len()))
	}
	whole := e.WholeAll(e.Data.Phi)
	for _, m := range e.Models {
		s := &snapshots{asked: request.Every, Every: max(request.Every, 1), want: request.Derivatives, sgd: sgd}
		o := shot{U: whole, D: whole, du: derivatives, Sup: make([]float64, len(e.Data.Phi))}
		for _, r := range e.Rows {
			if r.Model != m {
				continue
			}
			d, err := newDeriver(m.Data.Grid, m.Level, s.want, "u")
			if err != nil {
				return err
			}
			d.transfer = r.transfer
			s.rows, s.side = append(s.rows, r), append(s.side, d)
			o.dd = append(o.dd, d.of(m.Data.Phi[r.Observable], e.Data.Grid.Len()))
		}
		fields := len(s.rows) * (2 + len(sgd.js) + len(s.side[0].js))
		s.most = int(max(bytes/int64(8*fields*e.Data.Grid.Len()), fewestShots))
		if s.asked == 0 {
			s.most = min(s.most, MostShots)
		}
		s.List = append(s.List, o)
		m.Shots = s
	}
	e.Shots = true
	return nil
}

// due reports that step n is to be kept, and makes room for it.
func (s *snapshots) due(n int) bool {
	if n%s.Every != 0 {
		return false
	}
	if len(s.List) >= s.most {
		s.Every *= 2
		s.List = slices.DeleteFunc(s.List, func(o shot) bool { return o.N%s.Every != 0 })
	}
	return n%s.Every == 0
}

// supOf returns the polished supremum over the ball of |u - d|, no less than its largest
// value at a node: of a row's curve only the steps are polished that may have its largest
// gap. It overwrites the row's field and samples of a block's first step.
func (e *Engine) supOf(r *Row, u, d []float64) float64 {
	diff, values := r.Differences[:len(u)], r.values[:len(e.search.X)]
	for i := range diff {
		diff[i] = u[i] - d[i]
	}
	r.sampler.SampleTo(values, diff, 1)
	sup := r.finder.Find(diff, values)
	x := make([]float64, e.Data.Grid.Dim())
	for i, v := range diff {
		if math.Abs(v) > sup {
			if e.Data.Grid.PointTo(x, i); e.Problem.Ball.Contains(x) {
				sup = math.Abs(v)
			}
		}
	}
	return sup
}

// offerFields keeps entry j of the block, which is step n, for the models for which it is
// due.
func (e *Engine) offerFields(n, j int) {
	var u [][]float64 // shared by the models
	var du [][][]float64
	for _, m := range e.Models {
		if !m.open() || !m.Shots.due(n) {
			continue
		}
		s := m.Shots
		if u == nil {
			u = e.WholeAll(e.uOut[j])
			for _, v := range e.uOut[j] {
				du = append(du, s.sgd.of(v, len(v)))
			}
		}
		o := shot{N: n, U: u, du: du, D: make([][]float64, len(s.rows)), dd: make([][][]float64, len(s.rows)), Sup: make([]float64, len(s.rows))}
		par.Do(e.Workers, len(s.rows), func(i int) {
			r := s.rows[i]
			o.D[i] = e.Whole(r.onS[j], r.Observable)
			o.dd[i] = s.side[i].of(r.out[j][0], e.Data.Grid.Len())
			o.Sup[i] = max(r.Curve[n], e.supOf(r, u[r.Observable], o.D[i]))
		})
		s.List = append(s.List, o)
	}
}

// Note says that fewer snapshots were kept than the study asks for.
func (s *snapshots) Note(eta compare.Rate) string {
	if s.asked == 0 || s.Every == s.asked {
		return ""
	}
	return fmt.Sprintf("eta = %s: fields are kept every %d steps and not every %d: more than %d of them take more memory than they may", eta.Text, s.Every, s.asked, s.most)
}
