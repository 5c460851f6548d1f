package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/assumptions"
	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/program"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/export"
	"kolmo/export/field"
	shown "kolmo/export/kinds"
	"kolmo/internal/outfolder"
	"kolmo/internal/wholefile"
	"kolmo/study"
	"kolmo/study/document"
)

// runner is one call of kolmo run.
type runner struct {
	settings    // --set
	study       *study.Study
	name        string        // of the command
	uncertified bool          // --uncertified
	only        compare.Study // the one kind of study to run; empty: those of the file
	out         string        // the output folder, as it is shown
	fresh       bool
	verbose     bool   // --verbose
	dry         bool   // --dry-run
	shard       string // "3/8", "slurm" or "slurm/8"; empty: the whole study
	data        string // SHA-256 of the data file, "" without one
	stdout      io.Writer
	report      *terminal.Reporter
}

func newRun(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	r := &runner{name: "run", stdout: stdout, report: report}
	return r.command(&cobra.Command{
		Use:   "run STUDY.yaml",
		Short: "run a study and write its results",
		Long: strings.TrimSpace(`
Reads the study file, computes the gap between SGD and each of the study's models
for every learning rate and observable, prints a table and writes to the output
folder: results.json, gap.csv, pictures, fields/*.nc and report.html.

A study that is finished already is not computed again: its results are printed.
One that was interrupted goes on from the (eta, model) units that are finished, and
its results are the same to the last bit. A folder that holds another study, or
files kolmo did not write, is refused unless --fresh is given. What kolmo wrote is
recorded in the folder: other files, and those that were changed since, are never
replaced or removed, --fresh or not.

Exit codes: 0 done, every gap certified and every other kind of study answered; 1 a
file could not be read or written; 2 the study, a flag or the folder is wrong; 3 done,
but a gap is not certified, or a kind of study has no answer; 130 interrupted.`),
		Example: "  kolmo run studies/iris.yaml\n  kolmo run studies/iris.yaml --out out/iris-again --quiet",
	})
}

// newStudy returns the command that runs one kind of study, whatever kinds the study
// file lists.
func newStudy(kind compare.Study, stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	name := string(kind)
	r := &runner{name: name, stdout: stdout, report: report, only: kind}
	return r.command(&cobra.Command{
		Use:   name + " STUDY.yaml",
		Short: shown.Task(kind),
		Long: fmt.Sprintf(strings.TrimSpace(`
Reads the study file and runs its %[1]s study, whatever its key studies lists;
everything else is as for kolmo run, but for the default output folder,
out/NAME-%[1]s.

Exit codes: 0 done, every gap certified and every other kind of study answered; 1 a
file could not be read or written; 2 the study, a flag or the folder is wrong; 3 done,
but a gap is not certified, or a kind of study has no answer; 130 interrupted.`), name),
		Example: "  kolmo " + name + " studies/" + exampleOf(kind) + ".yaml",
	})
}

// exampleOf returns the shipped study that is a kind's example.
func exampleOf(kind compare.Study) string {
	switch kind {
	case compare.StudyExit, compare.StudySpectrum:
		return "escape"
	case compare.StudyCrossing:
		return "saddle"
	}
	return "quad1d"
}

// command gives cmd what all commands that run studies have.
func (r *runner) command(cmd *cobra.Command) *cobra.Command {
	cmd.Args, cmd.ValidArgsFunction = exactly(1, "one study file", r.name+" STUDY.yaml"), studyFiles
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("out") && r.out == "" {
			return terminal.Usage("--out needs the name of a folder")
		}
		return r.run(cmd.Context(), args[0])
	}
	folder := "out/NAME"
	if r.only != "" {
		folder += "-" + string(r.only)
	}
	cmd.Flags().StringVarP(&r.out, "out", "o", "", "output `folder` (default "+folder+", NAME being the study's)")
	cmd.Flags().BoolVar(&r.fresh, "fresh", false, "compute everything anew and replace the files that kolmo wrote to the folder")
	cmd.Flags().StringVar(&r.shard, "shard", "", "compute one of several shares `K/N` of the study, for kolmo merge; slurm or slurm/N: that of the task in a Slurm array numbered 1 to N")
	cmd.Flags().BoolVar(&r.uncertified, "uncertified", false, "compute also what is known not to be certified before the work")
	verboseFlag(cmd, &r.verbose)
	cmd.Flags().BoolVar(&r.dry, "dry-run", false, "print what would be computed and about what it takes, and write nothing")
	r.settings.flags(cmd)
	r.report.Flags(cmd)
	terminal.CompleteFiles(cmd, "out")
	terminal.Complete(cmd, "shard", "slurm")
	return cmd
}

