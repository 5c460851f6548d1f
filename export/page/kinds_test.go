package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/figure"
	"kolmo/grid"
	"kolmo/internal/madeup"
)

// ofEveryKind is a result for each kind of study, and gaps in every dimension.
func ofEveryKind() map[string]*compare.Result {
	horizon := madeup.Nonconvex()
	madeup.AddHorizon(horizon)
	return map[string]*compare.Result{
		"gap-1d": madeup.Result(1), "gap-2d": madeup.Result(2), "gap-3d": madeup.Result(3), "gap-horizon": madeup.Nonconvex(),
		"local-error": localResult(), "decay": decayResult(), "horizon": asked(horizon, compare.StudyHorizon),
		"stationary": asked(madeup.StationaryResult(), compare.StudyStationary), "spectrum": madeup.SpectrumResult(),
	}
}

// Every kind opens with its answer under its title, then badge, picture and table; a study of another kind than gaps never
// says that one is not certified.
func TestReportsOfEveryKind(t *testing.T) {
	t.Parallel()
	for name, r := range ofEveryKind() {
		text := report(t, r, syntheticMeta())
		opening, _, _ := strings.Cut(text, "<nav")
		_, opening, _ = strings.Cut(opening, "<h1>")
		rest := opening
		for _, want := range []string{"</h1>", "</h2>", `<p class="answer"`, `class="badge`, `role="img"`, "Figure 1.", "<tbody>"} {
			before, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: the report does not open with %q in its place", name, want)
			}
			if rest = after; want == `<p class="answer"` && strings.Contains(before, "<p") {
				t.Errorf("%s: before the answer stands %s", name, before)
			}
		}
		if r.Kinds()[0] != compare.StudyGap && strings.Contains(text, "ot certified") {
			t.Errorf("%s: the report speaks of what is not certified", name)
		}
		checkSelfContained(t, name, text)
	}
}

// withTimes is synthetic with a file of fields of its first model at three times, in dir: U is
// x1^2 + t (1 + x2) and u is less by 1/2.
func withTimes(t *testing.T, dir string) *compare.Result {
	t.Helper()
	r := madeup.Result(2)
	g, err := grid.Box(grid.KindUniform, []int{9, 9}, []float64{0, 0}, 2)
	if err != nil {
		t.Fatal(err)
	}
	a := figure.FieldRasters(r)[0]
	f := compare.FieldSet{Chain: "sgd", Key: compare.Key{Observable: a.Observable, Model: a.Model, EtaText: a.EtaText, Eta: a.Eta}, Grid: g}
	x := make([]float64, 2)
	for k := range 3 {
		u, d := make([]float64, g.Len()), make([]float64, g.Len())
		for i := range u {
			g.PointTo(x, i)
			u[i] = x[0]*x[0] + float64(k)*(1+x[1])
			d[i] = u[i] - 0.5
		}
		f.N, f.U, f.Diffusion, f.Sup = append(f.N, 128*k), append(f.U, u), append(f.Diffusion, d), append(f.Sup, []float64{0, 0.6, 0.5}[k])
	}
	if err := field.WriteSet(dir, &f, nil, []string{"u", "U", "gap"}, field.Meta{Center: []float64{0, 0}, R: 2, R2: 3}); err != nil {
		t.Fatal(err)
	}
	r.FieldFiles = []compare.FieldFile{{Name: field.Files(f.Observable, f.Model, f.EtaText)[0]}}
	return r
}

