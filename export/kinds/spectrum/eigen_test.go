package spectrum

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/figure"
	"kolmo/grid"
	"kolmo/internal/madeup"
)

// eigenResult has the eigenfunction x of the slowest rate at two learning rates, on the line or
// in the plane.
func eigenResult(plane bool) *compare.Result {
	r := madeup.SpectrumResult()
	const n = 21
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8} {
			f := compare.Eigenfunction{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), K: 1, Within: compare.Within{Center: []float64{0}, R: 1}, Error: 1e-9}
			for i := range n {
				f.X1 = append(f.X1, compare.Number(float64(i-n/2)/(n/2)))
			}
			f.Real = f.X1
			if plane {
				f.Center, f.X2, f.Real = []float64{0, 0}, f.X1, nil
				for i := range n * n {
					x, y := f.X1[i%n], f.X1[i/n]
					f.Real = append(f.Real, x)
					if math.Hypot(float64(x), float64(y)) > 1 {
						f.Outside = append(f.Outside, i)
					}
				}
			}
			r.Eigenfunctions = append(r.Eigenfunctions, f)
		}
	}
	r.Eigenfunctions = append(r.Eigenfunctions, compare.Eigenfunction{Model: "sgd", Eta: 0.25, EtaText: "1/4", K: 2, Error: 0.3, Reason: "not alike"})
	return r
}

// Eigenfunctions are drawn at the smallest learning rate, on the line as curves and in the plane as maps, and are
// written as a row per point inside the ball.
func TestEigenfunctionsAreShown(t *testing.T) {
	t.Parallel()
	for _, plane := range []bool{false, true} {
		r := eigenResult(plane)
		look := figure.Styles(r, processes(r))
		panels, maps := eigenPanels(r, look), eigenMaps(r)
		points := 4 * 21
		if plane {
			points = 4 * 317
			if len(panels) != 0 || len(maps) != 2 || maps[0].Title != "sgd, k = 1, η = 1/8" || maps[0].Colors.Max != 1 || maps[0].Colors.Min != -1 {
				t.Fatalf("%d panels, %d maps", len(panels), len(maps))
			}
		} else if len(maps) != 0 || len(panels) != 1 || len(panels[0].Lines) != 2 || panels[0].Title != "k = 1, η = 1/8" || panels[0].Lines[1].Y[20] != 1 {
			t.Fatalf("%d panels, %d maps", len(panels), len(maps))
		}
		f := spectrumFigure(r)
		if f.Cols != 2 || f.Rows != 2 {
			t.Errorf("plane %v: %d x %d panels, want 2 x 2", plane, f.Cols, f.Rows)
		}
		var b bytes.Buffer
		if err := f.WriteSVG(&b); err != nil || strings.Contains(b.String(), "<image") != plane {
			t.Errorf("plane %v: %v, or a map where there is none", plane, err)
		}
		if rows := eigenTable(r).Rows; len(rows) != points {
			t.Errorf("plane %v: %d rows, want %d", plane, len(rows), points)
		}
		if lines := strings.Join(spectrumSection(r).Verdicts, "\n"); !strings.Contains(lines, "no eigenfunction: sgd, eta = 1/4, k = 2: not alike") {
			t.Error(lines)
		}
	}
}

// Of a ball in a metric, and in three dimensions, eigenfunctions are drawn on the plane, or on three through the center,
// up to the ball's edge, and written for all coordinates; captions speak of them only where there are some.
func TestEigenfunctionsInAMetric(t *testing.T) {
	t.Parallel()
	if s := spectrumSection(madeup.SpectrumResult()); strings.Contains(s.Caption, "eigenfunction") {
		t.Errorf("without eigenfunctions the caption is %q", s.Caption)
	}
	of := func(z []float64) float64 { return (z[0] + 2*z[len(z)-1]) / 10 }
	for d, metric := range map[int][]float64{2: {1.5, 0.7, 0.7, 0.9}, 3: {2, 0.3, -0.5, 0.3, 1, 0.4, -0.5, 0.4, 0.8}} {
		e, err := grid.NewEllipsoid([]float64{0.5, -1, 2}[:d], 1.5, metric)
		if err != nil {
			t.Fatal(err)
		}
		f := compare.Eigenfunction{Model: "sgd", Eta: 0.125, EtaText: "1/8", K: 1, Error: 1e-9, Within: compare.Within{Names: []string{"x", "v_x", "w"}[:d], Center: e.Center, R: e.R, Metric: metric}}
		axes := e.Box([]int{0, 0, 41, 17}[d])
		for k, to := range []*[]compare.Number{&f.X1, &f.X2, &f.X3}[:d] {
			for _, x := range axes[k] {
				*to = append(*to, compare.Number(x))
			}
		}
		z, n, inside := make([]float64, d), len(axes[0]), 0
		for i := range int(math.Pow(float64(n), float64(d)) + 0.5) {
			rest := i
			for k := range z {
				z[k] = axes[k][rest%n]
				rest /= n
			}
			if e.Contains(z) {
				f.Real = append(f.Real, compare.Number(of(z)))
				inside++
			} else {
				f.Real, f.Outside = append(f.Real, compare.Number(math.NaN())), append(f.Outside, i)
			}
		}
		r := madeup.SpectrumResult()
		r.Eigenfunctions = []compare.Eigenfunction{f}
		maps := eigenMaps(r)
		if len(maps) != []int{0, 0, 1, 3}[d] || maps[0].XLabel != "x" || maps[0].YLabel != "v_x" || maps[0].Title != []string{"", "", "sgd, k = 1, η = 1/8", "sgd, w = 2.000"}[d] {
			t.Fatalf("d = %d: %d maps, %q over %s, %s", d, len(maps), maps[0].Title, maps[0].XLabel, maps[0].YLabel)
		}
		section := e
		if d == 3 {
			section = e.Section(2, 0)
		}
		for _, y := range section.Ball().With(0.99 * section.R).Sphere(6) {
			maps[0].Over.To(z, y)
			if got := maps[0].Raster.At(y[0], y[1]); math.Abs(got-of(append(z[:2:2], e.Center[2:]...))) > 1e-6 {
				t.Errorf("d = %d: %g at %v, want %g", d, got, z, of(z))
			}
		}
		rows := eigenTable(r).Rows
		if len(rows) != inside || eigenTable(r).Head[len(eigenTable(r).Head)-4] != "x3" {
			t.Errorf("d = %d: %d rows, want %d", d, len(rows), inside)
		}
		if s := spectrumSection(r); !strings.Contains(s.Caption, "slowest eigenfunctions") || strings.Contains(s.Caption, "planes") != (d == 3) {
			t.Errorf("d = %d: %s", d, s.Caption)
		}
		path := filepath.Join(t.TempDir(), eigenFile.Names[0])
		if written, err := eigenFile.Write(path, r); !written || err != nil {
			t.Fatal(written, err)
		}
		stored, err := field.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer stored.Close()
		if got := stored.Around(); !slices.Equal(got.Metric, metric) || !slices.Equal(got.Center, e.Center) || got.R != e.R {
			t.Errorf("d = %d: the file's region is %+v", d, got)
		}
		p, err := stored.Picture("sgd_eta1_8_k1", 0, true)
		if err != nil || math.Abs(p.Value-of(p.At)) > 1e-6 || !slices.Equal(p.Names, f.Names) {
			t.Errorf("d = %d: %g at %v of %q, want %g: %v", d, p.Value, p.At, p.Names, of(p.At), err)
		}
	}
}
