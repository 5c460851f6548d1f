package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/program"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
	"kolmo/compare/verify"
	"kolmo/export"
	"kolmo/internal/outfolder"
	"kolmo/study"
)

// verifier is one call of kolmo verify.
type verifier struct {
	settings        // --set
	out      string // the output folder; empty: nothing is written
	paths    int
	seed     uint64
	ownSeed  bool // seed is a flag's, not the study's
	json     bool
	folder   *outfolder.Addition // nil without an output folder
	stdout   io.Writer
	report   *terminal.Reporter
}

// Limits of --paths: a standard error needs some, and memory bounds the number.
const (
	leastPaths = 1000
	mostPaths  = 100_000_000
)

// mostSeed is the largest seed: that of study files.
const mostSeed = 1 << 53

func newVerify(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	v := &verifier{stdout: stdout, report: report}
	cmd := &cobra.Command{
		Use:   "verify STUDY.yaml",
		Short: "compute a study by a second method and by paths, and compare",
		Long: strings.TrimSpace(`
Computes every gap of the study twice, by the study's own solver and by a second
method with other grids, another order, another interpolation for S and another
propagation in time, and compares: two gaps agree if they differ by no more than
the sum of their errors. Means of SGD at some points, for the largest and the
smallest affordable eta, are compared with seeded paths: more than 5 standard
errors disagree. Nothing is written unless --out names a folder, which then gets
verify.csv and verify.json.

Exit codes: 0 everything agrees; 1 a file could not be read or written; 2 the
study, a flag or the folder is wrong; 3 nothing disagrees, but something could
not be compared; 4 something disagrees; 130 interrupted.`),
		Example:           "  kolmo verify studies/quad1d.yaml\n  kolmo verify studies/iris.yaml --paths 1000000 --out out/iris-verify",
		Args:              exactly(1, "one study file", "verify STUDY.yaml"),
		ValidArgsFunction: studyFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			v.ownSeed = cmd.Flags().Changed("seed")
			switch {
			case cmd.Flags().Changed("out") && v.out == "":
				return terminal.Usage("--out needs the name of a folder")
			case v.paths < leastPaths || v.paths > mostPaths:
				return terminal.Usage("--paths: expected %d to %d, found %d", leastPaths, mostPaths, v.paths)
			case v.seed > mostSeed:
				return terminal.Usage("--seed: expected 0 to %d, found %d", mostSeed, v.seed)
			}
			return v.run(cmd.Context(), args[0])
		},
	}
	cmd.Flags().StringVarP(&v.out, "out", "o", "", "write verify.csv and verify.json to this `folder`")
	cmd.Flags().IntVar(&v.paths, "paths", 100_000, "`number` of paths from every point")
	cmd.Flags().Uint64Var(&v.seed, "seed", 0, "`seed` of the paths (default the study's)")
	v.settings.flags(cmd)
	report.Flags(cmd)
	terminal.CompleteFiles(cmd, "out")
	terminal.CompleteNothing(cmd, "paths", "seed")
	cmd.Flags().BoolVar(&v.json, "json", false, "print one JSON object")
	return cmd
}

func (v *verifier) run(ctx context.Context, path string) error {
	s, err := v.load(ctx, v.report, path)
	if err != nil {
		return err
	}
	v.report.Notes(s)
	if v.out != "" {
		// Taken before the work, so that a folder that cannot be made is known now.
		err := terminal.PromptlyDo(ctx, func() error {
			hash, err := words.DataHash(s, filepath.Dir(path))
			if err != nil {
				return err
			}
			return v.take(s, hash)
		})
		if err != nil {
			return err
		}
		defer v.folder.End()
	}
	problem, err := s.Problem()
	if err != nil {
		return err
	}
	cfg := &verify.VerifyConfig{Paths: v.paths, Seed: s.Seed}
	if v.ownSeed {
		cfg.Seed = v.seed
	}
	watcher := v.report.Start("verify", s.Path, s.Name, v.out)
	cfg.Watcher = watcher
	result, err := terminal.Promptly(ctx, func() (*compare.Verification, error) {
		if _, err := withCurvature(s, problem, watcher); err != nil {
			return nil, err
		}
		return verify.Verify(ctx, problem, cfg)
	})
	watcher.End()
	if err == nil {
		err = ctx.Err() // the work may have ended although it was interrupted
	}
	if err != nil {
		return placed(s, err)
	}
	result.Title, result.Kolmo = s.Title, program.Version()
	if v.out != "" {
		if err := v.write(result); err != nil {
			return err
		}
	}
	if err := v.show(result); err != nil {
		return fmt.Errorf("the table cannot be printed: %w", err)
	}
	return outcome(result)
}

// outcome returns the error that a verification ends with: nil if everything agrees.
func outcome(result *compare.Verification) error {
	switch {
	case !result.Agree:
		return &terminal.Disagreement{Msg: fmt.Sprintf("%d of %d comparisons disagree: at least one of the methods is wrong here, or its error estimate is",
			result.Disagreeing(), len(result.Gap)+len(result.Sampled))}
	case !result.Complete():
		return terminal.ErrUncertified
	}
	return nil
}

// take takes the output folder, which must be new, empty or of the same study.
func (v *verifier) take(s *study.Study, dataHash string) error {
	f, err := outfolder.Open(v.out)
	if err != nil {
		return unusable(v.out, err)
	}
	v.folder, err = f.Add(words.Ticket(s, dataHash), []string{export.VerifyCSVFile, export.VerifyJSONFile})
	return unusable(v.out, err)
}

func (v *verifier) write(result *compare.Verification) error {
	if err := export.WriteVerifyCSV(v.out, result); err != nil {
		return err
	}
	if err := export.WriteVerifyJSON(v.out, result); err != nil {
		return err
	}
	return v.folder.Commit()
}

// show prints the table, or the JSON object; warnings go to stderr.
func (v *verifier) show(result *compare.Verification) error {
	for _, w := range result.Warnings {
		v.report.Warn(w)
	}
	if v.json {
		return export.EncodeVerification(v.stdout, result)
	}
	plain := *result
	plain.Warnings = nil
	return export.WriteVerification(v.stdout, &plain)
}
