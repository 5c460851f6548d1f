package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kolmo/kolmogorov"
)

// FieldName names a field: u of the diffusion, U of SGD or gap = U - u, or a
// derivative d^J of one of them.
type FieldName struct {
	Of string // u, U or gap
	J  []int  // nil: no derivative
}

// FieldNames are the fields that are no derivatives.
func FieldNames() []string { return []string{"u", "U", "gap"} }

// ParseFieldName reads "gap" or "d(1,0)u", a derivative of order 1 to
// kolmogorov.MaxDerivative with one entry for each of d axes.
func ParseFieldName(text string, d int) (FieldName, error) {
	if slices.Contains(FieldNames(), text) {
		return FieldName{Of: text}, nil
	}
	rest, ok := strings.CutPrefix(text, "d(")
	inside, of, found := strings.Cut(rest, ")")
	if !ok || !found || !slices.Contains(FieldNames(), of) {
		return FieldName{}, fmt.Errorf("expected one of u, U, gap or a derivative of one such as %s, found %s", exampleName(d), text)
	}
	f := FieldName{Of: of}
	sum := 0
	for _, word := range strings.Split(inside, ",") {
		m, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || m < 0 || m > kolmogorov.MaxDerivative {
			return FieldName{}, fmt.Errorf("expected whole numbers from 0 to %d in d(..), found %q", kolmogorov.MaxDerivative, strings.TrimSpace(word))
		}
		f.J = append(f.J, m)
		sum += m
	}
	if len(f.J) != d {
		return FieldName{}, fmt.Errorf("expected a number for each of the %d parameters as in %s, found %d", d, exampleName(d), len(f.J))
	}
	if sum < 1 || sum > kolmogorov.MaxDerivative {
		return FieldName{}, fmt.Errorf("expected an order from 1 to %d, found %d in %s", kolmogorov.MaxDerivative, sum, f)
	}
	return f, nil
}

// exampleName returns "d(1,0)u" for two axes.
func exampleName(d int) string {
	j := make([]int, d)
	j[0] = 1
	return FieldName{"u", j}.String()
}

// String returns the name as studies have it: "gap", "d(1,0)u".
func (f FieldName) String() string {
	if f.J == nil {
		return f.Of
	}
	return strings.TrimSuffix(kolmogorov.DerivativeName(f.J), "u") + f.Of
}

// Variable returns the name as files have it, which needs no quotes anywhere:
// "gap", "d_1_0_u".
func (f FieldName) Variable() string {
	s := ""
	for _, m := range f.J {
		s += fmt.Sprintf("%d_", m)
	}
	if s != "" {
		s = "d_" + s
	}
	return s + f.Of
}
