package page

import "kolmo/export/figure"

// NameExpr is a name of the study file with its expression.
type NameExpr struct{ Name, Expr string }

// Meta is what the report says about a study beyond its Result. Every field may
// be empty; what is empty is left out of the report.
type Meta struct {
	StudyText string // the study file
	StudyFile string // its name
	Command   string // what runs the study again

	Loss        string       // f(x;xi), as the study file has it
	Define      []NameExpr   // expressions that loss and observables use
	Parameters  []string     // the names of x1, x2, ..
	State       []string     // the state by the study's names, where Parameters are coordinates of another kind
	Over        *figure.Warp // the state as coordinates of pictures; nil where Parameters are that
	Sample      string       // the law of xi, in words
	Ball        string       // the ball, in words: "|x| <= 4"
	Observables []NameExpr
	Solver      string // the method, in words
	Accuracy    string // the largest error allowed, in words: "1 % of each gap"

	DataFile string // the name of the data file, as the study has it
	Data     []byte // its bytes; nil where they are too many to be inside the report
}

// NewOver returns Meta's Over: the names of coordinates, what stores them of a point of the axes, and the
// inverse; nil without these.
func NewOver(names []string, to, from func(out, in []float64)) *figure.Warp {
	if to == nil {
		return nil
	}
	return &figure.Warp{Names: names, To: to, From: from}
}
