package compare

import (
	"fmt"
	"slices"
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
	own   *deriver    // of u, on the model's grid
	sgd   *deriver    // of U, on the grid of S; the engine's models share it
}

// shot is the fields at step n, on the grid of S, per observable.
type shot struct {
	n      int
	u, d   [][]float64   // U and u
	du, dd [][][]float64 // [observable][J] their derivatives
}

const (
	// mostShots is the number of automatic snapshots from which every second one is
	// dropped: about twenty remain.
	mostShots = 28
	// fewestShots are kept whatever they take.
	fewestShots = 4
	// fieldBytes is the memory that the snapshots of one model may take; two grids are
	// compared at a time.
	fieldBytes = 1 << 28
)

// keepFields makes the engine keep its fields, beginning with step 0, in so many bytes
// for each model; 0: fieldBytes. The error is an *InputError where a grid has too few
// nodes for a derivative.
func (e *engine) keepFields(request *FieldRequest, bytes int64) error {
	if bytes == 0 {
		bytes = fieldBytes
	}
	sgd, err := newDeriver(e.data.g, e.lv, request.Derivatives, "U")
	if err != nil {
		return err
	}
	e.shots = true
	for _, m := range e.models {
		s := &snapshots{asked: request.Every, every: max(request.Every, 1), want: request.Derivatives, sgd: sgd}
		if s.own, err = newDeriver(m.data.g, m.level, s.want, "u"); err != nil {
			return err
		}
		fields := len(e.u) * (2 + len(s.own.js) + len(sgd.js))
		s.most = int(max(bytes/int64(8*fields*e.data.g.Len()), fewestShots))
		if s.asked == 0 {
			s.most = min(s.most, mostShots)
		}
		m.shots = s
	}
	e.offerFields(0, -1)
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

// offerFields keeps entry j of the block, which is step n, for the models for which it is
// due; step 0 is entry -1.
func (e *engine) offerFields(n, j int) {
	var u [][]float64 // shared by the models, as their derivatives are
	var du [][][]float64
	for _, m := range e.models {
		if !m.open() || !m.shots.due(n) {
			continue
		}
		if u == nil {
			u = copyFields(e.data.phi)
			if j >= 0 {
				u = copyFields(e.uOut[j])
			}
			for _, v := range u {
				du = append(du, m.shots.sgd.of(v, nil, e.data.g.Len()))
			}
		}
		o := shot{n: n, u: u, du: du}
		for _, r := range e.rows {
			if r.m != m {
				continue
			}
			own, onS := m.data.phi[r.obs], e.data.phi[r.obs]
			if j >= 0 {
				own, onS = r.out[j][0], r.onS[j]
			}
			o.d = append(o.d, append([]float64(nil), onS...))
			o.dd = append(o.dd, m.shots.own.of(own, r.transfer, e.data.g.Len()))
		}
		m.shots.list = append(m.shots.list, o)
	}
}

// note says that fewer snapshots were kept than the study asks for, or "".
func (s *snapshots) note(m *modelRun, eta Rate) string {
	if s.asked == 0 || s.every == s.asked {
		return ""
	}
	return fmt.Sprintf("%s, eta = %s: fields are kept every %d steps and not every %d: more than %d of them take more memory than they may", m.model, eta.Text, s.every, s.asked, s.most)
}