// withSpace is synthetic in three dimensions with a file of fields for each model at so many times, in dir:
// U is t + c.x with c as slopes has it, and u is less by 1/2.
func withSpace(t *testing.T, dir string, times int) *compare.Result {
	t.Helper()
	r := madeup.Result(3)
	for _, a := range figure.FieldRasters(r) {
		g, err := grid.Box(grid.KindUniform, []int{9, 9, 9}, a.Center, a.R)
		if err != nil {
			t.Fatal(err)
		}
		f := compare.FieldSet{Chain: "sgd", Key: compare.Key{Observable: a.Observable, Model: a.Model, EtaText: a.EtaText, Eta: a.Eta}, Grid: g}
		x := make([]float64, 3)
		for k := range times {
			u, d, c := make([]float64, g.Len()), make([]float64, g.Len()), slopes(float64(k))
			for i := range u {
				g.PointTo(x, i)
				u[i] = float64(k) + c[0]*x[0] + c[1]*x[1] + c[2]*x[2]
				d[i] = u[i] - 0.5
			}
			sup := 0.5
			if k == 1 {
				sup = 0.6
			}
			f.N, f.U, f.Diffusion, f.Sup = append(f.N, 128*k), append(f.U, u), append(f.Diffusion, d), append(f.Sup, sup)
		}
		if err := field.WriteSet(dir, &f, nil, []string{"u", "U", "gap"}, field.Meta{Center: a.Center, R: a.R, R2: 3}); err != nil {
			t.Fatal(err)
		}
		r.FieldFiles = append(r.FieldFiles, compare.FieldFile{Name: field.Files(f.Observable, f.Model, f.EtaText)[0]})
	}
	return r
}

// slopes are c of withSpace at t: its direction turns on every plane.
func slopes(t float64) []float64 { return []float64{1 + t, 2, 4 + 3*t} }

// In three dimensions views hold the stored times on the planes through the worst point, as many as
// a report of 1.5 MB has room for.
func TestFieldViewsOfPlanes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := withSpace(t, dir, 30)
	views, frames, err := fieldViews(dir, r, &Meta{Parameters: []string{"p", "q", "r"}})
	if err != nil || len(views) != 12 {
		t.Fatalf("%d views, %v", len(views), err)
	}
	size := 0
	for _, f := range frames {
		size += len(f.Values)
	}
	if len(frames) > mostFrames || size > 660_000 {
		t.Errorf("%d frames of %d bytes", len(frames), size)
	}
	for i, v := range views {
		plane := figure.FieldRasters(r)[0].Slices[i%3]
		last := len(v.Times) - 1
		if last < 3 || v.Steps[0] != 0 || v.Steps[last] != 29*128 || v.Steps[v.First] != 128 || math.Abs(v.Half[0]-plane.R) > 1e-12 {
			t.Fatalf("%s: steps %v, first %d, half %g", v.Name, v.Steps, v.First, v.Half)
		}
		for k, n := range v.Steps {
			c := slopes(float64(n) / 128)
			a, b := c[plane.Axes[0]], c[plane.Axes[1]]
			middle := float64(n)/128 + c[plane.Normal]*plane.Offset
			most := v.Half[0] * math.Hypot(a, b)
			if u := v.Fields[0]; math.Abs(u.High[k]-middle-most) > 0.03*most || math.Abs(u.Low[k]-middle+most) > 0.03*most {
				t.Errorf("%s, n = %d: U from %g to %g, want %g -+ %g", v.Name, n, u.Low[k], u.High[k], middle, most)
			}
		}
	}
}

