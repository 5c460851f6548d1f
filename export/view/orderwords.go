package view

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/table"
)

// OrderDigits returns "order 2.00 +- 0.03 (theory 2)": the extrapolated order, or else the fitted
// one with its scatter.
func OrderDigits(o *compare.OrderRow) string {
	v, err := o.Extrapolated, o.ExtrapolatedError
	if v-v != 0 || err-err != 0 {
		v, err = o.Slope, (o.High-o.Low)/2
	}
	if v-v != 0 {
		return "no order was fitted"
	}
	text := "order " + Digits(float64(v), float64(err))
	if len(o.Etas) == 2 {
		// A slope through two points: what their errors do to it is no measure of how far it is from the order.
		text = "order " + table.Fixed(float64(v), 2) + " between two learning rates"
	}
	if o.Expected > 0 {
		text += " (theory " + strconv.Itoa(o.Expected) + ")"
	}
	return text
}

// Digits returns "2.00 +- 0.03", with the digits that the error leaves.
func Digits(v, err float64) string {
	if err-err != 0 || err <= 0 {
		return table.Fixed(v, 2)
	}
	const most = 6
	d := min(max(-table.Exponent(err), 0), most)
	scale := math.Pow(10, float64(d))
	return table.Fixed(v, d) + " +- " + table.Fixed(math.Ceil(err*scale*(1-1e-12))/scale, d)
}

// OrderText returns "2.00 +- 0.03; fitted 2.003, scatter 1.991 to 2.015; theory 2".
func OrderText(o *compare.OrderRow) string {
	var parts []string
	if v := o.Extrapolated; v-v == 0 && o.ExtrapolatedError > 0 {
		parts = append(parts, Digits(float64(v), float64(o.ExtrapolatedError)))
	}
	if v := float64(o.Slope); v-v == 0 {
		parts = append(parts, "fitted "+table.Fixed(v, 3)+", scatter "+table.Fixed(float64(o.Low), 3)+" to "+table.Fixed(float64(o.High), 3))
	} else {
		parts = append(parts, "not fitted")
	}
	if o.Expected > 0 {
		parts = append(parts, "theory "+strconv.Itoa(o.Expected))
	}
	return strings.Join(parts, "; ")
}

// OrderWords returns what falls, "falls with the order 2.00 +- 0.03 (fitted 1.992, scatter 1.984 to 2.000)", or like a power of
// eta where no order is extrapolated.
func OrderWords(what string, o *compare.OrderRow) string {
	if v := o.Extrapolated; v-v == 0 && o.ExtrapolatedError > 0 {
		return fmt.Sprintf("%s falls with the order %s (fitted %s, scatter %s to %s)", what, Digits(float64(v), float64(o.ExtrapolatedError)), table.Fixed(float64(o.Slope), 3), table.Fixed(float64(o.Low), 3), table.Fixed(float64(o.High), 3))
	}
	return fmt.Sprintf("%s falls like eta^%s (scatter %s to %s)", what, table.Fixed(float64(o.Slope), 3), table.Fixed(float64(o.Low), 3), table.Fixed(float64(o.High), 3))
}

// EtaPower returns "eta^2", and "eta" for 1.
func EtaPower(k int) string {
	if k == 1 {
		return "eta"
	}
	return "eta^" + table.Int(k)
}
