package nc

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// requireReaders is the environment variable that makes a missing reader a
// failure. Without it the readers found are checked and named in the log.
const requireReaders = "KOLMO_READERS"

// systemPython is the interpreter that Debian's python3-xarray and python3-h5py
// belong to; another may come first in PATH.
const systemPython = "/usr/bin/python3"

// noReader is readers.py's exit status where a module is missing.
const noReader = 3

// errNoReader is returned by a check whose reader is not installed.
var errNoReader = errors.New("not installed")

// readerChecks are the checks of a results file by foreign programs.
var readerChecks = map[string]func(path, expected string, s *sample) error{
	"h5py":     func(path, expected string, _ *sample) error { return runPython("h5py", path, expected) },
	"h5netcdf": func(path, expected string, _ *sample) error { return runPython("h5netcdf", path, expected) },
	"netcdf4":  func(path, expected string, _ *sample) error { return runPython("netcdf4", path, expected) },
	"xml": func(path, expected string, _ *sample) error {
		return runPython("xml", sidecarPath(path), expected)
	},
	"h5dump": func(path, _ string, s *sample) error { return checkDump(path, s) },
	"ncdump": func(path, _ string, s *sample) error { return checkCDL(path, s) },
}

// runProgram returns the output of a program, or errNoReader.
func runProgram(name string, args ...string) (string, error) {
	program, err := exec.LookPath(name)
	if err != nil {
		return "", errNoReader
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && name == systemPython && exit.ExitCode() == noReader {
		return "", errNoReader
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return string(out), nil
}

// runPython checks a file with testdata/readers.py.
func runPython(reader, path, expected string) error {
	_, err := runProgram(systemPython, filepath.Join("testdata", "readers.py"), reader, path, expected)
	return err
}

// checkDump compares the field u, as h5dump writes it in binary, with s.
func checkDump(path string, s *sample) error {
	file := path + ".u"
	if _, err := runProgram("h5dump", "-d", "/u", "-b", "LE", "-o", file, path); err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	got := make([]float64, len(raw)/8)
	if _, err := binary.Decode(raw, binary.LittleEndian, got); err != nil {
		return err
	}
	if want := slices.Concat(s.values[0]...); !sameBits(got, want) {
		return fmt.Errorf("u is %v, want %v", got, want)
	}
	head, err := runProgram("h5dump", "-A", path)
	if err != nil {
		return err
	}
	if strings.Count(head, "DIMENSION_SCALE") != len(s.axes)+1 {
		return fmt.Errorf("not %d dimension scales in %s", len(s.axes)+1, head)
	}
	return nil
}

// checkCDL compares declarations, labels and the field u, as ncdump prints
// them, with s.
func checkCDL(path string, s *sample) error {
	out, err := runProgram("ncdump", "-p", "9,17", "-v", "u,n", path)
	if err != nil {
		return err
	}
	dims := "t"
	for k := len(s.axes) - 1; k >= 0; k-- {
		dims += ", " + s.axes[k].Name
	}
	lines := []string{
		fmt.Sprintf("t = UNLIMITED ; // (%d currently)", len(s.t)),
		"double u(" + dims + ") ;",
		`double d\(1\,0\)u(` + dims + ") ;",
		"int64 n(t) ;",
		"double sup_gap(t) ;",
		"double x1(x1) ;",
		`u:long_name = "solution" ;`,
		`u:coordinates = "n" ;`,
		`t:axis = "T" ;`,
		`t:units = "1" ;`,
		`:Conventions = "CF-1.8" ;`,
		":eta = 0.0078125 ;",
		":seed = 9223372036854775807LL ;",
	}
	for _, l := range lines {
		if !strings.Contains(out, "\t"+l+"\n") {
			return fmt.Errorf("no line %q in %s", l, out)
		}
	}
	_, data, _ := strings.Cut(out, "\ndata:\n")
	_, data, _ = strings.Cut(data, "\n u =")
	data, _, _ = strings.Cut(data, ";")
	var got []float64
	for _, word := range strings.FieldsFunc(data, func(r rune) bool { return strings.ContainsRune(" ,\n", r) }) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return err
		}
		got = append(got, v)
	}
	if want := slices.Concat(s.values[0]...); !sameBits(got, want) {
		return fmt.Errorf("u is %v, want %v", got, want)
	}
	return nil
}

