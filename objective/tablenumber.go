package objective

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kolmo/objective/expr"
	"kolmo/objective/expr/numeral"
)

// Forms of numbers that are none as they stand.
var (
	commaDecimal = regexp.MustCompile(`^[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?$`)
	pointDecimal = regexp.MustCompile(`^[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?$`)
	grouped      = regexp.MustCompile(`^[+-]?[0-9]{1,3}([,.' _\x{a0}\x{202f}][0-9]{3})+([.,][0-9]*)?$`)
	groupedBoth  = regexp.MustCompile(`^[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$`) // 1.234,5
)

// looksNumeric reports whether a cell is a number with a decimal point or a comma.
func looksNumeric(text string) bool {
	if text == "" || text[0] > '9' || text[0] < '+' { // most words
		return false
	}
	_, err := numeral.Parse(text)
	return !errors.Is(err, numeral.ErrNone) || commaDecimal.MatchString(text)
}

// decimal decides which decimal mark the first rows show.
func (t *Table) decimal() {
	if t.format.Decimal != 0 {
		return
	}
	t.format.Decimal = '.'
	if t.format.Separator == ',' {
		return
	}
	commas, points := 0, 0
	for row := range min(t.Len(), sniffedRows) {
		for column := range min(len(t.names), sniffedRows) {
			switch s := t.Cell(row, column); {
			case grouped.MatchString(s) && !groupedBoth.MatchString(s): // may mean either
			case commaDecimal.MatchString(s), groupedBoth.MatchString(s):
				commas++
			case pointDecimal.MatchString(s):
				points++
			}
		}
	}
	if commas > 0 && points == 0 {
		t.format.Decimal = ','
		t.note("decimal \",\"")
	}
}

// number reads a cell. The error wraps those of numeral.Parse.
func (f *TableFormat) number(text string) (float64, error) {
	if f.Decimal == ',' {
		if strings.Contains(text, ".") {
			return 0, fmt.Errorf("%q is %w where the decimal mark is a comma", text, numeral.ErrNone)
		}
		text = strings.Replace(text, ",", ".", 1)
	}
	return numeral.Parse(text)
}

// missing are texts that stand for a value that is not there.
var missing = []string{"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--", ".", "..", "missing", "unknown", "inf", "-inf"}

// advise says what to do about a cell that is no number.
func (t *Table) advise(text string, column int, err error) error {
	name := expr.ColumnReference(t.names[column])
	switch {
	case !errors.Is(err, numeral.ErrNone):
		return err
	case slices.Contains(missing, strings.ToLower(text)):
		return fmt.Errorf("%w; leave such rows out with where: '%s != %q'", err, name, text)
	case t.format.Decimal == '.' && commaDecimal.MatchString(text) && grouped.MatchString(text):
		return fmt.Errorf(`%w: its comma may be a decimal mark, then write decimal: "," under sample, or part thousands, then take it out of the file`, err)
	case t.format.Decimal == '.' && commaDecimal.MatchString(text):
		return fmt.Errorf(`%w; if the comma is the decimal mark, write decimal: "," under sample`, err)
	case grouped.MatchString(text):
		return fmt.Errorf("%w: take the marks between thousands out of the file", err)
	case t.format.Decimal == ',' && pointDecimal.MatchString(text):
		return fmt.Errorf(`%w; if the point is, write decimal: "." under sample`, err)
	case t.format.Header == HeaderAbsent && t.Cell(0, column) == text:
		return fmt.Errorf("%w; if the first line is names, leave out header: false", err)
	}
	return err
}
