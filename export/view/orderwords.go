package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/table"
)

// OrderDigits returns "order 2.00 +- 0.03 (theory 2)": the extrapolated order, or else the fitted
// one with its scatter, where these say something.
func OrderDigits(o *compare.OrderRow) string {
	v, err := o.Extrapolated, o.ExtrapolatedError
	if v-v != 0 || err-err != 0 {
		v, err = o.Slope, (o.High-o.Low)/2
	}
	theory := ""
	if o.Expected > 0 {
		theory = "theory " + strconv.Itoa(o.Expected)
	}
	switch {
	case v-v != 0:
		return "no order was fitted"
	case len(o.Etas) == 2:
		// A slope through two points: what their errors do to it is no measure of how far it is from the order.
		return "order " + table.Fixed(float64(v), 2) + " between two learning rates" + inParentheses(theory)
	case err > compare.WidestOrder:
		return noOrder + inParentheses(theory, moreRates)
	case o.Expected == 0 && !o.Falls():
		return "no fall with eta, order " + table.Measured(float64(v), float64(err))
	}
	return "order " + table.Measured(float64(v), float64(err)) + inParentheses(theory)
}

// What is said of an order that is not known, and what may tell it.
const (
	noOrder   = "these learning rates show no order"
	moreRates = "more and smaller ones may"
)

// inParentheses returns the texts that are there in parentheses.
func inParentheses(texts ...string) string {
	if list := slices.DeleteFunc(texts, func(s string) bool { return s == "" }); len(list) > 0 {
		return " (" + strings.Join(list, "; ") + ")"
	}
	return ""
}

// OrderText returns "2.00 +- 0.03; fitted 2.003, scatter 1.991 to 2.015; theory 2".
func OrderText(o *compare.OrderRow) string {
	var parts []string
	if v := o.Extrapolated; v-v == 0 && o.ExtrapolatedError > 0 {
		parts = append(parts, table.Measured(float64(v), float64(o.ExtrapolatedError)))
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
	fitted, scatter := table.Fixed(float64(o.Slope), 3), "scatter "+table.Fixed(float64(o.Low), 3)+" to "+table.Fixed(float64(o.High), 3)
	v, err := o.Extrapolated, o.ExtrapolatedError
	switch {
	case v-v != 0 || !(err > 0):
		return fmt.Sprintf("%s falls like eta^%s (%s)", what, fitted, scatter)
	case err > compare.WidestOrder:
		return fmt.Sprintf("of %s %s, %s (fitted %s, %s)", what, noOrder, moreRates, fitted, scatter)
	}
	return fmt.Sprintf("%s falls with the order %s (fitted %s, %s)", what, table.Measured(float64(v), float64(err)), fitted, scatter)
}

// EtaPower returns "eta^2", and "eta" for 1.
func EtaPower(k int) string {
	if k == 1 {
		return "eta"
	}
	return "eta^" + table.Int(k)
}