// hexBits returns values as readers.py compares them.
func hexBits(values ...float64) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprintf("%016x", math.Float64bits(v)))
	}
	return out
}

// writeExpected writes s to path for readers.py.
func writeExpected(path string, s *sample) error {
	type variable struct {
		Values []string       `json:"values"`
		Shape  []int          `json:"shape"`
		Chunks []int          `json:"chunks"`
		Dims   []string       `json:"dims"`
		Attrs  map[string]any `json:"attrs"`
	}
	stored := func(attrs map[string]any, list []Attr) map[string]any {
		for _, a := range list {
			attrs[a.Name] = a.Value
			if v, ok := a.Value.(float64); ok {
				attrs[a.Name] = map[string]string{"bits": hexBits(v)[0]}
			}
		}
		return attrs
	}
	label := func(v Variable, attrs map[string]any) map[string]any {
		if v.LongName != "" {
			attrs["long_name"] = v.LongName
		}
		return stored(attrs, v.Attrs)
	}
	steps := len(s.t)
	variables := map[string]variable{}
	variables["t"] = variable{hexBits(s.t...), []int{steps}, []int{256}, []string{"t"}, map[string]any{"axis": "T", "units": "1", "long_name": "time n eta"}}
	n := variable{nil, []int{steps}, []int{256}, []string{"t"}, map[string]any{"long_name": "SGD step"}}
	for _, k := range s.n {
		n.Values = append(n.Values, strconv.FormatInt(k, 10))
	}
	variables["n"] = n
	shape, chunk, dims := []int{steps}, []int{1}, []string{"t"}
	for k := len(s.axes) - 1; k >= 0; k-- {
		a := s.axes[k]
		shape, chunk, dims = append(shape, len(a.Nodes)), append(chunk, len(a.Nodes)), append(dims, a.Name)
		variables[a.Name] = variable{hexBits(a.Nodes...), []int{len(a.Nodes)}, []int{}, []string{a.Name}, label(Variable{LongName: a.LongName}, map[string]any{})}
	}
	for i, f := range s.fields {
		variables[f.Name] = variable{hexBits(slices.Concat(s.values[i]...)...), shape, chunk, dims, label(f, map[string]any{"coordinates": "n"})}
	}
	for i, v := range s.series {
		variables[v.Name] = variable{hexBits(s.norms[i]...), []int{steps}, []int{256}, []string{"t"}, label(v, map[string]any{})}
	}
	attrs := stored(map[string]any{"Conventions": conventions}, s.attrs)
	text, err := json.Marshal(map[string]any{"variables": variables, "attrs": attrs, "steps": steps})
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// TestReaders opens files with every reader that users may have and compares
// all values, to the last bit, and all labels; at the end the .part of a
// process that died.
func TestReaders(t *testing.T) {
	dir := t.TempDir()
	for d := 1; d <= 3; d++ {
		path := filepath.Join(dir, fmt.Sprintf("run%d.nc", d))
		s := newSample(d, 4)
		if err := s.write(path); err != nil {
			t.Fatal(err)
		}
		checkReaders(t, path, s)
	}
	path := filepath.Join(dir, "died.nc")
	if out, err := child(t, "exit", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s := newSample(2, 5)
	s.t, s.n = s.t[:3], s.n[:3]
	for i := range s.values {
		s.values[i] = s.values[i][:3]
	}
	for i := range s.norms {
		s.norms[i] = s.norms[i][:3]
	}
	checkReaders(t, path+".part", s)
}

// checkReaders runs all readerChecks that apply on one file.
func checkReaders(t *testing.T, path string, s *sample) {
	t.Helper()
	expected := path + ".json"
	if err := writeExpected(expected, s); err != nil {
		t.Fatal(err)
	}
	for name, check := range readerChecks {
		if name == "xml" && filepath.Ext(path) == ".part" {
			continue // the sidecar comes with Close
		}
		switch err := check(path, expected, s); {
		case errors.Is(err, errNoReader) && os.Getenv(requireReaders) != "1":
			t.Logf("%s: %s is not installed", filepath.Base(path), name)
		case err != nil:
			t.Errorf("%s: %s: %v", filepath.Base(path), name, err)
		default:
			t.Logf("%s: %s agrees", filepath.Base(path), name)
		}
	}
}
