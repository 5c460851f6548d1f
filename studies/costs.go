package studies

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed costs.txt
var costs string

// Cost returns the multiplications that a shipped study is predicted to take, 0 where that is not
// known.
func Cost(name string) float64 {
	for line := range strings.Lines(costs) {
		if of, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok && of == name {
			work, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				panic("studies: costs.txt: " + err.Error()) // the program's own file
			}
			return work
		}
	}
	return 0
}
