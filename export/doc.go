// Package export writes what a study found: results.json, CSV files, pictures, a report in HTML
// and tables for the terminal. It renders a [compare.Result] and computes nothing; how the numbers
// arose it does not know.
//
// The number shown throughout is the gap (3.3)
//
//	sup_n sup_{|x|<=R} |U^n(x) - u(x, n eta)|,  U^n = S^n phi,  u_t = L u,
//
// with its error estimate, for each observable phi, model and learning rate eta.
// Values are written with as many digits as that error warrants, except in
// results.json and the CSV files, which keep them all.
//
// What there is to show of a kind of study stands in its folder of export/kinds. Tables are made of
// rows by their tags (export/table), pictures are drawn by export/figure, the report by export/page,
// files of fields are written and read by export/field.
//
// Files appear under their names when they are whole (a temporary file in the
// same folder is renamed), so an interrupt or a full disk leaves no half of one.
// Everything written depends on the arguments alone: no time of day, no machine.
//
//	r, err := export.ReadJSON("out/iris/results.json")
//	if err != nil {
//		return err
//	}
//	if err := export.WriteTable(os.Stdout, r); err != nil {
//		return err
//	}
//	err = export.All("out/iris", r, page.Meta{StudyText: text})
//
// References: Li and Wang (2023), On uniform-in-time diffusion approximation for
// stochastic gradient descent, Methods and Applications of Analysis 30(3),
// 95-112; RFC 4180 (CSV).
package export
