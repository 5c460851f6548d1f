package h5

import (
	"bytes"
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kolmo/internal/slow"
)

// readEverything reads all that a reader may ask a file for.
func readEverything(open func(string) (*File, error), path string) error {
	f, err := open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, first := f.Attrs()
	names, err := f.Names()
	first = cmp.Or(first, err)
	for _, name := range names {
		d, err := f.Dataset(name)
		if err == nil {
			_, err = d.Attrs()
		}
		switch {
		case err != nil || d.Len() == 0 || d.Len() > 1<<20:
		case d.Integer():
			err = errors.Join(Read(d, make([]int64, d.Len())), ReadRow(d, make([]int64, d.RowLen()), 0))
		default:
			err = errors.Join(Read(d, make([]float64, d.Len())), ReadRow(d, make([]float64, d.RowLen()), 0))
		}
		first = cmp.Or(first, err)
	}
	if f.far != nil && f.far.ended != nil {
		return f.far.ended
	}
	return first
}

// checkSentence fails unless err is nil or says in one line what is wrong with the file.
func checkSentence(t *testing.T, path string, err error) {
	t.Helper()
	var fault *Error
	var crash *CrashError
	if err != nil && !errors.As(err, &fault) && !errors.As(err, &crash) || errors.Is(err, errWire) {
		t.Errorf("%T: %v", err, err)
	}
	if crash != nil && !strings.HasPrefix(crash.Error(), "h5: "+path+" ") {
		t.Errorf("%v", crash)
	}
}

