package compare

import (
	"fmt"
	"slices"

	"kolmo/internal/par"
)

// snapshots keeps fields at regularly spaced steps: every given number of steps, or
// about twenty; in either case fewer where they would take too much memory. Every
// second one is dropped then.
type snapshots struct {
	asked int // 0: about twenty
	every int
	most  int // snapshots kept
	list  []shot
	want  []FieldName // derivatives
	rows  []*deriver  // of u, per row, on the model's grid
	sgd   *deriver    // of U, on the grid of S
}

// shot is the fields at step n, on the grid of S.
type shot struct {
	n    int
	u, d [][]float64   // U per observable, u per row
	du   [][][]float64 // [observable][J] derivatives of U
	dd   [][][]float64 // [row][J] derivatives of u
}

const (
	// mostShots is the number of automatic snapshots from which every second one is
	// dropped: about twenty remain.
	mostShots = 28
	// fewestShots are kept whatever they take.
	fewestShots = 4
	// fieldBytes is the memory that the snapshots of one run may take; two runs are
	// compared at a time.
	fieldBytes = 1 << 30
)

// newSnapshots returns the snapshots of an engine that begins, with step 0. The error
// is an *InputError where a grid has too few nodes for a derivative.
func newSnapshots(e *engine, request *FieldRequest, bytes int64) (*snapshots, error) {
	s := &snapshots{asked: request.Every, every: max(request.Every, 1), want: request.Derivatives}
	if bytes == 0 {
		bytes = fieldBytes
	}
	var err error
	if s.sgd, err = newDeriver(e.data.g, e.lv, s.want, "U"); err != nil {
		return nil, err
	}
	fields := len(e.u)*(1+len(s.sgd.js)) + len(e.rows)
	for _, r := range e.rows {
		d, err := newDeriver(r.m.data.g, r.m.level, s.want, "u")
		if err != nil {
			return nil, err
		}
		d.transfer = r.transfer
		s.rows = append(s.rows, d)
		fields += len(d.js)
	}
	s.most = int(max(bytes/int64(8*fields*e.data.g.Len()), fewestShots))
	if s.asked == 0 {
		s.most = min(s.most, mostShots)
	}
	var own, onS [][]float64
	for _, r := range e.rows {
		own = append(own, r.m.data.phi[r.obs])
		onS = append(onS, e.data.phi[r.obs])
	}
	s.keep(0, e, e.data.phi, own, onS)
	return s, nil
}

// offer keeps entry j of the block, which is step n, if it is due.
func (s *snapshots) offer(n int, e *engine, j int) {
	if n%s.every != 0 {
		return
	}
	if len(s.list) >= s.most {
		s.every *= 2
		s.list = slices.DeleteFunc(s.list, func(o shot) bool { return o.n%s.every != 0 })
		if n%s.every != 0 {
			return
		}
	}
	var own, onS [][]float64
	for _, r := range e.rows {
		own = append(own, r.out[j][0])
		onS = append(onS, r.onS[j])
	}
	s.keep(n, e, e.uOut[j], own, onS)
}

// keep keeps U and, on the models' own grids and on that of S, u.
func (s *snapshots) keep(n int, e *engine, u, own, onS [][]float64) {
	o := shot{n: n, u: copyFields(u), d: copyFields(onS), dd: make([][][]float64, len(own))}
	for _, v := range u {
		o.du = append(o.du, s.sgd.of(v, e.data.g.Len()))
	}
	par.Do(e.workers, len(own), func(i int) {
		if e.rows[i].m.err == nil {
			o.dd[i] = s.rows[i].of(own[i], e.data.g.Len())
		}
	})
	s.list = append(s.list, o)
}

// note says that fewer snapshots were kept than the study asks for.
func (s *snapshots) note(eta Rate) string {
	if s.asked == 0 || s.every == s.asked {
		return ""
	}
	return fmt.Sprintf("eta = %s: fields are kept every %d steps and not every %d: more than %d of them take more memory than they may", eta.Text, s.every, s.asked, s.most)
}
