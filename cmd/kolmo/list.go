package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/studies"
	"kolmo/study"
)

// shippedStudy is what kolmo list tells of a study.
type shippedStudy struct {
	Name      string   `json:"name"` // of kolmo init --from
	Title     string   `json:"title"`
	Dimension int      `json:"dimension"`
	Studies   []string `json:"studies"` // the kinds
	Models    []string `json:"models"`
	Eta       []string `json:"eta"` // as the study writes them, largest first
	Data      []string `json:"data"`
	Work      float64  `json:"work"`    // multiplications, predicted
	Seconds   float64  `json:"seconds"` // that they are predicted to take on this machine
}

func newList(stdout io.Writer) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the shipped studies",
		Long: strings.TrimSpace(`
Lists the studies that the program carries: name, dimension, kinds of studies,
learning rates, about the time that a run takes, and title. kolmo init --from NAME
writes one of them to edit and run.

Exit codes: 0 done; 1 a file could not be written; 2 a flag is wrong; 130
interrupted.`),
		Example: "  kolmo list\n  kolmo list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := terminal.Promptly(cmd.Context(), shipped)
			if err != nil {
				return err
			}
			if asJSON {
				b, err := json.MarshalIndent(map[string][]shippedStudy{"studies": list}, "", "  ")
				if err != nil {
					return err
				}
				return terminal.WriteTo(stdout, string(b)+"\n")
			}
			return terminal.WriteTo(stdout, listText(list))
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// shipped loads the shipped studies, from a temporary folder since their data are files.
func shipped() ([]shippedStudy, error) {
	dir, err := os.MkdirTemp("", "kolmo-list-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var list []shippedStudy
	for _, name := range studies.Names() {
		text, _ := studies.Text(name)
		item := shippedStudy{Name: name, Data: []string{}}
		for path, data := range studies.Data(text) {
			if err := writeFile(filepath.Join(dir, filepath.FromSlash(path)), data); err != nil {
				return nil, err
			}
			item.Data = append(item.Data, path)
		}
		s, err := study.Parse(name+".yaml", text, dir)
		if err != nil {
			return nil, err
		}
		slices.Sort(item.Data)
		item.Work = studies.Cost(name)
		item.Seconds = compare.Seconds([]compare.UnitForecast{{Work: item.Work}}, 0)
		item.Title, item.Dimension, item.Studies, item.Models = s.Title, len(s.Parameters), s.Studies, s.Models
		for _, r := range s.Eta {
			item.Eta = append(item.Eta, r.Text)
		}
		list = append(list, item)
	}
	return list, nil
}

// listText returns the table of the studies.
func listText(list []shippedStudy) string {
	lines := [][]string{{"name", "d", "studies", "eta", "time"}}
	var titles []string
	for _, s := range list {
		eta := fmt.Sprintf("%s .. %s (%d)", s.Eta[0], s.Eta[len(s.Eta)-1], len(s.Eta))
		lines = append(lines, []string{s.Name, fmt.Sprint(s.Dimension), strings.Join(s.Studies, ", "), eta, roughly(s.Seconds)})
		titles = append(titles, s.Title)
	}
	shown := table.OfTexts(lines, 0, 2, 3, 4)
	shown.Notes = titles
	var b strings.Builder
	shown.Write(&b)
	return b.String() + "\ntime: a rough forecast for this machine; kolmo run --dry-run says more.\nkolmo init --from NAME writes a copy to edit and run, with its data.\n"
}

// roughly tells a predicted time in a word, "-" where none is known.
func roughly(seconds float64) string {
	if seconds == 0 {
		return "-"
	}
	return terminal.Span(seconds)
}

// shippedAdvice says how a study that is shipped is made a file, where path, which cannot
// be read, is its name; "" for other paths.
func shippedAdvice(path string) string {
	name := strings.TrimSuffix(path, ".yaml")
	if _, ok := studies.Text(name); !ok {
		return ""
	}
	return fmt.Sprintf("%s is a shipped study: kolmo init --from %s writes %s.yaml", name, name, name)
}