// TestApartIsTheSame: a child reads what this process reads, attributes included.
func TestApartIsTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	f, err := CreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := CreateDataset[float64](f, "x", Layout{Shape: []int{5, 2}, Chunk: []int{3, 2}, Deflate: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := WriteRow(x, []float64{float64(i), math.Copysign(0, -1)}, i); err != nil {
			t.Fatal(err)
		}
	}
	n, err := CreateDataset[int64](f, "n", Layout{Shape: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	attrs := []Attr{{"a", math.NaN()}, {"b", int64(math.MinInt64)}, {"c", "größe\n"}, {"d", ""}}
	for _, a := range attrs {
		if err := errors.Join(f.SetAttr(a), x.SetAttr(a)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(Write(n, []int64{-1, math.MaxInt64}), f.Close()); err != nil {
		t.Fatal(err)
	}
	if f, err = openApart(path); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names, err := f.Names()
	if err != nil || !slices.Equal(names, []string{"n", "x"}) || f.Path() != path {
		t.Errorf("names %v, %v", names, err)
	}
	if n, err = f.Dataset("n"); err != nil || !n.Integer() || n.Len() != 2 {
		t.Fatalf("n: %+v, %v", n, err)
	}
	if x, err = f.Dataset("x"); err != nil || x.Integer() || !slices.Equal(x.Shape(), []int{5, 2}) {
		t.Fatalf("x: %+v, %v", x, err)
	}
	for _, list := range []func() ([]Attr, error){f.Attrs, x.Attrs} {
		got, err := list()
		if err != nil || len(got) != 4 || !math.IsNaN(got[0].Value.(float64)) || !slices.Equal(got[1:], attrs[1:]) {
			t.Errorf("attributes %v, %v", got, err)
		}
	}
	all, row, whole := make([]float64, 10), make([]float64, 2), make([]int64, 2)
	if err := errors.Join(Read(x, all), ReadRow(x, row, 3), Read(n, whole)); err != nil {
		t.Fatal(err)
	}
	if all[8] != 4 || row[0] != 3 || !math.Signbit(row[1]) || !slices.Equal(whole, []int64{-1, math.MaxInt64}) {
		t.Errorf("values %v, %v, %v", all, row, whole)
	}
	if err := ReadRow(x, row, 5); err == nil {
		t.Error("row 5 of 5 was read")
	}
	if err := WriteRow(x, row, 0); err == nil {
		t.Error("a file that is read was written")
	}
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	if _, err := f.Names(); !errors.Is(err, errClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestApartSystemErrors: the system's reasons come through.
func TestApartSystemErrors(t *testing.T) {
	dir := t.TempDir()
	for _, open := range ways {
		if _, err := open(filepath.Join(dir, "missing")); !errors.Is(err, syscall.ENOENT) {
			t.Errorf("missing: %v", err)
		}
		if _, err := open(dir); !errors.Is(err, syscall.EISDIR) {
			t.Errorf("folder: %v", err)
		}
		for _, device := range []string{"/dev/zero", "/dev/null"} {
			if _, err := open(device); err == nil || !strings.HasSuffix(err.Error(), "not a regular file") {
				t.Errorf("%s: %v", device, err)
			}
		}
	}
	f := newFile(t) // and locks it
	if _, err := openApart(f.Path()); !errors.Is(err, syscall.EAGAIN) {
		t.Errorf("a file that is written: %v", err)
	}
}

// TestPipeIsRefused: nobody waits for a pipe's other end.
func TestPipeIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	for way, open := range ways {
		if _, err := open(path); err == nil || !strings.HasSuffix(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", way, err)
		}
	}
}

// TestDamagedFiles: where the library, version 1.10.8, crashes or turns for ever on the
// attributes of these files, this process only hears of it.
func TestDamagedFiles(t *testing.T) {
	slow.Skip(t)
	for _, name := range []string{"crash", "endless"} {
		path := filepath.Join("testdata", "damaged", name+".h5")
		err := readEverything(openApart, path)
		checkSentence(t, path, err)
		if err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

// TestEndsOfAChild: whatever ends a child, or makes it talk nonsense, is one error, and
// the same at every later call.
func TestEndsOfAChild(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(*child)
		want string
	}{
		"killed":   {func(c *child) { c.cmd.Process.Kill() }, "was killed"},
		"aborted":  {func(c *child) { c.cmd.Process.Signal(syscall.SIGABRT) }, "crashed"},
		"nonsense": {func(c *child) { c.out.Reset(strings.NewReader("nonsense, and more of it")) }, "crashed"},
		"long": {func(c *child) {
			c.out.Reset(bytes.NewReader(append([]byte{wentWell}, bytes.Repeat([]byte{255}, 99)...)))
		}, "crashed"},
		"cut": {func(c *child) { c.out.Reset(bytes.NewReader([]byte{wentWell, 9, 0, 0, 0, 0, 0, 0, 0, 1})) }, "crashed"},
		"extents": {func(c *child) {
			var p packed
			for _, n := range []uint64{1, 0, 2, 1 << 40, 1 << 40} {
				p.number(n)
			}
			var b bytes.Buffer
			putMessage(&b, wentWell, p)
			c.out.Reset(&b)
		}, "crashed"},
		"memory": {func(c *child) {
			c.said.Write([]byte("fatal error: out of memory"))
			c.cmd.Process.Signal(syscall.SIGABRT)
		}, "more memory"},
	} {
		f, err := openApart("testdata/foreign/good-cycle.h5")
		if err != nil {
			t.Fatal(err)
		}
		c.harm(f.far)
		_, first := f.Dataset("v")
		var crash *CrashError
		if !errors.As(first, &crash) || !strings.Contains(crash.Text, c.want) {
			t.Errorf("%s: %v, want %q", name, first, c.want)
		}
		if _, second := f.Names(); second != first {
			t.Errorf("%s: then %v", name, second)
		}
		f.Close()
	}
}

// TestChildEndsWithItsParent: a child whose input ends does so too, deaf to the signals
// of the terminal.
func TestChildEndsWithItsParent(t *testing.T) {
	f, err := openApart("testdata/foreign/good-cycle.h5")
	if err != nil {
		t.Fatal(err)
	}
	c := f.far
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		c.cmd.Process.Signal(s)
	}
	if _, err := f.Names(); err != nil {
		t.Fatal(err)
	}
	c.in.Close()
	c.waiting = false
	if err := c.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// mutate returns text with some bytes changed, as the seed says.
func mutate(text []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	text = slices.Clone(text)
	for range 1 + r.IntN(6) {
		b := []byte{0, 1, 2, 255, 127, 128, byte(r.Uint32())}[r.IntN(7)]
		text[r.IntN(len(text))] = b
	}
	if r.IntN(8) == 0 {
		text = text[:r.IntN(len(text))]
	}
	return text
}

// TestMutatedFiles reads files with some bytes changed: each gives values or a sentence.
func TestMutatedFiles(t *testing.T) {
	slow.Skip(t)
	dir := t.TempDir()
	for k, name := range []string{"good-attributes", "good-deflated", "good-cycle", "good-latest", "virtual"} {
		text, err := os.ReadFile(filepath.Join("testdata", "foreign", name+".h5"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			path := filepath.Join(dir, "a.h5")
			if err := os.WriteFile(path, mutate(text, uint64(100*k+i)), 0o644); err != nil {
				t.Fatal(err)
			}
			checkSentence(t, path, readEverything(openApart, path))
		}
	}
}

// FuzzForeign reads any bytes as a file. The library may crash, in the child alone.
func FuzzForeign(f *testing.F) {
	for _, name := range []string{"good-attributes", "good-deflated", "good-latest", "virtual", "external-storage"} {
		text, err := os.ReadFile(filepath.Join("testdata", "foreign", name+".h5"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "a.h5")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		checkSentence(t, path, readEverything(openApart, path))
	})
}

// FuzzAnswers reads any bytes as the contents of answers.
func FuzzAnswers(f *testing.F) {
	var p packed
	p.attrs([]Attr{{"a", "b"}, {"c", 1.5}, {"d", int64(2)}})
	f.Add([]byte(p))
	f.Fuzz(func(t *testing.T, content []byte) {
		u := &unpacked{rest: content}
		attrs := u.attrs()
		if u.end() == nil {
			var p packed
			p.attrs(attrs)
			if !bytes.Equal(p, content) {
				t.Errorf("%x read as %v", content, attrs)
			}
		}
		(&unpacked{rest: content}).texts()
		(&unpacked{rest: content}).fault("a")
	})
}
