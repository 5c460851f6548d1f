package nc_test

import (
	"fmt"
	"os"
	"path/filepath"

	"kolmo/export/nc"
)

// One field on three nodes at two times.
func Example() {
	dir, err := os.MkdirTemp("", "nc")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "run.nc")
	if err := write(path); err != nil {
		fmt.Println(err)
		return
	}
	f, err := nc.Read(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	u, _ := f.Field("u")
	fmt.Println(f.Attr("eta"), f.T, f.N, u.Values)
	// Output: 0.25 [0 0.25] [0 1] [[1 0 1] [0.5 0 0.5]]
}

// A file is described when it is opened; values are read when they are asked for.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "nc")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "run.nc")
	if err := write(path); err != nil {
		fmt.Println(err)
		return
	}
	r, err := nc.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	fmt.Println(r.Axes[0].Name, r.Axes[0].Nodes, len(r.T), "steps", r.Part())
	for _, f := range r.Fields {
		fmt.Println(f.Name+":", f.LongName)
	}
	u, err := r.Step("u", r.Nearest(0.2))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u)
	// Output:
	// x1 [-1 0 1] 2 steps false
	// u: solution of the Kolmogorov equation
	// [0.5 0 0.5]
}

// write writes the example's file.
func write(path string) error {
	w, err := nc.Create(path, &nc.Spec{
		Axes:   []nc.Axis{{Name: "x1", Nodes: []float64{-1, 0, 1}}},
		Fields: []nc.Variable{{Name: "u", LongName: "solution of the Kolmogorov equation"}},
		Attrs:  []nc.Attr{{Name: "eta", Value: 0.25}},
		Steps:  2,
	})
	if err != nil {
		return err
	}
	defer w.Abort() // does nothing after Close
	if err := w.Append(0, 0, [][]float64{{1, 0, 1}}, nil); err != nil {
		return err
	}
	if err := w.Append(0.25, 1, [][]float64{{0.5, 0, 0.5}}, nil); err != nil {
		return err
	}
	return w.Close()
}
