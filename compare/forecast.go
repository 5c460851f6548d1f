package compare

import (
	"context"
	"math"
	"runtime"
)

// UnitForecast is what one unit of a study is predicted to take.
type UnitForecast struct {
	Kind   Study
	Model  string
	Eta    Rate
	Method string  // of the model: "chebyshev", "uniform of order 8 by douglas"
	Nodes  int     // of the model's grid, per axis
	NodesS int     // of the grid of S, per axis
	Steps  float64 // of SGD
	Bytes  int64   // of grids and operators
	Work   float64 // multiplications
	Known  bool    // false: the work is what kolmo allows, since errors do not fall yet on coarse grids
}

// Forecast predicts a study's units in the order in which they are run, from short runs on coarse
// grids as the choice of methods takes them. Nothing is stored. The errors are those of Run that
// are found before the work, a *MemoryError too.
func Forecast(ctx context.Context, p *Problem, cfg *Config) ([]UnitForecast, error) {
	s, err := newSetup(p, cfg)
	if err != nil {
		return nil, err
	}
	units, err := newGapKind(s).forecasts(ctx)
	for _, u := range units {
		if most := s.cfg.Memory; most > 0 && u.Bytes > most {
			return nil, &MemoryError{Eta: u.Eta.Text, Nodes: u.NodesS, Bytes: u.Bytes, Most: most}
		}
	}
	return units, err
}

// forecasts predicts all units.
func (s *gapKind) forecasts(ctx context.Context) ([]UnitForecast, error) {
	// U is as smooth as u of a diffusion without a cutoff.
	of := s.p.Models[0]
	for _, m := range s.p.Dynamics.Diffusions() {
		if m.Analytic {
			of = m
			break
		}
	}
	p, err := s.probe(ctx, of, s.p.Etas[0].Value, []method{chebyshev()})
	if err != nil {
		return nil, err
	}
	var out []UnitForecast
	for _, kind := range Studies() {
		if !s.p.has(kind) {
			continue
		}
		for i := range s.p.Etas {
			smooth := s.predict(p, &p.probes[0], of, s.p.Etas[i].Value).nodes
			for m := range s.p.Models {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				u, err := s.forecast(ctx, i, m, smooth)
				if err != nil {
					return nil, err
				}
				u.Kind = kind
				u.Work *= kindShare[kind]
				out = append(out, *u)
			}
		}
	}
	return out, nil
}

// kindShare is about what a kind of study takes, over what the gap does that comes before it or
// in its place.
var kindShare = map[Study]float64{StudyGap: 1, StudyLocalError: 1, StudyDecay: 1, StudyHorizon: 1, StudyStationary: 0.5, StudySpectrum: 0.1, StudyCrossing: 0.2, StudyVariation: 0.2}

// Constants of the forecast.
const (
	// climbs is what all runs of a refinement take over the last one.
	climbs = 2
	// lookWork is what is done with a node of the grid of S per step and observable besides
	// applying S: transfer, differences, suprema.
	lookWork = 500
	// workPerSecond is how many multiplications of the forecast one processor does in a second,
	// all that surrounds them included.
	workPerSecond = 6e9
)

// Seconds predicts the time of units on so many processors; 0: all there are.
func Seconds(units []UnitForecast, workers int) float64 {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	sum := 0.0
	for _, u := range units {
		sum += u.Work
	}
	return sum / workPerSecond / float64(workers)
}

// forecast predicts the gap unit of a model at a learning rate; smooth is the nodes that U needs.
func (s *gapKind) forecast(ctx context.Context, i, m int, smooth float64) (*UnitForecast, error) {
	p, eta, model := s.p, s.p.Etas[i], s.p.Models[m]
	d := len(p.Ball.Center)
	mS, mL, _, nodes, _, err := s.methods(ctx, m, eta)
	if err != nil {
		return nil, err
	}
	ladderS, err := mS.ladder(forS, d, p.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	ladder, err := mL.ladder(forL, d, p.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	c, err := s.candidateOf(ctx, mL, m, eta.Value)
	if err != nil {
		return nil, err
	}
	u := &UnitForecast{Model: model.Name, Eta: eta, Method: mL.String(), Steps: s.steps(eta.Value), Known: c.note == ""}
	nodes = max(nodes, c.nodes)
	l := above(ladder, nodes)
	l.sub = firstSub
	nS := above(ladderS, smooth)
	on, _ := l.onBox(p, model)
	u.Nodes, u.NodesS = on.largest(), nS.largest()
	u.Bytes = plan{s: nS, models: p.Models[m : m+1], levels: []level{l}}.bytes(p)
	perTime := c.work
	if !u.Known {
		perTime = mostWork[d] * eta.Value / u.Steps
	}
	apply := nS.count() * nS.count()
	if nS.width > 0 {
		apply = nS.count() * math.Pow(float64(nS.width), float64(d))
	}
	// The models that need the same grid of S share it.
	perStep := perTime*eta.Value + lookWork*nS.count() + apply/float64(len(p.Models))
	u.Work = climbs * float64(len(p.Observables)) * u.Steps * perStep
	return u, nil
}

// candidateOf predicts what a method needs for a model at a learning rate.
func (s *chooser) candidateOf(ctx context.Context, me method, m int, eta float64) (*candidate, error) {
	model := s.p.Models[m]
	if s.probed[m] == nil {
		var err error
		if s.probed[m], err = s.probe(ctx, model, s.p.Etas[0].Value, []method{me.by(nil)}); err != nil {
			return nil, err
		}
	}
	for k := range s.probed[m].probes {
		if pr := &s.probed[m].probes[k]; pr.method.kind == me.kind && pr.method.order == me.order {
			c := s.predict(s.probed[m], pr, model, eta)
			return &c, nil
		}
	}
	return &candidate{method: me, work: math.Inf(1), note: "not looked at"}, nil
}

// above returns the second level of a ladder, or the one above the first with so many nodes.
func above(ladder []level, nodes float64) level {
	at := 1
	for at+1 < len(ladder) && float64(ladder[at-1].largest()) < nodes {
		at++
	}
	return ladder[at]
}
