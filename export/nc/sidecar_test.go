package nc

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The elements of a sidecar, as XDMF names them.
type (
	xmfItem struct {
		Dimensions string    `xml:",attr"`
		ItemType   string    `xml:",attr"`
		Format     string    `xml:",attr"`
		Precision  string    `xml:",attr"`
		Text       string    `xml:",chardata"`
		Items      []xmfItem `xml:"DataItem"`
	}
	xmfGrid struct {
		Name           string `xml:",attr"`
		GridType       string `xml:",attr"`
		CollectionType string `xml:",attr"`
		Time           struct {
			Value string `xml:",attr"`
		}
		Topology struct {
			TopologyType string `xml:",attr"`
			Dimensions   string `xml:",attr"`
		}
		Geometry struct {
			GeometryType string    `xml:",attr"`
			Items        []xmfItem `xml:"DataItem"`
		}
		Attributes []struct {
			Name          string    `xml:",attr"`
			AttributeType string    `xml:",attr"`
			Center        string    `xml:",attr"`
			Items         []xmfItem `xml:"DataItem"`
		} `xml:"Attribute"`
		Grids []xmfGrid `xml:"Grid"`
	}
	xmfFile struct {
		XMLName xml.Name  `xml:"Xdmf"`
		Version string    `xml:",attr"`
		Grids   []xmfGrid `xml:"Domain>Grid"`
	}
)

// numbers returns the integers in s.
func numbers(t *testing.T, s string) []int {
	t.Helper()
	var n []int
	for _, word := range strings.Fields(s) {
		k, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		n = append(n, k)
	}
	return n
}

// checkSidecar follows the sidecar of the results file path as a reader would,
// and compares what it finds in the results file with s.
func checkSidecar(t *testing.T, path string, s *sample) {
	t.Helper()
	text, err := os.ReadFile(sidecarPath(path))
	if err != nil {
		t.Fatal(err)
	}
	var x xmfFile
	if err := xml.Unmarshal(text, &x); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if x.Version != "2.0" || len(x.Grids) != 1 || x.Grids[0].GridType != "Collection" || x.Grids[0].CollectionType != "Temporal" {
		t.Fatalf("no temporal collection of version 2.0: %+.200v", x)
	}
	if len(x.Grids[0].Grids) != len(f.T) {
		t.Fatalf("%d grids for %d steps", len(x.Grids[0].Grids), len(f.T))
	}
	shape := gridShape(f.Axes)
	padded := append(slices.Repeat([]int{1}, 3-len(shape)), shape...)
	whole := append([]int{len(f.T)}, shape...)
	for i, g := range x.Grids[0].Grids {
		if v, err := strconv.ParseFloat(g.Time.Value, 64); err != nil || v != f.T[i] || g.Name != fmt.Sprintf("n=%d", f.N[i]) || g.GridType != "Uniform" {
			t.Errorf("grid %d: time %q, name %q, type %q", i, g.Time.Value, g.Name, g.GridType)
		}
		if g.Topology.TopologyType != "3DRectMesh" || !slices.Equal(numbers(t, g.Topology.Dimensions), padded) {
			t.Errorf("grid %d: topology %+v, want %v", i, g.Topology, padded)
		}
		if g.Geometry.GeometryType != "VXVYVZ" || len(g.Geometry.Items) != 3 {
			t.Fatalf("grid %d: geometry %+v", i, g.Geometry)
		}
		for k, item := range g.Geometry.Items {
			format, content := "XML", "0.0"
			if k < len(shape) {
				format, content = "HDF", filepath.Base(path)+":/"+f.Axes[k].Name
			}
			if item.Format != format || item.Text != content || item.Precision != "8" || !slices.Equal(numbers(t, item.Dimensions), padded[2-k:3-k]) {
				t.Errorf("grid %d: axis %d is %+v", i, k, item)
			}
		}
		if len(g.Attributes) != len(s.fields) {
			t.Fatalf("grid %d: %d attributes for %d fields", i, len(g.Attributes), len(s.fields))
		}
		for k, a := range g.Attributes {
			if a.Name != s.fields[k].Name || a.AttributeType != "Scalar" || a.Center != "Node" || len(a.Items) != 1 {
				t.Fatalf("grid %d: attribute %+v", i, a)
			}
			slab := a.Items[0]
			if slab.ItemType != "HyperSlab" || len(slab.Items) != 2 || !slices.Equal(numbers(t, slab.Dimensions), padded) {
				t.Fatalf("grid %d: hyperslab %+v", i, slab)
			}
			selector, source := slab.Items[0], slab.Items[1]
			if source.Text != filepath.Base(path)+":/"+a.Name || source.Format != "HDF" || !slices.Equal(numbers(t, source.Dimensions), whole) {
				t.Errorf("grid %d: source %+v, want dimensions %v", i, source, whole)
			}
			rank := len(whole)
			if !slices.Equal(numbers(t, selector.Dimensions), []int{3, rank}) {
				t.Fatalf("grid %d: selector %+v", i, selector)
			}
			n := numbers(t, selector.Text)
			field, _ := f.Field(a.Name)
			got := selectSlab(slices.Concat(field.Values...), whole, n[:rank], n[rank:2*rank], n[2*rank:])
			if !sameBits(got, s.values[k][i]) {
				t.Errorf("grid %d: the selector %v picks other values of %s", i, n, a.Name)
			}
		}
	}
}

// selectSlab returns the elements of a row-major array that start, stride and
// count pick.
func selectSlab(all []float64, shape, start, stride, count []int) []float64 {
	if len(shape) == 0 {
		return all[:1]
	}
	size := len(all) / shape[0]
	var out []float64
	for i := range count[0] {
		at := start[0] + i*stride[0]
		out = append(out, selectSlab(all[at*size:(at+1)*size], shape[1:], start[1:], stride[1:], count[1:])...)
	}
	return out
}

func TestSidecarDescribesTheFile(t *testing.T) {
	for d := 1; d <= 3; d++ {
		path := filepath.Join(t.TempDir(), "a<b>&'c.run.nc")
		s := newSample(d, 3)
		s.fields[3].Name = `d(1,0)u<&">`
		if err := s.write(path); err != nil {
			t.Fatal(err)
		}
		checkSidecar(t, path, s)
	}
}

func TestSidecarPath(t *testing.T) {
	for path, want := range map[string]string{
		"out/f-modified-eta1_128.nc": "out/f-modified-eta1_128.xmf2",
		"out.d/run":                  "out.d/run.xmf2",
		"a.b.nc":                     "a.b.xmf2",
	} {
		if got := sidecarPath(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
