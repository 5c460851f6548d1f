package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"kolmo/compare"
	"kolmo/study"
)

// verdict is what became of one row.
type verdict struct {
	problem         *problem
	observable      string
	model, eta      string
	value, bar      float64
	want            answer
	inside          bool
	certified       bool
	compared, wrong bool
	reason, dropped string
	what            string
}

// A reference is wanted to a share of the bars that it judges, but not closer than double precision gives it,
// relative to the gap.
const (
	ofTheBar = 1e-3
	finest   = 1e-9
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
	r, err := compare.Run(ctx, q, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.id, err)
	}
	return p.judge(r), nil
}

// runWithin is run, given up with context.DeadlineExceeded after a time, if that is not 0.
func (p *problem) runWithin(ctx context.Context, limit time.Duration) ([]verdict, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return p.run(ctx)
}

// judge holds the rows of a result to the answers. A row that is outside its bar is held to a finer reference
// before it is called wrong.
func (p *problem) judge(r *compare.Result) []verdict {
	type key struct {
		model string
		eta   float64
	}
	var out []verdict
	together := map[key][]int{} // certified rows with one reference
	for i := range r.Gap {
		row := &r.Gap[i]
		v := verdict{problem: p, observable: row.Observable, model: row.Model, eta: row.EtaText,
			value: float64(row.Gap), bar: float64(row.Error), certified: row.Certified, inside: p.inside(row.Model, row.Eta)}
		if row.Reason != nil {
			v.reason = *row.Reason
		}
		if v.certified {
			k := key{row.Model, row.Eta}
			together[k] = append(together[k], i)
		}
		out = append(out, v)
	}
	for k, rows := range together {
		want := 1.0
		for _, i := range rows {
			want = min(want, max(finest, ofTheBar*out[i].bar/out[i].value))
		}
		for _, want := range []float64{want, finest} {
			answers, err := p.answers(request{model: k.model, eta: k.eta}, want)
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

// mostDoubt is the share of a bar that a reference may err by and still judge it.
const mostDoubt = 0.1

// compare sets whether the row is outside its bar by more than the reference may err.
func (v *verdict) compare(names []string, answers []answer, err error) {
	v.wrong, v.dropped = false, ""
	if err != nil {
		v.dropped = err.Error()
		return
	}
	v.want = answers[slices.Index(names, v.observable)]
	if !(v.want.gapError <= mostDoubt*v.bar) && !(v.want.gapError <= 1e-7*v.want.gap) {
		v.dropped = fmt.Sprintf("the reference errs by %.1e, the bar is %.1e", v.want.gapError, v.bar)
		return
	}
	v.wrong = !(math.Abs(v.value-v.want.gap) <= v.bar+v.want.gapError)
}

// ratio returns the bar over the true error, which is at least what the reference may err by.
func (v *verdict) ratio() float64 {
	return v.bar / max(math.Abs(v.value-v.want.gap), v.want.gapError, 1e-300)
}
