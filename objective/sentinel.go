package objective

import (
	"math"
	"slices"
)

// sentinels are numbers that data files use for values that are missing, beside those of
// nines alone such as -999.
var sentinels = []float64{-200, -32768}

// Sentinel returns a number of some rows of a column that may stand for a missing value: one of nines or another
// usual one that lies farther from all others than these from one another. false: there is none.
func (t *Table) Sentinel(column int, rows []int) (value float64, ok bool) {
	low, high := math.Inf(1), math.Inf(-1)    // of all
	inner, outer := math.Inf(1), math.Inf(-1) // the second least and the second largest
	for _, row := range rows {
		x, err := t.Number(row, column)
		if err != nil {
			return 0, false // of a cell that is compared as text
		}
		switch {
		case x < low:
			low, inner = x, low
		case x > low && x < inner:
			inner = x
		}
		switch {
		case x > high:
			high, outer = x, high
		case x < high && x > outer:
			outer = x
		}
	}
	for _, end := range []struct{ value, gap, rest float64 }{{low, inner - low, high - inner}, {high, high - outer, outer - low}} {
		if usual(end.value) && end.rest > 0 && end.gap > end.rest && !math.IsInf(end.gap, 0) {
			return end.value, true
		}
	}
	return 0, false
}

// usual reports whether a number is one that stands for missing values in many files.
func usual(x float64) bool {
	if slices.Contains(sentinels, x) {
		return true
	}
	n := math.Abs(x) + 1
	return n >= 100 && n <= 1e10 && n == math.Round(n) && math.Pow(10, math.Round(math.Log10(n))) == n
}
