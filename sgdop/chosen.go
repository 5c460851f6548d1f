package sgdop

import (
	"context"
	"errors"
	"fmt"

	"kolmo/grid"
	"kolmo/process"
)

// Steps over which the growth of a chosen operator is watched.
const (
	leastWatch = 64
	mostWatch  = 512
)

// assembleChosen assembles the best width whose powers do not grow and which meets the
// accuracy for U^n too; if none does, of those that do not grow the one with the least
// error.
func assembleChosen(ctx context.Context, g *grid.Grid, chain process.Chain, c *Config) (*Operator, error) {
	if c.Probe == nil {
		return nil, errors.New("sgdop: a width to be chosen needs a probe")
	}
	choices, err := ranked(ctx, g, chain, c)
	if err != nil {
		return nil, err
	}
	steps := c.Probe.steps(chain.Eta())
	var best *Operator
	bestGrows := true
	passed := ""
	for _, choice := range choices {
		d := *c
		d.Width = choice.Width
		s, err := assembleWidth(ctx, g, chain, &d, choice)
		if err != nil {
			return nil, err
		}
		growth, err := s.Growth(ctx, c.Workers, min(max(4*steps, leastWatch), mostWatch), 1, nil)
		if err != nil {
			return nil, err
		}
		later, err := s.probeLater(ctx, c, steps)
		if err != nil {
			return nil, err
		}
		s.choice.Error = max(choice.Error, later)
		grows := growth.Unstable()
		if !grows && s.choice.Error <= c.Probe.Accuracy {
			s.choice.Why = passed + s.choice.Why
			return s, nil
		}
		if grows {
			passed += fmt.Sprintf("powers with %s grow (%.4g times per step); ", name(choice.Width), growth.Rate)
		} else if choice.Error <= c.Probe.Accuracy {
			passed += fmt.Sprintf("%s misses %.1e for later U^n (%.1e); ", name(choice.Width), c.Probe.Accuracy, later)
		}
		if best == nil || bestGrows && !grows || bestGrows == grows && s.choice.Error < best.choice.Error {
			best, bestGrows = s, grows
		}
	}
	if passed != "" {
		best.choice.Why = fmt.Sprintf("%sthe least error of all is %.1e; %s", passed, best.choice.Error, best.choice.Why)
	}
	return best, nil
}

// probeLater returns the interpolation error that a probe finds of the fields after half
// of its steps and all of them, relative as Choice.Error.
func (s *Operator) probeLater(ctx context.Context, c *Config, steps int) (float64, error) {
	p := newProbe(s.g, c.Probe.Fields)
	scale := p.scale
	nodes := p.nodes(max(probeNodes/25, min(probeNodes, probePairs/s.chain.Images())))
	worst := 0.0
	for _, n := range []int{(steps + 1) / 2, steps / 2} {
		next := make([][]float64, len(p.fields))
		for f := range next {
			next[f] = make([]float64, s.g.Len())
		}
		if err := s.PowerTo(ctx, c.Workers, n, next, p.fields); err != nil {
			return 0, err
		}
		p.fields = next
		e, err := p.oneStep(ctx, s.chain, s.width, nodes)
		if err != nil {
			return 0, err
		}
		worst = max(worst, e)
	}
	return worst * float64(steps) / scale, nil
}
