package document

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kolmo/internal/spelling"
	"kolmo/objective/expr"
	"kolmo/objective/expr/numeral"
)

// Limits of what a document may say.
const (
	// leastNumber and mostNumber bound the magnitude of every number but 0: squares of such
	// numbers and ratios of two neither overflow nor vanish.
	leastNumber = 1e-100
	mostNumber  = 1e100
	// mostName bounds names in bytes: OBSERVABLE-MODEL-etaX.nc.xmf2 must be the name of a
	// file, also while it is hidden and being written.
	mostName = 100
)

// Keys checks that v is a mapping with known keys only and with all the required
// ones. Of a key that belongs elsewhere the error says where.
func (d *Document) Keys(v *Value, known, required []string) error {
	if v.Kind != Mapping {
		return d.Errorf(v, "expected a mapping with the keys %s, found %s", strings.Join(known, ", "), v.Describe())
	}
	for _, e := range v.Entries {
		path := join(v.Path, e.Key)
		if slices.Contains(known, e.Key) {
			continue
		}
		if at := home(e.Key, v.Path); at != "" {
			if v.Path != "" && !strings.HasPrefix(at, "to the study") {
				at += fmt.Sprintf("; expected %s", strings.Join(known, ", "))
			}
			if section, one := strings.CutPrefix(at, "under "); v.Path == "" && one && !strings.Contains(section, " ") && d.settingOf(path) != nil {
				at += fmt.Sprintf(", as in --set %s.%s=..", section, e.Key)
			}
			return d.ErrorAt(e.Line, e.Column, path, "the key belongs %s", at)
		}
		if s := spelling.Nearest(e.Key, known); s != "" {
			return d.ErrorAt(e.Line, e.Column, path, "unknown key; did you mean %s?", s)
		}
		return d.ErrorAt(e.Line, e.Column, path, "unknown key; expected %s", strings.Join(known, ", "))
	}
	for _, k := range required {
		if v.Get(k) == nil {
			line, column := v.Line, v.Column
			if v.Path == "" {
				line, column = 1, 1
			}
			return d.ErrorAt(line, column, join(v.Path, k), "the key is missing; want %s", example(join(v.Path, k)))
		}
	}
	return nil
}

// describe says what was found, for messages.
func (v *Value) Describe() string {
	switch {
	case v.Kind == Mapping && len(v.Entries) == 0:
		return "an empty mapping"
	case v.Kind == Sequence && len(v.Items) == 0:
		return "an empty list"
	case v.Kind == notFinite:
		return v.Text
	case v.Kind != Scalar:
		return v.Kind.String()
	case v.Style == Plain && len(v.Text) <= 40:
		return v.Text
	case len(v.Text) <= 40:
		return "the text \"" + v.Text + "\""
	}
	return "text"
}

// number reads a finite number, decimal or a fraction of two decimal ones.
func (d *Document) Number(v *Value) (float64, error) {
	if v.Kind == notFinite {
		return 0, d.Errorf(v, "expected a finite number, found %s", v.Text)
	}
	if v.Kind != Scalar || v.Style != Plain {
		return 0, d.Errorf(v, "expected a number, found %s", v.Describe())
	}
	x, err := ParseReal(v.Text)
	if errors.Is(err, numeral.ErrNone) {
		return 0, d.Errorf(v, "expected a number, found %s", v.Describe())
	}
	if err != nil {
		return 0, d.Errorf(v, "%v", err)
	}
	if m := math.Abs(x); m != 0 && (m < leastNumber || m > mostNumber) {
		return 0, d.Errorf(v, "expected 0 or a number of magnitude %g to %g, found %s", leastNumber, mostNumber, v.Text)
	}
	return x, nil
}

// parseReal reads a number such as 0.5 or a fraction such as 1/2. The error is of the
// kind of numeral.Parse's.
func ParseReal(text string) (float64, error) {
	num, den, fraction := strings.Cut(text, "/")
	x, err := numeral.Parse(num)
	if err != nil || !fraction {
		return x, err
	}
	y, err := numeral.Parse(den)
	if err != nil {
		return 0, err
	}
	switch q := x / y; {
	case y == 0:
		return 0, fmt.Errorf("%s divides by 0 and is %w", text, numeral.ErrNone)
	case math.IsInf(q, 0):
		return 0, fmt.Errorf("the fraction %s is too large for double precision, which ends at 1.8e308", text)
	case q == 0 && x != 0:
		return 0, fmt.Errorf("the fraction %s is too small for double precision, in which it becomes 0", text)
	default:
		return q, nil
	}
}

// positive reads a number > 0.
func (d *Document) Positive(v *Value) (float64, error) {
	x, err := d.Number(v)
	if err == nil && !(x > 0) {
		err = d.Errorf(v, "expected a number greater than 0, found %s", v.Text)
	}
	return x, err
}

// integer reads a whole number between low and high.
func (d *Document) Integer(v *Value, low, high float64) (int, error) {
	x, err := numeral.Parse(v.Text) // a fraction is none
	if err != nil || v.Kind != Scalar || v.Style != Plain || x != math.Trunc(x) || x < low || x > high {
		return 0, d.Errorf(v, "expected a whole number from %.0f to %.0f, found %s", low, high, v.Describe())
	}
	return int(x), nil
}

