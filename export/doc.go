// Package export writes what a study found: results.json, gap.csv, pictures, a
// report in HTML and a table for the terminal. It renders a [compare.Result] and
// computes nothing; how the numbers arose it does not know.
//
// The number shown throughout is the gap (3.3)
//
//	sup_n sup_{|x|<=R} |U^n(x) - u(x, n eta)|,  U^n = S^n phi,  u_t = L u,
//
// with its error estimate, for each observable phi, model and learning rate eta.
// Values are written with as many digits as that error warrants, except in
// results.json and gap.csv, which keep them all.
//
// Files appear under their names when they are whole (a temporary file in the
// same folder is renamed), so an interrupt or a full disk leaves no half of one.
// Everything written depends on the arguments alone: no time of day, no machine.
//
// Pictures are drawn with gonum/plot in one style (style.go): DejaVu Sans, which
// has the superscripts and Greek letters the default font lacks, and the
// colour-blind safe palette of Okabe and Ito (2008). PNG has 200 dots per inch;
// in SVG text is drawn as outlines, so that it needs no font. The report is one
// page that loads nothing, with one script that it can do without; formulas are MathML.
//
//	r, err := export.ReadJSON("out/iris/results.json")
//	if err != nil {
//		return err
//	}
//	if err := export.WriteTable(os.Stdout, r); err != nil {
//		return err
//	}
//	err = export.GapFigure(r).Save("gap.svg")
//	...
//	err = export.All("out/iris", r, export.Meta{StudyText: text})
//
// References: Li and Wang (2023), On uniform-in-time diffusion approximation for
// stochastic gradient descent, Methods and Applications of Analysis 30(3),
// 95-112; RFC 4180 (CSV).
package export
