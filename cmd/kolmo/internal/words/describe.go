package words

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kolmo/cmd/kolmo/internal/program"
	"kolmo/export/field"
	"kolmo/export/page"
	"kolmo/export/results"

	"kolmo/internal/outfolder"
	"kolmo/study"
	"kolmo/study/document"
)

// Keys of results.json's "run" that are read back.
const (
	RunDataHash  = "data_sha256"
	RunStudyHash = "study_sha256"
)

// provenance returns what is needed to make the results again, besides the study
// file and this version of kolmo. Paths are as the study writes them.
func Provenance(s *study.Study, work outfolder.Ticket) map[string]any {
	solver := map[string]any{"space": s.Solver.Space, "time": s.Solver.Time}
	if s.Solver.Order > 0 {
		solver["order"] = s.Solver.Order
	}
	if s.Solver.Nodes != nil {
		solver["nodes"] = s.Solver.Nodes
	}
	run := map[string]any{
		"study_file":    filepath.Base(s.Path),
		RunStudyHash:    work.Study,
		"seed":          s.Seed,
		"studies":       s.Studies,
		"accuracy":      s.Accuracy,
		"solver":        solver,
		results.RunBall: ballWords(s),
		"go":            runtime.Version(),
		"arch":          runtime.GOARCH,
	}
	if file := s.Source("sample.file"); file != "" {
		run["data"] = file
		run[RunDataHash] = work.Data
	}
	return run
}

