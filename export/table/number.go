package table

import (
	"math"
	"strconv"
	"strings"

	"kolmo/compare"
)

// Digits of a value whose error is not known, and the most ever shown.
const (
	plainDecimals = 3
	mostDecimals  = 12
)

// Absent stands for a value that does not exist (NaN) or is not finite.
const Absent = "-"

// Exponent returns k with 10^k <= |v| < 10^(k+1), for v finite and not 0.
func Exponent(v float64) int {
	s := strconv.FormatFloat(math.Abs(v), 'e', -1, 64)
	k, _ := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	return k
}

// Value returns v with as many digits as its error err warrants: the last
// one has the place of err's first, but two digits are always shown. It is absent
// for a v that is not finite.
func Value(v, err float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return Absent
	case v == 0:
		return "0"
	case math.IsNaN(err) || math.IsInf(err, 0):
		return strconv.FormatFloat(v, 'e', plainDecimals, 64)
	case err <= 0:
		return strconv.FormatFloat(v, 'e', plainDecimals+1, 64)
	}
	d := min(max(Exponent(v)-Exponent(err), 1), mostDecimals)
	return strconv.FormatFloat(v, 'e', d, 64)
}

// Error returns err rounded up to one digit, or to two when the first is
// a 1, so that rounding neither hides error nor doubles it.
func Error(err float64) string {
	switch {
	case math.IsNaN(err) || math.IsInf(err, 0):
		return Absent
	case err == 0:
		return "0"
	}
	k := Exponent(err)
	s := strconv.FormatFloat(err, 'e', -1, 64)
	lead, _ := strconv.ParseFloat(s[:strings.IndexByte(s, 'e')], 64) // in [1, 10)
	d := 0
	if math.Abs(lead) < 2 {
		d = 1
	}
	p := math.Pow10(d)
	// The margin keeps 2.0000000000000004 from becoming 3.
	lead = math.Copysign(math.Ceil(math.Abs(lead)*p-1e-9)/p, lead)
	if math.Abs(lead) >= 10 {
		lead, k = lead/10, k+1
	}
	if math.Abs(lead) >= 2 {
		d = 0
	}
	out := strconv.FormatFloat(lead, 'f', d, 64) + "e"
	if k < 0 {
		out += "-"
	} else {
		out += "+"
	}
	if k = max(k, -k); k < 10 {
		out += "0"
	}
	return out + strconv.Itoa(k)
}

// Fixed returns v with d decimals, absent when it is not finite; numbers
// too long for that are written with an exponent.
func Fixed(v float64, d int) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return Absent
	case math.Abs(v) >= 1e5:
		return strconv.FormatFloat(v, 'e', min(d, 2), 64)
	}
	s := strconv.FormatFloat(v, 'f', d, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// Interval returns [low, high] with so many decimals.
func Interval(low, high compare.Number, decimals int) string {
	return "[" + Fixed(float64(low), decimals) + ", " + Fixed(float64(high), decimals) + "]"
}

// Time returns a time to four significant digits.
func Time(t float64) string {
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return Absent
	}
	return strconv.FormatFloat(t, 'g', 4, 64)
}

// Eta returns the learning rate as the study writes it, or as a number.
func Eta(eta float64, text string) string {
	if text != "" {
		return text
	}
	return strconv.FormatFloat(eta, 'g', 6, 64)
}

// superscripts are the characters of an integer, raised.
var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// PowerOfTen returns "10" with k as its superscript.
func PowerOfTen(k int) string { return "10" + superscripts.Replace(strconv.Itoa(k)) }

// Short returns a number with four digits, as those who point at a picture see it.
func Short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// RoundTo returns v with five digits; what is not finite is zero.
func RoundTo(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	if err != nil || math.IsNaN(r) || math.IsInf(r, 0) {
		return 0
	}
	return r
}
