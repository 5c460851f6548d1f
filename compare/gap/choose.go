package gap

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sort"
	"strings"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// candidate is a method with what it is predicted to need.
type candidate struct {
	method survey.Method
	nodes  float64 // per axis
	work   float64 // multiplications per unit time and observable
	note   string  // why it is out of the question
}

// chooser chooses discretisations where the study leaves them open, by short runs.
type chooser struct {
	*unit.Setup
	thinned *survey.Cache // under fewer samples, for probes; nil until needed
	probed  []*probed     // per model
}

// probeOpen probes the methods that the study leaves open. In three dimensions a probe
// of differences takes longer than many a study: it is left out where collocation
// needs few nodes at every learning rate, and takes fewer orders elsewhere.
func (s *chooser) probeOpen(ctx context.Context, m *process.Diffusion, eta float64) (*probed, error) {
	var collocation, differences []survey.Method
	if s.Problem.Solver.Space == compare.SpaceAuto && (s.Problem.Solver.Scheme == nil || !s.Problem.Solver.Scheme.Implicit()) {
		collocation = append(collocation, survey.Chebyshev())
	}
	large := len(s.Problem.Ball.Center) > 2
	orders := survey.OrdersTried
	switch {
	case s.Problem.Solver.Order != 0:
		orders = []int{s.Problem.Solver.Order}
	case large:
		orders = survey.OrdersTried3D
	}
	for _, order := range orders {
		differences = append(differences, survey.Uniform(order))
	}
	if !large || len(collocation) == 0 {
		return s.probe(ctx, m, eta, append(collocation, differences...))
	}
	first, err := s.probe(ctx, m, eta, collocation)
	if err != nil {
		return nil, err
	}
	smallest := s.Problem.Etas[len(s.Problem.Etas)-1].Value
	if c := s.predict(first, &first.probes[0], m, smallest); c.note == "" && c.nodes <= survey.FewNodes {
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
func (s *chooser) choose(ctx context.Context, i int, eta compare.Rate) (best, next *candidate, c *compare.Choice, err error) {
	m := s.Problem.Models[i]
	if s.probed[i] == nil {
		s.Progress(eta, 0, s.Share, fmt.Sprintf("eta = %s: choosing a method for the %s model", eta.Text, m))
		if s.probed[i], err = s.probeOpen(ctx, m, s.Problem.Etas[0].Value); err != nil {
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
		if list[k].method.Kind == grid.KindUniform && k > 0 && next == nil && !math.IsInf(list[k].work, 1) {
			next = &list[k]
		}
	}
	if math.IsInf(best.work, 1) {
		// Nothing converges at these levels: the ladder will tell.
		u := survey.Uniform(s.Problem.Solver.Order).By(s.Problem.Solver.Scheme)
		best = &candidate{method: u, nodes: 0, work: best.work, note: best.note}
	}
	c = &compare.Choice{Model: m.Name, Eta: eta.Value, EtaText: eta.Text, Space: best.method.Kind.String(), Order: best.method.Order, Nodes: int(math.Ceil(best.nodes)), Time: survey.PolynomialName}
	if best.method.Scheme != nil {
		c.Time = best.method.Scheme.Name()
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
	return compare.Say("%s %.1e (%.0f nodes)", c.method, c.work, math.Ceil(c.nodes))
}

// predict extrapolates a probe to the accuracy that learning rate eta needs.
func (s *chooser) predict(p *probed, pr *probe, m *process.Diffusion, eta float64) candidate {
	c := candidate{method: pr.method.By(s.Problem.Solver.Scheme), work: math.Inf(1)}
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
		target := max(fit.DiscretisationShare*s.Problem.Accuracy/2*gap*math.Pow(eta/p.eta, float64(cmp.Or(m.Order, 1))), fit.CertifiedFloor*s.Size[o]/4)
		need := 0.0
		if pr.method.Kind == grid.KindChebyshev {
			need = collocationNodes(pr.levels, o, target)
		} else {
			e := (fit.Distance(fine.u[o], coarse.u[o]) + fine.miss[o]) / (math.Pow(float64(fine.nodes)/float64(coarse.nodes), float64(fine.level.Order)) - 1)
			need = float64(fine.nodes) * math.Pow(e/target, 1/float64(fine.level.Order))
		}
		c.nodes = max(c.nodes, need)
	}
	if !(c.nodes < survey.MostPredicted) {
		c.nodes, c.note = 0, "converges too slowly"
		return c
	}
	c.work = s.work(&c, fine, coarse, m, eta)
	return c
}

// collocationNodes predicts the nodes per axis from the geometric decay of the
// differences between levels.
func collocationNodes(levels []probeLevel, o int, target float64) float64 {
	n := len(levels)
	fine := &levels[n-1]
	last := max(fit.Distance(fine.u[o], levels[n-2].u[o]), fine.miss[o])
	if last <= target {
		return float64(levels[n-2].nodes)
	}
	if n < 3 {
		return math.Inf(1)
	}
	before := max(fit.Distance(levels[n-2].u[o], levels[n-3].u[o]), levels[n-2].miss[o])
	if before < survey.Slowest*last {
		return math.Inf(1)
	}
	// The last difference is the error one level below the finest.
	step := float64(fine.nodes - levels[n-2].nodes)
	return float64(levels[n-2].nodes) + step*math.Log(last/target)/math.Log(before/last)
}

// work predicts the multiplications per unit time and observable on a grid with
// the candidate's nodes, and takes steps in time where that is far cheaper and
// the study leaves it open.
func (s *chooser) work(c *candidate, fine, coarse *probeLevel, m *process.Diffusion, eta float64) float64 {
	l := fine.level
	at := math.Max(c.nodes, float64(s.least(fine.level.Method)))
	ratio := at / float64(fine.nodes)
	total := 1.0
	width := float64(l.Order + 1 + survey.PaddedRows)
	for _, n := range l.Nodes {
		total *= float64(n) * ratio
	}
	if c.method.Kind == grid.KindChebyshev {
		width = float64(l.Largest()) * ratio
	}
	pass := total * (l.Derivatives(m)*width + survey.NodeWork)
	// The spectral radius grows by a power of the nodes that the probe shows.
	power := math.Log(fine.rho/coarse.rho) / math.Log(float64(fine.nodes)/float64(coarse.nodes))
	rho := fine.rho * math.Pow(ratio, min(max(power, 1), 4))
	polynomial := pass * survey.PolynomialPasses * max(rho, 1/eta)
	if c.method.Kind != grid.KindUniform || s.Problem.Solver.Time == compare.TimePolynomial {
		return polynomial
	}
	scheme := s.Problem.Solver.Scheme
	if scheme == nil {
		scheme = survey.StiffScheme
	}
	sub := max(survey.FirstSub, survey.FirstSub*math.Sqrt(survey.SchemeError/(timeShare*s.Problem.Accuracy)))
	steps := pass * scheme.Passes() * survey.SolveShare * survey.EstimateShare * sub / eta
	if s.Problem.Solver.Scheme == nil && steps*survey.SchemeSafety < polynomial {
		c.method = c.method.By(scheme)
	}
	if c.method.Scheme == nil {
		return polynomial
	}
	return steps
}

// least is the fewest nodes per axis that a method ends with: its error is measured
// between the first two levels of its ladder.
func (s *chooser) least(m survey.Method) int {
	ladder, err := m.Ladder(survey.ForL, s.Problem, nil)
	if err != nil {
		return m.MinNodes()
	}
	return ladder[1].Largest()
}
