package march

import (
	"kolmo/compare/fit"
)

// UnderRules is a row on one plan under the own rule and under richer ones.
type UnderRules struct {
	E    *Engine
	Own  *Row
	Rich []*Row
	on   []*Engine // that the rich rows belong to
}

// Under collects a row under all rules; ok is false where one of them failed.
func (e *Engine) Under(own *Row, rich []*Engine) (u UnderRules, ok bool) {
	u = UnderRules{E: e, Own: own, on: rich}
	ok = own.Model.Err == nil
	for _, f := range rich {
		r := f.RowOf(own.Model.Model, own.Observable)
		u.Rich = append(u.Rich, r)
		ok = ok && r.Model.Err == nil
	}
	return u, ok
}

// Traced returns the number of traced steps that all rules have; zero without richer ones.
func (u *UnderRules) Traced() int {
	if len(u.Rich) == 0 {
		return 0
	}
	n := len(u.Own.TraceAtU)
	for _, r := range u.Rich {
		n = min(n, len(r.TraceAtU))
	}
	return n
}

// Apart returns by how much the given gap, the largest |U - u| under the own rule, may be
// off for what the fields err by at traced step k.
func (u *UnderRules) Apart(k int, gap float64) float64 {
	worst := 0.0
	gaps := make([]float64, len(u.Rich))
	for i, v := range u.Own.TraceAtU[k] {
		own := u.E.Trace.U[k][u.Own.Observable][i] - v
		for j, r := range u.Rich {
			gaps[j] = u.on[j].Trace.U[k][r.Observable][i] - r.TraceAtU[k][i]
		}
		worst = max(worst, fit.Excess(own, fit.RuleError(own, gaps), gap))
	}
	return worst
}

// Number returns the error of a number of the row; zero without richer rules.
func (u *UnderRules) Number(of func(r *Row) float64) float64 {
	if len(u.Rich) == 0 {
		return 0
	}
	var rich []float64
	for _, r := range u.Rich {
		rich = append(rich, of(r))
	}
	return fit.RuleError(of(u.Own), rich)
}

// Supremum returns the error of the row's largest gap: of the number itself, and of the
// fields wherever it may be.
func (u *UnderRules) Supremum() float64 {
	worst := u.Number(func(r *Row) float64 { return r.Best })
	for k := range u.Traced() {
		worst = max(worst, u.Apart(k, u.Own.Best))
	}
	return worst
}
