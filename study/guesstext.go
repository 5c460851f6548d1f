package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kolmo/objective/expr"
	"kolmo/sgd"
	"kolmo/study/document"
)

// What is tried, in this order, until SGD stays in a ball that is not too large: weights of the
// ridge, and for each of them largest learning rates 1/n.
var (
	guessRidges = []float64{0.1, 0.2, 0.5, 1}
	guessRates  = []int{4, 8, 16, 32}
)

// Constants of the guessed ball and learning rates.
const (
	mostGuessedR   = 6
	firstGuessedR  = 1
	guessedRates   = 5
	guessedReserve = 1.25 // the radius over the distance of the minimiser, at least
)

// fit returns the text with a ball that holds SGD.
func (g *guess) fit(path, file, dir string) ([]byte, error) {
	for _, ridge := range guessRidges {
		for _, n := range guessRates {
			s, err := Parse(path, []byte(g.text(file, ridge, n, firstGuessedR, nil)), dir)
			if err != nil {
				return nil, err
			}
			R, _, ok := s.LargerBall()
			if !ok || R > mostGuessedR {
				continue
			}
			s, err = Parse(path, []byte(g.text(file, ridge, n, R, nil)), dir)
			if err != nil {
				return nil, err
			}
			a, err := s.Check(nil)
			if err != nil {
				return nil, err
			}
			x := a.Minimizer
			norm := 0.0
			for _, v := range x {
				norm = math.Hypot(norm, v)
			}
			if x == nil || norm*guessedReserve > R || !(a.EtaInvariant.Value >= 1/float64(n)) {
				continue
			}
			return []byte(g.text(file, ridge, n, R, x)), nil
		}
	}
	return nil, fmt.Errorf("no ball of radius up to %d holds SGD on the columns of %s at eta = 1/%d: some of their values are too far from the others; write the study by hand, from kolmo init",
		mostGuessedR, path, guessRates[len(guessRates)-1])
}

// text returns the study; x is the minimiser, nil if it is not known yet.
func (g *guess) text(file string, ridge float64, rate int, R float64, x []float64) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	names := []string{"a", "b"}[:len(g.features)]
	var parameters, product, square []string
	for k, v := range names {
		w := "w" + strconv.Itoa(k+1)
		parameters, product, square = append(parameters, w), append(product, w+"*"+v), append(square, w+"^2")
	}
	dot, norm := strings.Join(product, " + "), strings.Join(square, " + ")
	kind := "least squares"
	if g.classes != nil {
		kind = "ridge logistic regression"
	}
	line("# Guessed from the columns of a table by kolmo init --data; every line may be changed.")
	line("name: study")
	line("title: %s", document.InlineScalar(commentText(kind+" on "+file), document.Plain))
	line("")
	line("# The weights of the columns that are correlated most with what is predicted.")
	for _, u := range g.unused {
		line("# Left out is %s.", commentText(u))
	}
	line("parameters: [%s]", strings.Join(parameters, ", "))
	line("")
	if g.classes != nil {
		line("# The loss of one row: softplus(u) = log(1 + exp(u)); the ridge makes f strongly convex.")
		line("# It has no intercept: for one add w0 to parameters and w0^2 to the ridge, and write -y*(w0 + ..).")
		line("loss: softplus(-y*(%s)) + %g*(%s)", dot, ridge/2, norm)
	} else {
		line("# The loss of one row; the ridge makes f strongly convex.")
		line("loss: (%s - y)^2/2 + %g*(%s)", dot, ridge/2, norm)
	}
	line("")
	line("sample:")
	line("  kind: data")
	line("  file: %s", document.InlineScalar(file, document.Plain))
	g.whereText(line)
	line("  columns:              # of mean 0 and standard deviation 1 over these rows")
	for k, f := range g.features {
		line("    %s: %s", names[k], document.InlineScalar("standardize("+expr.ColumnReference(f.name)+")", document.Single))
	}
	label := expr.ColumnReference(g.label.name)
	if g.classes != nil {
		rows := func(k int) int { return g.label.count[slices.Index(g.label.classes, g.classes[k])] }
		line("    # y is 1 in %d rows of the table, and -1 in %d.", rows(1), rows(0))
		line("    y: %s", document.InlineScalar(label+" == "+g.classText(1)+" ? 1 : -1", document.Single))
	} else {
		line("    y: %s", document.InlineScalar("standardize("+label+")", document.Single))
	}
	line("")
	if x != nil {
		var at []string
		for _, v := range x {
			at = append(at, strconv.FormatFloat(v, 'f', 3, 64))
		}
		place := strings.Join(at, ", ")
		if len(at) > 1 {
			place = "(" + place + ")"
		}
		line("# The minimiser of f is %s. No step of SGD leaves this ball up to eta = 1/%d, by kolmo check.", place, rate)
	}
	line("ball: {R: %s}", strconv.FormatFloat(R, 'g', -1, 64))
	line("observables:")
	line("  expected_loss: f")
	line("  square: %s", norm)
	var etas []string
	for k := range guessedRates {
		etas = append(etas, fmt.Sprintf("1/%d", rate<<k))
	}
	line("eta: [%s]", strings.Join(etas, ", "))
	line("models: [%s]", strings.Join(sgd.Names(), ", "))
	return b.String()
}

// whereText writes which rows are taken.
func (g *guess) whereText(line func(format string, args ...any)) {
	var where []string
	label := expr.ColumnReference(g.label.name)
	if g.others {
		line("  # The two most frequent of the %s values of %s.", strconv.Itoa(len(g.label.classes)), commentText(strconv.Quote(g.label.name)))
		where = append(where, fmt.Sprintf("%s in [%s, %s]", label, g.classText(0), g.classText(1)))
	}
	var told []string
	for _, c := range append([]*guessColumn{g.label}, g.features...) {
		if c == g.label && g.others {
			continue // a missing value is none of the two
		}
		for _, m := range c.missing {
			where = append(where, expr.ColumnReference(c.name)+" != "+strconv.Quote(m))
		}
		if len(c.missing) > 0 {
			told = append(told, strconv.Quote(c.name))
		}
	}
	if told != nil {
		line("  # Rows without a value of %s are left out.", commentText(strings.Join(told, ", ")))
	}
	if where != nil {
		line("  where: %s", document.InlineScalar(strings.Join(where, " and "), document.Single))
	}
}

// classText returns a class of the label as expressions write it.
func (g *guess) classText(k int) string {
	if g.label.values != nil {
		return strconv.FormatFloat(g.label.valueOf(slices.Index(g.label.classes, g.classes[k])), 'g', -1, 64)
	}
	return strconv.Quote(g.classes[k])
}

// commentText keeps a text to one line of visible characters.
func commentText(s string) string {
	return document.Clip(strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return ' '
	}, s), 200)
}
