package sgdop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/process"
)

// Choice is how S is computed.
type Choice struct {
	// Width is the number of nodes per axis that interpolate, 0 for whole axes.
	Width int
	// Storage is what is kept of the weights, never StorageAuto, and Bytes its memory.
	Storage Storage
	Bytes   int64
	// Error is what the probe found of the interpolation error, over all its steps;
	// NaN without a probe.
	Error float64
	// Why says in one sentence why.
	Why string
}

// MatrixFree reports that no merged weights are kept.
func (c Choice) MatrixFree() bool { return c.Storage == StorageFactors || c.Storage == StorageNone }

// String returns the choice in one line.
func (c Choice) String() string {
	how := "whole axes"
	if c.Width > 0 {
		how = fmt.Sprintf("width %d (degree %d)", c.Width, c.Width-1)
	}
	return fmt.Sprintf("%s, %s, %s: %s", how, c.Storage, size(c.Bytes), c.Why)
}

// Probe is what an operator is chosen for.
type Probe struct {
	// Fields are the functions that S will be applied to.
	Fields []func(x []float64) float64
	// Accuracy is the largest interpolation error wanted after Steps steps,
	// relative to the largest |field| on the nodes.
	Accuracy float64
	// Steps is the number of steps whose errors add up. Default 0: 1/eta, the
	// time after which a strongly convex loss forgets them.
	Steps int
}

// The probe's sizes: nodes looked at, images per node times nodes, and widths.
const (
	probeNodes  = 400
	probePairs  = 40_000
	leastWidth  = 4
	mostWidth   = 12
	widthStep   = 2
	wholeLimit  = 12 // nodes up to which equidistant ones interpolate as a whole
	probeStride = 0.6180339887498949
)

// candidate is one width with what the probe found.
type candidate struct {
	width   int
	err     float64 // of all steps
	bytes   int64   // of windows
	work    float64 // products per application
	storage Storage
}

// steps returns the steps of a probe.
func (p *Probe) steps(eta float64) int {
	if p.Steps > 0 {
		return p.Steps
	}
	return max(1, int(math.Ceil(1/eta)))
}

// ranked returns the widths, among degrees 3 to 11 and whole axes, from the best on: those
// that meet the accuracy of the probe by their work, then the others by their error. That is
// the largest difference, over a set of nodes, between S u with a width and with two
// nodes more, of whole axes what the decay of the fields' Chebyshev coefficients lets
// expect, times the steps. Memory and work come from the windows of these nodes. The error is
// that of a missing probe, of a gradient or field that is not finite, or the context's. Cost:
// about probePairs interpolations per width and field.
func ranked(ctx context.Context, g *grid.Grid, chain process.Chain, c *Config) ([]Choice, error) {
	if c.Probe == nil || len(c.Probe.Fields) == 0 || !(c.Probe.Accuracy > 0) {
		return nil, errors.New("sgdop: a probe needs fields and an accuracy above zero")
	}
	steps := c.Probe.steps(chain.Eta())
	p := newProbe(g, c.Probe.Fields)
	if p.scale == 0 || math.IsNaN(p.scale) || math.IsInf(p.scale, 0) {
		return nil, fmt.Errorf("sgdop: the fields of a probe have the size %v", p.scale)
	}
	list, err := p.candidates(ctx, chain, c)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].err *= float64(steps) / p.scale
	}
	meets := func(a *candidate) bool { return a.err <= c.Probe.Accuracy }
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case meets(&a) && meets(&b):
			return cmp.Compare(a.work, b.work)
		case meets(&a):
			return -1
		case meets(&b):
			return 1
		}
		return cmp.Compare(a.err, b.err)
	})
	choices := make([]Choice, len(list))
	for k := range list {
		b := &list[k]
		why := fmt.Sprintf("interpolation error %.1e after %d steps", b.err, steps)
		if meets(b) {
			why += fmt.Sprintf(" meets %.1e at the least work", c.Probe.Accuracy)
		} else {
			why += fmt.Sprintf(", the least there is, misses %.1e", c.Probe.Accuracy)
		}
		for i := range list {
			if i == k {
				continue
			}
			why += fmt.Sprintf("; %s: %.1e, %.2g times the work", name(list[i].width), list[i].err, list[i].work/b.work)
			if list[i].bytes > c.MaxBytes {
				why += ", " + size(list[i].bytes) + " do not fit"
			}
		}
		choices[k] = Choice{Width: b.width, Storage: b.storage, Bytes: b.bytes, Error: b.err, Why: why}
	}
	return choices, nil
}

// name returns a width in words.
func name(width int) string {
	if width == 0 {
		return "whole axes"
	}
	return fmt.Sprintf("degree %d", width-1)
}

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
