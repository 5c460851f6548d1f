package decay

import (
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/internal/madeup"
)

// However long a name is, a panel of derivatives says at which learning rate it is and what
// the spectral gap is.
func TestDecayPanelsSayTheirRate(t *testing.T) {
	t.Parallel()
	const long = "an_observable_with_a_name_that_is_longer_than_its_panel"
	r := madeup.Result(1)
	r.Decay = []compare.DecayRow{{Key: compare.Key{Observable: long, Eta: 0.25, EtaText: "1/4"}, J: []int{1}, SpectralGap: 0.8942, C: compare.Number(math.NaN())}}
	r.DecayCurves = []compare.DecayCurve{{Observable: long, Eta: 0.25, EtaText: "1/4", J: []int{1}, T: []float64{0, 1}, Sup: []float64{1, 0.4}}}
	p := decayPanel(r, long, &r.DecayCurves[0])
	name, rest, ok := strings.Cut(p.TitleIn(220), "\n")
	if !ok || !strings.HasPrefix(name, "an_obs") || rest != "η = 1/4, spectral gap 0.8942" {
		t.Errorf("title %q, %q", name, rest)
	}
	if w := figure.BoldStyle(figure.PanelSize, draw.XCenter).Width(name); w > 220 {
		t.Errorf("the name is %.0f pt wide", w)
	}
	if err := decayFigure(r).WriteSVG(io.Discard); err != nil {
		t.Error(err)
	}
}
