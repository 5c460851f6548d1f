package main

import (
	"bytes"
	"regexp"
	"testing"
)

// TestRun compares one product, one basis and one pass: every measurement has a number above zero.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, 1, []product{{m: 9, p: 10, k: 11, what: "edges"}}, []tall{{128, 3}}, streams[1:2]); err != nil {
		t.Fatal(err)
	}
	const number = `([1-9][0-9]*\.[0-9]|0\.[1-9])`
	for _, row := range []string{
		`\| 9x10x11 \| ` + number + ` \| ` + number + ` \| (-|` + number + `) \| [0-9]+\.[0-9]+ \| edges \|`,
		`\| dots \| 128 x 3 \| 0\.00 \| ` + number + ` \| ` + number + ` \| (-|` + number + `) \| [0-9]+\.[0-9]+ \|`,
		`\| subtract \| 128 x 3 \| 0\.00 \| ` + number + ` \| ` + number + ` \| (-|` + number + `) \| [0-9]+\.[0-9]+ \|`,
		`\| addmul \| 0\.008 \| ` + number + ` \| ` + number + ` \| [0-9]+\.[0-9]+ \|`,
	} {
		if !regexp.MustCompile(row).Match(out.Bytes()) {
			t.Errorf("no row %s in\n%s", row, out.String())
		}
	}
}
