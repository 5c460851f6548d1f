package terminal

import (
	"io"
	"os"
	"regexp"

	"golang.org/x/term"
)

// colored reports whether what is written to w is for eyes that want colours: a terminal, without
// NO_COLOR (no-color.org) in its environment.
func Colored(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// Colours of verdicts, and the end of them.
const (
	GoodColor = "\x1b[32m"
	badColor  = "\x1b[31m"
	NoColor   = "\x1b[39m"
)

// verdicts are what kolmo says of its results, in its own words.
var verdicts = regexp.MustCompile(`(?m)\b[0-9]+ of [0-9]+ rows\s+(?:are\s+not\s+)?certified\b|\b(?:all [0-9]+ gaps are|the one gap is) certified\b|\b[0-9]+ of [0-9]+ gaps (?:are|is) not certified\b|\bnot certified:|\b[0-9]+ of [0-9]+ gaps and [0-9]+ of [0-9]+ sampled means agree\b|: confirmed\b|\b(?:agrees|disagrees)$|\b(?:PROVED|FAILS)\b`)

// counted are verdicts with numbers of all that was asked.
var counted = regexp.MustCompile(`^([0-9]+) of ([0-9]+) `)

// painted colours the verdicts of a text: green what holds, red what does not.
func painted(text string) string {
	return verdicts.ReplaceAllStringFunc(text, func(v string) string {
		color := GoodColor
		if m := counted.FindStringSubmatch(v); m != nil && m[1] != m[2] || unheld.MatchString(v) {
			color = badColor
		}
		return color + v + NoColor
	})
}

// unheld are verdicts of what does not hold.
var unheld = regexp.MustCompile(`not certified|^disagrees|^FAILS`)
