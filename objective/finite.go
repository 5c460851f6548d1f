package objective

import (
	"fmt"
	"math"
	"strings"
)

// WhatLoss is the What of a NonFiniteError about the loss.
const WhatLoss = "loss"

// NonFiniteError reports a loss or an observable that is not finite at a point.
type NonFiniteError struct {
	What   string    // WhatLoss or the name of an observable
	X      []float64 // the point
	Sample int       // node of the law, -1 for an observable or where xi is no node
	Part   string    // "value", "gradient" or "second derivative"
	Nodes  string    // the sample variables at that node, may be empty
	Pole   float64   // what was seen at X where it is finite and rises as to a pole, or +Inf; else 0
}

func (e *NonFiniteError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s of ", e.Part)
	if e.What == WhatLoss {
		b.WriteString("the loss")
	} else {
		fmt.Fprintf(&b, "the observable %s", e.What)
	}
	if e.Pole != 0 && !math.IsInf(e.Pole, 0) {
		fmt.Fprintf(&b, " rises to %.1e, as to a pole,", e.Pole)
	} else {
		b.WriteString(" is not finite")
	}
	b.WriteString(" at x = (")
	for i, v := range e.X {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%.6g", v)
	}
	b.WriteByte(')')
	switch {
	case e.Sample >= 0 && e.Nodes != "":
		fmt.Fprintf(&b, " for sample %d (%s)", e.Sample, e.Nodes)
	case e.Sample >= 0:
		fmt.Fprintf(&b, " for sample %d", e.Sample)
	case e.Nodes != "":
		fmt.Fprintf(&b, " for %s", e.Nodes)
	}
	return b.String()
}

// NonFinite reports that a function is not finite somewhere.
func (e *NonFiniteError) NonFinite() bool { return true }
