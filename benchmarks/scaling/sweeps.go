package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// curve is a number of jobs along x.
type curve struct {
	name string
	x    []float64
	jobs []job
	done []*result
}

// sweep is a figure: curves of time and of memory against x.
type sweep struct {
	title, file, axis, text string
	perStep                 bool // time is a step's
	curves                  []*curve
}

// sweeps returns all of them; the files that some need are written to dir.
func sweeps(dir string) ([]*sweep, error) {
	const model = "second-order"
	shipped := func(name string) string { return filepath.Join("studies", name+".yaml") }
	nodes := &sweep{title: "Nodes", file: "scaling-nodes.svg", axis: "nodes per axis", perStep: true,
		text: "A gap study of one model at one learning rate on a fixed grid, over its steps; all of the study is in it."}
	for _, c := range []struct {
		study string
		eta   string
		n     []int
	}{{"trig1d", "1/32", []int{16, 32, 64, 128}}, {"trig2d", "1/32", []int{12, 17, 24, 34, 48}}, {"trig3d", "1/16", []int{12, 16, 20}}} {
		add := &curve{name: c.study}
		for _, n := range c.n {
			add.x = append(add.x, float64(n))
			add.jobs = append(add.jobs, job{File: shipped(c.study), Eta: c.eta, Model: model, Nodes: n, Space: "chebyshev", Gap: true})
		}
		nodes.curves = append(nodes.curves, add)
	}
	etas := &sweep{title: "Learning rate", file: "scaling-eta.svg", axis: "1/eta", text: "A gap study of one model at one learning rate."}
	for _, name := range []string{"trig1d", "trig2d"} {
		add := &curve{name: name}
		for n := 8; n <= 256; n *= 2 {
			add.x = append(add.x, float64(n))
			add.jobs = append(add.jobs, job{File: shipped(name), Eta: fmt.Sprintf("1/%d", n), Model: model, Gap: true})
		}
		etas.curves = append(etas.curves, add)
	}
	rows := &sweep{title: "Rows of data", file: "scaling-rows.svg", axis: "rows",
		text: "Logistic regression on random rows: two parameters, one model, eta = 1/8."}
	add := &curve{name: "logistic"}
	for n := 100; n <= 100_000; n *= 10 {
		file, err := logistic(dir, n)
		if err != nil {
			return nil, err
		}
		add.x = append(add.x, float64(n))
		add.jobs = append(add.jobs, job{File: file, Eta: "1/8", Model: model, Gap: true})
	}
	rows.curves = []*curve{add}
	dims := &sweep{title: "Dimension", file: "scaling-dimension.svg", axis: "d", text: "A gap study of one model at eta = 1/16."}
	for _, name := range []string{"quad", "trig"} {
		add := &curve{name: name}
		for d := 1; d <= 3; d++ {
			add.x = append(add.x, float64(d))
			add.jobs = append(add.jobs, job{File: shipped(fmt.Sprintf("%s%dd", name, d)), Eta: "1/16", Model: model, Gap: true})
		}
		dims.curves = append(dims.curves, add)
	}
	return []*sweep{nodes, etas, rows, dims}, nil
}

// logistic writes a study of n random rows and returns its file.
func logistic(dir string, n int) (string, error) {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	b.WriteString("a,b,y\n")
	for range n {
		y := float64(2*rnd.IntN(2) - 1)
		fmt.Fprintf(&b, "%.6f,%.6f,%g\n", 0.5*y+rnd.Float64()-0.5, 0.3*y+rnd.Float64()-0.5, y)
	}
	name := fmt.Sprintf("logistic%d", n)
	if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(b.String()), 0o666); err != nil {
		return "", err
	}
	text := fmt.Sprintf(`name: %s
parameters: [w1, w2]
loss: softplus(-y*(w1*a + w2*b)) + 0.1*(w1^2 + w2^2)
sample: {kind: data, file: %s.csv, columns: {a: a, b: b, y: y}}
ball: {R: 3}
observables: {expected_loss: f}
eta: [1/8]
models: [second-order]
`, name, name)
	file := filepath.Join(dir, name+".yaml")
	return file, os.WriteFile(file, []byte(text), 0o666)
}

func (s *sweep) measure(rounds int) error {
	for _, c := range s.curves {
		for _, j := range c.jobs {
			r, err := j.measure(rounds)
			if err != nil {
				return err
			}
			if len(r.Rows) == 0 || s.perStep && r.Rows[0].Steps == 0 {
				return fmt.Errorf("%s had no gap at eta = %s", j.File, j.Eta)
			}
			c.done = append(c.done, r)
		}
	}
	return nil
}

// value returns the time of point i as the figure has it, in ms.
func (s *sweep) value(c *curve, i int) float64 {
	if s.perStep {
		return 1e3 * c.done[i].Seconds / float64(c.done[i].Rows[0].Steps)
	}
	return 1e3 * c.done[i].Seconds
}

// unit names what value returns.
func (s *sweep) unit() string {
	if s.perStep {
		return "processor ms a step"
	}
	return "processor ms"
}

func (s *sweep) print(w io.Writer) error {
	fmt.Fprintf(w, "### %s\n\n%s\n\n![%s](images/%s)\n\n| study | %s | %s | MB | nodes | steps |\n|---|---:|---:|---:|---:|---:|\n", s.title, s.text, s.title, s.file, s.axis, s.unit())
	for _, c := range s.curves {
		for i, x := range c.x {
			g := c.done[i].Rows[0]
			fmt.Fprintf(w, "| %s | %g | %s | %.0f | %d %s | %d |\n", c.name, x, digits(s.value(c, i)), c.done[i].MB, g.Nodes, g.Space, g.Steps)
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// digits writes a positive number with three digits or, from 100 on, whole.
func digits(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
