package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
)

// assumption is a constant of the assumptions, as `kolmo check --json` has it.
type assumption struct {
	Name   string
	Value  compare.Number
	Status string
	At     []compare.Number
	Sample *int
}

// constants are the known constants in the order of the report: their names in
// results.json, their symbols and what they mean; x is measured from the centre.
var constants = []struct{ name, symbol, meaning string }{
	{"mu", "μ", "f is μ-strongly convex on |x| ≤ R (Assumption 1 ii)"},
	{"nu", "ν", "x·∇f(x;ξ) ≥ ν|x|² on L ≤ |x| ≤ R₂ for every ξ (Assumption 1 i)"},
	{"L", "L", "the L for which η₀ is largest"},
	{"M1", "M₁", "largest |∇f(x;ξ)| on |x| ≤ L"},
	{"M2", "M₂", "largest |∇f(x;ξ)| on |x| ≤ R"},
	{"eta0", "η₀", "min{(R − L)/M₁, 2νL²/M₂²}: up to it Lemma 1 keeps SGD in the ball"},
	{"eta_invariant", "η*", "largest η for which no step leaves |x| ≤ R"},
	{"eta1", "η₁", "largest η with inward drift on |x| = R₂ (Lemma 2); no value: every η"},
}

// rank is the constant's place in the report.
func (a assumption) rank() int {
	for i := range constants {
		if constants[i].name == a.Name {
			return i
		}
	}
	return len(constants)
}

// Symbol is the constant's symbol, its name if it has none.
func (a assumption) Symbol() string {
	if i := a.rank(); i < len(constants) {
		return constants[i].symbol
	}
	return a.Name
}

// Meaning says what the constant is, "" if that is not known here.
func (a assumption) Meaning() string {
	if i := a.rank(); i < len(constants) {
		return constants[i].meaning
	}
	return ""
}

// Label is the status as kolmo check prints it.
func (a assumption) Label() string {
	switch a.Status {
	case "proved":
		return "PROVED"
	case "found":
		return "found (not proved)"
	case "fails":
		return "FAILS"
	}
	return a.Status
}

// Where is the point, and the sample if there is one, at which the constant was
// found or fails.
func (a assumption) Where() string {
	if len(a.At) == 0 {
		return ""
	}
	parts := make([]string, len(a.At))
	for i, v := range a.At {
		parts[i] = strconv.FormatFloat(float64(v), 'g', 5, 64)
	}
	text := "(" + strings.Join(parts, ", ") + ")"
	if a.Sample != nil {
		text += fmt.Sprintf(", sample %d", *a.Sample)
	}
	return text
}

// assumptions returns the constants among the values of a, the known ones first.
func assumptions(a any) []assumption {
	b, err := json.Marshal(a)
	if err != nil {
		return nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(b, &all) != nil {
		return nil
	}
	var out []assumption
	for _, k := range slices.Sorted(maps.Keys(all)) {
		c := assumption{Name: k, Value: compare.Number(math.NaN())}
		if json.Unmarshal(all[k], &c) == nil && c.Status != "" {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y assumption) int { return x.rank() - y.rank() })
	return out
}

// facts returns what the check of the assumptions found besides constants.
func facts(a any) []string {
	b, err := json.Marshal(a)
	if err != nil {
		return nil
	}
	var all struct {
		Nonconvex *int             `json:"nonconvex_samples"`
		Minimizer []compare.Number `json:"minimizer"`
	}
	if json.Unmarshal(b, &all) != nil {
		return nil
	}
	var out []string
	if all.Minimizer != nil {
		out = append(out, "The minimiser of the expected loss is x* = "+assumption{At: all.Minimizer}.Where()+".")
	}
	if n := all.Nonconvex; n != nil {
		switch *n {
		case 0:
			out = append(out, "The loss of every sample is convex on the ball.")
		case 1:
			out = append(out, "The loss of one sample is not convex on the ball.")
		default:
			out = append(out, fmt.Sprintf("The losses of %d samples are not convex on the ball.", *n))
		}
	}
	return out
}
