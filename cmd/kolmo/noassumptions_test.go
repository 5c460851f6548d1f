package main

import (
	"strings"
	"testing"

	"kolmo/study"
)

// Without assumptions nothing is known before the work, and kolmo check says so.
func TestNoAssumptions(t *testing.T) {
	t.Parallel()
	s := &study.Study{About: study.About{Name: "a"}, Motion: study.Motion{Algorithm: "other", Eta: []study.Rate{{Value: 8, Text: "8"}}}, Task: study.Task{Studies: []string{"gap"}}}
	if err := (&runner{study: s}).certifiable(nil); err != nil {
		t.Error(err)
	}
	if text := assumptionText(s, nil); !strings.Contains(text, "another algorithm than other") {
		t.Error(text)
	}
}
