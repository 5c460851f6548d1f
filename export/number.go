package export

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

// absent stands for a value that does not exist (NaN) or is not finite.
const absent = "-"

// decimalExponent returns k with 10^k <= |v| < 10^(k+1), for v finite and not 0.
func decimalExponent(v float64) int {
	s := strconv.FormatFloat(math.Abs(v), 'e', -1, 64)
	k, _ := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	return k
}

// formatValue returns v with as many digits as its error err warrants: the last
// one has the place of err's first, but two digits are always shown. It is absent
// for a v that is not finite.
func formatValue(v, err float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return absent
	case v == 0:
		return "0"
	case math.IsNaN(err) || math.IsInf(err, 0):
		return strconv.FormatFloat(v, 'e', plainDecimals, 64)
	case err <= 0:
		return strconv.FormatFloat(v, 'e', plainDecimals+1, 64)
	}
	d := min(max(decimalExponent(v)-decimalExponent(err), 1), mostDecimals)
	return strconv.FormatFloat(v, 'e', d, 64)
}

// formatError returns err rounded up to one digit, or to two when the first is
// a 1, so that rounding neither hides error nor doubles it.
func formatError(err float64) string {
	switch {
	case math.IsNaN(err) || math.IsInf(err, 0):
		return absent
	case err == 0:
		return "0"
	}
	k := decimalExponent(err)
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

// formatFixed returns v with d decimals, absent when it is not finite; numbers
// too long for that are written with an exponent.
func formatFixed(v float64, d int) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return absent
	case math.Abs(v) >= 1e5:
		return strconv.FormatFloat(v, 'e', min(d, 2), 64)
	}
	s := strconv.FormatFloat(v, 'f', d, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// formatInterval returns [low, high] with so many decimals.
func formatInterval(low, high compare.Number, decimals int) string {
	return "[" + formatFixed(float64(low), decimals) + ", " + formatFixed(float64(high), decimals) + "]"
}

// formatTime returns a time to four significant digits.
func formatTime(t float64) string {
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return absent
	}
	return strconv.FormatFloat(t, 'g', 4, 64)
}

// formatEta returns the learning rate as the study writes it, or as a number.
func formatEta(eta float64, text string) string {
	if text != "" {
		return text
	}
	return strconv.FormatFloat(eta, 'g', 6, 64)
}

// superscripts are the characters of an integer, raised.
var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// powerOfTen returns "10" with k as its superscript.
func powerOfTen(k int) string { return "10" + superscripts.Replace(strconv.Itoa(k)) }

// shortNumber returns a number with four digits, as those who point at a picture see it.
func shortNumber(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// roundTo returns v with five digits; what is not finite is zero.
func roundTo(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	if err != nil || math.IsNaN(r) || math.IsInf(r, 0) {
		return 0
	}
	return r
}
