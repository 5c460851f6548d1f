package scheme

// splitEuler is implicit Euler along the axes in turn, with the mixed part
// explicit: the step that Stepping damps with,
//
//	(I - dt L_d) .. (I - dt L_1) v = u + dt L_0 u,
//
// and the new u is v. It is of order 1 and stable for constant coefficients with
// every positive semidefinite a in two and three dimensions. A wave that is rough
// along several axes at once goes to zero like those along one: the factor of
// Douglas with theta = 1 tends to one there, so that a jump across the axes would
// stay. In one dimension both are implicit Euler.
//
// Reference: Yanenko, The Method of Fractional Steps (1971),
// doi:10.1007/978-3-642-65108-3.
type splitEuler struct {
	op    SplitOperator
	dt    float64
	lines []LineSolver
	v     []float64
}

// newSplitEuler returns the stepper; the error wraps fd.ErrSingular. Cost per
// step: the mixed part of L and one solve along every axis.
func NewSplitEuler(op SplitOperator, dt float64) (*splitEuler, error) {
	s := &splitEuler{op: op, dt: dt}
	for k := range op.Dim() {
		lu, err := op.Factor(k, dt)
		if err != nil {
			return nil, err
		}
		s.lines = append(s.lines, lu)
	}
	if op.Mixed() {
		s.v = make([]float64, op.Len())
	}
	return s, nil
}

func (s *splitEuler) Step(u [][]float64) {
	if s.v != nil {
		for _, uf := range u {
			copy(s.v, uf)
			s.op.AddMixedTo(uf, s.dt, s.v)
		}
	}
	for _, lu := range s.lines {
		lu.SolveTo(u)
	}
}
