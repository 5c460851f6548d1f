package table

import (
	"math"
	"slices"
	"strconv"

	"kolmo/compare"
)

// TextCell returns a cell with a text.
func TextCell(s string) Cell { return Cell{Text: s} }

// numbersCell returns a cell with a text of several numbers.
func numbersCell(s string) Cell { return Cell{Text: s, Numbers: true} }

// NumberCell returns a cell with a number, shown as text if it is finite.
func NumberCell(v compare.Number, text string) Cell {
	if v-v != 0 {
		text = Absent
	}
	return Cell{Text: text, Value: v, Numeric: true}
}

// NoCell stands for a number that there is not.
func NoCell() Cell { return NumberCell(compare.Number(math.NaN()), Absent) }

// ValueCell returns a cell with a number, with as many digits as its error leaves.
func ValueCell(v, err compare.Number) Cell {
	c := NumberCell(v, Value(float64(v), float64(err)))
	c.Left = true
	return c
}

// ErrorCell returns a cell with an error.
func ErrorCell(v compare.Number) Cell { return NumberCell(v, Error(float64(v))) }

// FixedCell returns a cell with a number of so many decimals.
func FixedCell(v compare.Number, decimals int) Cell {
	return NumberCell(v, Fixed(float64(v), decimals))
}

// SignificantCell returns a cell with a number of so many significant digits.
func SignificantCell(v compare.Number, digits int) Cell {
	return NumberCell(v, strconv.FormatFloat(float64(v), 'g', digits, 64))
}

// EtaCell returns a cell with a learning rate as the study writes it.
func EtaCell(eta float64, text string) Cell {
	return NumberCell(compare.Number(eta), Clean(Eta(eta, text)))
}

// markCell says yes or no.
func markCell(yes bool) Cell {
	if yes {
		return Cell{Text: "yes", Mood: "good"}
	}
	return Cell{Text: "no", Mood: "bad"}
}

// pointCell returns a cell with a point of so many decimals, or fewer where there is no room.
func pointCell(x []compare.Number, decimals int) Cell {
	c := numbersCell(Point(x, decimals))
	for d := decimals - 1; d > 0; d-- {
		c.Shorter = append(c.Shorter, Point(x, d))
	}
	return c
}

// Point returns a point with so many decimals.
func Point(x []compare.Number, decimals int) string {
	s := ""
	for k, v := range x {
		if k > 0 {
			s += ", "
		}
		s += Fixed(float64(v), decimals)
	}
	return "(" + s + ")"
}

// Int returns a whole number as text.
func Int(n int) string { return strconv.Itoa(n) }

// OfTexts returns the table of lines of texts, the first of which is the head; the columns
// that are not named stand to the right.
func OfTexts(lines [][]string, left ...int) Table {
	t := Table{Head: lines[0]}
	for _, line := range lines[1:] {
		cells := make([]Cell, len(line))
		for k, text := range line {
			cells[k] = Cell{Text: text, Numeric: !slices.Contains(left, k)}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