func (r *runner) run(ctx context.Context, path string) error {
	s, err := r.load(ctx, r.report, path)
	if err != nil {
		return err
	}
	if r.only != "" {
		if why := study.Refused(s, string(r.only)); why != "" {
			return &document.Error{File: path, Line: 1, Column: 1, Msg: why}
		}
		one := *s
		one.Studies = []string{string(r.only)}
		s = &one
	}
	r.report.Notes(s)
	r.study = s
	hash, err := terminal.Promptly(ctx, func() (string, error) { return words.DataHash(s, filepath.Dir(path)) })
	if err != nil {
		return err
	}
	work := words.Ticket(s, hash)
	work.Only = string(r.only)
	if r.dry {
		if r.shard != "" {
			return terminal.Usage("--dry-run predicts the whole study: leave --shard out")
		}
		if r.out == "" {
			r.out = defaultFolder(s, work.Only)
		}
		return r.dryRun(ctx, work)
	}
	shard, err := r.askedShard(defaultFolder(s, work.Only))
	if err != nil {
		return err
	}
	if shard.Of > 1 {
		return r.runShard(ctx, work, shard)
	}
	if r.out == "" {
		r.out = defaultFolder(s, work.Only)
	}
	return r.whole(ctx, work, nil)
}

// defaultFolder returns where the results go if no folder is named; only is the one kind of
// study to run, or empty.
func defaultFolder(s *study.Study, only string) string {
	if only != "" {
		only = "-" + only
	}
	return filepath.Join("out", s.Name+only)
}

// whole runs the whole study, after fill, if that is not nil, has put units into its
// folder.
func (r *runner) whole(ctx context.Context, work outfolder.Ticket, fill func(context.Context, *outfolder.Work) error) (err error) {
	s := r.study
	r.data = work.Data
	names, err := outputFiles(s)
	if err != nil {
		return s.LossError(err)
	}
	f, err := terminal.Promptly(ctx, func() (*outfolder.Folder, error) { return outfolder.Open(r.out) })
	if err != nil {
		return unusable(r.out, err)
	}
	if !r.fresh {
		done, err := terminal.Promptly(ctx, func() (*compare.Result, error) {
			unfinished, err := f.Resumable(work)
			if err != nil || unfinished {
				return nil, err
			}
			return finished(f, work)
		})
		if err != nil {
			return err
		}
		if done != nil {
			r.report.Say("%s is finished, these are its results; --fresh computes them again", r.out)
			r.report.Rows(done.Gap)
			return r.show(done)
		}
	}
	// Taken before the work, so that a folder that cannot be written is known now.
	w, err := terminal.Promptly(ctx, func() (*outfolder.Work, error) { return f.Begin(work, names, r.fresh) })
	if err != nil {
		return unusable(r.out, err)
	}
	defer func() { err = r.end(w, err, fill != nil) }()
	if fill != nil {
		if err := terminal.PromptlyDo(ctx, func() error { return fill(ctx, w) }); err != nil {
			return err
		}
	}
	result, err := r.compute(ctx, w)
	if err == nil {
		err = ctx.Err() // the work may have ended although it was interrupted
	}
	if err != nil {
		return err
	}
	result.Kolmo = program.Version()
	result.Algorithm = s.Chain()
	result.Title = s.Title
	result.Run = words.Provenance(s, work)
	result.FieldFiles = resultFields(w.Units.Files())
	if err := r.write(ctx, w.Dir, result); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	return r.show(result)
}

// end gives the folder up after a run that ended with err: finished units are kept for
// another run, unless the study itself is at fault, or they were only copied from the
// folders of shards.
func (r *runner) end(w *outfolder.Work, err error, copied bool) error {
	var bad *document.Error
	keep := err != nil && !errors.Is(err, terminal.ErrUncertified) && !errors.As(err, &bad) && w.HasUnits() && (!copied || w.Resumed)
	w.End(keep)
	if keep && errors.Is(err, context.Canceled) {
		return &terminal.Interruption{Cause: err}
	}
	return err
}

