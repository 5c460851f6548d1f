package compare

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// LocalErrorRow is the one-step error rho_j = sup_{|x|<=R} |S u^{j-1} - u^j|,
// u^j = u(., j eta), of one observable, model and learning rate (Lemma 3), and the
// bound of Theorem 1's proof that is telescoped from it,
//
//	gap <= sum_j rho_j.
type LocalErrorRow struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
	Rho        Number  `json:"rho"`   // sup over j
	Error      Number  `json:"error"` // of Rho: its difference on the two last grids
	N          int     `json:"n"`     // the j of the supremum
	// Rate is beta in rho_j ~ e^{-beta j eta}, fitted over Window (times) with its 95 %
	// interval; null where rho_j does not rise above its error long enough.
	Rate   Number    `json:"rate"`
	Low    Number    `json:"low"`
	High   Number    `json:"high"`
	Window [2]Number `json:"window"`
	// Sum is the telescoped bound; of it Tail is extrapolated beyond the last step.
	Sum      Number  `json:"sum"`
	SumError Number  `json:"sum_error"`
	Tail     Number  `json:"tail"`
	Gap      Number  `json:"gap"`
	GapError Number  `json:"gap_error"`
	Holds    bool    `json:"holds"` // the gap is within the bound, errors counted
	ClosedBy *string `json:"closed_by"`
	Reason   *string `json:"reason"` // why there are no numbers
}

// LocalCurve is rho_j, its running sum, and the gap at j eta.
type LocalCurve struct {
	Observable, Model, EtaText string
	Eta                        float64
	T, Rho, Sum, Gap           []float64
}

// localUnit is what the study found for one model at one learning rate.
type localUnit struct {
	Rows   []asJSON[LocalErrorRow] // per observable
	Curves []LocalCurve
}

