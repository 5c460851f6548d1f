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

	"kolmo/internal/slow"
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

// written is a results file with what it must hold, also in JSON.
type written struct {
	path, expected string
	sample         *sample
}

// readerChecks are the checks of results files by foreign programs.
var readerChecks = map[string]func(files []written) error{
	"h5py":     func(files []written) error { return runPython("h5py", files) },
	"h5netcdf": func(files []written) error { return runPython("h5netcdf", files) },
	"netcdf4":  func(files []written) error { return runPython("netcdf4", files) },
	"xml":      func(files []written) error { return runPython("xml", files) },
	"h5dump":   func(files []written) error { return checkEach(files, checkDump) },
	"ncdump":   func(files []written) error { return checkEach(files, checkCDL) },
}

// checkEach calls check for every file.
func checkEach(files []written, check func(path string, s *sample) error) error {
	for _, f := range files {
		if err := check(f.path, f.sample); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(f.path), err)
		}
	}
	return nil
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

// runPython checks files with testdata/readers.py; xml those that have a sidecar.
func runPython(reader string, files []written) error {
	args := []string{filepath.Join("testdata", "readers.py"), reader}
	for _, f := range files {
		switch {
		case reader != "xml":
			args = append(args, f.path, f.expected)
		case filepath.Ext(f.path) != partExt:
			args = append(args, sidecarPath(f.path), f.expected)
		}
	}
	_, err := runProgram(systemPython, args...)
	return err
}

// floats returns every float64 variable of s with its values in the file's order.
func (s *sample) floats() map[string][]float64 {
	all := map[string][]float64{"t": s.t}
	for _, a := range s.axes {
		all[a.Name] = a.Nodes
	}
	for _, c := range s.others {
		all[c.Name] = c.Values
	}
	for i, f := range s.fields {
		all[f.Name] = slices.Concat(s.values[i]...)
	}
	for i, v := range s.series {
		all[v.Name] = s.norms[i]
	}
	return all
}

// checkDump compares all variables, as h5dump writes them in binary, with s.
func checkDump(path string, s *sample) error {
	file := path + ".raw"
	dump := func(name string, dst any) error {
		if _, err := runProgram("h5dump", "-d", "/"+name, "-b", "LE", "-o", file, path); err != nil {
			return err
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if len(raw) != binary.Size(dst) {
			return fmt.Errorf("%s has %d bytes, want %d", name, len(raw), binary.Size(dst))
		}
		_, err = binary.Decode(raw, binary.LittleEndian, dst)
		return err
	}
	for name, want := range s.floats() {
		got := make([]float64, len(want))
		if err := dump(name, got); err != nil {
			return err
		}
		if !sameBits(got, want) {
			return fmt.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	n := make([]int64, len(s.n))
	if err := dump("n", n); err != nil {
		return err
	}
	if !slices.Equal(n, s.n) {
		return fmt.Errorf("n is %v, want %v", n, s.n)
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

// checkCDL compares declarations, labels and all variables, as ncdump prints them,
// with s.
func checkCDL(path string, s *sample) error {
	out, err := runProgram("ncdump", "-p", "17,17", path)
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
		`u:coordinates = "` + s.coordinates() + `" ;`,
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
	values := map[string]string{}
	for _, part := range strings.Split(data, ";") {
		if name, text, ok := strings.Cut(part, "="); ok {
			values[strings.ReplaceAll(strings.TrimSpace(name), `\`, "")] = text
		}
	}
	for name, want := range s.floats() {
		var got []float64
		for _, word := range words(values[name]) {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return err
			}
			got = append(got, v)
		}
		// Text has one NaN.
		if !slices.EqualFunc(got, want, func(x, y float64) bool {
			return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
		}) {
			return fmt.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	var n []string
	for _, k := range s.n {
		n = append(n, strconv.FormatInt(k, 10))
	}
	if got := words(values["n"]); !slices.Equal(got, n) {
		return fmt.Errorf("n is %v, want %v", got, n)
	}
	return nil
}

// words returns the numbers of a list in CDL.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,\n", r) })
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
		Level  int            `json:"deflate"`
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
	variables["t"] = variable{hexBits(s.t...), []int{steps}, []int{256}, []string{"t"}, map[string]any{"axis": "T", "units": "1", "long_name": "time n eta"}, 0}
	n := variable{nil, []int{steps}, []int{256}, []string{"t"}, map[string]any{"long_name": "step of a chain"}, 0}
	for _, k := range s.n {
		n.Values = append(n.Values, strconv.FormatInt(k, 10))
	}
	variables["n"] = n
	shape, chunk, dims := []int{steps}, []int{1}, []string{"t"}
	for k := len(s.axes) - 1; k >= 0; k-- {
		a := s.axes[k]
		shape, chunk, dims = append(shape, len(a.Nodes)), append(chunk, len(a.Nodes)), append(dims, a.Name)
		variables[a.Name] = variable{hexBits(a.Nodes...), []int{len(a.Nodes)}, []int{}, []string{a.Name}, label(Variable{LongName: a.LongName}, map[string]any{}), 0}
	}
	others := []string{}
	for _, c := range s.others {
		others = append(others, c.Name)
		variables[c.Name] = variable{hexBits(c.Values...), shape[1:], []int{}, dims[1:], label(Variable{LongName: c.LongName}, map[string]any{}), 0}
	}
	for i, f := range s.fields {
		variables[f.Name] = variable{hexBits(slices.Concat(s.values[i]...)...), shape, chunk, dims, label(f, map[string]any{"coordinates": s.coordinates()}), s.compression}
	}
	for i, v := range s.series {
		variables[v.Name] = variable{hexBits(s.norms[i]...), []int{steps}, []int{256}, []string{"t"}, label(v, map[string]any{}), 0}
	}
	attrs := stored(map[string]any{"Conventions": conventions}, s.attrs)
	text, err := json.Marshal(map[string]any{"variables": variables, "attrs": attrs, "steps": steps, "coordinates": others})
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// TestReaders opens files with every reader that users may have and compares
// all values, to the last bit, and all labels: of three dimensions, compressed or not,
// and the .part of a process that died.
func TestReaders(t *testing.T) {
	slow.Skip(t)
	dir := t.TempDir()
	var files []written
	add := func(path string, s *sample) {
		f := written{path, path + ".json", s}
		if err := writeExpected(f.expected, s); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	for d := 1; d <= 3; d++ {
		for _, compression := range []int{0, 1} {
			s := newSample(d, 4)
			s.compression, s.spare = compression, 2*compression
			path := filepath.Join(dir, fmt.Sprintf("run%d-%d.nc", d, compression))
			if err := s.write(path); err != nil {
				t.Fatal(err)
			}
			add(path, s)
		}
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
	add(path+partExt, s)
	for name, check := range readerChecks {
		switch err := check(files); {
		case errors.Is(err, errNoReader) && os.Getenv(requireReaders) != "1":
			t.Logf("%s is not installed", name)
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			t.Logf("%s agrees on %d files", name, len(files))
		}
	}
}