// Views hold the stored times with the one of the largest gap first, and rasters where there is
// no file.
func TestFieldViews(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	views, frames, err := fieldViews(dir, withTimes(t, dir), &Meta{Parameters: []string{"w", "v"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(views) != 4 || len(views[0].Times) != 3 || views[0].First != 1 || views[0].Steps[2] != 256 || len(views[1].Times) != 1 || views[1].Axes[1] != "v" {
		t.Fatalf("%d views, %v, first %d, %v", len(views), views[0].Times, views[0].First, views[1].Axes)
	}
	u := views[0].Fields[0]
	if math.Abs(u.Low[2]+2) > 1e-9 || u.High[2] < 6.8 || u.High[2] > 7 || len(u.Frames) != 3 || len(views[0].Fields[1].Frames) != 0 || len(frames) != 2*3+2*3 || len(u.Colors) == 0 {
		t.Errorf("U from %v to %v in %d frames with %d colours", u.Low, u.High, len(u.Frames), len(u.Colors))
	}
	// Views of planes and of lines.
	for d, want := range map[int]int{1: 4, 3: 12} {
		if views, _, err = fieldViews(dir, madeup.Result(d), &Meta{}); err != nil || len(views) != want || len(views[0].Axes) != min(d, 2) {
			t.Errorf("d = %d: %d views, %v, want %d", d, len(views), err, want)
		}
	}
	if got := packed([]float64{1, 3, math.NaN(), 2}, 1, 3); got != "AAD+/////38=" {
		t.Errorf("packed as %s", got)
	}
	if got := shownSteps(1000, 77, mostTimes); len(got) > mostTimes || got[0] != 0 || got[len(got)-1] != 999 {
		t.Errorf("steps %v", got)
	}
}

// localResult is synthetic with one-step errors.
func localResult() *compare.Result {
	r := madeup.Result(1)
	for _, g := range r.Gap {
		r.LocalError = append(r.LocalError, compare.LocalErrorRow{Key: compare.Key{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText},
			Rho: g.Gap / 10, Error: g.Error / 10, Rate: 1.5, Low: 1.4, High: 1.6, LocalSum: compare.LocalSum{Sum: 2 * g.Gap, SumError: g.Error}, Gap: g.Gap, GapError: g.Error, Holds: madeup.Ptr(true)})
		c := compare.LocalCurve{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText}
		for n := range 20 {
			t := float64(n) * g.Eta
			c.T, c.Rho, c.Sum, c.Gap = append(c.T, t), append(c.Rho, float64(g.Gap)*math.Exp(-t)/10), append(c.Sum, float64(g.Gap)*(2-math.Exp(-t))), append(c.Gap, float64(g.Gap))
		}
		r.LocalCurves = append(r.LocalCurves, c)
	}
	r.LocalOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 3, Low: 2.9, High: 3.1, Expected: 3, Extrapolated: 3, ExtrapolatedError: 0.01, Verdict: "confirmed"}}
	return asked(r, compare.StudyLocalError)
}

// decayResult has a derivative that decays, at two learning rates, beside gaps that are not
// certified.
func decayResult() *compare.Result {
	r := madeup.Nonconvex()
	for _, d := range []int{4, 8} {
		eta, text := 1/float64(d), fmt.Sprintf("1/%d", d)
		r.Decay = append(r.Decay, compare.DecayRow{Key: compare.Key{Observable: "square", Eta: eta, EtaText: text}, J: []int{1}, Gamma: 1, Low: 0.9, High: 1.1, C: 2, CError: 0.1,
			Window: [2]compare.Number{1, 4}, Floor: 1e-9, SpectralGap: 1.01, SpectralGapError: 1e-3, Verdict: compare.DecayPass})
		c := compare.DecayCurve{Observable: "square", Eta: eta, EtaText: text, J: []int{1}}
		for n := range 40 {
			c.T, c.Sup = append(c.T, float64(n)/8), append(c.Sup, 2*math.Exp(-float64(n)/8))
		}
		r.DecayCurves = append(r.DecayCurves, c)
	}
	return asked(r, compare.StudyDecay)
}

// asked returns r as the answer to one kind of study.
func asked(r *compare.Result, kind compare.Study) *compare.Result {
	r.Run = map[string]any{"studies": []string{string(kind)}}
	return r
}

// Where fields were computed in other coordinates than the study's, views are over these, from files and from rasters
// alike: their box holds the region's ellipse, which Shape tells.
func TestFieldViewsOverTheState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := madeup.Result(2)
	a := figure.FieldRasters(r)[0]
	e, err := grid.NewEllipsoid([]float64{0.5, -1}, 1, []float64{2, 0.6, 0.6, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	// q is about 0 with the raster's radius.
	to := func(z, q []float64) {
		e.FromBall(z, []float64{e.Center[0] + (q[0]-a.Center[0])/a.R, e.Center[1] + (q[1]-a.Center[1])/a.R})
	}
	from := func(q, z []float64) {
		e.ToBall(q, z)
		for k := range q {
			q[k] = a.Center[k] + a.R*(q[k]-e.Center[k])
		}
	}
	g, err := grid.Box(grid.KindChebyshev, []int{16, 16}, a.Center, 1.1*a.R)
	if err != nil {
		t.Fatal(err)
	}
	f := compare.FieldSet{Chain: "sgd", Key: compare.Key{Observable: a.Observable, Model: a.Model, EtaText: a.EtaText, Eta: a.Eta}, Grid: g, N: []int{0, 8}, Sup: []float64{0, 1}}
	z, q := make([]float64, 2), make([]float64, 2)
	for k := range 2 {
		u, d := make([]float64, g.Len()), make([]float64, g.Len())
		for i := range u {
			g.PointTo(q, i)
			to(z, q)
			u[i] = z[0] + float64(k)*z[1]
		}
		f.U, f.Diffusion = append(f.U, u), append(f.Diffusion, d)
	}
	names := []string{"x", "v_x"}
	meta := field.Meta{Center: e.Center, R: e.R, R2: 2, OfState: field.OfState{Own: names, Users: e, FromState: from}}
	if err := field.WriteSet(dir, &f, nil, []string{"u", "U", "gap"}, meta); err != nil {
		t.Fatal(err)
	}
	r.FieldFiles = []compare.FieldFile{{Name: field.Files(f.Observable, f.Model, f.EtaText)[0]}}
	views, _, err := fieldViews(dir, r, &Meta{Parameters: []string{"y1", "y2"}, OverState: NewOver(names, e, to, from)})
	if err != nil || len(views) < 2 {
		t.Fatal(len(views), err)
	}
	for i, v := range views {
		if !slices.Equal(v.Axes, names) || !slices.Equal(v.Center, e.Center) || !slices.Equal(v.Half, e.Half()) {
			t.Errorf("view %d: axes %q, center %v, half %v", i, v.Axes, v.Center, v.Half)
		}
		for _, y := range e.Ball().Sphere(12) {
			e.FromBall(z, y)
			s, u := (z[0]-v.Center[0])/v.Half[0], (z[1]-v.Center[1])/v.Half[1]
			if on := v.Shape[0]*s*s + 2*v.Shape[1]*s*u + v.Shape[2]*u*u; math.Abs(on-1) > 1e-12 {
				t.Errorf("view %d: the edge is at %g", i, on)
			}
		}
	}
	// x + v_x over the ellipse.
	inv := []float64{0.5 / 0.64, -0.6 / 0.64, 2 / 0.64}
	most := math.Sqrt(inv[0] + 2*inv[1] + inv[2])
	u := views[0].Fields[0]
	if len(views[0].Times) != 2 || views[0].First != 1 || math.Abs(u.High[1]+0.5-most) > 0.03*most || math.Abs(u.Low[1]+0.5+most) > 0.03*most || u.High[1] > most-0.5+1e-9 {
		t.Errorf("%d times, U from %g to %g, want %g -+ %g", len(views[0].Times), u.Low[1], u.High[1], -0.5, most)
	}
	// The raster's values are where its points are.
	b := figure.FieldRasters(r)[1]
	lo, hi := figure.Bounds(b.U)
	if v := views[1].Fields[0]; len(views[1].Times) != 1 || math.Abs(v.Low[0]-lo) > 0.05*(hi-lo) || math.Abs(v.High[0]-hi) > 0.05*(hi-lo) {
		t.Errorf("the view of a raster is from %g to %g at %v, want %g to %g", v.Low[0], v.High[0], views[1].Times, lo, hi)
	}
}
