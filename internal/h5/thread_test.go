package h5

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// childVariable makes TestMain run a child's task in place of the tests.
const childVariable = "KOLMO_H5_TEST_CHILD"

func TestMain(m *testing.M) {
	serveIfChild()
	os.Unsetenv("HDF5_USE_FILE_LOCKING") // set to FALSE it would take the locks that tests look for
	if path := os.Getenv(childVariable); path != "" {
		if err := leaveOpen(path); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// leaveOpen writes a file and leaves it open; it also provokes errors, none of which HDF5
// may print.
func leaveOpen(path string) error {
	f, err := CreateFile(path)
	if err != nil {
		return err
	}
	d, err := CreateDataset[float64](f, "u", Layout{Shape: []int{1, 1}, Chunk: []int{1, 1}})
	if err != nil {
		return err
	}
	if err := WriteRow(d, []float64{42}, 0); err != nil {
		return err
	}
	if _, err := f.Dataset("missing"); err == nil {
		return errors.New("opened a missing dataset")
	}
	return f.Flush()
}

func TestFlushIsEnoughAndNothingIsPrinted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+path)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
		t.Fatalf("%v, output %q", err, out)
	}
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := f.Dataset("u")
	if err != nil {
		t.Fatal(err)
	}
	got := []float64{0}
	if err := Read(d, got); err != nil || got[0] != 42 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestPanicReachesCaller(t *testing.T) {
	func() {
		defer func() {
			if p := recover(); p != "planted" {
				t.Errorf("recovered %v", p)
			}
		}()
		do(func() error { panic("planted") })
	}()
	if err := do(func() error { return nil }); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestFilesFromManyGoroutines(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			f, err := CreateFile(filepath.Join(dir, fmt.Sprint(i)))
			if err != nil {
				t.Error(err)
				return
			}
			d, err := CreateDataset[int64](f, "k", Layout{Shape: []int{20}, Chunk: []int{8}})
			for k := range 20 {
				if err == nil {
					err = WriteRow(d, []int64{int64(i*100 + k)}, k)
				}
			}
			got := make([]int64, 20)
			if err == nil {
				err = Read(d, got)
			}
			if err != nil || got[19] != int64(i*100+19) {
				t.Errorf("got %v, %v", got, err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestNothingStaysOpen is not parallel: it counts for the whole process.
func TestNothingStaysOpen(t *testing.T) {
	dir := t.TempDir()
	use := func(i int) {
		f, err := CreateFile(filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		d, err := CreateDataset[float64](f, "u", Layout{Shape: []int{1, 2}, Chunk: []int{1, 2}, FillNaN: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(WriteRow(d, []float64{1, 2}, 0), f.SetAttr(Attr{"a", "b"}), f.Flush()); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Attrs(); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Dataset("u"); err != nil { // left to Close
			t.Fatal(err)
		}
		if _, err := f.Dataset("missing"); err == nil {
			t.Fatal("opened a missing dataset")
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	use(0)
	_, before, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		use(i + 1)
	}
	objects, after, err := Open()
	if err != nil || objects != 0 || after != before {
		t.Errorf("%d objects open; %d loose identifiers, %d before; %v", objects, after, before, err)
	}
}
