package h5_test

import (
	"fmt"
	"os"
	"path/filepath"

	"kolmo/internal/h5"
)

// A row of a dataset is written, and read back.
func Example() {
	dir, err := os.MkdirTemp("", "h5")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	f, err := h5.CreateFile(filepath.Join(dir, "run.h5"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	u, err := h5.CreateDataset[float64](f, "u", h5.Layout{Shape: []int{1, 3}, Chunk: []int{1, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := h5.WriteRow(u, []float64{1, 2, 3}, 0); err != nil {
		fmt.Println(err)
		return
	}
	row := make([]float64, u.RowLen())
	if err := h5.ReadRow(u, row, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u.Shape(), row)
	// Output: [1 3] [1 2 3]
}