// localErrors measures the one-step errors of some models on the grids that their gaps
// ended on.
func (s *gapStudy) localErrors(ctx context.Context, i int, models []int) error {
	models, err := missing(s, &s.local, StudyLocalError, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.p.Etas[i]
	var runs [2][]*engine
	for k := range runs {
		runs[k], err = s.each(ctx, s.cache, eta, s.plans(i, models, k), float64(k+1)/2, func(e *engine, share float64) error {
			e.everyRho = true
			return s.follow(ctx, e, eta, share)
		})
		if err != nil {
			return err
		}
	}
	for k, m := range models {
		u := new(localUnit)
		for o := range s.p.Observables {
			model := s.p.Models[m]
			row, curve := s.localRow(runs[1][k].rowOf(model, o), runs[0][k].rowOf(model, o), eta, &s.units.at(i, m).Rows[o].V)
			u.Rows = append(u.Rows, asJSON[LocalErrorRow]{row})
			if curve != nil {
				u.Curves = append(u.Curves, *curve)
			}
		}
		if err := keep(s, &s.local, StudyLocalError, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// localResults collects the one-step errors and fits their orders.
func (s *gapStudy) localResults(res *Result) {
	for o, phi := range s.p.Observables {
		for m, model := range s.p.Models {
			var series []*GapRow
			for i := range s.p.Etas {
				u := s.local.at(i, m)
				r := u.Rows[o].V
				res.LocalError = append(res.LocalError, r)
				if r.Reason == nil {
					series = append(series, &GapRow{Eta: r.Eta, Gap: r.Rho, Error: r.Error, Certified: true})
				}
				for _, c := range u.Curves {
					if c.Observable == phi.Name() {
						res.LocalCurves = append(res.LocalCurves, c)
					}
				}
			}
			order := fitOrder(phi.Name(), model, series)
			order.Expected = model.WeakOrder() + 1
			order.Verdict = localVerdict(order)
			res.LocalOrder = append(res.LocalOrder, order)
		}
	}
}

// localVerdict says what the order of the one-step error shows of Lemma 3.
func localVerdict(o OrderRow) string {
	claim := fmt.Sprintf("rho <= C eta^%d", o.Expected)
	switch want := float64(o.Expected); {
	case len(o.Etas) < leastVerdictEtas:
		return fmt.Sprintf("%d learning rates are too few for a verdict", len(o.Etas))
	case math.Abs(float64(o.Slope)-want) <= confirmWithin:
		return claim + ": confirmed"
	case float64(o.Slope) > want:
		return claim + ": holds, the one-step error falls faster than that here"
	}
	return claim + ": not seen at these learning rates"
}

// localRow turns the one-step errors of a row at two plans into numbers.
func (s *gapStudy) localRow(fine, coarse *rowRun, eta Rate, gap *GapRow) (LocalErrorRow, *LocalCurve) {
	nan := Number(math.NaN())
	row := LocalErrorRow{Observable: s.p.Observables[fine.obs].Name(), Model: fine.m.model.String(), Eta: eta.Value, EtaText: eta.Text,
		Rho: nan, Error: nan, Rate: nan, Low: nan, High: nan, Window: [2]Number{nan, nan}, Sum: nan, SumError: nan, Tail: nan, Gap: gap.Gap, GapError: gap.Error}
	for _, r := range []*rowRun{fine, coarse} {
		if r.m.err != nil {
			reason := instability(r.m.err)
			row.Reason = &reason
			return row, nil
		}
	}
	if fine.tail.by != "" {
		row.ClosedBy = &fine.tail.by
	}
	n := min(len(fine.rhos), len(coarse.rhos))
	curve := &LocalCurve{Observable: row.Observable, Model: row.Model, EtaText: row.EtaText, Eta: row.Eta}
	errs := make([]float64, n)
	sum, sumError := 0.0, 0.0
	for j := range n {
		rho := fine.rhos[j]
		errs[j] = math.Abs(rho - coarse.rhos[j])
		if Number(rho) > row.Rho || j == 0 {
			row.Rho, row.Error, row.N = Number(rho), Number(errs[j]), j+1
		}
		sum += rho
		sumError += errs[j]
		curve.T = append(curve.T, float64(j+1)*eta.Value)
		curve.Rho = append(curve.Rho, rho)
		curve.Sum = append(curve.Sum, sum)
		curve.Gap = append(curve.Gap, fine.curve[min(j+1, len(fine.curve)-1)])
	}
	row.Error += Number(supTolerance) * row.Rho
	f := decayFit(curve.T, curve.Rho, errs)
	row.Rate, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	tail := 0.0
	if f.rate > 0 && n > 0 {
		// The rest of the sum is a geometric series.
		q := math.Exp(-f.rate * eta.Value)
		tail = fine.rhos[n-1] * q / (1 - q)
	}
	row.Tail, row.Sum, row.SumError = Number(tail), Number(sum+tail), Number(sumError+tail)
	row.Holds = row.Gap-row.GapError <= row.Sum+row.SumError
	return row, curve
}

// decay is a fitted e^{-rate t}.
type decay struct{ rate, low, high, from, to float64 }

// Constants of fits of decay.
const (
	// decayFloor is how far above its error a value must be to be fitted.
	decayFloor = 10
	// decayShare is the share of the time from the peak to the floor that a fit leaves
	// out: faster modes still show there.
	decayShare = 0.4
	// decayLeast is the fewest points of a fit.
	decayLeast = 5
)

// decayFit fits log v = const - rate t over the later part of the times in which v
// stands above its error, with Student's 95 % interval widened by what the errors could
// do to the slope; NaN where that is too short.
func decayFit(t, v, err []float64) decay {
	nan := math.NaN()
	d := decay{nan, nan, nan, nan, nan}
	peak := 0
	for i := range v {
		if v[i] > v[peak] {
			peak = i
		}
	}
	end := peak
	for end+1 < len(v) && v[end+1] > decayFloor*err[end+1] && v[end+1] > 0 {
		end++
	}
	if len(v) == 0 || end == peak {
		return d
	}
	from := t[peak] + decayShare*(t[end]-t[peak])
	var x, y, rel []float64
	for i := peak; i <= end; i++ {
		if t[i] >= from {
			x, y, rel = append(x, t[i]), append(y, math.Log(v[i])), append(rel, err[i]/v[i])
		}
	}
	if len(x) < decayLeast {
		return d
	}
	alpha, slope := stat.LinearRegression(x, y, nil, false)
	rss, sxx, bias, mean := 0.0, 0.0, 0.0, stat.Mean(x, nil)
	for i := range x {
		r := y[i] - alpha - slope*x[i]
		rss += r * r
		sxx += (x[i] - mean) * (x[i] - mean)
		bias += math.Abs(x[i]-mean) * rel[i] // the errors may conspire
	}
	dof := float64(len(x) - 2)
	half := bias/sxx + distuv.StudentsT{Mu: 0, Sigma: 1, Nu: dof}.Quantile(0.975)*math.Sqrt(rss/dof/sxx)
	return decay{rate: -slope, low: -slope - half, high: -slope + half, from: x[0], to: x[len(x)-1]}
}

// rhoStep keeps the one-step errors of step j of the block.
func (e *engine) rhoStep(j int) {
	sups := e.oneStep(j, func(r *rowRun, su []float64) float64 {
		values := r.values[:len(e.search.x)]
		r.sampler.sampleTo(values, su, 1)
		return r.finder.find(su, values)
	})
	for i, r := range e.rows {
		if r.m.open() {
			r.rhos = append(r.rhos, sups[i])
		}
	}
}
