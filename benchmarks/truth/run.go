package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"syscall"
	"time"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/study"
)

// What rows are about.
const (
	gap          = "gap"
	oneStep      = "one-step error"
	limitOfSGD   = "limit of SGD"
	limitOfModel = "limit of the model"
)

// verdict is what became of one row.
type verdict struct {
	problem                *problem
	what                   string
	observable, model, eta string
	rate                   float64 // eta
	value, bar             float64 // kolmo's
	truth, doubt           float64 // the reference's
	inside, certified      bool
	wrong                  bool
	reason                 string // why kolmo does not certify
	dropped                string // why the reference does not judge
}

// A reference is wanted to a share of the bars that it judges, but not closer than double precision gives it,
// relative to the gap.
const (
	ofTheBar = 1e-3
	finest   = 1e-11
)

// run passes the problem's text through study, computes it, and holds every certified row to its answer.
func (p *problem) run(ctx context.Context) ([]verdict, error) {
	s, err := study.Parse(p.id+".yaml", []byte(p.text), ".")
	if err != nil {
		return nil, err
	}
	q, err := s.Problem()
	if err != nil {
		return nil, err
	}
	r, err := kinds.Run(ctx, q, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.id, err)
	}
	return p.judge(r), nil
}

// rowsOf lists what a result says, and whether it is certified. Limits and one-step errors are where they have no
// reason why not.
func (p *problem) rowsOf(r *compare.Result) []verdict {
	var out []verdict
	row := func(what, observable, model, text string, eta float64, value, bar compare.Number, certified bool, reason *string) {
		v := verdict{problem: p, what: what, observable: observable, model: model, eta: text, rate: eta,
			value: float64(value), bar: float64(bar), certified: certified, inside: p.inside(model, eta)}
		if reason != nil {
			v.reason = *reason
		}
		out = append(out, v)
	}
	for _, g := range r.Gap {
		row(gap, g.Observable, g.Model, g.EtaText, g.Eta, g.Gap, g.Error, g.Certified, g.Reason)
	}
	for _, l := range r.LocalError {
		row(oneStep, l.Observable, l.Model, l.EtaText, l.Eta, l.Rho, l.Error, l.Reason == nil, l.Reason)
	}
	for _, s := range r.Stationary {
		row(limitOfSGD, s.Observable, s.Model, s.EtaText, s.Eta, s.SGD, s.SGDError, s.Reason == nil, s.Reason)
		row(limitOfModel, s.Observable, s.Model, s.EtaText, s.Eta, s.Diffusion, s.DiffusionError, s.Reason == nil, s.Reason)
	}
	return out
}

// judge holds the rows of a result to the answers. A row that is outside its bar is held to a finer reference
// before it is called wrong.
func (p *problem) judge(r *compare.Result) []verdict {
	type key struct {
		model string
		eta   float64
	}
	out := p.rowsOf(r)
	together := map[key][]int{} // certified rows with one reference
	for i, v := range out {
		if v.certified {
			k := key{v.model, v.rate}
			together[k] = append(together[k], i)
		}
	}
	for k, rows := range together {
		q, want := request{model: k.model, eta: k.eta}, 1.0
		for _, i := range rows {
			if out[i].what == gap {
				want = min(want, max(finest, ofTheBar*out[i].bar/out[i].value))
			} else {
				want = finest
			}
			q.rho = q.rho || out[i].what == oneStep
			q.limits = q.limits || out[i].what == limitOfSGD
		}
		for _, want := range []float64{want, finest} {
			answers, err := p.answers(q, want)
			doubt := false
			for _, i := range rows {
				out[i].compare(p.names, answers, err)
				doubt = doubt || out[i].wrong
			}
			if !doubt || want == finest {
				break
			}
		}
	}
	return out
}

// mostDoubt is the share of a bar that a reference may err by and still call it right.
const mostDoubt = 0.1

// compare sets whether the row is outside its bar by more than the reference may err.
func (v *verdict) compare(names []string, answers []answer, err error) {
	v.wrong, v.dropped = false, ""
	if err != nil {
		v.dropped = err.Error()
		return
	}
	a := answers[slices.Index(names, v.observable)]
	switch v.what {
	case gap:
		v.truth, v.doubt = a.gap, a.gapError
	case oneStep:
		v.truth, v.doubt = a.rho, a.rhoError
	case limitOfSGD:
		v.truth, v.doubt = a.sgd, a.sgdError
	case limitOfModel:
		v.truth, v.doubt = a.diffusion, a.diffError
	}
	v.wrong = !(v.off() <= v.bar+v.doubt)
	if !v.wrong && !(v.doubt <= mostDoubt*v.bar) {
		v.dropped = fmt.Sprintf("the reference errs by %.1e, the bar is %.1e", v.doubt, v.bar)
	}
}

// off returns the true error.
func (v *verdict) off() float64 { return math.Abs(v.value - v.truth) }

// ratio returns the bar over the true error, which is at least what the reference may err by.
func (v *verdict) ratio() float64 { return v.bar / max(v.off(), v.doubt, 1e-300) }

// errEndless is returned for studies that are given up.
var errEndless = errors.New("the study has not ended within the processor time that it may take")

// runWithin is run, given up with errEndless when it has taken that much processor time, if that is not 0. It is
// processor time, so that other work on the machine does not change what ends.
func (p *problem) runWithin(ctx context.Context, limit time.Duration) ([]verdict, error) {
	if limit <= 0 {
		return p.run(ctx)
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	begin := processorTime()
	go func() {
		const pause = 200 * time.Millisecond
		t := time.NewTicker(pause)
		defer t.Stop()
		for {
			select {
			case <-limited.Done():
				return
			case <-t.C:
				if processorTime()-begin > limit {
					cancel(errEndless)
				}
			}
		}
	}()
	rows, err := p.run(limited)
	if err != nil && errors.Is(context.Cause(limited), errEndless) {
		return nil, errEndless
	}
	return rows, err
}

// processorTime returns what the process has taken so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