// compute runs the study, with the units and fields in the folder of the work.
func (r *runner) compute(ctx context.Context, w *outfolder.Work) (*compare.Result, error) {
	return work(ctx, r, r.out, w, func(ctx context.Context, p *compare.Problem, cfg *compare.Config) (*compare.Result, error) {
		found, err := withCurvature(r.study, p, cfg.Watcher)
		if err != nil {
			return nil, err
		}
		if err := r.certifiable(found); err != nil {
			return nil, err
		}
		result, err := kinds.Run(ctx, p, cfg)
		if err != nil {
			return nil, err
		}
		result.Warnings = append(result.Warnings, kinds.Degenerate(p)...)
		if found != nil {
			result.Assumptions = found
			result.Warnings = append(result.Warnings, words.AssumptionWarnings(r.study, found)...)
		}
		return result, nil
	})
}

// work calls task with the study's problem, with units kept and fields written in the
// folder of the work, and returns its value; the folder of the results is shown.
// Faults that only the work finds get their place in the study file.
func work[T any](ctx context.Context, r *runner, shown string, w *outfolder.Work, task func(context.Context, *compare.Problem, *compare.Config) (T, error)) (T, error) {
	var none T
	problem, err := r.study.Problem()
	if err != nil {
		return none, err
	}
	if len(r.study.Output.Fields) == 0 {
		problem.Fields.Etas = nil
	}
	watcher := r.report.Start(r.name, r.study.Path, r.study.Name, shown)
	cfg := &compare.Config{Watcher: watcher, Memory: memory.MemoryLeft(), Store: w.Units, Fields: func(f *compare.FieldSet, row *compare.GapRow) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.writeFields(w, f, row)
	}}
	if !w.Resumed {
		cfg.Forecast = func(units []compare.UnitForecast) { tellForecast(units, watcher) }
	}
	value, err := terminal.Promptly(ctx, func() (T, error) { return task(ctx, problem, cfg) })
	watcher.End()
	if err != nil {
		return none, placed(r.study, err)
	}
	return value, nil
}

// writeFields writes a field set to the folder of the work, of whose next unit it is part.
func (r *runner) writeFields(w *outfolder.Work, f *compare.FieldSet, row *compare.GapRow) error {
	if err := w.MakeFolder(field.Dir); err != nil {
		return err
	}
	if err := field.WriteSet(w.Dir, f, row, r.study.Output.Fields, words.FieldMeta(r.study, r.data)); err != nil {
		return err
	}
	for _, name := range field.Files(f.Observable, f.Model, f.EtaText) {
		if err := w.Units.Belongs(name); err != nil {
			return err
		}
	}
	return nil
}

// checking is what is being done while the constants are found.
const checking = "checking the assumptions"

// withCurvature finds the constants of a study's assumptions and hands their mu to its
// problem, so that there is one. It returns nil where there are no assumptions.
func withCurvature(s *study.Study, p *compare.Problem, watcher compare.Watcher) (*assumptions.Assumptions, error) {
	a, err := s.Check(func(float64) { watcher.Progress(0, checking) })
	if err != nil || a == nil {
		return nil, err
	}
	if mu := a.Mu.Value; !math.IsNaN(mu) {
		p.Curvature = &mu
	}
	return a, nil
}

// write fills the folder dir.
func (r *runner) write(ctx context.Context, dir string, result *compare.Result) error {
	watcher := r.report.Watch("drawing the pictures and writing the results")
	defer watcher.End()
	return terminal.PromptlyDo(ctx, func() error {
		if err := export.All(dir, result, words.Meta(r.study)); err != nil {
			return err
		}
		return wholefile.WriteBytes(filepath.Join(dir, studyFile), r.study.Text)
	})
}

// show prints results that are in the output folder.
func (r *runner) show(result *compare.Result) error {
	plain := *result
	plain.Warnings = nil // they go to stderr
	report := filepath.Join(r.out, export.ReportFile)
	if _, err := os.Stat(report); err != nil {
		report = ""
	}
	if err := printResult(r.stdout, &plain, report, r.verbose); err != nil {
		return fmt.Errorf("the table cannot be printed: %w", err)
	}
	for _, w := range result.Warnings {
		r.report.Warn(w)
	}
	if !result.Certified() {
		return terminal.ErrUncertified
	}
	return nil
}
