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

// BetweenNodes returns by how much the interpolants of phi on the grids of S and of the row's model miss it in the ball,
// as at a kink. Grids may miss it alike, so that gaps and one-step errors err by as much whatever two of them differ by.
func BetweenNodes(e *Engine, r *Row) float64 {
	return e.Data.Missed[r.Observable] + r.Model.Data.Missed[r.Observable]
}
