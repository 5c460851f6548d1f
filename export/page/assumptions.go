package page

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/table"
)

// assumption is a constant of the assumptions, as `kolmo check --json` has it.
type assumption struct {
	Name   string
	Value  compare.Number
	Status string
	At     []compare.Number
	Sample *int
}

// AssumptionConstant is what people are told about a constant of the assumptions, on the
// terminal and in the report.
type AssumptionConstant struct {
	Name    string // its key in results.json and its name on the terminal
	Symbol  string // as the report writes it
	Meaning string // one sentence in ASCII; x is measured from the centre
	Void    string // what it means that it has no value although it does not fail
}

// constants are the known constants in the order in which they are shown.
var constants = []AssumptionConstant{
	{"mu", "μ", "f is mu-strongly convex on |x| <= R (Assumption 1 ii)", none},
	{"nu", "ν", "x.grad f(x;xi) >= nu |x|^2 on L <= |x| <= R2 for every xi (Assumption 1 i)", none},
	{"L", "L", "the L that maximises eta0", none},
	{"M1", "M₁", "largest |grad f(x;xi)| on |x| <= L", none},
	{"M2", "M₂", "largest |grad f(x;xi)| on |x| <= R", none},
	{"eta0", "η₀", "min{(R - L)/M1, 2 nu L^2/M2^2}: up to it SGD stays in the ball (Lemma 1)", none},
	{"eta_invariant", "η*", "largest eta for which no step leaves |x| <= R", "every"},
	{"eta1", "η₁", "largest eta with inward drift on |x| = R2 (Lemma 2)", "every"},
}

// none stands for a constant that there is not.
const none = "none"

// AssumptionConstants returns the constants in the order in which they are shown.
func AssumptionConstants() []AssumptionConstant { return slices.Clone(constants) }

// Missing returns what is shown in place of the value of a constant that has none and
// the status.
func (c AssumptionConstant) Missing(status string) string {
	if status == fails {
		return none
	}
	return c.Void
}

// fails is the status of a constant whose condition fails.
const fails = "fails"

// StatusLabel returns a constant's status, a word of results.json, as people read it.
func StatusLabel(status string) string {
	switch status {
	case "proved":
		return "PROVED"
	case "found":
		return "found (not proved)"
	case fails:
		return "FAILS"
	}
	return status
}

// constantWord is the name of a constant, or of the outer radius, in a meaning.
var constantWord = regexp.MustCompile(`\b(mu|nu|M1|M2|eta0|eta1|R2)\b`)

// rank is the constant's place in the report.
func (a assumption) rank() int {
	if i := slices.IndexFunc(constants, func(c AssumptionConstant) bool { return c.Name == a.Name }); i >= 0 {
		return i
	}
	return len(constants)
}

// about is what is known about the constant, its name for one that is not known here.
func (a assumption) about() AssumptionConstant {
	if i := a.rank(); i < len(constants) {
		return constants[i]
	}
	return AssumptionConstant{Name: a.Name, Symbol: a.Name, Void: table.Absent}
}

// Symbol is the constant's symbol, its name if it has none.
func (a assumption) Symbol() string { return a.about().Symbol }

// Meaning says what the constant is, "" if that is not known here.
func (a assumption) Meaning() template.HTML {
	return table.Prose(constantWord.ReplaceAllStringFunc(a.about().Meaning, func(w string) string {
		if w == "R2" {
			return "R₂"
		}
		return assumption{Name: w}.Symbol()
	}))
}

// Shown is the value with six decimals, or what stands for none.
func (a assumption) Shown() template.HTML {
	if a.Value != a.Value {
		return table.Typeset(a.about().Missing(a.Status))
	}
	return table.Typeset(table.Fixed(float64(a.Value), 6))
}

// Label is the status as kolmo check prints it.
func (a assumption) Label() string { return StatusLabel(a.Status) }

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
