package compare

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sort"
	"strings"

	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
)

// Choice is the discretisation that kolmo chose for a model at one learning rate,
// where the study left it open.
type Choice struct {
	Model   string  `json:"model"`
	Eta     float64 `json:"eta"`
	EtaText string  `json:"eta_text"`
	Space   string  `json:"space"` // chebyshev or uniform
	Order   int     `json:"order"` // of differences; zero for collocation
	Nodes   int     `json:"nodes"` // per axis, predicted to be needed
	Time    string  `json:"time"`  // polynomial or the name of a scheme
	Why     string  `json:"why"`   // the predicted work of all candidates
}

// Orders of differences among which kolmo chooses.
var (
	ordersTried   = []int{4, 6, 8, 10}
	ordersTried3D = []int{6, 8}
)

// candidate is a method with what it is predicted to need.
type candidate struct {
	method method
	nodes  float64 // per axis
	work   float64 // multiplications per unit time and observable
	note   string  // why it is out of the question
}

// Constants of the prediction.
const (
	// polynomialPasses is the number of applications of L per unit of dt rho(L).
	polynomialPasses = 4
	// nodeWork is the work at a node of one application besides the derivatives,
	// in multiplications.
	nodeWork = 30
	// paddedRows is by how much the blocks of a banded matrix are wider than its
	// rows.
	paddedRows = 8
	// schemeError is the time error of Hundsdorfer-Verwer as a share of the gap
	// with four steps per SGD step (measured, doc/method.md).
	schemeError = 4e-3
	// solveShare is the work of a pass of a scheme, with its line solves, over that
	// of an application of L.
	solveShare = 2
	// estimateShare is the work of a scheme with its error estimate over that of
	// its steps.
	estimateShare = 1.75
	// schemeSafety is by how much the scheme must win: its steps may not be enough,
	// and the polynomial has no error.
	schemeSafety = 3
	// slowest is the least ratio of two differences of collocation, from one level
	// to the next, that counts as convergence.
	slowest = 1.5
	// fewNodes is the number of nodes per axis up to which collocation is taken in
	// three dimensions without a look at differences.
	fewNodes = 24
	// mostPredicted is the number of nodes per axis beyond which predictions are
	// not taken for numbers.
	mostPredicted = 4096
)

// stiffScheme is the scheme that kolmo chooses where L is stiff.
var stiffScheme = scheme.HundsdorferVerwer{}

// probeOpen probes the methods that the study leaves open. In three dimensions a probe
// of differences takes longer than many a study: it is left out where collocation
// needs few nodes at every learning rate, and takes fewer orders elsewhere.
func (s *gapStudy) probeOpen(ctx context.Context, m *process.Diffusion, eta float64) (*probed, error) {
	var collocation, differences []method
	if s.p.Solver.Space == SpaceAuto && (s.p.Solver.Scheme == nil || !s.p.Solver.Scheme.Implicit()) {
		collocation = append(collocation, chebyshev())
	}
	large := len(s.p.Ball.Center) > 2
	orders := ordersTried
	switch {
	case s.p.Solver.Order != 0:
		orders = []int{s.p.Solver.Order}
	case large:
		orders = ordersTried3D
	}
	for _, order := range orders {
		differences = append(differences, uniform(order))
	}
	if !large || len(collocation) == 0 {
		return s.probe(ctx, m, eta, append(collocation, differences...))
	}
	first, err := s.probe(ctx, m, eta, collocation)
	if err != nil {
		return nil, err
	}
	smallest := s.p.Etas[len(s.p.Etas)-1].Value
	if c := s.predict(first, &first.probes[0], m, smallest); c.note == "" && c.nodes <= fewNodes {
		return first, nil
	}
	second, err := s.probe(ctx, m, eta, differences)
	if err != nil {
		return nil, err
	}
	second.probes = append(first.probes, second.probes...)
	return second, nil
}

// choose returns the methods for a model at learning rate eta, the least
// predicted work first, and what is said of the choice. The probe is that of the
// largest learning rate.
func (s *gapStudy) choose(ctx context.Context, i int, eta Rate) (best, next *candidate, c *Choice, err error) {
	m := s.p.Models[i]
	if s.probed[i] == nil {
		s.progress(eta, 0, s.share, fmt.Sprintf("eta = %s: choosing a method for the %s model", eta.Text, m))
		if s.probed[i], err = s.probeOpen(ctx, m, s.p.Etas[0].Value); err != nil {
			return nil, nil, nil, err
		}
	}
	var list []candidate
	for k := range s.probed[i].probes {
		list = append(list, s.predict(s.probed[i], &s.probed[i].probes[k], m, eta.Value))
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].work < list[b].work })
	best = &list[0]
	for k := range list {
		if list[k].method.kind == grid.KindUniform && k > 0 && next == nil && !math.IsInf(list[k].work, 1) {
			next = &list[k]
		}
	}
	if math.IsInf(best.work, 1) {
		// Nothing converges at these levels: the ladder will tell.
		u := uniform(s.p.Solver.Order).by(s.p.Solver.Scheme)
		best = &candidate{method: u, nodes: 0, work: best.work, note: best.note}
	}
	c = &Choice{Model: m.Name, Eta: eta.Value, EtaText: eta.Text, Space: best.method.kind.String(), Order: best.method.order, Nodes: int(math.Ceil(best.nodes)), Time: polynomialName}
	if best.method.scheme != nil {
		c.Time = best.method.scheme.Name()
	}
	var why []string
	for _, o := range list {
		why = append(why, o.String())
	}
	c.Why = "predicted multiplications per unit of time: " + strings.Join(why, "; ")
	return best, next, c, nil
}

