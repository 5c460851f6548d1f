package kinds

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// birthDeath is a reversible walk on n points of [-w, w] that stands for dX = b dt + sqrt(a) dB: its
// slowest rate and the right well's weight by chi, from the symmetric eigenproblem.
func birthDeath(b, a func(x float64) float64, w float64, n int, left, right float64) (rate, weight float64) {
	h := 2 * w / float64(n-1)
	x := func(i int) float64 { return -w + h*float64(i) }
	// ln of the density times a is the integral of 2b/a, by the midpoint and Simpson's rules.
	psi := make([]float64, n)
	f := func(x float64) float64 { return 2 * b(x) / a(x) }
	for i := 1; i < n; i++ {
		psi[i] = psi[i-1] + h/6*(f(x(i-1))+4*f(x(i)-h/2)+f(x(i)))
	}
	law := make([]float64, n)
	for i := range n {
		law[i] = math.Exp(psi[i]) / a(x(i))
	}
	m := mat.NewSymDense(n, nil)
	for i := range n - 1 {
		middle := psi[i] + h/12*(f(x(i))+4*f(x(i)+h/4)+f(x(i)+h/2))
		flow := math.Exp(middle) / (2 * h * h) // rate times law, both ways
		m.SetSym(i, i, m.At(i, i)+flow/law[i])
		m.SetSym(i+1, i+1, m.At(i+1, i+1)+flow/law[i+1])
		m.SetSym(i, i+1, -flow/math.Sqrt(law[i]*law[i+1]))
	}
	var eig mat.EigenSym
	eig.Factorize(m, true)
	var v mat.Dense
	eig.VectorsTo(&v)
	phi := func(i int) float64 { return v.At(i, 1) / math.Sqrt(law[i]) }
	at := func(y float64) float64 {
		i := int((y + w) / h)
		s := (y - x(i)) / h
		return (1-s)*phi(i) + s*phi(i+1)
	}
	lo, hi := at(left), at(right)
	return eig.Values(nil)[1], -lo / (hi - lo)
}

// With noise that varies in x, the rates of leaving are those of a reversible walk on other grids, extrapolated from two; and actions
// tend to barriers with the noise as it is.
func TestEscapeWithVaryingNoise(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "varying", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "x^4/4 - x^2/2 + xi*(x + x^2/6)", Observables: [][2]string{{"x", "x"}}, R: 1.6, Etas: []int{8, 12, 16, 24}}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	r := spectrumOf(t, p, nil)
	seen := 0
	for _, e := range r.Escape {
		if e.Model != "first-order" {
			continue
		}
		b := func(x float64) float64 { return x - x*x*x }
		a := func(x float64) float64 { return e.Eta * (1 + x/3) * (1 + x/3) }
		var rates [2]float64
		for k, n := range []int{251, 501} {
			rate, weight := birthDeath(b, a, 2, n, -1, 1)
			rates[k] = rate * weight
			if e.Well == compare.WellRight {
				rates[k] = rate * (1 - weight)
			}
		}
		want := rates[1] + (rates[1]-rates[0])/3
		if !e.Certified || math.Abs(float64(e.Rate)/want-1) > 2e-4 {
			t.Errorf("eta = %s, %s: %.8g +- %.2g, want %.8g; %s", e.EtaText, e.Well, e.Rate, e.Error, want, deref(e.Reason))
		}
		if math.Abs(float64(e.Kramers/e.SmallNoise-1)) < 0.1 || math.Abs(float64(e.Rate/e.SmallNoise-1)) > 3*e.Eta {
			t.Errorf("eta = %s, %s: %.4g, Kramers %.4g, small noise %.4g", e.EtaText, e.Well, e.Rate, e.Kramers, e.SmallNoise)
		}
		seen++
	}
	if seen != 8 {
		t.Errorf("%d rows, want 8", seen)
	}
	for _, l := range r.EscapeLimit {
		if !(math.Abs(float64(l.Barrier-l.Theory)) <= float64(l.Error)) || !(l.Error < 0.1*l.Barrier) {
			t.Errorf("%s, %s: barrier %.4f +- %.2g, theory %.4f", l.Model, l.Well, l.Barrier, l.Error, l.Theory)
		}
	}
}

// Rates and eigenfunctions of a quadrature of the law hold those of a richer one in their errors, and not without the
// part for the rule.
func TestEscapeQuadratureError(t *testing.T) {
	t.Parallel()
	rates := func(points int) ([]compare.EscapeRow, []compare.Eigenfunction) {
		xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -1.7, High: 1.7}}}, points)
		if err != nil {
			t.Fatal(err)
		}
		s := tilted
		s.Values, s.Law, s.Etas, s.R = nil, xi, []int{4}, 2
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount, p.Accuracy = trial.ModelsOf(p, sgd.FirstOrder), 1, 0.1
		r := spectrumOf(t, p, nil)
		return r.Escape, r.Eigenfunctions
	}
	poor, poorFunctions := rates(3)
	rich, richFunctions := rates(12)
	if len(poorFunctions) != 2 || len(richFunctions) != 2 {
		t.Fatalf("%d and %d eigenfunctions, want 2", len(poorFunctions), len(richFunctions))
	}
	for k, f := range poorFunctions {
		off, g := 0.0, richFunctions[k]
		for i, v := range f.Real {
			off = max(off, math.Abs(float64(v-g.Real[i])))
		}
		if !(off <= float64(f.Error+g.Error)) || f.Model == "sgd" && off < 1e-6 {
			t.Errorf("%s: eigenfunctions under two rules differ by %.2g, the errors are %.2g and %.2g", f.Model, off, f.Error, g.Error)
		}
	}
	for k, e := range poor {
		off := math.Abs(float64(e.Rate - rich[k].Rate))
		if !e.Certified || !(off <= float64(e.Error+rich[k].Error)) || !(rich[k].Error < 1e-4*rich[k].Rate) {
			t.Errorf("%s, %s: %.8g +- %.2g, with a richer rule %.8g +- %.2g; %s %s", e.Model, e.Well, e.Rate, e.Error, rich[k].Rate, rich[k].Error, deref(e.Reason), deref(rich[k].Reason))
		}
		if e.Model == "sgd" && (off < 1e-6*float64(e.Rate) || e.Barrier == e.Barrier) {
			t.Errorf("the rule changes nothing, or a quadrature has the barrier %g", e.Barrier)
		}
	}
}

// Noise that is bounded by what can just carry a path over the saddle is known by nodes that lie inside: the chain
// leaves, seldom, and no rate is zero. Below that none leaves.
func TestEscapeAtTheEndsOfTheLaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		end    float64
		leaves bool
	}{{0.4, true}, {0.38, false}} { // the drift is at most 2/27^(1/2) = 0.3849
		xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Truncated{Normal: law.Normal{Std: 0.1}, Low: -c.end, High: c.end}}}, 12)
		if err != nil {
			t.Fatal(err)
		}
		s := trial.Spec{Name: "ends", Parameters: []string{"x"}, Variables: []string{"xi"}, Law: xi, Loss: "x^4/4 - x^2/2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.6, Etas: []int{8}}
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
		for _, e := range spectrumOf(t, p, nil).Escape {
			if e.Model == sgd.Name && (e.Certified && e.Rate == 0) == c.leaves {
				t.Errorf("noise to %g, %s: rate %g, certified %v", c.end, e.Well, e.Rate, e.Certified)
			}
		}
	}
}
