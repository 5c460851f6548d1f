package export

import (
	"math"
	"slices"
	"strconv"

	"kolmo/compare"
)

// textCell returns a cell with a text.
func textCell(s string) tableCell { return tableCell{Text: s} }

// numbersCell returns a cell with a text of several numbers.
func numbersCell(s string) tableCell { return tableCell{Text: s, Numbers: true} }

// numberCell returns a cell with a number, shown as text if it is finite.
func numberCell(v compare.Number, text string) tableCell {
	if v-v != 0 {
		text = absent
	}
	return tableCell{Text: text, Value: v, Numeric: true}
}

// noCell stands for a number that there is not.
func noCell() tableCell { return numberCell(compare.Number(math.NaN()), absent) }

// textNumber returns a cell that stands with the numbers.
func textNumber(text string) tableCell { return tableCell{Text: text, Numeric: true} }

// valueCell returns a cell with a number, with as many digits as its error leaves.
func valueCell(v, err compare.Number) tableCell {
	c := numberCell(v, formatValue(float64(v), float64(err)))
	c.Left = true
	return c
}

// errorCell returns a cell with an error.
func errorCell(v compare.Number) tableCell { return numberCell(v, formatError(float64(v))) }

// fixedCell returns a cell with a number of so many decimals.
func fixedCell(v compare.Number, decimals int) tableCell {
	return numberCell(v, formatFixed(float64(v), decimals))
}

// significantCell returns a cell with a number of so many significant digits.
func significantCell(v compare.Number, digits int) tableCell {
	return numberCell(v, strconv.FormatFloat(float64(v), 'g', digits, 64))
}

// etaCell returns a cell with a learning rate as the study writes it.
func etaCell(eta float64, text string) tableCell {
	return numberCell(compare.Number(eta), clean(formatEta(eta, text)))
}

// intCell returns a cell with a whole number.
func intCell(n int) tableCell { return numberCell(compare.Number(n), intText(n)) }

// markCell says yes or no.
func markCell(yes bool) tableCell {
	if yes {
		return tableCell{Text: "yes", Mood: "good"}
	}
	return tableCell{Text: "no", Mood: "bad"}
}

// pointCell returns a cell with a point of so many decimals, or fewer where there is no room.
func pointCell(x []compare.Number, decimals int) tableCell {
	c := numbersCell(formatPoint(x, decimals))
	for d := decimals - 1; d > 0; d-- {
		c.Shorter = append(c.Shorter, formatPoint(x, d))
	}
	return c
}

// formatPoint returns a point with so many decimals.
func formatPoint(x []compare.Number, decimals int) string {
	s := ""
	for k, v := range x {
		if k > 0 {
			s += ", "
		}
		s += formatFixed(float64(v), decimals)
	}
	return "(" + s + ")"
}

// intText returns a whole number as text.
func intText(n int) string { return strconv.Itoa(n) }

// tableOfTexts returns the table of lines of texts, the first of which is the head; the columns
// that are not named stand to the right.
func tableOfTexts(lines [][]string, left ...int) sectionTable {
	t := sectionTable{Head: lines[0]}
	for _, line := range lines[1:] {
		cells := make([]tableCell, len(line))
		for k, text := range line {
			cells[k] = tableCell{Text: text, Numeric: !slices.Contains(left, k)}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
