package main

import (
	"context"
	"errors"
	"fmt"
	"math"

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

// finish says how closely a reference is wanted, relative to the gap: ten digits cost little more than six.
const finish = 1e-9

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
	return p.judge(r)
}

// judge holds the rows of a result to the answers.
func (p *problem) judge(r *compare.Result) ([]verdict, error) {
	type key struct {
		model string
		eta   float64
	}
	answers := map[key][]answer{}
	failures := map[key]error{}
	var out []verdict
	for i := range r.Gap {
		row := &r.Gap[i]
		v := verdict{problem: p, what: "gap", observable: row.Observable, model: row.Model, eta: row.EtaText,
			value: float64(row.Gap), bar: float64(row.Error), certified: row.Certified, inside: p.inside(row.Model, row.Eta)}
		if row.Reason != nil {
			v.reason = *row.Reason
		}
		if v.certified {
			k := key{row.Model, row.Eta}
			if answers[k] == nil && failures[k] == nil {
				answers[k], failures[k] = p.answers(request{model: row.Model, eta: row.Eta}, finish)
			}
			switch err := failures[k]; {
			case errors.Is(err, errNothing):
				v.dropped = err.Error()
			case err != nil:
				v.dropped = err.Error()
			default:
				for j, name := range p.names {
					if name == row.Observable {
						v.want = answers[k][j]
					}
				}
				v.compare()
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// mostDoubt is the share of a bar that a reference may err by and still judge it.
const mostDoubt = 0.1

// compare sets whether the row is outside its bar by more than the reference may err.
func (v *verdict) compare() {
	if !(v.want.gapError <= mostDoubt*v.bar) && !(v.want.gapError <= 1e-7*v.want.gap) {
		v.dropped = fmt.Sprintf("the reference errs by %.1e, the bar is %.1e", v.want.gapError, v.bar)
		return
	}
	v.compared = true
	v.wrong = !(math.Abs(v.value-v.want.gap) <= v.bar+v.want.gapError)
}

// ratio returns the bar over the true error, which is at least what the reference may err by.
func (v *verdict) ratio() float64 {
	return v.bar / max(math.Abs(v.value-v.want.gap), v.want.gapError, 1e-300)
}
