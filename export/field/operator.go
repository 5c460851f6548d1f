package field

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"kolmo/internal/h5"
	"kolmo/internal/wholefile"
)

// Operator is a sparse matrix that is written row by row.
type Operator interface {
	Dims() (rows, columns int)
	// Rows returns the rows in order: the columns of the entries, ascending, and
	// their values. Both slices may be overwritten by the next row.
	Rows() iter.Seq2[[]int, []float64]
}

// OperatorMeta is what a file says about the operator S besides its entries. Empty
// texts are left out.
type OperatorMeta struct {
	Eta                float64
	EtaText            string
	Study, StudyText   string
	Kolmo              string
	Axes               [][]float64 // the nodes of x1, x2, ..; node i of the grid has x1 varying fastest
	Parameters         []string    // the names of x1, x2, ..
	Choice             string      // how S was computed
	Width              int         // nodes per axis that interpolate
	Lebesgue           float64     // Lebesgue factor
	LeakageDistance    float64
	LeakageProbability float64
}

// WriteMatrixMarket writes m to the file path as a MatrixMarket matrix, "coordinate
// real general" with indices from 1 and 17 digits, which read back as the same
// numbers; comments say what it is. Two passes over the rows. The file is whole or
// absent, also if ctx ends the writing, which is asked once a row.
func WriteMatrixMarket(ctx context.Context, path string, m Operator, meta OperatorMeta) error {
	return wholefile.WriteContext(ctx, path, func(w io.Writer) error {
		rows, columns := m.Dims()
		entries := 0
		for list := range m.Rows() {
			if err := ctx.Err(); err != nil {
				return err
			}
			entries += len(list)
		}
		if _, err := fmt.Fprintf(w, "%%%%MatrixMarket matrix coordinate real general\n%s%d %d %d\n", meta.comments(), rows, columns, entries); err != nil {
			return err
		}
		i := 0
		for list, values := range m.Rows() {
			i++
			if err := ctx.Err(); err != nil {
				return err
			}
			for k, j := range list {
				if _, err := fmt.Fprintf(w, "%d %d %.17g\n", i, j+1, values[k]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// comments returns the header's comment lines.
func (m *OperatorMeta) comments() string {
	var b strings.Builder
	line := func(format string, args ...any) {
		text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
		b.WriteString("% " + text + "\n")
	}
	line("(S u)(x_i) = E u(x_i - eta grad f(x_i;xi)) = sum_j S_ij u(x_j), eta = %.17g", m.Eta)
	for _, pair := range [][2]string{{"study", m.Study}, {"eta", m.EtaText}, {"choice", m.Choice}, {"kolmo", m.Kolmo}} {
		if pair[1] != "" {
			line("%s: %s", pair[0], pair[1])
		}
	}
	for k, nodes := range m.Axes {
		line("x%d: %d nodes from %.17g to %.17g, x1 varies fastest", k+1, len(nodes), nodes[0], nodes[len(nodes)-1])
	}
	return b.String()
}

// WriteOperatorH5 writes m to the HDF5 file path: the group S holds the arrays data,
// indices, indptr and shape of a compressed sparse row matrix (scipy.sparse.csr_matrix
// takes them), the group axes the nodes x1, x2, ..; attributes of the root say the rest.
// Cost: two passes over the rows, and 16 bytes of memory per entry. The file is whole or
// absent, also if ctx ends the writing, which is asked once a row.
func WriteOperatorH5(ctx context.Context, path string, m Operator, meta OperatorMeta) (err error) {
	// HDF5 creates files itself and under their own name, so the temporary one
	// gets a folder.
	dir, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer os.RemoveAll(dir)
	whole := wholefile.RemoveAfter(ctx, dir)
	part := filepath.Join(dir, filepath.Base(path))
	f, err := h5.CreateFile(part)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	err = writeOperator(ctx, f, m, &meta)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = whole()
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	return nil
}

func writeOperator(ctx context.Context, f *h5.File, m Operator, meta *OperatorMeta) error {
	for _, a := range meta.attrs() {
		if err := f.SetAttr(a); err != nil {
			return err
		}
	}
	if err := f.CreateGroup("axes"); err != nil {
		return err
	}
	for k, nodes := range meta.Axes {
		name := fmt.Sprintf("axes/x%d", k+1)
		if err := writeArray(f, name, nodes); err != nil {
			return err
		}
	}
	rows, columns := m.Dims()
	entries := 0
	for list := range m.Rows() {
		if err := ctx.Err(); err != nil {
			return err
		}
		entries += len(list)
	}
	start, index, data := make([]int64, 1, rows+1), make([]int64, 0, entries), make([]float64, 0, entries)
	for list, values := range m.Rows() {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, j := range list {
			index = append(index, int64(j))
		}
		data = append(data, values...)
		start = append(start, int64(len(index)))
	}
	if err := f.CreateGroup("S"); err != nil {
		return err
	}
	if err := writeArray(f, "S/data", data); err != nil {
		return err
	}
	if err := writeArray(f, "S/indices", index); err != nil {
		return err
	}
	if err := writeArray(f, "S/indptr", start); err != nil {
		return err
	}
	return writeArray(f, "S/shape", []int64{int64(rows), int64(columns)})
}

func writeArray[T h5.Number](f *h5.File, name string, values []T) error {
	d, err := h5.CreateDataset[T](f, name, h5.Layout{Shape: []int{len(values)}})
	if err != nil {
		return err
	}
	return h5.Write(d, values)
}

// attrs returns the attributes of the root.
func (m *OperatorMeta) attrs() []h5.Attr {
	attrs := []h5.Attr{
		{Name: "format", Value: "csr"},
		{Name: "eta", Value: m.Eta},
		{Name: "width", Value: int64(m.Width)},
		{Name: "lebesgue", Value: m.Lebesgue},
		{Name: "leakage_distance", Value: m.LeakageDistance},
		{Name: "leakage_probability", Value: m.LeakageProbability},
		{Name: "node_order", Value: "x1 varies fastest"},
	}
	text := func(name, value string) {
		if value != "" && len(value) <= h5.MaxText {
			attrs = append(attrs, h5.Attr{Name: name, Value: value})
		}
	}
	text("eta_text", m.EtaText)
	text("study", m.Study)
	text("kolmo", m.Kolmo)
	text("choice", m.Choice)
	text("parameters", strings.Join(m.Parameters, " "))
	text("study_yaml", m.StudyText)
	return attrs
}
