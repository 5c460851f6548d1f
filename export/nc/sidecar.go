package nc

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sidecarExt makes ParaView choose the XDMF 2 reader by itself.
const sidecarExt = ".xmf2"

// sidecarPath returns path with its extension replaced by sidecarExt.
func sidecarPath(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + sidecarExt
}

// A sidecar describes a results file to ParaView: a temporal collection of one
// rectilinear grid per step, in XDMF version 2. Grids are always 3-D; an axis
// that the file lacks has the single node 0.
type sidecar struct {
	base   string // the results file's name, without folder
	shape  []int  // N_1 .. N_d
	fields []string
	times  []float64
	steps  []int64
}

// write writes the sidecar of the results file path, which appears only when it is
// complete.
func (s *sidecar) write(path string) error {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	s.print(w)
	w.Flush()
	path = sidecarPath(path)
	hidden := hiddenPath(path)
	err := os.WriteFile(hidden, b.Bytes(), 0o666)
	if err == nil {
		err = syncFile(hidden)
	}
	if err == nil {
		err = os.Rename(hidden, path)
	}
	if err != nil {
		os.Remove(hidden)
		return fmt.Errorf("nc: sidecar: %w", err)
	}
	return nil
}

// print writes the XML.
func (s *sidecar) print(w *bufio.Writer) {
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Xdmf Version=\"2.0\">\n<Domain>\n")
	fmt.Fprintf(w, "<Grid Name=\"steps\" GridType=\"Collection\" CollectionType=\"Temporal\">\n")
	for i := range s.times {
		s.printStep(w, i)
	}
	fmt.Fprintf(w, "</Grid>\n</Domain>\n</Xdmf>\n")
}

// printStep writes the grid of step i.
func (s *sidecar) printStep(w *bufio.Writer, i int) {
	dims := s.dims()
	fmt.Fprintf(w, "<Grid Name=\"n=%d\" GridType=\"Uniform\">\n", s.steps[i])
	fmt.Fprintf(w, "<Time Value=\"%s\"/>\n", strconv.FormatFloat(s.times[i], 'g', -1, 64))
	fmt.Fprintf(w, "<Topology TopologyType=\"3DRectMesh\" Dimensions=\"%s\"/>\n", dims)
	fmt.Fprintf(w, "<Geometry GeometryType=\"VXVYVZ\">\n")
	for k := range maxAxes {
		if k < len(s.shape) {
			s.printItem(w, strconv.Itoa(s.shape[k]), axisName(k))
		} else {
			fmt.Fprintf(w, "<DataItem Dimensions=\"1\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">0.0</DataItem>\n")
		}
	}
	fmt.Fprintf(w, "</Geometry>\n")
	for _, f := range s.fields {
		fmt.Fprintf(w, "<Attribute Name=\"%s\" AttributeType=\"Scalar\" Center=\"Node\">\n", escape(f))
		fmt.Fprintf(w, "<DataItem ItemType=\"HyperSlab\" Type=\"HyperSlab\" Dimensions=\"%s\">\n", dims)
		fmt.Fprintf(w, "<DataItem Dimensions=\"3 %d\" NumberType=\"Int\" Format=\"XML\">%s</DataItem>\n", len(s.shape)+1, s.selector(i))
		s.printItem(w, fmt.Sprintf("%d %s", len(s.times), s.extents()), f)
		fmt.Fprintf(w, "</DataItem>\n</Attribute>\n")
	}
	fmt.Fprintf(w, "</Grid>\n")
}

// printItem writes a reference to a whole dataset of the results file.
func (s *sidecar) printItem(w *bufio.Writer, dims, name string) {
	fmt.Fprintf(w, "<DataItem Dimensions=\"%s\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">%s:/%s</DataItem>\n",
		dims, escape(s.base), escape(name))
}

// extents returns N_d .. N_1, as the file orders a field's dimensions.
func (s *sidecar) extents() string {
	var e []string
	for k := len(s.shape) - 1; k >= 0; k-- {
		e = append(e, strconv.Itoa(s.shape[k]))
	}
	return strings.Join(e, " ")
}

// dims returns N_3 N_2 N_1, with 1 for an axis the file lacks.
func (s *sidecar) dims() string {
	return strings.Repeat("1 ", maxAxes-len(s.shape)) + s.extents()
}

// selector returns the hyperslab of step i of a field: start, stride and count
// of every dimension, the time first.
func (s *sidecar) selector(i int) string {
	d := len(s.shape)
	return fmt.Sprintf("%d%s 1%s 1 %s", i, strings.Repeat(" 0", d), strings.Repeat(" 1", d), s.extents())
}

// escape returns s as XML text.
func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}
