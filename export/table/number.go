package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"kolmo/compare"
)

// Decimals of a value whose error is not known, and the most ever shown: seven digits.
const (
	plainDecimals = 3
	mostDecimals  = 6
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

// roundedUp returns err as lead 10^k with one decimal where lead is below 2, else with none, rounded up.
func roundedUp(err float64) (lead float64, decimals, k int) {
	k = Exponent(err)
	lead = shifted(math.Abs(err), k) // in [1, 10)
	if lead < 2 {
		decimals = 1
	}
	p := math.Pow10(decimals)
	// The margin keeps 2.0000000000000004 from becoming 3.
	lead = math.Ceil(lead*p-1e-9) / p
	if lead >= 10 {
		lead, decimals, k = lead/10, 1, k+1
	} else if lead >= 2 {
		decimals = 0
	}
	return lead, decimals, k
}

// shifted returns v/10^k.
func shifted(v float64, k int) float64 {
	digits, e, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	at, _ := strconv.Atoi(e)
	out, _ := strconv.ParseFloat(digits+"e"+strconv.Itoa(at-k), 64)
	return out
}

// power returns k as "e-07".
func power(k int) string { return fmt.Sprintf("e%+03d", k) }

// Error returns err rounded up to one digit, or to two when the first is
// a 1, so that rounding neither hides error nor doubles it.
func Error(err float64) string {
	switch {
	case math.IsNaN(err) || math.IsInf(err, 0):
		return Absent
	case err == 0:
		return "0"
	}
	lead, decimals, k := roundedUp(err)
	return strconv.FormatFloat(math.Copysign(lead, err), 'f', decimals, 64) + power(k)
}

// Measured returns a value with its error in one notation, "65.70 +- 0.18" or "(5.000 +- 0.002)e-07": the value ends
// where the error does, which is rounded as Error says. It has at most seven digits; an error below the last of them
// has its own notation, "0.02605402 +- 8e-13". A value whose error is not known, or zero, stands alone.
func Measured(v, err float64) string { return measured(v, err, mostDecimals+1, plain) }

// MeasuredPower is Measured for columns: always with a power of ten, and with so many digits at most.
func MeasuredPower(v, err float64, digits int) string {
	return measured(v, err, digits, func(int) bool { return false })
}

// measured is Measured with so many digits at most; plain reports for which k numbers from 10^k stand without a power of ten.
func measured(v, err float64, digits int, plain func(k int) bool) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return Absent
	case math.IsNaN(err) || math.IsInf(err, 0):
		return rounded(v, plainDecimals+1, plain)
	case err <= 0:
		return rounded(v, plainDecimals+2, plain)
	case v == 0:
		return rounded(v, digits, plain) + " +- " + Error(err)
	}
	lead, decimals, k := roundedUp(err)
	last := k - decimals // the place of the last digit
	if last <= Exponent(v)-digits {
		return rounded(v, digits, plain) + " +- " + Error(err)
	}
	err = shifted(lead, -k)
	if d := Exponent(v) - last; d >= 0 {
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'e', d, 64), 64) // rounded as Value does, before it is shifted
	}
	if k = max(k, Exponent(v)); !plain(k) {
		return "(" + Fixed(shifted(v, k), k-last) + " +- " + Fixed(shifted(err, k), k-last) + ")" + power(k)
	}
	zeros := strings.Repeat("0", max(0, last))
	return Fixed(shifted(v, max(0, last)), max(0, -last)) + zeros + " +- " + Fixed(shifted(err, max(0, last)), max(0, -last)) + zeros
}

// plain reports that numbers from 10^k stand without a power of ten.
func plain(k int) bool { return k >= -3 && k <= 4 }

// rounded returns v with so many digits.
func rounded(v float64, digits int, plain func(k int) bool) string {
	switch k := Exponent(v); {
	case v == 0:
		return "0"
	case plain(k):
		return Fixed(v, max(0, digits-1-k))
	}
	return strconv.FormatFloat(v, 'e', digits-1, 64)
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
