package examples

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/export/nc"
	"kolmo/internal/slow"
)

// hasParaView reports whether ParaView is there. With KOLMO_PARAVIEW=1 it must be.
func hasParaView(t *testing.T) bool {
	t.Helper()
	for _, program := range []string{"pvpython", "Xvfb"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, "KOLMO_PARAVIEW", program)
			return false
		}
	}
	if err := exec.Command(debianPython, "-c", "import h5py").Run(); err != nil {
		missing(t, "KOLMO_PARAVIEW", "python3-h5py")
		return false
	}
	return true
}

// sideOf returns the name of a results file's sidecar.
func sideOf(path string) string { return strings.TrimSuffix(path, ".nc") + ".xmf2" }

// TestParaViewValues compares what ParaView reads of fields in one, two and three
// dimensions, by the sidecar and by its NetCDF reader, with h5py, to the last bit.
func TestParaViewValues(t *testing.T) {
	slow.Skip(t)
	if !hasParaView(t) {
		return
	}
	args := []string{"paraview/check.py"}
	for _, name := range []string{"line", "plane", "space"} {
		args = append(args, fieldFiles(t, name)...)
	}
	out, err := exec.Command("pvpython", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, path := range args[1:] {
		f := read(t, path)
		for _, reader := range []string{"XdmfReader", "netCDFReader"} {
			line := fmt.Sprintf("%s: %s: %d fields agree to the last bit\n", path, reader, len(f.T)*len(f.Fields))
			if !strings.Contains(string(out), line) {
				t.Errorf("no line %q in\n%s", line, out)
			}
		}
	}
}

// TestParaViewChecks changes sidecars, which check.py must notice.
func TestParaViewChecks(t *testing.T) {
	slow.Skip(t)
	if !hasParaView(t) {
		return
	}
	path := fieldFiles(t, "plane")[0]
	side, err := os.ReadFile(sideOf(path))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changes := map[string][2]string{
		"field": {".nc:/u<", ".nc:/U<"},
		"step":  {">1 0 0 1 1 1 1 31 31<", ">2 0 0 1 1 1 1 31 31<"},
		"time":  {`<Time Value="0.25"/>`, `<Time Value="0.2500001"/>`},
		"axis":  {".nc:/x2<", ".nc:/x1<"},
	}
	copies := map[string]string{}
	args := []string{"paraview/check.py"}
	for name, change := range changes {
		broken := bytes.ReplaceAll(side, []byte(change[0]), []byte(change[1]))
		if bytes.Equal(broken, side) {
			t.Fatalf("%s: the sidecar has no %q", name, change[0])
		}
		copies[name] = filepath.Join(t.TempDir(), filepath.Base(path))
		args = append(args, copies[name])
		if err := errors.Join(os.WriteFile(copies[name], data, 0o644), os.WriteFile(sideOf(copies[name]), broken, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("pvpython", args...).CombinedOutput()
	if err == nil {
		t.Error("check.py found no fault")
	}
	for name, copied := range copies {
		if got := lineOf(t, string(out), copied+": XdmfReader: "); strings.Contains(got, "agree") {
			t.Errorf("%s: %s", name, got)
		}
		if got := lineOf(t, string(out), copied+": netCDFReader: "); !strings.Contains(got, "agree") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestParaViewPictures draws one picture per dimension without a display.
func TestParaViewPictures(t *testing.T) {
	slow.Skip(t)
	if !hasParaView(t) {
		return
	}
	display := startDisplay(t)
	for _, name := range []string{"line", "plane", "space"} {
		path := fieldFiles(t, name)[0]
		f := read(t, path)
		picture := filepath.Join(t.TempDir(), name+".png")
		cmd := exec.Command("pvpython", "paraview/view.py", picture, sideOf(path), "gap", repr(f.T[2]))
		cmd.Env = append(os.Environ(), "DISPLAY="+display)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if got, want := lineOf(t, string(out), "t = "), wantView(f, 2); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		checkPicture(t, picture)
	}
}

// wantView returns what view.py says of gap at a step.
func wantView(f *nc.File, step int) string {
	nodes := []int{1, 1, 1}
	for k, a := range f.Axes {
		nodes[k] = len(a.Nodes)
	}
	field, _ := f.Field("gap")
	lo, hi := field.Values[step][0], field.Values[step][0]
	for _, v := range field.Values[step] {
		lo, hi = min(lo, v), max(hi, v)
	}
	return fmt.Sprintf("%s, nodes %d x %d x %d, gap from %s to %s", repr(f.T[step]), nodes[0], nodes[1], nodes[2], repr(lo), repr(hi))
}

// startDisplay starts a virtual X server, which chooses a free display itself, and
// returns its name. Without -noreset it would start anew, and refuse connections
// meanwhile, whenever its last client leaves.
func startDisplay(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gave no display: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}
