package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"kolmo/study"
	"kolmo/study/document"
)

// settings are the values of --set, of all commands that load a study.
type settings struct{ texts []string }

// flags adds --set.
func (o *settings) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.texts, "set", nil, "give a key of the study another value, `KEY=VALUE`, as in ball.R=2 or eta='[1/4, 1/8]'; may be repeated")
	completeNothing(cmd, "set")
}

// load reads a study file, which may be a pipe that nobody writes to, with the settings in it.
func (o *settings) load(ctx context.Context, report *reporter, path string) (*study.Study, error) {
	var list []document.Setting
	for _, text := range o.texts {
		s, err := document.ParseSetting(text)
		if err != nil {
			return nil, usage("--set: %v", err)
		}
		list = append(list, s)
	}
	watcher := report.watch("reading " + path)
	defer watcher.end()
	s, err := promptly(ctx, func() (*study.Study, error) { return study.Load(path, list...) })
	if err != nil {
		return nil, unreadable(path, err)
	}
	return s, nil
}

// unreadable gives a study file that cannot be opened the form of all other
// faults in it.
func unreadable(path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		if advice := shippedAdvice(path); advice != "" {
			return usage("%s", advice)
		}
		return &document.Error{File: path, Line: 1, Column: 1, Msg: fmt.Sprintf("the study cannot be read: %v", pe.Err)}
	}
	return err
}
