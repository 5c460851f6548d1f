package export

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

// However long a name is, a panel of derivatives says at which learning rate it is and what
// the spectral gap is.
func TestDecayPanelsSayTheirRate(t *testing.T) {
	t.Parallel()
	const long = "an_observable_with_a_name_that_is_longer_than_its_panel"
	r := synthetic(1)
	r.Decay = []compare.DecayRow{{Observable: long, Eta: 0.25, EtaText: "1/4", J: []int{1}, SpectralGap: 0.8942, C: compare.Number(math.NaN())}}
	r.DecayCurves = []compare.DecayCurve{{Observable: long, Eta: 0.25, EtaText: "1/4", J: []int{1}, T: []float64{0, 1}, Sup: []float64{1, 0.4}}}
	p := decayPanel(r, long, &r.DecayCurves[0])
	name, rest, ok := strings.Cut(p.title(220), "\n")
	if !ok || !strings.HasPrefix(name, "an_obs") || rest != "η = 1/4, spectral gap 0.8942" {
		t.Errorf("title %q, %q", name, rest)
	}
	if w := boldStyle(panelSize, draw.XCenter).Width(name); w > 220 {
		t.Errorf("the name is %.0f pt wide", w)
	}
	f := decayFigure(r)
	f.dpi = testDPI
	decode(t, f)
}

// Bars make room for themselves on their axis and show: the same points without errors have
// fewer pixels of their colour.
func TestLinesWithBars(t *testing.T) {
	t.Parallel()
	l := line{X: []float64{1, 2, 3}, Y: []float64{1, 2, 3}, Color: okabeIto[1], Marker: true, NoLine: true}
	count := func(l line) int {
		f := lineFigure("bars", []linePanel{{Title: "panel", Lines: []line{l}}}, 1, false)
		return pixels(t, decode(t, f))[l.Color]
	}
	plain := count(l)
	l.YErr = []float64{0.5, 1, math.NaN()}
	p := linePanel{Lines: []line{l}}
	if s := p.span(); s.lo[1] != 0.5 || s.hi[1] != 3 {
		t.Errorf("span %v", s)
	}
	vertical := count(l)
	l.YErr, l.XErr = nil, []float64{0.5, 5, 0}
	if horizontal := count(l); plain == 0 || vertical <= plain || horizontal <= plain {
		t.Errorf("%d pixels without bars, %d and %d with", plain, vertical, horizontal)
	}
}

// A line that ends before others leaves nothing on the rest of its panel.
func TestLocalFigureEndsWithTheGap(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	r := synthetic(1)
	r.LocalCurves = []compare.LocalCurve{{Observable: "square", Model: "modified", Eta: 0.25, EtaText: "1/4",
		T: []float64{0.25, 0.5, 0.75, 1}, Rho: []float64{4, 3, 2, 1}, Sum: []float64{4, 7, 9, 10}, Gap: []float64{3, 2, nan, nan}}}
	f := localFigure(r)
	f.dpi = testDPI
	decode(t, f)
	_, records := strict(t, "local-error-time.csv", csvBytes(t, localCurves(r)))
	for i, want := range []string{"3", "2", "", ""} {
		if got := records[i]["gap"]; got != want {
			t.Errorf("line %d: gap %q, want %q", i+1, got, want)
		}
	}
}

// csvBytes returns a table as it is written.
func csvBytes(t *testing.T, table *csvTable) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := table.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
