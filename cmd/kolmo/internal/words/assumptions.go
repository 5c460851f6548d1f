package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"kolmo/assumptions"
	"kolmo/export/page"
	"kolmo/export/table"

	"kolmo/study"
	"kolmo/study/document"
)

// AssumptionText is the output of kolmo check for people; a nil c is an algorithm that is
// not the paper's.
func AssumptionText(s *study.Study, c *assumptions.Assumptions) string {
	var b strings.Builder
	say := func(format string, args ...any) { table.Wrap(&b, "", "  ", fmt.Sprintf(format, args...)) }
	if c == nil {
		o := OtherAlgorithm(s)
		say("%s: %s: %s", s.Name, o.Algorithm, o.Assumptions)
		for _, n := range study.Notes(s) {
			say("%s", n)
		}
		switch {
		case o.Why != nil:
			say("eta_invariant: none found: %s", *o.Why)
		case math.IsInf(o.EtaInvariant.Value, 1):
			say("eta_invariant: no step leaves the region at any eta that was tried")
		default:
			say("eta_invariant: no step leaves the region up to eta = %s, found by a search", significant(o.EtaInvariant.Value))
		}
		if list := study.Leaving(s); len(list) > 0 {
			say("warning: eta = %s: a step leaves the region, so these rows cannot be certified", strings.Join(list, ", "))
		}
		return b.String()
	}
	say("%s: %s", s.Name, ballWords(s))
	for _, n := range study.Notes(s) {
		say("%s", n)
	}
	b.WriteByte('\n')
	lines := [][]string{{"constant", "value", "status", "known to"}}
	var meanings []string
	for _, k := range listed(c) {
		lines = append(lines, []string{k.Name, k.value(), page.StatusLabel(string(k.Status)), k.width()})
		meanings = append(meanings, k.Meaning+k.place())
	}
	constants := table.OfTexts(lines, 0, 2)
	constants.Notes = meanings
	constants.Write(&b)
	b.WriteByte('\n')
	ends := ""
	if c.Ends > 0 {
		ends = fmt.Sprintf(", %d of them nodes, %d at the ends and in the middle of the support", c.Samples-c.Ends, c.Ends)
	}
	say("samples that are not convex themselves: %d of %d%s", c.NonconvexSamples, c.Samples, ends)
	for _, n := range c.Nonconvex {
		table.Wrap(&b, "  ", "    ", fmt.Sprintf("smallest eigenvalue %s at %s for %s", significant(n.Eigenvalue), point(n.At), sampleName(n.Sample, n.Values)))
	}
	if rest := c.NonconvexSamples - len(c.Nonconvex); rest > 0 {
		fmt.Fprintf(&b, "  and %d more\n", rest)
	}
	switch {
	case c.Minimizer == nil:
		say("minimizer x*: none found in the ball")
	case c.MeanShift == nil:
		say("minimizer x*: %s", point(c.Minimizer))
		say("mean shift: none, f is not smooth or not strongly convex at x*")
	default:
		say("minimizer x*: %s", point(c.Minimizer))
		say("mean shift: the stationary mean is at x* + eta %s, to first order", point(c.MeanShift))
	}
	b.WriteByte('\n')
	say("found by search: %d grid points times %d samples, then a pattern search from the best ones", c.Points, c.Samples)
	say("proved by interval arithmetic with branch and bound: at most %d evaluations of a sample over a box per constant", c.Boxes)
	if c.Quadrature {
		say("nothing is proved: the samples are nodes of a quadrature, which stand for the law of xi and are not all of it")
	}
	for _, w := range AssumptionWarnings(s, c) {
		say("warning: %s", w)
	}
	return b.String()
}

// Other is what kolmo check finds of an algorithm that is not the paper's.
type Other struct {
	Algorithm   string `json:"algorithm"`
	Assumptions string `json:"assumptions"` // which of them speak of it
	// EtaInvariant is found by a search; it fails for the reason Why, and has no value where all are.
	EtaInvariant assumptions.Constant `json:"eta_invariant"`
	Why          *string              `json:"reason"` // nil: it does not fail
}

// OtherAlgorithm finds it.
func OtherAlgorithm(s *study.Study) Other {
	least, most, why := s.EtaInvariant()
	if why == "" && least > 0 {
		why = keptFrom(least, most)
	}
	o := Other{Algorithm: s.Chain().Title, Assumptions: s.Speaks(), EtaInvariant: assumptions.Constant{Value: most, Status: assumptions.Found, Sample: -1}}
	if why != "" {
		o.Why, o.EtaInvariant.Value, o.EtaInvariant.Status = &why, math.NaN(), assumptions.Fails
	}
	return o
}

// Cure says which learning rate keeps the region.
func Cure(s *study.Study) string {
	least, most, why := s.EtaInvariant()
	switch {
	case why != "":
		return "no smaller eta keeps it: " + why
	case least > 0:
		return "it is " + keptFrom(least, most)
	}
	return fmt.Sprintf("it is kept up to eta = %.3g", most)
}

// keptFrom says between which learning rates the region is kept, where smaller ones leave it.
func keptFrom(least, most float64) string {
	return fmt.Sprintf("kept from eta = %.3g to %.3g and left by smaller ones: a larger R may keep it", least, most)
}

// named is a constant with what people are told about it.
type named struct {
	assumptions.Constant
	page.AssumptionConstant
}

