package march

// missSafety multiplies what S was seen to miss at some of the nodes.
const missSafety = 2

// MissedByPowers returns what a row's gaps miss because of the powers of S, and of how S is
// computed, which adds up over the steps.
func (e *ChainRun) MissedByPowers(r *Row) float64 {
	last := len(r.Curve) - 1
	most := e.SMiss[r.Observable] * float64(last)
	for n := range min(last, len(e.UMiss)) {
		most = max(most, e.UMiss[n]+e.SMiss[r.Observable]*float64(n+1))
	}
	return most * e.Data.Size[r.Observable]
}
