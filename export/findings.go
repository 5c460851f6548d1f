package export

import (
	"fmt"
	"math"
	"strings"

	"kolmo/compare"
)

// findings returns what a section found, in sentences.
func findings(r *compare.Result, s *section) []string {
	switch s.Name {
	case "constant":
		return append(constantFindings(r), sentences(s, "no prediction")...)
	case "local-error":
		return append(localFindings(r), sentences(s, "order of rho")...)
	case "decay":
		return append(decayFindings(r), sentences(s, "")...)
	case "variation":
		return append(variationFindings(r), sentences(s, "")...)
	case "crossing":
		return append(crossingFindings(r), sentences(s, "")...)
	case "spectrum":
		return append(spectrumFindings(r), sentences(s, "")...)
	}
	return sentences(s, "")
}

// orderWords returns "eta^1.992 (scatter 1.984 to 2.000)".
func orderWords(what string, o *compare.OrderRow) string {
	return fmt.Sprintf("%s eta^%s (scatter %s to %s)", what, formatFixed(float64(o.Slope), 3), formatFixed(float64(o.Low), 3), formatFixed(float64(o.High), 3))
}

// etaPower returns "eta^2", and "eta" for 1.
func etaPower(k int) string {
	if k == 1 {
		return "eta"
	}
	return "eta^" + intText(k)
}

// gapFindings says how the gaps fall, and which are certified.
func gapFindings(r *compare.Result) []string {
	var out []string
	for _, g := range groups(r) {
		open := g.open()
		name := g.Observable + ", " + g.Model + ": "
		if o := g.Order; o != nil && o.Slope == o.Slope {
			s := name + orderWords("the gap falls like", o)
			if o.Expected > 0 {
				s += ", where theory says " + etaPower(o.Expected)
			}
			if o.Verdict != "" {
				s += "; " + o.Verdict
			}
			out = append(out, s+".")
		} else if o != nil && o.Verdict != "" {
			out = append(out, name+o.Verdict+".")
		} else {
			out = append(out, name+"no order was fitted.")
		}
		if open > 0 {
			out = append(out, fmt.Sprintf("%snot certified, and left out of the order: %d of %d learning rates.", name, open, len(g.Rows)))
		}
	}
	return out
}

// constantFindings says how far the constants are from their prediction.
func constantFindings(r *compare.Result) []string {
	var out []string
	for i := range r.Constant {
		c := &r.Constant[i]
		name := c.Observable + ", " + c.Model + ": "
		predicted, measured := float64(c.Predicted), float64(c.Richardson)
		err := float64(c.Error) + float64(c.RichardsonError)
		switch {
		case c.Reason != nil:
			out = append(out, name+"no constant is predicted: "+*c.Reason+".")
		case predicted != predicted:
		case c.Horizon != nil:
			out = append(out, fmt.Sprintf("%sthe gap over t <= %g is predicted to be %.5g %s in the limit of small eta, which the learning rates of this study need not be near.", name, *c.Horizon, predicted, etaPower(c.Order)))
		case measured != measured || err != err || predicted == 0:
			out = append(out, fmt.Sprintf("%sthe gap is predicted to be %.5g %s for small eta; too few certified learning rates measure that.", name, predicted, etaPower(c.Order)))
		default:
			out = append(out, fmt.Sprintf("%sthe gap is predicted to be %.5g %s for small eta, and extrapolates to %.5g %s: they differ by %.3g %%, and their errors add up to %.3g %%.",
				name, predicted, etaPower(c.Order), measured, etaPower(c.Order), 100*math.Abs(measured/predicted-1), 100*err/math.Abs(predicted)))
		}
	}
	return out
}

// localFindings says how the one-step errors fall, and whether their sums hold the gaps.
func localFindings(r *compare.Result) []string {
	var out []string
	for i := range r.LocalOrder {
		o := &r.LocalOrder[i]
		name := o.Observable + ", " + o.Model + ": "
		if o.Slope == o.Slope {
			out = append(out, name+orderWords("the one-step error falls like", o)+"; "+o.Verdict+".")
		} else {
			out = append(out, name+o.Verdict+".")
		}
	}
	holds, all := 0, 0
	for i := range r.LocalError {
		if l := &r.LocalError[i]; l.Reason == nil {
			all++
			if l.Holds != nil && *l.Holds {
				holds++
			}
		}
	}
	if all > 0 {
		out = append(out, fmt.Sprintf("The gap is within the sum of the one-step errors for %d of %d rows.", holds, all))
	}
	return out
}

// decayFindings says, for the smallest learning rate, how each derivative decays.
func decayFindings(r *compare.Result) []string {
	smallest, text := math.Inf(1), ""
	for i := range r.Decay {
		if d := &r.Decay[i]; d.Eta < smallest {
			smallest, text = d.Eta, formatEta(d.Eta, d.EtaText)
		}
	}
	var out []string
	for i := range r.Decay {
		d := &r.Decay[i]
		if d.Eta != smallest {
			continue
		}
		s := fmt.Sprintf("%s, J = %s, eta = %s: ", d.Observable, indexText(d.J), text)
		rate := fmt.Sprintf("e^(-%s t), between %s and %s", formatFixed(float64(d.Gamma), 3), formatFixed(float64(d.Low), 3), formatFixed(float64(d.High), 3))
		switch d.Verdict {
		case compare.DecayPass:
			s += "the derivative decays like " + rate
		case compare.DecayFail:
			s += fmt.Sprintf("the derivative grows, its rate is %s", formatFixed(float64(d.Gamma), 3))
		case compare.DecayZero:
			s += "the derivative is zero to its error"
		default:
			s += "neither decay nor growth is seen above the error"
		}
		if d.SpectralGap == d.SpectralGap && d.Verdict == compare.DecayPass {
			s += fmt.Sprintf("; the spectral gap is %.4g", float64(d.SpectralGap))
		}
		out = append(out, s+".")
	}
	return out
}

// sentences returns the verdicts of a section as sentences, without those that hold a
// text, if it is not empty: they are said already.
func sentences(s *section, without string) []string {
	var out []string
	for _, v := range s.Verdicts {
		if without == "" || !strings.Contains(v, without) {
			out = append(out, strings.TrimSuffix(v, ".")+".")
		}
	}
	return out
}
