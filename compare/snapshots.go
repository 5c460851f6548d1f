package compare

import (
	"fmt"
	"math"
	"slices"

	"kolmo/internal/par"
)

// snapshots keeps fields of one model at regularly spaced steps: every given number of
// steps, or about twenty; in either case fewer where they would take too much memory.
// Every second one is dropped then.
type snapshots struct {
	asked int // 0: about twenty
	every int
	most  int // snapshots kept
	list  []shot
	want  []FieldName // derivatives
	rows  []*rowRun   // the model's, per observable
	side  []*deriver  // of u, per observable, on the model's grid
	sgd   *deriver    // of U, on the grid of S
}

// shot is the fields at step n, on the grid of S, per observable.
type shot struct {
	n    int
	u, d [][]float64   // U and u
	du   [][][]float64 // [observable][J] derivatives of U
	dd   [][][]float64 // [observable][J] derivatives of u
	sup  []float64     // of |U - u| over the ball, per observable
}

const (
	// mostShots is the number of automatic snapshots from which every second one is
	// dropped: about twenty remain.
	mostShots = 28
	// fewestShots are kept whatever they take.
	fewestShots = 4
	// fieldBytes is the memory that the snapshots of one model may take; two runs are
	// compared at a time.
	fieldBytes = 1 << 28
)

// keepFields makes an engine keep its models' fields, beginning with step 0. The error
// is an *InputError where a grid has too few nodes for a derivative.
func (e *engine) keepFields(request *FieldRequest, bytes int64) error {
	if bytes == 0 {
		bytes = fieldBytes
	}
	sgd, err := newDeriver(e.data.g, e.lv, request.Derivatives, "U")
	if err != nil {
		return err
	}
	var derivatives [][][]float64 // of phi
	for _, phi := range e.data.phi {
		derivatives = append(derivatives, sgd.of(phi, e.data.g.Len()))
	}
	whole := e.wholeAll(e.data.phi)
	for _, m := range e.models {
		s := &snapshots{asked: request.Every, every: max(request.Every, 1), want: request.Derivatives, sgd: sgd}
		o := shot{u: whole, d: whole, du: derivatives, sup: make([]float64, len(e.data.phi))}
		for _, r := range e.rows {
			if r.m != m {
				continue
			}
			d, err := newDeriver(m.data.g, m.level, s.want, "u")
			if err != nil {
				return err
			}
			d.transfer = r.transfer
			s.rows, s.side = append(s.rows, r), append(s.side, d)
			o.dd = append(o.dd, d.of(m.data.phi[r.obs], e.data.g.Len()))
		}
		fields := len(s.rows) * (2 + len(sgd.js) + len(s.side[0].js))
		s.most = int(max(bytes/int64(8*fields*e.data.g.Len()), fewestShots))
		if s.asked == 0 {
			s.most = min(s.most, mostShots)
		}
		s.list = append(s.list, o)
		m.shots = s
	}
	e.shots = true
	return nil
}

// due reports that step n is to be kept, and makes room for it.
func (s *snapshots) due(n int) bool {
	if n%s.every != 0 {
		return false
	}
	if len(s.list) >= s.most {
		s.every *= 2
		s.list = slices.DeleteFunc(s.list, func(o shot) bool { return o.n%s.every != 0 })
	}
	return n%s.every == 0
}

// supOf returns the polished supremum over the ball of |u - d|, no less than its largest
// value at a node: of a row's curve only the steps are polished that may have its largest
// gap. It overwrites the row's field and samples of a block's first step.
func (e *engine) supOf(r *rowRun, u, d []float64) float64 {
	diff, values := r.e[:len(u)], r.values[:len(e.search.x)]
	for i := range diff {
		diff[i] = u[i] - d[i]
	}
	r.sampler.sampleTo(values, diff, 1)
	sup := r.finder.find(diff, values)
	x := make([]float64, e.data.g.Dim())
	for i, v := range diff {
		if math.Abs(v) > sup {
			if e.data.g.PointTo(x, i); e.p.Ball.Contains(x) {
				sup = math.Abs(v)
			}
		}
	}
	return sup
}

// offerFields keeps entry j of the block, which is step n, for the models for which it is
// due.
func (e *engine) offerFields(n, j int) {
	var u [][]float64 // shared by the models
	var du [][][]float64
	for _, m := range e.models {
		if !m.open() || !m.shots.due(n) {
			continue
		}
		s := m.shots
		if u == nil {
			u = e.wholeAll(e.uOut[j])
			for _, v := range e.uOut[j] {
				du = append(du, s.sgd.of(v, len(v)))
			}
		}
		o := shot{n: n, u: u, du: du, d: make([][]float64, len(s.rows)), dd: make([][][]float64, len(s.rows)), sup: make([]float64, len(s.rows))}
		par.Do(e.workers, len(s.rows), func(i int) {
			r := s.rows[i]
			o.d[i] = e.whole(r.onS[j], r.obs)
			o.dd[i] = s.side[i].of(r.out[j][0], e.data.g.Len())
			o.sup[i] = max(r.curve[n], e.supOf(r, u[r.obs], o.d[i]))
		})
		s.list = append(s.list, o)
	}
}

// note says that fewer snapshots were kept than the study asks for.
func (s *snapshots) note(eta Rate) string {
	if s.asked == 0 || s.every == s.asked {
		return ""
	}
	return fmt.Sprintf("eta = %s: fields are kept every %d steps and not every %d: more than %d of them take more memory than they may", eta.Text, s.every, s.asked, s.most)
}
