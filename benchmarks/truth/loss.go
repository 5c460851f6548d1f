package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// term is a part of a loss of one parameter, with its derivatives in x by hand. s is the sample.
type term struct {
	text       string
	grad, hess func(x, s float64) float64
}

// loss is f(x;xi), the sum of its terms.
type loss []term

func (l loss) text() string {
	var parts []string
	for _, t := range l {
		parts = append(parts, t.text)
	}
	return strings.Join(parts, " + ")
}

func (l loss) grad(x, s float64) float64 {
	v := 0.0
	for _, t := range l {
		v += t.grad(x, s)
	}
	return v
}

func (l loss) hess(x, s float64) float64 {
	v := 0.0
	for _, t := range l {
		v += t.hess(x, s)
	}
	return v
}

// number writes v so that it is read back as the same float64.
func number(v float64) string {
	if v < 0 {
		return "(" + strconv.FormatFloat(v, 'g', -1, 64) + ")"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// shape is a function of x with two derivatives; X in its text stands for the parameter.
type shape struct {
	text   string
	d1, d2 func(x float64) float64
}

func line() shape {
	return shape{"X", func(float64) float64 { return 1 }, func(float64) float64 { return 0 }}
}

func square() shape {
	return shape{"X^2/2", func(x float64) float64 { return x }, func(float64) float64 { return 1 }}
}

func quartic() shape {
	return shape{"X^4/4", func(x float64) float64 { return x * x * x }, func(x float64) float64 { return 3 * x * x }}
}

func cosine(k, c float64) shape {
	return shape{fmt.Sprintf("cos(%s*X + %s)", number(k), number(c)),
		func(x float64) float64 { return -k * math.Sin(k*x+c) },
		func(x float64) float64 { return -k * k * math.Cos(k*x+c) }}
}

func softplus(k, c float64) shape {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-k*x-c)) }
	return shape{fmt.Sprintf("softplus(%s*X + %s)", number(k), number(c)),
		func(x float64) float64 { return k * logistic(x) },
		func(x float64) float64 { p := logistic(x); return k * k * p * (1 - p) }}
}

func root(c float64) shape {
	return shape{fmt.Sprintf("sqrt(1 + (X - %s)^2)", number(c)),
		func(x float64) float64 { return (x - c) / math.Sqrt(1+(x-c)*(x-c)) },
		func(x float64) float64 { return math.Pow(1+(x-c)*(x-c), -1.5) }}
}

// times is (alpha + beta S) g(x), S the sample's name in the text.
func times(alpha, beta float64, g shape) term {
	text := fmt.Sprintf("(%s + %s*S)*(%s)", number(alpha), number(beta), g.text)
	switch {
	case beta == 0:
		text = fmt.Sprintf("%s*(%s)", number(alpha), g.text)
	case alpha == 0:
		text = fmt.Sprintf("%s*S*(%s)", number(beta), g.text)
	}
	return term{text,
		func(x, s float64) float64 { return (alpha + beta*s) * g.d1(x) },
		func(x, s float64) float64 { return (alpha + beta*s) * g.d2(x) }}
}

// corner is beta |S - c| g(x).
func corner(beta, c float64, g shape) term {
	return term{fmt.Sprintf("%s*abs(S - %s)*(%s)", number(beta), number(c), g.text),
		func(x, s float64) float64 { return beta * math.Abs(s-c) * g.d1(x) },
		func(x, s float64) float64 { return beta * math.Abs(s-c) * g.d2(x) }}
}

// wave is beta cos(k S + m x).
func wave(beta, k, m float64) term {
	return term{fmt.Sprintf("%s*cos(%s*S + %s*X)", number(beta), number(k), number(m)),
		func(x, s float64) float64 { return -beta * m * math.Sin(k*s+m*x) },
		func(x, s float64) float64 { return -beta * m * m * math.Cos(k*s+m*x) }}
}

// distance is beta sqrt(e + (x - S)^2).
func distance(beta, e float64) term {
	return term{fmt.Sprintf("%s*sqrt(%s + (X - S)^2)", number(beta), number(e)),
		func(x, s float64) float64 { return beta * (x - s) / math.Sqrt(e+(x-s)*(x-s)) },
		func(x, s float64) float64 { return beta * e * math.Pow(e+(x-s)*(x-s), -1.5) }}
}

// observable is phi(x) of one parameter, X in its text.
type observable struct {
	text   string
	at     func(x float64) float64 // less the offset
	offset float64
}

func polynomial(c ...float64) observable {
	var parts []string
	for i, v := range c {
		parts = append(parts, fmt.Sprintf("%s*X^%d", number(v), i+1))
	}
	return observable{text: strings.Join(parts, " + "), at: func(x float64) float64 {
		v := 0.0
		for i := len(c) - 1; i >= 0; i-- {
			v = (v + c[i]) * x
		}
		return v
	}}
}

func cosineOf(k, c float64) observable {
	return observable{text: fmt.Sprintf("cos(%s*X + %s)", number(k), number(c)), at: func(x float64) float64 { return math.Cos(k*x + c) }}
}

func bump(k, c float64) observable {
	return observable{text: fmt.Sprintf("exp(-%s*(X - %s)^2)", number(k), number(c)), at: func(x float64) float64 { return math.Exp(-k * (x - c) * (x - c)) }}
}

func front(k, c float64) observable {
	return observable{text: fmt.Sprintf("tanh(%s*(X - %s))", number(k), number(c)), at: func(x float64) float64 { return math.Tanh(k * (x - c)) }}
}

// raised is phi + c: a large value that means nothing.
func raised(c float64, phi observable) observable {
	return observable{phi.text + " + " + number(c), phi.at, c}
}
