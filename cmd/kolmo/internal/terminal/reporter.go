package terminal

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/program"
	"kolmo/compare"
	"kolmo/study"
)

// reporter tells on stderr how a command proceeds and ends: in sentences for people, or
// with --log-format in structured lines for programs.
type Reporter struct {
	W      io.Writer    // escapes what could command a terminal
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

func NewReporter(w io.Writer) *Reporter { return &Reporter{W: NewEscaper(w), raw: w, now: time.Now} }

// Formats of --log-format.
const (
	logText = "text"
	logJSON = "json"
)

// flags adds the flags of all commands that work for long.
func (r *Reporter) Flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVarP(&r.quiet, "quiet", "q", false, "show no progress")
	f.BoolVar(&r.lines, "progress", false, "show progress where stderr is no terminal too, as lines")
	f.StringVar(&r.format, "log-format", "", "write structured log lines to stderr in this `format`, json or text")
	Complete(cmd, "log-format", logJSON+"\tan object per line", logText+"\tkey=value pairs")
}

// open checks the flags and makes the logger they ask for.
func (r *Reporter) Open() error {
	switch {
	case r.quiet && r.lines:
		return Usage("--quiet and --progress contradict each other: want one of them")
	case r.format == "", r.log != nil:
	case r.format == logText:
		r.log = slog.New(slog.NewTextHandler(r.W, nil))
	case r.format == logJSON:
		r.log = slog.New(slog.NewJSONHandler(r.W, nil))
	default:
		return Usage("--log-format expects %s or %s, found %q", logJSON, logText, r.format)
	}
	return nil
}

// start says that the command begins to work on a study, whose results go to folder, and
// returns what shows its progress.
func (r *Reporter) Start(cmd, file, name, folder string) *Progress {
	r.began, r.folder = r.now(), folder
	if r.log != nil {
		r.log.Info("start", "command", cmd, "file", file, "study", name, "folder", folder, "kolmo", program.Version(),
			"arch", runtime.GOOS+"/"+runtime.GOARCH, "workers", runtime.GOMAXPROCS(0))
	}
	return newProgress(r)
}

// watch returns what shows that something is being done whose end is not known; its end
// must be called before anything is printed.
func (r *Reporter) Watch(stage string) *Progress {
	p := newProgress(r)
	p.Phase(stage)
	return p
}

// say tells what is no progress, no warning and no error; --quiet keeps it back.
func (r *Reporter) Say(format string, args ...any) {
	if r.quiet {
		return
	}
	text := fmt.Sprintf(format, args...)
	if r.log != nil {
		r.log.Info(text)
		return
	}
	r.tell("kolmo: ", "%s", text)
}

// Notes tells how a study's data were read where that is not plain, and which keys count for nothing.
func (r *Reporter) Notes(s *study.Study) {
	for _, n := range study.Notes(s) {
		r.Say("%s", n)
	}
}

// warn tells a warning.
func (r *Reporter) Warn(text string) {
	text = strings.Join(strings.Fields(text), " ")
	if r.log != nil {
		r.log.Warn(text)
		return
	}
	r.tell("kolmo: warning: ", "%s", text)
}

// tell tells a sentence on a line that begins with first, or on several where it is long.
func (r *Reporter) tell(first, format string, args ...any) {
	io.WriteString(r.W, Sentence(first, fmt.Sprintf(format, args...)))
}

// unit logs a finished unit, and then its gaps, one line each.
func (r *Reporter) unit(u compare.FinishedUnit, seconds float64) {
	args := []any{"name", u.Key, "kind", u.Kind, "model", u.Model}
	if u.Eta != "" {
		args = append(args, "eta", u.Eta)
	}
	r.log.Info("unit", append(args, "seconds", seconds, "stored", u.Stored, "rss_bytes", memory.ResidentBytes())...)
	r.Rows(u.Gaps)
}

// rows logs gaps, one line each.
func (r *Reporter) Rows(gaps []compare.GapRow) {
	if r.log == nil || r.quiet {
		return
	}
	for _, row := range gaps {
		r.log.Info("gap", "observable", row.Observable, "model", row.Model, "eta", row.EtaText,
			"gap", row.Gap, "error", row.Error, "certified", row.Certified)
	}
}

// finish tells how the command ended.
func (r *Reporter) Finish(err error) {
	text := Message(err)
	if bad := r.Open(); bad != nil || r.log == nil {
		if text != "" {
			fmt.Fprintln(r.W, text)
		}
		return
	}
	if err == nil && r.began.IsZero() { // no work was asked for
		return
	}
	code, level := ExitCode(err), slog.LevelInfo
	args := []any{"code", code}
	if !r.began.IsZero() {
		args = append(args, "seconds", r.now().Sub(r.began).Seconds(), "folder", r.folder)
		if n := memory.MostResidentBytes(); n > 0 {
			args = append(args, "max_rss_bytes", n)
		}
	}
	switch code {
	case CodeDone:
	case CodeUncertified:
		level = slog.LevelWarn
	default:
		level = slog.LevelError
		args = append(args, "error", strings.TrimPrefix(text, "kolmo: "))
	}
	r.log.Log(context.Background(), level, "end", args...)
}
