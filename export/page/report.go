// Package page writes the report, one page that loads nothing.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"unicode"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/kinds/gap"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
	"kolmo/grid"
	"kolmo/internal/wholefile"
)

//go:embed report.html.tmpl
var reportText string

// reportTemplate is parsed once; a template that does not parse is a bug that
// every test of this package shows.
var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"formula":  formula,
	"lines":    lines,
	"marked":   marked,
	"upper":    func(s string) template.HTML { return table.Prose(table.Capital(s)) },
	"prose":    table.Prose,
	"gapLines": gap.Findings,
	"class":    table.Cell.Class,

	"typeset":   table.Typeset,
	"numeric":   (*table.Table).Numeric,
	"note":      (*table.Table).Below,
	"gapTable":  func(g results.Group) *table.Table { t := gap.Table(&g); return &t },
	"gapErrors": func(g results.Group) *table.Table { t := gap.Errors(&g); return &t },
}).Parse(reportText))

//go:embed report.js
var reportScript string

// scriptElement is the only script that a report runs, and policyElement its content security
// policy, which allows that one and no request.
var (
	scriptElement = template.HTML("<script>" + reportScript + "</script>")
	policyElement = template.HTML(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-` + digest(reportScript) + `'" />`)
)

// digest returns the SHA-256 sum of a text in base64.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// reportView is what the template shows.
type reportView struct {
	Result   *compare.Result
	Meta     Meta
	Title    string
	Chain    string
	Kinds    []kindView
	Gaps     bool // the gaps were asked for
	Compared bool // gaps were computed, which other kinds need too
	Groups   []results.Group
	Methods  []methodRun
	Sections []sectionView
	compared
	Etas        []string // the largest first
	Uncertified int
	Field, Time *figureView
	Assumptions []assumption
	Facts       []string // what else the check of the assumptions found
	Run         []keyValue
	Horizon     string // the last t of suprema; empty where they are over all t
	Live        liveData
	Day, Night  template.CSS // the colours of the figures
	Script      template.HTML
	Policy      template.HTML
	Study, Data template.URL // the files, to be saved
}

// liveData is what the script reads.
type liveData struct {
	Marks  [][]figure.MarkPanel `json:"marks"`
	Views  []fieldView          `json:"views"`
	Frames []viewFrame          `json:"frames"`
}

// sectionView is a section with its picture, unless the page shows that already.
type sectionView struct {
	*view.Section
	Findings []string // its verdicts in sentences
	Figure   *figureView
}

// WriteReport writes r as one self-contained HTML page: formulas as MathML, the pictures, the study
// and its data inside, and nothing to load, so that it can be sent and opened anywhere. Its one
// script shows values under the pointer and moves in time; all else is there without it. Fields
// over time are read from the folder of path. p are its pictures.
func WriteReport(path string, r *compare.Result, meta Meta, p *pictures) error {
	views, frames, err := fieldViews(filepath.Dir(path), r, &meta)
	if err != nil {
		return fmt.Errorf("export: report: %w", err)
	}
	g := &gallery{used: map[string]bool{}}
	v := reportView{
		Result: r, Meta: meta, Title: results.TitleOf(r), Chain: results.ChainName(r), Kinds: kindViews(r, p, g.number),
		Groups: results.Groups(r), Methods: MethodRuns(r), Uncertified: results.Uncertified(r),
		Assumptions: assumptions(r.Assumptions), Facts: facts(r.Assumptions), Run: keyValues(r.Run), Horizon: until(r),
		Script: scriptElement, Policy: policyElement, Study: fileURI("application/yaml", []byte(meta.StudyText)), Data: fileURI("text/csv", meta.Data),
	}
	v.Compared = len(r.Gap) > 0
	v.Gaps = v.Compared && (slices.Contains(r.Kinds(), compare.StudyGap) || len(p.Sections) == 0)
	v.Time, v.Field = g.number(&p.Time, timeCaption), g.number(&p.Field, fieldCaption(r))
	for _, d := range p.Sections {
		if d.Explains && !v.Gaps {
			continue
		}
		s := sectionView{Section: d.Section, Findings: d.Section.Found()}
		if !slices.Contains(r.Kinds(), compare.Study(d.Name)) {
			s.Figure = g.number(&d.picture, d.Caption)
		}
		v.Sections = append(v.Sections, s)
	}
	v.compared = compared{viewStep(r), modelViews(r), symbols(r)}
	_, v.Etas = results.Etas(r)
	slices.Reverse(v.Etas)
	v.Live = liveData{g.marks, views, frames}
	day, dark := figure.Properties(g.used)
	v.Day, v.Night = template.CSS(day), template.CSS(dark)
	var page bytes.Buffer
	if err := reportTemplate.Execute(&page, v); err != nil {
		return fmt.Errorf("export: report: %w", err)
	}
	return wholefile.Write(path, func(w io.Writer) error {
		_, err := w.Write(bytes.Map(legal, page.Bytes()))
		return err
	})
}

// timeCaption and fieldCaption are the captions of the pictures of curves and fields.
const timeCaption = "When the gap arises: the largest difference over the ball against time, a line per learning rate. A line ends where no later step can matter, or where it falls below the axis, seven decades under the largest value of the row."

func fieldCaption(r *compare.Result) string {
	return "Where the gap lives: the means U^n of " + results.ChainName(r) + " and u of the diffusion as functions of the starting point, and their signed difference, at the step where it is largest, for the smallest learning rate. The cross is the worst point."
}

// legal replaces the control characters that HTML does not allow.
func legal(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
		return unicode.ReplacementChar
	}
	return r
}

