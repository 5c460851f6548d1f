// Package numeral reads decimal numbers as people write them.
package numeral

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrNone is wrapped by errors about text that is no decimal number.
var ErrNone = errors.New("not a number")

// Parse reads a decimal number, as a cell or a study has it: digits with at most
// one point, a sign, an exponent. Blanks around it do not matter. The error wraps
// ErrNone, or says that the number is beyond double precision: too large, or so
// small that it would become 0.
func Parse(s string) (float64, error) {
	s = strings.TrimSpace(s)
	digits := s
	if s != "" && (s[0] == '+' || s[0] == '-') {
		digits = s[1:]
	}
	if !isDecimal(digits) {
		return 0, fmt.Errorf("%q is %w", s, ErrNone)
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || math.IsInf(v, 0):
		return 0, fmt.Errorf("the number %s is too large for double precision, which ends at 1.8e308", s)
	case v == 0 && !isZero(digits):
		return 0, fmt.Errorf("the number %s is too small for double precision, in which it becomes 0", s)
	}
	return v, nil
}

// isDecimal reports whether s is "12", "12.", "1.5" or ".5", with an exponent or without.
func isDecimal(s string) bool {
	i, whole := digitsFrom(s, 0)
	part := 0
	if i < len(s) && s[i] == '.' {
		i, part = digitsFrom(s, i+1)
	}
	if whole+part == 0 {
		return false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		var n int
		if i, n = digitsFrom(s, i); n == 0 {
			return false
		}
	}
	return i == len(s)
}

// digitsFrom returns the end of the digits from i on and their number.
func digitsFrom(s string, i int) (end, n int) {
	for end = i; end < len(s) && '0' <= s[end] && s[end] <= '9'; end++ {
	}
	return end, end - i
}

// isZero reports whether all digits before the exponent are 0.
func isZero(s string) bool {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		s = s[:i]
	}
	return strings.Trim(s, "0.") == ""
}
