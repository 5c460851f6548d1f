package export

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"unicode"

	"kolmo/compare"
)

//go:embed report.html.tmpl
var reportText string

// reportTemplate is parsed once; a template that does not parse is a bug that
// every test of this package shows.
var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"formula":  formula,
	"value":    func(v, e compare.Number) template.HTML { return typeset(formatValue(float64(v), float64(e))) },
	"error":    func(e compare.Number) template.HTML { return typeset(formatError(float64(e))) },
	"fixed":    func(v compare.Number, d int) template.HTML { return typeset(formatFixed(float64(v), d)) },
	"time":     func(t float64) template.HTML { return typeset(formatTime(t)) },
	"eta":      formatEta,
	"text":     orEmpty,
	"reason":   func(g compare.GapRow) string { return reasonOf(&g) },
	"upper":    func(s string) template.HTML { return prose(capital(s)) },
	"prose":    prose,
	"gapLines": gapFindings,

	"interval":     orderInterval,
	"extrapolated": extrapolatedOrder,
	"typeset":      typeset,
	"numeric":      func(t sectionTable, k int) bool { return len(t.Rows) > 0 && t.Rows[0][k].Numeric },
	"parts":        func(g compare.GapRow) []compare.Number { return errorParts(&g.Errors) },
}).Parse(reportText))

// reportView is what the template shows.
type reportView struct {
	Result      *compare.Result
	Meta        Meta
	Title       string
	Groups      []group
	Methods     []methodRun
	Sections    []sectionView
	Observables []string
	Diffusions  []modelView
	Etas        []string // the largest first
	Uncertified int
	Gap, Field  template.HTML // pictures, inline SVG
	Time        template.URL  // a picture as a data URI, or empty
	TimeAlt     string
	Assumptions []assumption
	Facts       []string // what else the check of the assumptions found
	Run         []keyValue
	Horizon     *float64 // the last t where f is not convex; nil where it is
}

// sectionView is a section with its picture as a data URI.
type sectionView struct {
	*section
	Findings []string // its verdicts in sentences
	Image    template.URL
	Alt      string
}

// capital returns s with a capital first letter.
func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// WriteReport writes r as one self-contained HTML page: formulas as MathML, the
// pictures inside, no script and nothing to load, so that it can be sent and
// opened anywhere.
func WriteReport(path string, r *compare.Result, meta Meta) error {
	p, err := drawPictures(r, meta.Parameters, dotsPerInch)
	if err != nil {
		return err
	}
	return writeReport(path, r, meta, p)
}

// writeReport is WriteReport with pictures that are drawn already.
func writeReport(path string, r *compare.Result, meta Meta, p *pictures) error {
	v := reportView{
		Result: r, Meta: meta, Title: titleOf(r), Groups: groups(r), Methods: methodRuns(r), Uncertified: uncertified(r),
		Gap: inline(p.gap.svg), Field: inline(p.field.svg), Time: dataURI(p.time.png), TimeAlt: p.time.title,
		Assumptions: assumptions(r.Assumptions), Facts: facts(r.Assumptions), Run: keyValues(r.Run), Horizon: r.Until,
	}
	for _, d := range p.sections {
		v.Sections = append(v.Sections, sectionView{section: d.section, Findings: findings(r, d.section), Image: dataURI(d.png), Alt: d.title})
	}
	v.Observables, _ = names(r)
	v.Diffusions = modelViews(r)
	_, v.Etas = etas(r)
	slices.Reverse(v.Etas)
	var page bytes.Buffer
	if err := reportTemplate.Execute(&page, v); err != nil {
		return fmt.Errorf("export: report: %w", err)
	}
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(bytes.Map(legal, page.Bytes()))
		return err
	})
}

// legal replaces the control characters that HTML does not allow.
func legal(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
		return unicode.ReplacementChar
	}
	return r
}

// inline returns an SVG document as a part of a page, "" for none: inside HTML the
// XML declaration has no place.
func inline(svg []byte) template.HTML {
	if svg == nil {
		return ""
	}
	return template.HTML(svg[bytes.Index(svg, []byte("<svg ")):])
}

// dataURI returns a PNG as a data URI, "" for none.
func dataURI(png []byte) template.URL {
	if png == nil {
		return ""
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}

// typeset turns "1.2e-04 +- 1e-06" into 1.2 x 10^-4 ± 1 x 10^-6 and "-" into a dash.
func typeset(s string) template.HTML {
	if s == absent {
		return "–"
	}
	return prose(s)
}

// orderInterval returns "[1.99, 2.01]", a dash for an order that was not fitted.
func orderInterval(o *compare.OrderRow) template.HTML {
	if o.Slope != o.Slope {
		return typeset(absent)
	}
	return typeset(formatInterval(o.Low, o.High, 3))
}

// extrapolatedOrder returns "2.0001 ± 3e-5", a dash where nothing was extrapolated.
func extrapolatedOrder(o *compare.OrderRow) template.HTML {
	if o.Extrapolated != o.Extrapolated || !(o.ExtrapolatedError > 0) {
		return typeset(absent)
	}
	return typeset(formatFixed(float64(o.Extrapolated), 4) + " +- " + formatError(float64(o.ExtrapolatedError)))
}

// errorParts returns the parts in the order of the table's head.
func errorParts(e *compare.Errors) []compare.Number {
	return []compare.Number{e.Space, e.Time, e.Interpolation, e.Quadrature, e.Sup, e.Tail, e.Taper}
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
