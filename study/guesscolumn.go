package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/objective"
	"kolmo/study/document"
)

// guessColumn is what a column of a table shows.
type guessColumn struct {
	index   int
	name    string
	values  []float64 // per row, NaN where there is none; nil if a cell is no number
	classes []string  // the different texts, by their first rows; at most mostClasses+1
	count   []int     // rows of each class
	first   []int     // its first row
	missing []string  // the different texts that say that there is no value
	wrong   string    // why it predicts nothing
}

// Limits of what is guessed.
const (
	// mostClasses is the number of different texts up to which a column names classes.
	mostClasses = 20
	// leastPresent is the share of rows with a value from which a column is used.
	leastPresent = 0.5
	// leastGuessRows is the fewest rows that a study is guessed from.
	leastGuessRows = 10
	// mostAlike is the largest correlation of two features of which both are parameters.
	mostAlike = 0.98
	// mostGuessed bounds the size of numbers that can be standardized, and their reciprocals.
	mostGuessed = 1e100
)

// noValue are the texts, in lower case, that say that a value is missing.
var noValue = []string{"", "na", "n/a", "nan", "null", "none", "?", "-", "."}

// newGuessColumn looks at a column of a table.
func newGuessColumn(t *objective.Table, index int) *guessColumn {
	c := &guessColumn{index: index, name: t.Names()[index], values: make([]float64, t.Len())}
	for row := range t.Len() {
		text := t.Cell(row, index)
		if slices.Contains(noValue, strings.ToLower(text)) {
			if c.values != nil {
				c.values[row] = math.NaN()
			}
			if !slices.Contains(c.missing, text) {
				c.missing = append(c.missing, text)
			}
			continue
		}
		if c.values != nil {
			x, err := t.Number(row, index)
			if err != nil {
				c.values, c.wrong = nil, fmt.Sprintf("%q in row %d is no number", document.Clip(text, 20), row+1)
			} else {
				c.values[row] = x
			}
		}
		switch k := slices.Index(c.classes, text); {
		case k >= 0:
			c.count[k]++
		case len(c.classes) <= mostClasses:
			c.classes, c.count, c.first = append(c.classes, text), append(c.count, 1), append(c.first, row)
		}
	}
	return c
}

// valueOf returns the number that is a class.
func (c *guessColumn) valueOf(class int) float64 { return c.values[c.first[class]] }

// sum returns the number of values and their mean and population standard deviation over rows.
func (c *guessColumn) sum(rows []int) (n int, mean, std float64) {
	for _, r := range rows {
		if x := c.values[r]; x == x {
			n++
			mean += x
		}
	}
	mean /= float64(n)
	for _, r := range rows {
		if x := c.values[r]; x == x {
			std += (x - mean) * (x - mean)
		}
	}
	return n, mean, math.Sqrt(std / float64(n))
}

// unfit says why a numeric column is no feature, "" if it may be one.
func (c *guessColumn) unfit(rows []int) string {
	n, mean, std := c.sum(rows)
	switch {
	case float64(n) < leastPresent*float64(len(rows)):
		return "too many values are missing"
	case !(math.Abs(mean) < mostGuessed && std < mostGuessed) || mean != 0 && std == 0 && math.Abs(mean) < 1/mostGuessed:
		return fmt.Sprintf("its numbers are beyond %g to %g", 1/mostGuessed, mostGuessed)
	case !(std > 1e-12*math.Abs(mean)):
		return "it is constant"
	}
	for _, r := range rows {
		if c.values[r]-c.values[rows[0]] != float64(r-rows[0]) {
			return ""
		}
	}
	return "it numbers the rows"
}

// correlation returns that of two columns over the rows where both have values.
func (c *guessColumn) correlation(d *guessColumn, rows []int) float64 {
	var both []int
	for _, r := range rows {
		if x, y := c.values[r], d.values[r]; x == x && y == y {
			both = append(both, r)
		}
	}
	_, mc, sc := c.sum(both)
	_, md, sd := d.sum(both)
	sum := 0.0
	for _, r := range both {
		sum += (c.values[r] - mc) * (d.values[r] - md)
	}
	return sum / float64(len(both)) / (sc * sd)
}