// fileURI returns a file as a data URI, "" for none.
func fileURI(kind string, text []byte) template.URL {
	if len(text) == 0 {
		return ""
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(text))
}

// modelView is a line of the table of models.
type modelView struct{ Name, Drift, Diffusion, Order string }

// modelViews returns the lines of the results' models. Where f is not convex no order
// holds for all times.
func modelViews(r *compare.Result) []modelView {
	var list []modelView
	for _, m := range r.Models {
		v := modelView{m.Name, m.Drift, m.Diffusion, fmt.Sprint(m.Order)}
		if m.Order == 0 {
			v.Order = "none claimed"
		}
		if m.Claim != "" && r.Until == nil {
			v.Order += ", uniformly in time"
		}
		list = append(list, v)
	}
	return list
}

// keyValue is a line of the table of the run.
type keyValue struct{ Key, Value string }

// keyValues returns m as text, sorted by key.
func keyValues(m map[string]any) []keyValue {
	var out []keyValue
	for _, k := range slices.Sorted(maps.Keys(m)) {
		s, ok := m[k].(string)
		if !ok {
			b, err := json.Marshal(m[k])
			if err != nil {
				continue
			}
			s = string(b)
		}
		out = append(out, keyValue{k, s})
	}
	return out
}

// NameExpr is a name of the study file with its expression.
type NameExpr struct{ Name, Expr string }

// Meta is what the report says about a study beyond its Result. Every field may
// be empty; what is empty is left out of the report.
type Meta struct {
	StudyText string // the study file
	StudyFile string // its name
	Command   string // what runs the study again

	Loss        string     // f(x;xi), as the study file has it
	Define      []NameExpr // expressions that loss and observables use
	Parameters  []string   // the names of x1, x2, ..
	State       []string   // the state by the study's names, where Parameters are coordinates of another kind
	OverState              // the state as coordinates of pictures
	Sample      string     // the law of xi, in words
	Ball        string     // the ball, in words: "|x| <= 4"
	Observables []NameExpr
	Solver      string // the method, in words
	Accuracy    string // the largest error allowed, in words: "1 % of each gap"

	DataFile string // the name of the data file, as the study has it
	Data     []byte // its bytes; nil where they are too many to be inside the report
}

// OverState is the state as coordinates of pictures; nil where Parameters are that.
type OverState struct {
	Over  *figure.Warp
	Users *grid.Ellipsoid // the ball in these
}

// NewOver returns the names of coordinates, the ball there, what stores them of a point of the axes, and the
// inverse as coordinates of pictures.
func NewOver(names []string, ball *grid.Ellipsoid, to, from func(out, in []float64)) OverState {
	if to == nil {
		return OverState{}
	}
	return OverState{&figure.Warp{Names: names, To: to, From: from}, ball}
}

// until returns the last t of a result's suprema, empty where they are over all t.
func until(r *compare.Result) string {
	if r.Until == nil {
		return ""
	}
	return table.Time(*r.Until)
}