// String describes a candidate and its predicted work.
func (c candidate) String() string {
	if c.note != "" {
		return c.method.String() + ": " + c.note
	}
	return fmt.Sprintf("%s %.1e (%.0f nodes)", c.method, c.work, math.Ceil(c.nodes))
}

// predict extrapolates a probe to the accuracy that learning rate eta needs.
func (s *gapStudy) predict(p *probed, pr *probe, m *process.Diffusion, eta float64) candidate {
	c := candidate{method: pr.method.by(s.p.Solver.Scheme), work: math.Inf(1)}
	n := len(pr.levels)
	if pr.err != nil {
		c.note = "unstable at few nodes"
		return c
	}
	if n < 2 {
		c.note = "no two grids fit in memory"
		return c
	}
	fine, coarse := &pr.levels[n-1], &pr.levels[n-2]
	for o, gap := range p.gap {
		target := max(discretisationShare*s.p.Accuracy/2*gap*math.Pow(eta/p.eta, float64(cmp.Or(m.Order, 1))), certifiedFloor*s.size[o]/4)
		need := 0.0
		if pr.method.kind == grid.KindChebyshev {
			need = collocationNodes(pr.levels, o, target)
		} else {
			e := (distance(fine.u[o], coarse.u[o]) + fine.miss[o]) / (math.Pow(float64(fine.nodes)/float64(coarse.nodes), float64(fine.level.order)) - 1)
			need = float64(fine.nodes) * math.Pow(e/target, 1/float64(fine.level.order))
		}
		c.nodes = max(c.nodes, need)
	}
	if !(c.nodes < mostPredicted) {
		c.nodes, c.note = 0, "converges too slowly"
		return c
	}
	c.work = s.work(&c, fine, coarse, m, eta)
	return c
}

// distance returns max |u - v|.
func distance(u, v []float64) float64 {
	most := 0.0
	for i := range u {
		most = max(most, math.Abs(u[i]-v[i]))
	}
	return most
}

// collocationNodes predicts the nodes per axis from the geometric decay of the
// differences between levels.
func collocationNodes(levels []probeLevel, o int, target float64) float64 {
	n := len(levels)
	fine := &levels[n-1]
	last := max(distance(fine.u[o], levels[n-2].u[o]), fine.miss[o])
	if last <= target {
		return float64(levels[n-2].nodes)
	}
	if n < 3 {
		return math.Inf(1)
	}
	before := max(distance(levels[n-2].u[o], levels[n-3].u[o]), levels[n-2].miss[o])
	if before < slowest*last {
		return math.Inf(1)
	}
	// The last difference is the error one level below the finest.
	step := float64(fine.nodes - levels[n-2].nodes)
	return float64(levels[n-2].nodes) + step*math.Log(last/target)/math.Log(before/last)
}

// work predicts the multiplications per unit time and observable on a grid with
// the candidate's nodes, and takes steps in time where that is far cheaper and
// the study leaves it open.
func (s *gapStudy) work(c *candidate, fine, coarse *probeLevel, m *process.Diffusion, eta float64) float64 {
	l := fine.level
	at := math.Max(c.nodes, float64(s.least(fine.method())))
	ratio := at / float64(fine.nodes)
	total := 1.0
	width := float64(l.order + 1 + paddedRows)
	for _, n := range l.nodes {
		total *= float64(n) * ratio
	}
	if c.method.kind == grid.KindChebyshev {
		width = float64(l.largest()) * ratio
	}
	pass := total * (l.derivatives(m)*width + nodeWork)
	// The spectral radius grows by a power of the nodes that the probe shows.
	power := math.Log(fine.rho/coarse.rho) / math.Log(float64(fine.nodes)/float64(coarse.nodes))
	rho := fine.rho * math.Pow(ratio, min(max(power, 1), 4))
	polynomial := pass * polynomialPasses * max(rho, 1/eta)
	if c.method.kind != grid.KindUniform || s.p.Solver.Time == TimePolynomial {
		return polynomial
	}
	scheme := s.p.Solver.Scheme
	if scheme == nil {
		scheme = stiffScheme
	}
	sub := max(firstSub, firstSub*math.Sqrt(schemeError/(timeShare*s.p.Accuracy)))
	steps := pass * scheme.Passes() * solveShare * estimateShare * sub / eta
	if s.p.Solver.Scheme == nil && steps*schemeSafety < polynomial {
		c.method = c.method.by(scheme)
	}
	if c.method.scheme == nil {
		return polynomial
	}
	return steps
}

// least is the fewest nodes per axis that a method ends with: its error is measured
// between the first two levels of its ladder.
func (s *gapStudy) least(m method) int {
	ladder, err := m.ladder(forL, len(s.p.Ball.Center), nil)
	if err != nil {
		return m.minNodes()
	}
	return ladder[1].largest()
}

// method returns the method of the level.
func (l *probeLevel) method() method { return l.level.method }
