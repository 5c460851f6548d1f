package expr

import (
	"fmt"
	"math"
	"strings"

	"kolmo/objective/expr/function"
)

// CellError is a cell that is not what an expression over a table needs.
type CellError struct {
	Row, Column int
	Msg         string
}

func (e *CellError) Error() string {
	return fmt.Sprintf("row %d, column %d: %s", e.Row+1, e.Column+1, e.Msg)
}

// RowError is a row in which an expression over a table is not finite, or a
// column that cannot be standardized.
type RowError struct {
	Row    int // -1 if no single row is to blame
	Offset int // of the part of the expression that fails
	Msg    string
}

func (e *RowError) Error() string { return e.Msg }

// evaluation is a query at work on a table.
type evaluation struct {
	table Table
	sets  []affine // by queryNode.set
}

// affine is v -> (v - mean)/scale.
type affine struct{ mean, scale float64 }

// Filter returns the rows for which q, of kind Truth, holds. The error is a
// *CellError.
func (q *Query) Filter(t Table) ([]int, error) {
	ev := &evaluation{table: t}
	var rows []int
	for row := range t.Len() {
		ok, err := ev.truth(q.root, row)
		if err != nil {
			return nil, err
		}
		if ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// Values returns q, of kind Number, in the given rows, over which standardize
// and center are taken. The error is a *CellError or a *RowError.
func (q *Query) Values(t Table, rows []int) ([]float64, error) {
	ev := &evaluation{table: t, sets: make([]affine, len(q.sets))}
	dst := make([]float64, len(rows))
	for k, set := range q.sets {
		if err := ev.fillIn(dst, set.args[0], rows); err != nil {
			return nil, err
		}
		mean, deviation := meanAndDeviation(dst)
		ev.sets[k] = affine{mean, 1}
		if set.op == "standardize" {
			if !(deviation > 4*epsilon*math.Abs(mean)) {
				return nil, &RowError{-1, set.offset, "standardize needs values that are not all equal in the selected rows"}
			}
			ev.sets[k].scale = deviation
		}
	}
	return dst, ev.fillIn(dst, q.root, rows)
}

const epsilon = 0x1p-52

func (ev *evaluation) fillIn(dst []float64, n *queryNode, rows []int) error {
	for i, row := range rows {
		v, err := ev.number(n, row)
		if err != nil {
			return err
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &RowError{row, n.start(), fmt.Sprintf("the value in row %d is %v", row+1, v)}
		}
		dst[i] = v
	}
	return nil
}

// meanAndDeviation returns the mean and the population standard deviation,
// by two passes.
func meanAndDeviation(v []float64) (mean, deviation float64) {
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	var square, rest float64
	for _, x := range v {
		square += (x - mean) * (x - mean)
		rest += x - mean
	}
	n := float64(len(v))
	return mean + rest/n, math.Sqrt(max(0, square/n-(rest/n)*(rest/n)))
}

func (ev *evaluation) number(n *queryNode, row int) (float64, error) {
	switch n.op {
	case "number":
		return n.value, nil
	case "cell":
		v, err := ev.table.Number(row, n.column)
		if err != nil {
			return 0, &CellError{row, n.column, err.Error()}
		}
		return v, nil
	case "?":
		c, err := ev.truth(n.args[0], row)
		if err != nil {
			return 0, err
		}
		if c {
			return ev.number(n.args[1], row)
		}
		return ev.number(n.args[2], row)
	}
	var a [2]float64
	for i, m := range n.args {
		v, err := ev.number(m, row)
		if err != nil {
			return 0, err
		}
		a[i] = v
	}
	switch n.op {
	case "+":
		return a[0] + a[1], nil // unary plus: a[1] is 0
	case "-":
		if len(n.args) == 1 {
			return -a[0], nil
		}
		return a[0] - a[1], nil
	case "*":
		return a[0] * a[1], nil
	case "/":
		return a[0] / a[1], nil
	case "^":
		if a[1] == math.Trunc(a[1]) && math.Abs(a[1]) <= math.MaxInt32 {
			return function.PowInt(a[0], int(a[1])), nil
		}
		return math.Pow(a[0], a[1]), nil
	case "standardize", "center":
		s := ev.sets[n.set]
		return (a[0] - s.mean) / s.scale, nil
	}
	if n.fn.Arity == 2 {
		return n.fn.Binary(a[0], a[1]).V, nil
	}
	return n.fn.Unary(a[0]).V, nil
}

func (ev *evaluation) text(n *queryNode, row int) string {
	if n.op == "text" {
		return n.text
	}
	return ev.table.Cell(row, n.column)
}

// same compares text; blanks around a literal do not matter, as those around cells do
// not.
func (ev *evaluation) same(a, b *queryNode, row int) bool {
	s, t := ev.text(a, row), ev.text(b, row)
	if s == t {
		return true
	}
	if a.op == "text" {
		s = strings.TrimSpace(s)
	}
	if b.op == "text" {
		t = strings.TrimSpace(t)
	}
	return s == t
}

func (ev *evaluation) truth(n *queryNode, row int) (bool, error) {
	switch n.op {
	case "not":
		v, err := ev.truth(n.args[0], row)
		return !v, err
	case "and", "or":
		v, err := ev.truth(n.args[0], row)
		if err != nil || v == (n.op == "or") {
			return v, err
		}
		return ev.truth(n.args[1], row)
	case "== text", "!= text":
		return ev.same(n.args[0], n.args[1], row) == (n.op == "== text"), nil
	case "in text":
		for _, a := range n.args[1:] {
			if ev.same(n.args[0], a, row) {
				return true, nil
			}
		}
		return false, nil
	case "in":
		x, err := ev.number(n.args[0], row)
		if err != nil {
			return false, err
		}
		for _, a := range n.args[1:] {
			if y, err := ev.number(a, row); err != nil || x == y {
				return err == nil, err
			}
		}
		return false, nil
	}
	x, err := ev.number(n.args[0], row)
	if err != nil {
		return false, err
	}
	y, err := ev.number(n.args[1], row)
	if err != nil {
		return false, err
	}
	switch n.op {
	case "<":
		return x < y, nil
	case "<=":
		return x <= y, nil
	case ">":
		return x > y, nil
	case ">=":
		return x >= y, nil
	case "!=":
		return x != y, nil
	}
	return x == y, nil
}
