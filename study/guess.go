package study

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kolmo/internal/spelling"
	"kolmo/objective"
	"kolmo/study/document"
)

// guess is a study that a table suggests: a column to predict from one or two others.
type guess struct {
	label    *guessColumn
	classes  []string // the two classes of the label, the second is y = 1; nil: a number to fit
	others   bool     // the label has more classes, whose rows are left out
	features []*guessColumn
	unused   []string // sentences about columns that are left out
}

// Guess returns the text of a study of the table in the file called path; the study, which
// will lie in the folder dir, names it file. It is a logistic regression where a column has two
// values, else least squares, by the one or two columns that are correlated most with it; label
// names the column to predict, empty: guessed. The ball holds SGD up to the largest learning rate
// by the check's own search. Errors are one sentence each, or *Error about the table.
func Guess(path, file, dir, label string) ([]byte, error) {
	t, err := objective.ReadTable(path, &objective.TableFormat{})
	if err != nil {
		if te := new(objective.TableError); errors.As(err, &te) && te.Headless {
			te.Msg = "the first line is all numbers, and a study is guessed from columns with names: put a line of names first"
		}
		r := &reader{Document: &document.Document{Name: path}}
		return nil, lawReader{r}.fileError(&document.Value{Line: 1, Column: 1}, path, err)
	}
	if t.Len() < leastGuessRows {
		return nil, fmt.Errorf("%s has %d rows, and a study is guessed from at least %d", path, t.Len(), leastGuessRows)
	}
	var columns []*guessColumn
	for k := range t.Names() {
		columns = append(columns, newGuessColumn(t, k))
	}
	g := &guess{}
	if err := g.choose(path, columns, label); err != nil {
		return nil, err
	}
	rows := g.rows(t)
	if len(rows) < leastGuessRows {
		return nil, fmt.Errorf("%s has %d rows with a value of %q, and a study is guessed from at least %d", path, len(rows), g.label.name, leastGuessRows)
	}
	if err := g.pick(path, t, columns, rows); err != nil {
		return nil, err
	}
	return g.fit(path, file, dir)
}

// choose takes the column to predict: the one that is named; else the last text of two values,
// the last number of two values, the last column if it is a text of few values or a number,
// and else the last such column.
func (g *guess) choose(path string, columns []*guessColumn, label string) error {
	two := func(c *guessColumn) bool { return len(c.classes) == 2 }
	few := func(c *guessColumn) bool {
		return c.values == nil && len(c.classes) >= 2 && len(c.classes) <= mostClasses
	}
	last := func(ok func(*guessColumn) bool) {
		for _, c := range slices.Backward(columns) {
			if g.label == nil && ok(c) {
				g.label = c
			}
		}
	}
	if label != "" {
		last(func(c *guessColumn) bool { return c.name == label })
		if g.label == nil {
			var names []string
			for _, c := range columns {
				names = append(names, c.name)
			}
			if s := spelling.Nearest(label, names); s != "" {
				return fmt.Errorf("%s has no column %q; did you mean %q?", path, label, s)
			}
			return fmt.Errorf("%s has no column %q; its columns are %s", path, label, document.Clip(strings.Join(names, ", "), 200))
		}
		if c := g.label; len(c.classes) < 2 || c.values == nil && !few(c) {
			return fmt.Errorf("the column %q of %s is neither a number nor a text of 2 to %d values, so that nothing can be fitted to it", label, path, mostClasses)
		}
	} else {
		last(func(c *guessColumn) bool { return c.values == nil && two(c) })
		last(two)
		end := columns[len(columns)-1]
		last(func(c *guessColumn) bool { return c == end && (few(c) || len(c.classes) > 2 && c.values != nil) })
		last(few)
		last(func(c *guessColumn) bool { return c.values != nil && len(c.classes) > 2 })
	}
	c := g.label
	switch {
	case c == nil:
		return fmt.Errorf("no column of %s is a number or a text of few values, so that there is nothing to predict%s", path, g.wrongs(columns))
	case c.values == nil || two(c):
		order := make([]int, len(c.classes))
		for k := range order {
			order[k] = k
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.count[b], c.count[a]) })
		order = order[:2]
		slices.Sort(order)
		if c.values != nil && c.valueOf(order[0]) > c.valueOf(order[1]) {
			slices.Reverse(order)
		}
		g.classes, g.others = []string{c.classes[order[0]], c.classes[order[1]]}, len(c.classes) > 2
	}
	return nil
}

// wrongs puts what is wrong with other columns than the label into a bracket.
func (g *guess) wrongs(columns []*guessColumn) (s string) {
	for _, c := range columns {
		if c.wrong != "" && c != g.label {
			s += fmt.Sprintf("; %q: %s", c.name, c.wrong)
		}
	}
	return strings.Replace(document.Clip(s, 200), "; ", " (", 1) + strings.Repeat(")", min(len(s), 1))
}

// rows returns the rows with a value of the label.
func (g *guess) rows(t *objective.Table) (rows []int) {
	for r := range t.Len() {
		switch text := t.Cell(r, g.label.index); {
		case g.classes != nil && !slices.Contains(g.classes, text):
		case slices.Contains(g.label.missing, text):
		default:
			rows = append(rows, r)
		}
	}
	return rows
}

// pick takes the features: the numbers that are correlated most with the label.
func (g *guess) pick(path string, t *objective.Table, columns []*guessColumn, rows []int) error {
	y := *g.label
	if g.classes != nil {
		y.values = make([]float64, t.Len())
		for r := range y.values {
			y.values[r] = math.NaN()
		}
		for _, r := range rows {
			y.values[r] = float64(2*slices.Index(g.classes, t.Cell(r, y.index)) - 1)
		}
	} else if why := y.unfit(rows); why != "" {
		return fmt.Errorf("nothing can be fitted to the column %q of %s: %s", y.name, path, why)
	}
	type feature struct {
		*guessColumn
		r float64
	}
	var list []feature
	for _, c := range columns {
		if c.index == g.label.index {
			continue
		}
		if c.values != nil {
			c.wrong = c.unfit(rows)
		}
		if c.wrong != "" {
			g.unused = append(g.unused, strconv.Quote(c.name)+": "+c.wrong)
			continue
		}
		if r := math.Abs(c.correlation(&y, rows)); r == r {
			list = append(list, feature{c, r})
		}
	}
	if len(list) == 0 {
		return fmt.Errorf("%s has no column of numbers beside %q that could predict it%s", path, g.label.name, g.wrongs(columns))
	}
	slices.SortStableFunc(list, func(a, b feature) int { return cmp.Compare(b.r, a.r) })
	for _, f := range list {
		switch {
		case len(g.features) == 2:
			g.unused = append(g.unused, fmt.Sprintf("%q: correlation %.2f only", f.name, f.r))
		case len(g.features) == 1 && math.Abs(f.correlation(g.features[0], rows)) > mostAlike:
			g.unused = append(g.unused, fmt.Sprintf("%q: nearly the same as %q", f.name, g.features[0].name))
		default:
			g.features = append(g.features, f.guessColumn)
		}
	}
	return nil
}