// listed returns the constants in the order in which they are shown.
func listed(c *assumptions.Assumptions) []named {
	values := map[string]assumptions.Constant{"mu": c.Mu, "nu": c.Nu, "L": c.L, "M1": c.M1, "M2": c.M2,
		"eta0": c.Eta0, "eta_invariant": c.EtaInvariant, "eta1": c.Eta1}
	var out []named
	for _, about := range page.AssumptionConstants() {
		out = append(out, named{values[about.Name], about})
	}
	return out
}

func (k named) value() string {
	if math.IsNaN(k.Value) {
		return k.Missing(string(k.Status))
	}
	return significant(k.Value)
}

// width returns the width of the enclosure.
func (k named) width() string {
	if k.Enclosure == nil {
		return "-"
	}
	return fmt.Sprintf("%.1e", k.Enclosure[1]-k.Enclosure[0])
}

// place says where the value is attained, "" if that is not at a point.
func (k named) place() string {
	if k.At == nil {
		return ""
	}
	if name := sampleName(k.Sample, k.Values); name != "" {
		return "; at " + point(k.At) + ", " + name
	}
	return "; at " + point(k.At)
}

// sampleName names a value of xi: "sample 3 (a = 1, b = 2)" a node of the law, and
// "a = 1, b = 2" an end of its support; "" if there is none.
func sampleName(k int, values string) string {
	switch {
	case k < 0:
		return values
	case values == "":
		return fmt.Sprintf("sample %d", k)
	}
	return fmt.Sprintf("sample %d (%s)", k, values)
}

func significant(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

func point(x []float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = strconv.FormatFloat(v, 'g', 5, 64)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// stretched is the ratio of curvatures from which the data should be scaled.
const Stretched = 1e4

// assumptionWarnings tell what of the theory does not hold for the study.
func AssumptionWarnings(s *study.Study, c *assumptions.Assumptions) []string {
	var out []string
	if k := c.Kink; k != nil {
		which := "derivative"
		if k.Second {
			which = "second derivative"
		}
		where := "x = " + point(k.At)
		if name := sampleName(k.Sample, k.Values); name != "" {
			where += " for " + name
		}
		out = append(out, fmt.Sprintf("the loss has a kink: the %s of %s jumps near %s; the theory asks for a smooth loss, and errors fall slowly with the nodes", which, document.Clip(k.Call, 100), where))
	}
	if c.Mu.Status == assumptions.Fails {
		out = append(out, fmt.Sprintf("Assumption 1 (ii) fails: hess f has the eigenvalue %s at x = %s, so f is not strongly convex on the ball", significant(c.Mu.Value), point(c.Mu.At)))
	}
	if k := s.Curvature(); len(s.Parameters) > 1 && c.Mu.Value > 0 && k > Stretched*c.Mu.Value {
		out = append(out, fmt.Sprintf("f's curvature is up to %.3g at the center and as little as %.3g on the ball: no learning rate suits both; scale the data, as standardize(..) does in columns", k, c.Mu.Value))
	}
	switch {
	case c.Unbounded:
		out = append(out, "Assumption 1 (i) fails: the law of xi is unbounded, so no ball is invariant and Lemma 1 has no eta0")
	case c.Nu.Status == assumptions.Fails && c.Nu.At != nil && math.IsNaN(c.Nu.Value):
		out = append(out, fmt.Sprintf("Assumption 1 (i) fails: the loss is not finite at or near x = %s for %s, outside the ball but within ball.R2 = %s, so Lemma 1 has no eta0; a smaller ball.R2 may leave the point out", point(c.Nu.At), sampleName(c.Nu.Sample, c.Nu.Values), significant(s.R2)))
	case c.Nu.Status == assumptions.Fails && c.Nu.At != nil:
		out = append(out, fmt.Sprintf("Assumption 1 (i) fails: x.grad f(x;xi)/|x|^2 = %s at x = %s for %s, so Lemma 1 has no eta0", significant(c.Nu.Value), point(c.Nu.At), sampleName(c.Nu.Sample, c.Nu.Values)))
	case c.Nu.Status == assumptions.Fails:
		out = append(out, "Assumption 1 (i) fails, so Lemma 1 has no eta0")
	}
	if c.Eta1.Status == assumptions.Fails && math.IsNaN(c.Eta1.Value) {
		out = append(out, fmt.Sprintf("Lemma 2 fails: the loss is not finite at or near x = %s, which is within ball.R2", point(c.Eta1.At)))
	} else if c.Eta1.Status == assumptions.Fails {
		out = append(out, fmt.Sprintf("Lemma 2 fails: the drift does not point inward at x = %s on |x| = R2", point(c.Eta1.At)))
	}
	above := func(limit float64) string {
		var list []string
		for _, e := range s.Eta {
			if e.Value > limit {
				list = append(list, e.Text)
			}
		}
		return strings.Join(list, ", ")
	}
	if list := above(c.Eta0.Value); list != "" {
		text := fmt.Sprintf("eta = %s: above Lemma 1's eta0 = %s", list, significant(c.Eta0.Value))
		if v := c.EtaInvariant; v.Status != assumptions.Fails {
			if out := above(v.Value); out == "" {
				text += fmt.Sprintf("; the ball is invariant all the same, up to eta = %s", significant(v.Value))
			} else {
				text += fmt.Sprintf("; the ball is invariant up to eta = %s only", significant(v.Value))
			}
		}
		out = append(out, text)
	}
	if list := above(c.Eta1.Value); list != "" && c.Eta1.Status != assumptions.Fails {
		out = append(out, fmt.Sprintf("eta = %s: above Lemma 2's eta1 = %s, the drift does not point inward everywhere on |x| = R2", list, significant(c.Eta1.Value)))
	}
	return out
}
