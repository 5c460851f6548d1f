package study

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/objective/expr"
)

// keys checks that v is a mapping with known keys only and with all the required
// ones.
func (d *document) keys(v *value, known, required []string) error {
	if v.kind != mapping {
		return d.errorf(v, "expected a mapping with the keys %s, found %s", strings.Join(known, ", "), v.describe())
	}
	for _, e := range v.entries {
		path := join(v.path, e.key)
		if slices.Contains(known, e.key) {
			continue
		}
		if s := expr.Nearest(e.key, known); s != "" {
			return d.errorAt(e.line, e.column, path, "unknown key; did you mean %s?", s)
		}
		return d.errorAt(e.line, e.column, path, "unknown key; expected %s", strings.Join(known, ", "))
	}
	for _, k := range required {
		if v.get(k) == nil {
			line, column := v.line, v.column
			if v.path == "" {
				line, column = 1, 1
			}
			return d.errorAt(line, column, join(v.path, k), "the key is missing")
		}
	}
	return nil
}

// describe says what was found, for messages.
func (v *value) describe() string {
	switch {
	case v.kind == mapping && len(v.entries) == 0:
		return "an empty mapping"
	case v.kind == sequence && len(v.items) == 0:
		return "an empty list"
	case v.kind != scalar:
		return v.kind.String()
	case v.style == plain && len(v.text) <= 40:
		return v.text
	case len(v.text) <= 40:
		return "the text \"" + v.text + "\""
	}
	return "text"
}

// number reads a finite number, decimal or a fraction of two decimal ones.
func (d *document) number(v *value) (float64, error) {
	if v.kind != scalar || v.style != plain {
		return 0, d.errorf(v, "expected a number, found %s", v.describe())
	}
	x, err := parseReal(v.text)
	if errors.Is(err, expr.ErrNoNumber) {
		return 0, d.errorf(v, "expected a number, found %s", v.describe())
	}
	if err != nil {
		return 0, d.errorf(v, "%v", err)
	}
	if m := math.Abs(x); m != 0 && (m < leastNumber || m > mostNumber) {
		return 0, d.errorf(v, "expected 0 or a number of magnitude %g to %g, found %s", leastNumber, mostNumber, v.text)
	}
	return x, nil
}

// parseReal reads a number such as 0.5 or a fraction such as 1/2. The error is of the
// kind of expr.ParseNumber's.
func parseReal(text string) (float64, error) {
	num, den, fraction := strings.Cut(text, "/")
	x, err := expr.ParseNumber(num)
	if err != nil || !fraction {
		return x, err
	}
	y, err := expr.ParseNumber(den)
	if err != nil {
		return 0, err
	}
	switch q := x / y; {
	case y == 0:
		return 0, fmt.Errorf("%s divides by 0 and is %w", text, expr.ErrNoNumber)
	case math.IsInf(q, 0):
		return 0, fmt.Errorf("the fraction %s is too large for double precision, which ends at 1.8e308", text)
	case q == 0 && x != 0:
		return 0, fmt.Errorf("the fraction %s is too small for double precision, in which it becomes 0", text)
	default:
		return q, nil
	}
}

// positive reads a number > 0.
func (d *document) positive(v *value) (float64, error) {
	x, err := d.number(v)
	if err == nil && !(x > 0) {
		err = d.errorf(v, "expected a number greater than 0, found %s", v.text)
	}
	return x, err
}

// integer reads a whole number between low and high.
func (d *document) integer(v *value, low, high float64) (int, error) {
	x, err := expr.ParseNumber(v.text) // a fraction is none
	if err != nil || v.kind != scalar || v.style != plain || x != math.Trunc(x) || x < low || x > high {
		return 0, d.errorf(v, "expected a whole number from %.0f to %.0f, found %s", low, high, v.describe())
	}
	return int(x), nil
}

// words reads a scalar that is meant as text.
func (d *document) words(v *value) (string, error) {
	if v.kind != scalar || strings.TrimSpace(v.text) == "" {
		return "", d.errorf(v, "expected text, found %s", v.describe())
	}
	if _, err := expr.ParseNumber(v.text); v.style == plain && (!errors.Is(err, expr.ErrNoNumber) || v.text == "true" || v.text == "false") {
		return "", d.errorf(v, "expected text, found %s; quote it", v.text)
	}
	return v.text, nil
}

// choice reads one of several words.
func (d *document) choice(v *value, words []string) (string, error) {
	if v.kind != scalar {
		return "", d.errorf(v, "expected one of %s, found %s", strings.Join(words, ", "), v.describe())
	}
	if slices.Contains(words, v.text) {
		return v.text, nil
	}
	if s := expr.Nearest(v.text, words); s != "" {
		return "", d.errorf(v, "unknown %s; did you mean %s?", v.describe(), s)
	}
	return "", d.errorf(v, "expected one of %s, found %s", strings.Join(words, ", "), v.describe())
}

// list checks that v is a sequence with at least one item.
func (d *document) list(v *value, of string) ([]*value, error) {
	if v.kind != sequence {
		return nil, d.errorf(v, "expected a list of %s, found %s", of, v.describe())
	}
	if len(v.items) == 0 {
		return nil, d.errorf(v, "expected a list of %s, found an empty one", of)
	}
	return v.items, nil
}

// choices reads a list of different words.
func (d *document) choices(v *value, of string, words []string) ([]string, error) {
	items, err := d.list(v, of)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, item := range items {
		s, err := d.choice(item, words)
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, s) {
			return nil, d.errorf(item, "%s is there twice", s)
		}
		out = append(out, s)
	}
	return out, nil
}

// numbers reads a list of n numbers.
func (d *document) numbers(v *value, n int) ([]float64, error) {
	items, err := d.list(v, "numbers")
	if err != nil {
		return nil, err
	}
	if len(items) != n {
		return nil, d.errorf(v, "expected %d numbers, found %d", n, len(items))
	}
	out := make([]float64, n)
	for i, item := range items {
		if out[i], err = d.number(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// expression reads a numeric expression.
func (d *document) expression(v *value, scope expr.Scope) (*expr.Expr, error) {
	if v.kind != scalar {
		return nil, d.errorf(v, "expected an expression, found %s", v.describe())
	}
	e, err := expr.Parse(v.text, scope)
	return e, d.inside(v, err)
}

// inside gives an error in an expression its place in the file.
func (d *document) inside(v *value, err error) error {
	var e *expr.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	line, column := d.locate(v, e.Offset)
	return d.errorAt(line, column, v.path, "%s", e.Msg)
}

// short checks the length of a name.
func (d *document) short(name, path string, line, column int) error {
	if len(name) > mostName {
		return d.errorAt(line, column, path, "the name has %d bytes; at most %d are possible", len(name), mostName)
	}
	return nil
}

// names records which names are taken, by what.
type names map[string]string

// take checks a name and records it; the name stands at line and column.
func (d *document) take(n names, name, what, path string, line, column int) error {
	if err := d.short(name, path, line, column); err != nil {
		return err
	}
	var e *expr.Error
	if errors.As(expr.CheckName(name), &e) {
		return d.errorAt(line, column, path, "%s", e.Msg)
	}
	if by, ok := n[name]; ok {
		return d.errorAt(line, column, path, "the name %s is already that of a %s", name, by)
	}
	n[name] = what
	return nil
}