// Counts reads a whole number between low and high for each of n axes: one for all, bare or in a list, or a list of n.
func Counts(d *Document, v *Value, n int, low, high float64) ([]int, error) {
	items := []*Value{v}
	if v.Kind == Sequence {
		items = v.Items
	}
	if len(items) != n && len(items) != 1 {
		want := "one number"
		if n > 1 {
			want = fmt.Sprintf("one number or a list of %d", n)
		}
		return nil, d.Errorf(v, "expected %s, found %d", want, len(items))
	}
	counts := make([]int, n)
	for k := range counts {
		var err error
		if counts[k], err = d.Integer(items[min(k, len(items)-1)], low, high); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// words reads a scalar that is meant as text.
func (d *Document) Words(v *Value) (string, error) {
	if v.Kind != Scalar || strings.TrimSpace(v.Text) == "" {
		return "", d.Errorf(v, "expected text, found %s", v.Describe())
	}
	if _, err := numeral.Parse(v.Text); v.Style == Plain && (!errors.Is(err, numeral.ErrNone) || v.Text == "true" || v.Text == "false") {
		return "", d.Errorf(v, "expected text, found %s; quote it", v.Text)
	}
	return v.Text, nil
}

// choice reads one of several words.
func (d *Document) Choice(v *Value, words []string) (string, error) {
	if v.Kind != Scalar {
		return "", d.Errorf(v, "expected one of %s, found %s", strings.Join(words, ", "), v.Describe())
	}
	if slices.Contains(words, v.Text) {
		return v.Text, nil
	}
	if s := spelling.Nearest(v.Text, words); s != "" {
		return "", d.Errorf(v, "unknown %s; did you mean %s?", v.Describe(), s)
	}
	return "", d.Errorf(v, "expected one of %s, found %s", strings.Join(words, ", "), v.Describe())
}

// list checks that v is a sequence with at least one item.
func (d *Document) List(v *Value, of string) ([]*Value, error) {
	if v.Kind != Sequence {
		return nil, d.Errorf(v, "expected a list [..] of %s, found %s", of, v.Describe())
	}
	if len(v.Items) == 0 {
		return nil, d.Errorf(v, "expected a list of %s, found an empty one", of)
	}
	return v.Items, nil
}

// choices reads a list of different words.
func (d *Document) Choices(v *Value, of string, words []string) ([]string, error) {
	items, err := d.List(v, of)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, item := range items {
		s, err := d.Choice(item, words)
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, s) {
			return nil, d.Errorf(item, "%s is there twice", s)
		}
		out = append(out, s)
	}
	return out, nil
}

// Matrix reads n rows of n numbers, one after the other.
func Matrix(d *Document, v *Value, n int) ([]float64, error) {
	rows, err := d.List(v, "rows of a matrix")
	if err != nil {
		return nil, err
	}
	if len(rows) != n {
		return nil, d.Errorf(v, "expected %d rows of %d numbers, found %d rows", n, n, len(rows))
	}
	var all []float64
	for _, row := range rows {
		numbers, err := d.Numbers(row, n)
		if err != nil {
			return nil, err
		}
		all = append(all, numbers...)
	}
	return all, nil
}

// numbers reads a list of n numbers.
func (d *Document) Numbers(v *Value, n int) ([]float64, error) {
	items, err := d.List(v, "numbers")
	if err != nil {
		return nil, err
	}
	if len(items) != n {
		want := fmt.Sprintf("%d numbers", n)
		if n == 1 {
			want = "one number"
		}
		return nil, d.Errorf(v, "expected %s, found %d", want, len(items))
	}
	out := make([]float64, n)
	for i, item := range items {
		if out[i], err = d.Number(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// expression reads a numeric expression.
func (d *Document) Expression(v *Value, scope expr.Scope) (*expr.Expr, error) {
	if v.Kind != Scalar {
		return nil, d.Errorf(v, "expected an expression, found %s", v.Describe())
	}
	e, err := expr.Parse(v.Text, scope)
	return e, d.Inside(v, err)
}

// inside gives an error in an expression its place in the file.
func (d *Document) Inside(v *Value, err error) error {
	var e *expr.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	if d.settingOf(v.Path) != nil && e.Offset <= len(v.Text) {
		return d.Errorf(v, "at character %d: %s", utf8.RuneCountInString(v.Text[:e.Offset])+1, e.Msg)
	}
	line, column := d.Locate(v, e.Offset)
	return d.ErrorAt(line, column, v.Path, "%s", e.Msg)
}

// short checks the length of a name.
func short(d *Document, name, path string, line, column int) error {
	if len(name) > mostName {
		return d.ErrorAt(line, column, path, "the name has %d bytes; at most %d are possible", len(name), mostName)
	}
	return nil
}

// fileName are the characters of names of files.
var fileName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// FileName checks a name that becomes one of a file, or part of it; the name stands at line and column.
func (d *Document) FileName(name, path string, line, column int) error {
	switch {
	case !fileName.MatchString(name):
		return d.ErrorAt(line, column, path, "expected a name of letters, digits and . _ -, found %s", Clip(name, 40))
	case strings.Trim(name, ".") == "":
		return d.ErrorAt(line, column, path, "expected a name with a letter or a digit, found %s", Clip(name, 40))
	}
	return short(d, name, path, line, column)
}

// names records which names are taken, by what.
type Names map[string]string

// take checks a name and records it; the name stands at line and column.
func (d *Document) Take(n Names, name, what, path string, line, column int) error {
	if err := short(d, name, path, line, column); err != nil {
		return err
	}
	var e *expr.Error
	if errors.As(expr.CheckName(name), &e) {
		return d.ErrorAt(line, column, path, "%s", e.Msg)
	}
	if by, ok := n[name]; ok {
		return d.ErrorAt(line, column, path, "the name %s is already that of a %s", name, by)
	}
	n[name] = what
	return nil
}
