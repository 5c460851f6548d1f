package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	seed := flag.Uint64("seed", 1, "of all problems")
	n1 := flag.Int("n1", 1000, "problems on the line")
	only := flag.String("only", "", "run the problems of one class, or one problem, as it is printed")
	show := flag.String("print", "", "print the study of a problem")
	flag.Parse()
	_ = show
	var all []verdict
	for i := range *n1 {
		class := lineClasses[i%len(lineClasses)]
		id := fmt.Sprintf("line-%d", i)
		if *only != "" && *only != class && *only != id {
			continue
		}
		p := lineProblem(*seed, id, class)
		if *show == id {
			fmt.Print(p.text)
			return
		}
		if *show != "" {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s %s\n", id, class)
		v, err := p.run(context.Background())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, w := range v {
			mark := ""
			if w.wrong {
				mark = "WRONG"
			}
			fmt.Fprintf(os.Stderr, "  %s %s %s %.10g +- %.2g certified %v inside %v; %.10g +- %.1g n %d ratio %.3g %s %s %s\n", w.observable, w.model, w.eta, w.value, w.bar, w.certified, w.inside, w.want.gap, w.want.gapError, w.want.n, w.ratio(), w.dropped, strings.Split(w.reason, ";")[0], mark)
		}
		all = append(all, v...)
	}
}
