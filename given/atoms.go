package given

import (
	"slices"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// atoms evaluates means over the law's atoms at one point after the other. It is a
// workspace.
type atoms struct {
	parameters []string // of the loss
	in         expr.Inputs
	loss       *objective.Loss // nil: a batch
	machine    *expr.Machine   // of the loss
	batch      objective.Evaluator
	weights    []float64
	columns    [][]float64 // per variable of in: the sample's, eta, gradient, second derivatives
	first      int         // of the gradient's columns
	order      int         // of the derivatives that are needed
	means      []*overAtoms
}

// overAtoms is a mean over atoms, or a covariance.
type overAtoms struct {
	of     []*expr.Lockstep
	values [][]float64
}

// newAtoms returns a workspace over the law of a loss.
func newAtoms(state, parameters []string, o objective.Objective) *atoms {
	t := &atoms{parameters: parameters, order: 1, in: expr.Inputs{Parameters: state}}
	n := o.Law().Len()
	if l, ok := o.(*objective.Loss); ok {
		t.loss, t.machine, t.weights = l, l.NewMachine(), l.Law().Weights
		t.in.Variables = slices.Clone(l.Nodes().Variables)
		t.columns = slices.Clone(l.Nodes().Columns)
	} else {
		t.batch, t.weights = o.NewEvaluator(), make([]float64, n)
	}
	t.first = len(t.columns) + 1
	t.in.Variables = slices.Concat(t.in.Variables, []string{Eta}, gradNames(parameters), hessNames(parameters))
	for len(t.columns) < len(t.in.Variables) {
		t.columns = append(t.columns, make([]float64, n))
	}
	return t
}

// add adds a mean.
func (t *atoms) add(m mean) {
	v := &overAtoms{}
	for _, e := range m.of {
		for _, name := range e.Variables() {
			if slices.Contains(hessNames(t.parameters), name) {
				t.order = 2
			}
		}
		v.of = append(v.of, program(e, t.in).NewLockstep())
		v.values = append(v.values, make([]float64, len(t.weights)))
	}
	t.means = append(t.means, v)
}

// at moves to a state.
func (t *atoms) at(z []float64, eta float64) {
	n, d := len(t.weights), len(t.parameters)
	x := z[:d]
	set := t.columns[t.first-1]
	for k := range set {
		set[k] = eta
	}
	if t.loss == nil {
		grads := make([]float64, n*d)
		t.batch.NodesTo(t.weights, grads, x)
		for i := range d {
			for k := range n {
				t.columns[t.first+i][k] = grads[k*d+i]
			}
		}
	} else {
		t.machine.Point(x, nil, t.order)
		for k := 0; k < n; k += expr.Lanes {
			end := k + t.machine.Block(k)
			for i := range d {
				fill(t.columns[t.first+i][k:end], t.machine.Grad(i))
				for j := range d {
					if t.order == 2 {
						fill(t.columns[t.first+d+i*d+j][k:end], t.machine.Hess(i, j))
					}
				}
			}
		}
	}
	for _, m := range t.means {
		for i, of := range m.of {
			for c, v := range z {
				set := of.X(c)
				for k := range set {
					set[k] = v
				}
			}
			for k := 0; k < n; k += expr.Lanes {
				lanes := min(expr.Lanes, n-k)
				for c := range t.columns {
					copy(of.Sample(c), t.columns[c][k:k+lanes])
				}
				of.Run(lanes, 0)
				copy(m.values[i][k:], of.Value())
			}
		}
	}
}

// fill copies values, nil for zeros.
func fill(dst, values []float64) {
	if values == nil {
		clear(dst)
		return
	}
	copy(dst, values)
}

// mean returns mean i at the point.
func (t *atoms) mean(i int) float64 {
	m := t.means[i]
	var e [2]float64
	for j, values := range m.values {
		for k, w := range t.weights {
			e[j] += w * values[k]
		}
	}
	if len(m.values) == 1 {
		return e[0]
	}
	sum := 0.0
	for k, w := range t.weights {
		sum += w * (m.values[0][k] - e[0]) * (m.values[1][k] - e[1])
	}
	return sum
}
