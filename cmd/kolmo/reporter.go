package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kolmo/compare"
	"kolmo/study"
)

// reporter tells on stderr how a command proceeds and ends: in sentences for people, or
// with --log-format in structured lines for programs.
type reporter struct {
	w      io.Writer    // escapes what could command a terminal
	raw    io.Writer    // behind it, for the bar
	quiet  bool         // --quiet
	lines  bool         // --progress
	format string       // --log-format; "" for sentences
	log    *slog.Logger // nil for sentences
	now    func() time.Time
	began  time.Time // of work, the zero time before
	told   time.Time // when the last line of progress was told, or work began
	folder string    // where the results go, "" if nowhere
}

func newReporter(w io.Writer) *reporter { return &reporter{w: newEscaper(w), raw: w, now: time.Now} }

// Formats of --log-format.
const (
	logText = "text"
	logJSON = "json"
)

// flags adds the flags of all commands that work for long.
func (r *reporter) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVarP(&r.quiet, "quiet", "q", false, "show no progress")
	f.BoolVar(&r.lines, "progress", false, "show progress where stderr is no terminal too, as lines")
	f.StringVar(&r.format, "log-format", "", "write structured log lines to stderr in this `format`, json or text")
	complete(cmd, "log-format", logJSON+"\tan object per line", logText+"\tkey=value pairs")
}

// open checks the flags and makes the logger they ask for.
func (r *reporter) open() error {
	switch {
	case r.quiet && r.lines:
		return usage("--quiet and --progress contradict each other: want one of them")
	case r.format == "", r.log != nil:
	case r.format == logText:
		r.log = slog.New(slog.NewTextHandler(r.w, nil))
	case r.format == logJSON:
		r.log = slog.New(slog.NewJSONHandler(r.w, nil))
	default:
		return usage("--log-format expects %s or %s, found %q", logJSON, logText, r.format)
	}
	return nil
}

// start says that the command begins to work on a study, whose results go to folder, and
// returns what shows its progress.
func (r *reporter) start(cmd, file, name, folder string) *progress {
	r.began, r.folder = r.now(), folder
	if r.log != nil {
		r.log.Info("start", "command", cmd, "file", file, "study", name, "folder", folder, "kolmo", version(),
			"arch", runtime.GOOS+"/"+runtime.GOARCH, "workers", runtime.GOMAXPROCS(0))
	}
	return newProgress(r)
}

// watch returns what shows that something is being done whose end is not known; its end
// must be called before anything is printed.
func (r *reporter) watch(stage string) *progress {
	p := newProgress(r)
	p.phase(stage)
	return p
}

// say tells what is no progress, no warning and no error; --quiet keeps it back.
func (r *reporter) say(format string, args ...any) {
	if r.quiet {
		return
	}
	text := fmt.Sprintf(format, args...)
	if r.log != nil {
		r.log.Info(text)
		return
	}
	fmt.Fprintln(r.w, "kolmo: "+text)
}

// notes tells how a study's data were read where that is not plain.
func (r *reporter) notes(s *study.Study) {
	for _, n := range s.Notes {
		r.say("%s", n)
	}
}

// warn tells a warning.
func (r *reporter) warn(text string) {
	text = strings.Join(strings.Fields(text), " ")
	if r.log != nil {
		r.log.Warn(text)
		return
	}
	fmt.Fprintln(r.w, "kolmo: warning: "+text)
}

// unit logs a finished unit, and then its gaps, one line each.
func (r *reporter) unit(u compare.FinishedUnit, seconds float64) {
	args := []any{"name", u.Key, "kind", u.Kind, "model", u.Model}
	if u.Eta != "" {
		args = append(args, "eta", u.Eta)
	}
	r.log.Info("unit", append(args, "seconds", seconds, "stored", u.Stored, "rss_bytes", residentBytes())...)
	r.rows(u.Gaps)
}

// rows logs gaps, one line each.
func (r *reporter) rows(gaps []compare.GapRow) {
	if r.log == nil || r.quiet {
		return
	}
	for _, row := range gaps {
		r.log.Info("gap", "observable", row.Observable, "model", row.Model, "eta", row.EtaText,
			"gap", row.Gap, "error", row.Error, "certified", row.Certified)
	}
}

// finish tells how the command ended.
func (r *reporter) finish(err error) {
	text := message(err)
	if bad := r.open(); bad != nil || r.log == nil {
		if text != "" {
			fmt.Fprintln(r.w, text)
		}
		return
	}
	if err == nil && r.began.IsZero() { // no work was asked for
		return
	}
	code, level := exitCode(err), slog.LevelInfo
	args := []any{"code", code}
	if !r.began.IsZero() {
		args = append(args, "seconds", r.now().Sub(r.began).Seconds(), "folder", r.folder)
		if n := mostResidentBytes(); n > 0 {
			args = append(args, "max_rss_bytes", n)
		}
	}
	switch code {
	case codeDone:
	case codeUncertified:
		level = slog.LevelWarn
	default:
		level = slog.LevelError
		args = append(args, "error", strings.TrimPrefix(text, "kolmo: "))
	}
	r.log.Log(context.Background(), level, "end", args...)
}
