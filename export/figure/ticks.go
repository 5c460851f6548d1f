package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"kolmo/export/table"
)

// decadeTicks returns ticks for an axis of decimal logarithms: powers of ten,
// thinned to about most of them, with unlabelled ticks between. Where fewer than
// two powers fall into the range, 2 and 5 times them are labelled as well.
func decadeTicks(lo, hi float64, most int) []plot.Tick {
	first, last := int(math.Ceil(lo-1e-9)), int(math.Floor(hi+1e-9))
	step := 1
	for (last-first)/step+1 > most {
		step++
	}
	var ticks []plot.Tick
	for k := first - 1; k <= last; k++ {
		if k >= first {
			t := plot.Tick{Value: float64(k)}
			if k%step == 0 {
				t.Label = table.PowerOfTen(k)
			}
			ticks = append(ticks, t)
		}
		if step > 1 {
			continue
		}
		for m := 2; m <= 9; m++ {
			v := float64(k) + math.Log10(float64(m))
			if v < lo || v > hi {
				continue
			}
			t := plot.Tick{Value: v}
			narrow := hi-lo < 0.7
			if last-first < 1 && (m == 2 || m == 5 || narrow && m != 7 && m != 9) {
				t.Label = strconv.Itoa(m) + "×" + table.PowerOfTen(k)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// etaTicks returns a tick at the logarithm of each eta, labelled with its text
// unless that would come too close to its neighbour; perDecade is the length of
// a decade on paper.
func etaTicks(values []float64, texts []string, sty text.Style, perDecade vg.Length) []plot.Tick {
	var ticks []plot.Tick
	free := vg.Length(math.Inf(1)) // left end of the label to the right
	for i := len(values) - 1; i >= 0; i-- {
		t := plot.Tick{Value: math.Log10(values[i])}
		x, half := vg.Length(t.Value)*perDecade, sty.Width(texts[i])/2
		if x+half+4 <= free {
			t.Label = texts[i]
			free = x - half
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// linearTicks returns about most ticks at multiples of 1, 2 or 5 times a power
// of ten in [lo, hi], labelled as multiples of 10^scale, and scale. scale is 0
// for numbers that are short without it.
func linearTicks(lo, hi float64, most int) (ticks []plot.Tick, scale int) {
	if !(hi > lo) {
		return nil, 0
	}
	step := niceStep((hi - lo) / float64(most))
	if m := max(math.Abs(lo), math.Abs(hi)); m < 1e-2 || m >= 1e4 {
		scale = table.Exponent(m)
	}
	unit := math.Pow(10, float64(scale))
	// The shift lets 9.9999999 count as 10.
	decimals := max(0, -int(math.Floor(math.Log10(step/unit)+1e-9)))
	for k := math.Ceil(lo/step - 1e-9); k <= hi/step+1e-9; k++ {
		s := table.Fixed(k*step/unit, decimals)
		ticks = append(ticks, plot.Tick{Value: k * step, Label: strings.Replace(s, "-", "−", 1)})
	}
	return ticks, scale
}

// offsetTicks is linearTicks with the labels counted from offset, a round number in the
// middle: value = offset + label 10^scale.
func offsetTicks(lo, hi float64, most int) (ticks []plot.Tick, scale int, offset float64) {
	ticks, _ = linearTicks(lo, hi, most)
	if len(ticks) == 0 {
		return nil, 0, 0
	}
	// A multiple of the power of ten at or above the range, and so of the step.
	round := math.Pow(10, math.Ceil(math.Log10(hi-lo)-1e-9))
	offset = math.Round((lo+hi)/2/round) * round
	labels, scale := linearTicks(lo-offset, hi-offset, most)
	for i := range ticks {
		for _, l := range labels {
			if math.Abs(offset+l.Value-ticks[i].Value) < round/1000 {
				ticks[i].Label = l.Label
			}
		}
	}
	return ticks, scale, offset
}

// niceStep returns the smallest of 1, 2, 5 times a power of ten not below s.
func niceStep(s float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(s)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= s*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// scaleText returns "×10⁻⁵" for a scale of -5 and "" for 0.
func scaleText(scale int) string {
	if scale == 0 {
		return ""
	}
	return "×" + table.PowerOfTen(scale)
}

// withScale returns an axis label with the power of ten that its ticks leave out.
func withScale(label string, scale int) string {
	if scale == 0 {
		return label
	}
	return label + "  (" + scaleText(scale) + ")"
}