// dataHash returns the SHA-256 sum of the study's data file, whose path may be relative
// to dir; "" if it has none.
func DataHash(s *study.Study, dir string) (string, error) {
	file := s.Source("sample.file")
	if file == "" {
		return "", nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// meta returns what the report says about the study.
func Meta(s *study.Study) page.Meta {
	file := filepath.Base(s.Path)
	names, _, _, words := s.Axes()
	var state []string
	if words != "" || len(s.State) > len(s.Parameters) {
		state = s.State
	}
	return page.Meta{
		StudyText:   string(s.Text),
		StudyFile:   file,
		Command:     "kolmo run " + file,
		Loss:        oneLine(s.Source("loss")),
		Define:      nameExprs(s.Entries("define")),
		Parameters:  names,
		State:       state,
		OverState:   page.NewOver(study.StateOnAxes(s)),
		Sample:      sampleWords(s),
		Ball:        ballWords(s),
		Observables: nameExprs(s.Entries("observables")),
		Solver:      solverWords(s.Solver),
		Accuracy:    strconv.FormatFloat(100*s.Accuracy, 'g', 6, 64) + " % of each gap",
		DataFile:    s.Source("sample.file"),
		Data:        carriedData(s),
	}
}

// mostCarried is the size of the largest data file that a report carries.
const mostCarried = 2 << 20

// carriedData returns the study's data file if a report can carry it; nil where there is none, where
// it is too large or no text, or where it has gone since it was read.
func carriedData(s *study.Study) []byte {
	file := s.Source("sample.file")
	if file == "" {
		return nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(s.Path), file)
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() || info.Size() > mostCarried {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil || !utf8.Valid(b) {
		return nil
	}
	return b
}

// fieldMeta returns what the field files say about the study.
func FieldMeta(s *study.Study, dataHash string) field.Meta {
	names, ball, r2, words := s.Axes()
	of := field.OfState{Axes: words}
	if of.Own, of.Users, _, of.FromState = study.StateOnAxes(s); of.Users != nil {
		of.Ball, _, _ = strings.Cut(ballWords(s), ";")
		of.Axes = "interpolated from " + words
		ball.Center, ball.R, r2 = of.Users.Center, of.Users.R, s.R2
	}
	return field.Meta{
		OfState:    of,
		Origin:     field.Origin{StudyText: string(s.Text), DataFile: s.Source("sample.file"), DataSHA256: dataHash, StudySHA256: TextHash(s.Text)},
		Parameters: names,
		Center:     ball.Center, R: ball.R, R2: r2, Seed: s.Seed, Scheme: solverWords(s.Solver),
		Study: s.Name, Title: s.Title, Kolmo: program.Version(), Compression: s.Output.Compression,
		Algorithm: s.Chain().Title,
	}
}

func nameExprs(entries []document.Entry) []page.NameExpr {
	var out []page.NameExpr
	for _, e := range entries {
		out = append(out, page.NameExpr{Name: e.Key, Expr: oneLine(e.Text)})
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// mostListed is the most values of xi that are written out.
const mostListed = 12

// sampleWords describes the law of xi.
func sampleWords(s *study.Study) string {
	law := s.Loss.Law()
	switch s.Source("sample.kind") {
	case "data":
		text := "a row of " + s.Source("sample.file")
		if where := s.Source("sample.where"); where != "" {
			text += " with " + oneLine(where)
		}
		text += ", all equally likely"
		for i, c := range s.Entries("sample.columns") {
			text += []string{"; ", ", "}[min(i, 1)] + c.Key + " = " + oneLine(c.Text)
		}
		return text
	case "discrete":
		names := strings.Trim(s.Source("sample.variables"), "[]")
		text := fmt.Sprintf("%s: one of %d values", names, law.Len())
		if law.Len() <= mostListed {
			values := strings.TrimSuffix(strings.TrimPrefix(s.Source("sample.values"), "["), "]")
			if strings.Contains(names, ",") {
				values = strings.NewReplacer("[", "(", "]", ")").Replace(values)
			} else {
				values = strings.NewReplacer("[", "", "]", "").Replace(values)
			}
			text += ", " + values
		}
		if p := s.Source("sample.probabilities"); p != "" {
			return text + ", with the probabilities " + strings.Trim(p, "[]")
		}
		return text + ", equally likely"
	}
	text := "independent variables"
	if !law.Exact {
		text += fmt.Sprintf(", by a quadrature of %d nodes", law.Len())
	}
	return text
}

// ballWords returns "|x| <= 4", "|x - (1, 0)| <= 4" or, of a state in a metric, "|z|_P <= 4, z = (x, v)",
// where noise ends, and what the axes are if they are not the state's.
func ballWords(s *study.Study) string {
	x, of, metric := "x", "", ""
	if len(s.Center) > len(s.Parameters) {
		x, of = "z", ", z = ("+strings.Join(s.State, ", ")+")"
	}
	if s.Metric != nil {
		metric = "_P"
	}
	at := make([]string, len(s.Center))
	for k, c := range s.Center {
		at[k] = Number(c)
	}
	if slices.ContainsFunc(s.Center, func(c float64) bool { return c != 0 }) {
		x += " - (" + strings.Join(at, ", ") + ")"
	}
	ball := fmt.Sprintf("|%s|%s <= %s%s%s", x, metric, Number(s.R), of, s.Starting())
	switch noise := s.NoiseThatEnds(); {
	case s.Taper[1] > 0 && s.R2 != s.Taper[1]: // of a chain without noise of its own
		ball += fmt.Sprintf("; %s ends from %s to %s", noise, Number(s.Taper[0]), Number(s.Taper[1]))
	case s.Taper[1] > 0:
		ball += fmt.Sprintf("; noise ends from %s to %s", Number(s.Taper[0]), Number(s.Taper[1]))
	case noise != "":
		ball += fmt.Sprintf("; %s ends at %s", noise, Number(s.R2))
	}
	if words := s.Chart(); words != "" {
		ball += "; axes: " + words
	}
	return ball
}

// number returns a number of the study as people think of it: 1.5 times 1.6 is 2.4 in 15
// digits, and 2.4000000000000004 in 17.
func Number(v float64) string { return strconv.FormatFloat(v, 'g', 15, 64) }

// solverWords describes the method the study asks for.
func solverWords(s study.Solver) string {
	space := "space: " + s.Space
	if s.Order > 0 {
		space += fmt.Sprintf(" of order %d", s.Order)
	}
	nodes := "nodes refined until the accuracy is met"
	if s.Nodes != nil {
		nodes = "nodes per axis " + strings.Trim(fmt.Sprint(s.Nodes), "[]")
	}
	return space + "; time: " + s.Time + "; " + nodes
}

// TextHash returns the SHA-256 sum of a study's text.
func TextHash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Ticket returns the ticket of a whole study.
func Ticket(s *study.Study, dataHash string) outfolder.Ticket {
	return outfolder.Ticket{Kolmo: program.Version(), Study: TextHash(s.Text), Data: dataHash, Studies: s.Studies}
}
